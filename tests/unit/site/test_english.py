"""Every Indonesian text that the switch can meet has an English one."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

from pipelines.catalogue.parts import Jadwal
from pipelines.disclosure.reasons import REASONS
from pipelines.site.build import ASSETS
from pipelines.site.dataset_page import FORMATS
from pipelines.site.environment import TEMPLATES
from pipelines.site.places import SPOKEN

ENGLISH = (ASSETS / "inggris.js").read_text(encoding="utf-8")


def known() -> dict[str, str]:
    pairs = re.findall(r'^\s*"((?:[^"\\]|\\.)*)":\s*"((?:[^"\\]|\\.)*)",$', ENGLISH, re.MULTILINE)
    assert len(pairs) == len(dict(pairs)), "a text is translated twice"
    return dict(pairs)


class Marked(HTMLParser):
    """Texts of elements with data-t, and attributes with data-t-label or data-t-placeholder."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.nested: list[str] = []
        self._open: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._open is not None:
            self.nested.append("".join(self._open))
        given = dict(attrs)
        if "data-t" in given:
            self._open = []
        for mark, attribute in (("data-t-label", "aria-label"), ("data-t-placeholder", "placeholder")):
            if mark in given:
                self.found.append(given[attribute] or "")

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open is not None:
            self.found.append(" ".join("".join(self._open).split()))
            self._open = None


def templates() -> list[Path]:
    return [path for path in sorted(TEMPLATES.glob("*.j2")) if path.name != "sql.html.j2"]


def test_texts_of_the_templates() -> None:
    reader = Marked()
    for path in templates():
        reader.feed(re.sub(r"{%.*?%}|{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    assert reader.nested == [], "an element with data-t holds another element, which the switch would remove"
    fixed = [text for text in reader.found if "{{" not in text]
    assert len(fixed) > 80
    assert [text for text in fixed if text not in known()] == []


def test_words_that_come_from_the_data() -> None:
    said = {purpose for _, purpose in FORMATS.values()} | set(REASONS.values()) | set(SPOKEN.values())
    said |= set(get_args(Jadwal))
    text = (TEMPLATES / "bagian.html.j2").read_text(encoding="utf-8")
    for choice in re.findall(r"{{ {(.+?)}[.\[]", text):
        said |= set(re.findall(r': "([^"]+)"', choice))
    assert {"ya/tidak", "kritis: baris ditahan"} <= said
    assert sorted(said - known().keys()) == []


def test_texts_of_the_scripts() -> None:
    said: set[str] = set()
    for path in sorted(ASSETS.glob("*.js")):
        if path.name.startswith("sql"):
            continue
        text = path.read_text(encoding="utf-8")
        said |= set(re.findall(r'SD\.t\("([^"]+)"', text)) | set(re.findall(r'every\("([^"]+)"\)', text))
        for words in re.findall(r"const (?:PARTS|LEVELS|KINDS) = {(.+?)};", text):
            said |= set(re.findall(r': "([^"]+)"', words))
    said -= {"provinsi", "kabupaten_kota", "kecamatan", "desa_kelurahan"}  # names of files, not words
    assert len(said) > 30
    assert sorted(said - known().keys()) == []
