"""Text made plain before anything is looked for in it: one digit for all that read as it, letters likewise.

A full-width 3 reads as well as a plain one, a Cyrillic letter as the Latin one that looks like it, and what
cannot be seen separates nothing.
"""

from __future__ import annotations

import sys
import unicodedata

import duckdb

from pipelines.sql import literal

# Letters of other scripts that nobody can tell from Latin ones.
_LOOK = (
    "АВЕЅІЈКМНОРСТУХѴԌԚԜаеоріѕјсухһԁԛԝѵɡ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲιоκνορυχ" + "ıȷ",
    "ABESIJKMHOPCTYXVGQWaeopisjcyxhdqwvg" + "ABEZHIKMNOPTYXcioKvopux" + "ij",
)
# What may stand between two digits of one number: blanks of any kind, dashes, dots, slashes, brackets.
MARK = r"[\s\p{Z}\p{Pd}\p{Ps}\p{Pe}._/\\'`´\x{2212}\x{b7}\x{2022}\x{2018}\x{2019}\x{2bc}]{0,3}"
ASCII_MARKS = r"[\s\-()\[\]{}._/\\'`]*"  # any number of those in ASCII


def _table() -> tuple[str, str]:
    """Characters outside ASCII that read as one inside, and what they read as."""
    found = dict(zip(*_LOOK, strict=True))
    for code in range(128, min(sys.maxunicode, 0x20000)):
        char = chr(code)
        digit = unicodedata.decimal(char, None)
        plain = str(digit) if digit is not None else unicodedata.normalize("NFKC", char)
        if len(plain) == 1 and "!" <= plain <= "~":
            found.setdefault(char, plain)
    return "".join(found), "".join(found.values())


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary macros gerbang_asing(text), whether it may have such characters, and gerbang_polos(text)."""
    foreign, plain = _table()
    con.execute(f"SET VARIABLE gerbang_dari = {literal(foreign)}")
    con.execute(f"SET VARIABLE gerbang_ke = {literal(plain)}")
    look = "[" + "".join(sorted(foreign)) + r"]|\p{Cf}"
    con.execute(
        f"""CREATE OR REPLACE TEMP MACRO gerbang_asing(t) AS
        (strlen(t) <> length(t) AND regexp_matches(t, {literal(look)})) OR contains(t, '%2')"""
    )
    # Not by translate(), which builds its table of all characters anew for each text.
    con.execute(
        r"""CREATE OR REPLACE TEMP MACRO gerbang_baca(t) AS array_to_string(list_transform(
        regexp_extract_all(t, '[\x00-\x7f]+|(?s:.)'), lambda c_: CASE
            WHEN strlen(c_) = length(c_) OR NOT contains(getvariable('gerbang_dari'), c_) THEN c_
            ELSE getvariable('gerbang_ke')[instr(getvariable('gerbang_dari'), c_)] END), '')"""
    )
    # In an address of the web, %20 is a blank.
    con.execute(
        r"""CREATE OR REPLACE TEMP MACRO gerbang_polos(t) AS list_transform([CASE
            WHEN strlen(t) = length(t) THEN t
            ELSE regexp_replace(t, '\p{Cf}', '', 'g') END], lambda s_: list_transform([CASE
            WHEN gerbang_asing(s_) THEN gerbang_baca(s_)
            ELSE s_ END], lambda p_: CASE
            WHEN contains(p_, '%') THEN regexp_replace(p_, '(?i)%(2[0-9a-f]|3[adf]|5[bd]|c2%a0)', ' ', 'g')
            ELSE p_ END)[1])[1]"""
    )
