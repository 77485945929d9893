"""Links of documents: as a parser of HTML reads them, whoever reads the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.release import documents as module
from pipelines.release.documents import _addresses, _links, documents


class Links(HTMLParser):
    """What the standard library finds in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value.strip() for name, value in attrs if name in ("href", "src") and value}


WORDS = st.text("ab <>&=/'\"-", max_size=12)
NAMES = st.sampled_from(["href", "SRC", "src", "title", "data-href", "hreflang"])


@st.composite
def attributes(draw: Callable[[st.SearchStrategy[str]], str]) -> str:
    """Quoted one way or the other, or not at all."""
    name, value = draw(NAMES), draw(WORDS)
    bare = "".join(letter for letter in value if letter in "ab-")
    said = [f'"{escape(value)}"', "'" + value.replace("'", "").replace("&", "") + "'", bare and f"{bare}"]
    return f" {name}={draw(st.sampled_from([s for s in said if s]))}"


TAGS = st.builds(
    lambda name, inside: f"<{name}{''.join(inside)}>",
    st.sampled_from(["a", "LINK", "td", "s", "stylish"]),
    st.lists(attributes(), max_size=3),
)
RAW = st.builds(
    lambda name, inside, text: f"<{name}{''.join(inside)}>{text}</{name}>",
    st.sampled_from(["script", "STYLE"]),
    st.lists(attributes(), max_size=2),
    st.sampled_from(["", '<a href="x">', "<!-- <a href=y>", "1 < 2; 'a'", "-->"]),
)
COMMENTS = st.sampled_from(["<!-- <a href='no'> -->", '<!-- "-->', "<!--\n<script src=no>-->"])
TEXTS = st.sampled_from(["", "a > b", "'", '"', "&lt;a href=no&gt;", "</td>", "1 < 2 "])


@given(st.lists(st.one_of(TAGS, RAW, COMMENTS, TEXTS), max_size=8).map("".join))
def test_links_are_those_that_a_parser_finds(page: str) -> None:
    assert {link for link in _links(page) if link} == {link for link in Links(page).found if link}


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ({"resources": [{"path": "a.csv"}, {"path": ["b.csv", "c.csv"]}], "path": "no"}, {"a.csv", "b.csv", "c.csv"}),
        ([{"dcat:downloadURL": {"@id": "d", "@type": "no"}, "note": "no"}], {"d"}),
        ({"accessURL": ["e", {"x": "no", "@id": "f"}], "landingPage": 1, "describedBy": None}, {"e", "f"}),
        ("no", set()),
    ],
)
def test_addresses_of_a_catalogue(document: object, wanted: set[str]) -> None:
    assert _addresses(document) == wanted


def test_many_readers_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "situs").mkdir()
    files = ["data.json", *(f"situs/{n}.html" for n in range(7))]
    (tmp_path / "data.json").write_text('{"downloadURL": "hilang.csv"}')
    for n, name in enumerate(files[1:]):
        (tmp_path / name).write_text(f'<a href="{n + 1}.html"><a href="../data.json">')
    alone = list(documents(tmp_path, files, ()))
    assert [(problem.file, "leads to no file" in problem.text) for problem in alone] == [
        ("data.json", True),
        ("situs/6.html", True),
    ]
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    parts: list[Any] = []

    def each(task: Callable[[Any], Any], things: list[Any]) -> Iterator[Any]:
        parts.extend(things)
        with ThreadPoolExecutor(2) as pool:
            return pool.map(task, things)

    assert list(documents(tmp_path, files, (), each)) == alone and len(parts) == 4
    assert list(documents(tmp_path, files, ("hilang.csv", "situs/7.html"), each)) == []
