from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract.load import load_standards
from pipelines.gate import Gate
from pipelines.gate.rules import Rules
from pipelines.home import REPO
from pipelines.sql import literal

RULES = Rules.of(load_standards(REPO / "expectations" / "standards"))
# What may stand between two digits of one number.
MARKS = r"[ .\-()/_']{0,3}"
ANNOUNCED = "|".join(r.how.sebutan for r in RULES.digits if r.how.sebutan)
FEATURES = [
    *(rule.pattern(MARKS) for rule in RULES.patterns),
    rf"(?i)({ANNOUNCED})( no|:|,)?( [a-z]{{0,4}} ?[0-9]){{9}}",
    rf"[0-9]({MARKS}[0-9]){{12,17}}",
    rf"[0-9OoIl]({MARKS}[0-9OoIl]){{8,17}}",
    "[\uff10-\uff19\u0660-\u0669]{9,16}",
    "(%20|[0-9a-z]){9,16}",
]


def text(feature: str) -> st.SearchStrategy[str]:
    around = st.text("ab 0:./-", max_size=5)
    return st.builds("{}{}{}".format, around, st.from_regex(feature, fullmatch=True), around)


@settings(max_examples=15, deadline=None)
@given(texts=st.tuples(*(text(feature) for feature in FEATURES)))
def test_what_is_suspect_is_loosely_suspect(gate: Gate, texts: tuple[str, ...]) -> None:
    rows = ", ".join(f"({literal(t.replace(chr(0), ' '))})" for t in texts)
    query = f"SELECT teks FROM (VALUES {rows}) v(teks) WHERE {gate.rules.suspect('teks')}"
    suspect = gate.con.execute(query).fetchall()
    assert suspect
    assert gate.con.execute(f"SELECT * FROM ({query}) WHERE NOT {gate.rules.loosely('teks')}").fetchall() == []


@pytest.mark.parametrize("text", ["nisn a1 b2 c3 d4 e5 f6 g7 h8 i9", "O8 l2 3O Il 5OO O", "budi at contoh dot com"])
def test_nine_digits_letters_and_words_are_loosely_suspect(gate: Gate, text: str) -> None:
    asked = f"{gate.rules.suspect('teks')}, {gate.rules.loosely('teks')}"
    assert gate.con.execute(f"SELECT {asked} FROM (VALUES ({literal(text)})) v(teks)").fetchone() == (True, True)


@pytest.mark.parametrize("text", ["kategori 12", "Jl. Pemuda No. 5 RT 3 RW 2", "1.250.000", "aman"])
def test_what_is_harmless_is_not_even_loosely_suspect(gate: Gate, text: str) -> None:
    row = gate.con.execute(f"SELECT {gate.rules.loosely('teks')} FROM (VALUES ({literal(text)})) v(teks)").fetchone()
    assert row == (False,)
