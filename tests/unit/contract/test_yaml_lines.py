"""YAML that silently means something else never gets through, and every value knows its line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract.yaml_lines import DeclarationError, Document, read_yaml


def read(tmp_path: Path, text: str | bytes) -> Document:
    path = tmp_path / "x.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path)


def refused(tmp_path: Path, text: str | bytes) -> list[str]:
    with pytest.raises(DeclarationError) as error:
        read(tmp_path, text)
    return [f"{p.line}: {p.key}: {p.message}" for p in error.value.problems]


@pytest.mark.parametrize(
    "text",
    ["0555567", "007", "+0755", "-010", "12:30", "190:20:30", "1:30.5", "0x1F", "-0x1F", "0b101", "1_000", "-1__0",
     "1_0.5", ".inf", "-.Inf", ".NaN"],
)  # fmt: skip
def test_numbers_that_yaml_reads_its_own_way_need_quotes(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, f"a: 1\nb:\n  c: {text}\n") == [
        f"3: b.c: {text} would be read as a number; write it in quotes: '{text}'"
    ]
    assert read(tmp_path, f"c: '{text}'").value == {"c": text}


@pytest.mark.parametrize("text", ["2024-01-31", "2024-01-31 10:00:00", "!!binary aGk=", "!apa x"])
def test_other_types_need_quotes(tmp_path: Path, text: str) -> None:
    plain = text.split(" ", 1)[1] if text.startswith("!") else text
    assert refused(tmp_path, f"c: {text}") == [f"1: c: write it in quotes: '{plain}'"]


def test_plain_values(tmp_path: Path) -> None:
    document = read(tmp_path, "a: No\nb: Ya\nc: 33.10\nd: 5\ne: ~\nf: on\ng: 1.5e+3\nh: -2\n33: x\n")
    assert document.value == {
        "a": False, "b": "Ya", "c": 33.1, "d": 5, "e": None, "f": True, "g": 1500.0, "h": -2, "33": "x",
    }  # fmt: skip
    assert document.texts[("c",)] == "33.10", "the error message can show what was written"
    assert document.texts[("a",)] == "No"


def test_lines_of_nested_values(tmp_path: Path) -> None:
    document = read(tmp_path, "# c\na:\n  b:\n    - x\n    - {k: v}\n  c: >-\n    two\n    lines\nd: 1\n")
    assert {k: n for k, n in document.lines.items() if k} == {
        ("a",): 2, ("a", "b"): 3, ("a", "b", 0): 4, ("a", "b", 1): 5, ("a", "b", 1, "k"): 5, ("a", "c"): 6, ("d",): 9,
    }  # fmt: skip
    assert document.line(("a", "b", 7, "nowhere")) == 3
    assert document.line(("nowhere",)) == 2, "where the mapping begins"


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    assert refused(tmp_path, "a: 1\nb:\n  c: 1\n\n  c: 2\n") == [
        "5: b.c: the key stands twice, first in line 3; keep one"
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2\nb: 3\n", 2),
        ("a: 'x\n", 2),
        ("a: 1\n\tb: 2\n", 2),
        ("a: x: y\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: @x\n", 1),
        ("a: *tidak_ada\n", 1),
        (b"a: \xff\xfe\n", 1),
    ],
)
def test_broken_yaml_says_where(tmp_path: Path, text: str | bytes, line: int) -> None:
    (problem,) = refused(tmp_path, text)
    assert problem.startswith(f"{line}: : not valid YAML: ")


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n- b\n", "just text", "42"])
def test_what_is_no_mapping(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text) == ["1: : expected 'key: value' lines"]


@pytest.mark.parametrize("text", ["a: &x [*x]\n", "a: " + "[" * 3000 + "]" * 3000])
def test_endless_nesting_is_an_error_too(tmp_path: Path, text: str) -> None:
    (problem,) = refused(tmp_path, text)
    assert "nested too deeply" in problem


@given(st.text(alphabet="0123456789.:_+-xobeEinfaN,'\"#&*!~ =", max_size=8))
def test_any_scalar_is_kept_or_refused_with_its_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Never another exception, never another number than a person reads."""
    folder = tmp_path_factory.mktemp("y", numbered=True)
    try:
        value = read(folder, f"a: 1\nb: {text}\n").value
    except DeclarationError as error:
        assert all(p.line >= 2 for p in error.problems)
        return
    assert isinstance(value, dict)
    if isinstance(value["b"], int | float) and not isinstance(value["b"], bool):
        assert float(yaml.safe_load(f"'{value['b']}'")) == float(text.split("#")[0])


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_quoted_text_is_itself(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("y", numbered=True)
    document = read(folder, yaml.safe_dump({"a": text}, allow_unicode=True, default_style='"'))
    assert document.value == {"a": text}
