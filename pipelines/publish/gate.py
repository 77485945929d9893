"""The disclosure gate: what a dataset must pass before it may leave.

Two questions, both blocking. Are the columns exactly those that the contract publishes, and none of
them personal? And does any VALUE, text or number, hold something shaped like a NIK?

Which 16 digits are a NIK is said once, in the rule `bentuk` of the standard `nik`; here stands only
where 16 digits may hide. A false alarm costs a dataset one release and is visible; a leak is for ever.
So text is judged strictly: any hit blocks. In number columns sixteen digits may also be a magnitude
(rupiah in quadrillions), of which chance alone makes one in fourteen look like a NIK: a column with at
least `USUAL` such numbers passes while no more than `CHANCE` of them look like one.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.publish.files import describe, relation
from pipelines.sql import ident, literal

PLACE = "kode_wilayah"
STANDARD, RULE = "nik", "bentuk"
FUNCTIONS = "_fungsi.sql"
USUAL, CHANCE = 30, 0.2

# Digits of any script count (a full-width NIK reads as well as a plain one), and so do up to two marks
# between them: spaces of any kind, invisible characters, dashes, dots, apostrophes, underscores.
_DIGITS = "".join(c for c in map(chr, range(128, sys.maxunicode + 1)) if unicodedata.decimal(c, None) is not None)
_PLAIN = "".join(str(unicodedata.decimal(c)) for c in _DIGITS)
_MARK = r"[\s\p{Z}\p{Cf}\p{Pd}._\x{2212}\x{b7}\x{2022}\x{ff0e}''`\x{b4}\x{2018}\x{2019}\x{2bc}\x{ff07}]{0,2}"
_SUSPECT = rf"\p{{Nd}}(?:{_MARK}\p{{Nd}}){{15}}"
_RUN = rf"\d(?:{_MARK}\d){{15,}}"

# Codes of villages, of which text may hold several in a row, are no digit groups.
_VILLAGE = r"\d\d\.\d\d\.\d\d\.[123]\d{3}"

# A run is a list of digit groups. A candidate is any 16 digits that begin and end where groups do, or
# the first or last 16 of a longer group (a NIK with a serial number stuck to it).
_TEXT_CANDIDATES = f"""
WITH suspect AS (
    SELECT file_row_number AS line, CASE
        WHEN regexp_matches({{column}}, '[{_DIGITS}]') THEN translate({{column}}, '{_DIGITS}', '{_PLAIN}')
        ELSE {{column}} END AS text
    FROM read_parquet({{file}}, file_row_number = true)
    WHERE strlen({{column}}) >= 16 AND regexp_matches({{column}}, '{_SUSPECT}')
),
run AS (
    SELECT line, unnest(regexp_extract_all(array_to_string([
        CASE WHEN regexp_full_match(w, '{_VILLAGE}') THEN '#' ELSE w END FOR w IN string_split(text, ' ')
    ], ' '), '{_RUN}')) AS run
    FROM suspect
),
list AS (SELECT line, regexp_extract_all(run, '\\d+') AS groups FROM run)
SELECT line, replace(unnest(
    [regexp_extract(array_to_string(groups[i:i+15], ' '), '^(\\d(?: ?\\d){{15}})(?: |$)', 1)
        for i in range(1, len(groups) + 1)]
    || flatten([[left(g, 16), right(g, 16)] for g in groups if len(g) > 16])), ' ', '') AS digits
FROM list
"""
_NUMBER_CANDIDATES = """
SELECT file_row_number AS line, CAST(CAST(abs({column}) AS HUGEINT) AS VARCHAR) AS digits
FROM read_parquet({file}, file_row_number = true)
WHERE abs({column}) >= 1e15 AND abs({column}) < 1e16 AND {column} = trunc({column})
"""


class GateError(Exception):
    """The gate itself cannot work, so nothing may pass it."""


def published(contract: Contract) -> list[str]:
    """Columns that may leave, in order: the place code, then what the contract marks `terbit`."""
    place = [PLACE] if contract.wilayah else []
    return place + [k for k, c in contract.kolom.items() if c.terbit and k not in place]


def check_columns(
    contract: Contract, standards: Mapping[str, Standard], columns: Iterable[str], whole: bool = True
) -> list[Finding]:
    """Findings for columns that may not leave and, where the table must be `whole`, for missing ones."""
    allowed, present = published(contract), list(columns)
    findings = [
        _finding(contract, name, None, "terbit", f"Kolom {name} tidak bertanda terbit di kontrak.",
                 "Walidata: buang kolom itu dari model open_data, atau tandai terbit: true di kontrak.")
        for name in present if name not in allowed
    ]  # fmt: skip
    for name in present:
        column = contract.kolom.get(name)
        if column is None:
            continue
        if standards[column.standar].pribadi if column.pribadi is None else column.pribadi:
            findings.append(
                _finding(contract, name, None, column.standar, f"Kolom {name} berisi data pribadi.",
                         "Walidata: hapus terbit: true pada kolom itu di kontrak.")
            )  # fmt: skip
    if whole:
        findings += [
            _finding(contract, name, None, "terbit", f"Kolom {name} tidak ada di tabel yang akan terbit.",
                     "Walidata: samakan kolom model open_data dengan kolom terbit di kontrak.")
            for name in allowed if name not in present
        ]  # fmt: skip
    return findings


def prepare(con: duckdb.DuckDBPyConnection, standards: Mapping[str, Standard]) -> None:
    """Load the macros that the standards' rules use; they lie beside the standards."""
    functions = Path(_standard(standards).path).parent / FUNCTIONS
    if _standard(standards).path and functions.exists():
        con.execute(functions.read_text(encoding="utf-8"))


def scan(
    con: duckdb.DuckDBPyConnection, standards: Mapping[str, Standard], contract: Contract, parquet: Path
) -> list[Finding]:
    """Look for NIK in every value of a Parquet file: one finding a column, the value masked.

    Raises GateError where the standard `nik` has no rule `bentuk` or the rule cannot be evaluated.
    """
    looks_like = _predicate(standards)
    findings = []
    for name, kind in describe(con, relation(parquet)).items():
        text = kind == "VARCHAR"
        if not text and kind not in ("BIGINT", "DOUBLE") and not kind.startswith("DECIMAL"):
            continue  # cannot hold sixteen digits
        candidates = (_TEXT_CANDIDATES if text else _NUMBER_CANDIDATES).replace("{column}", ident(name))
        candidates = candidates.replace("{file}", literal(str(parquet)))
        sql = (
            "SELECT count(DISTINCT line) FILTER (nik), min(digits) FILTER (nik), count(*) FROM (SELECT line, "
            f"digits, coalesce({looks_like}, true) AS nik FROM ({candidates}) WHERE digits <> '')"
        )
        try:
            row = con.execute(sql).fetchone()
        except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
            raise GateError(f"rule '{RULE}' of the standard '{STANDARD}' cannot be evaluated: {error}") from error
        assert row is not None
        hits, sample, sixteen = row
        if not hits or (not text and sixteen >= USUAL and hits <= CHANCE * sixteen):
            continue
        findings.append(
            _finding(contract, name, sample[:4] + "*" * 12, STANDARD,
                     f"Kolom {name} memuat angka berbentuk NIK pada {hits} baris; data tidak diterbitkan.",
                     "Hapus NIK dari kolom itu lalu kirim ulang berkas, atau minta walidata agar kolom itu "
                     "tidak diterbitkan.")
        )  # fmt: skip
    return findings


def _predicate(standards: Mapping[str, Standard]) -> str:
    for rule in _standard(standards).aturan:
        if rule.nama == RULE:
            return "(" + rule.sah.replace("{x}", "digits") + ")"
    raise GateError(f"the standard '{STANDARD}' has no rule '{RULE}': add it, the gate judges by it")


def _standard(standards: Mapping[str, Standard]) -> Standard:
    if STANDARD not in standards:
        raise GateError(f"there is no standard '{STANDARD}': add it, the gate judges by its rule '{RULE}'")
    return standards[STANDARD]


def _finding(contract: Contract, column: str, value: str | None, standard: str, message: str, advice: str) -> Finding:
    return Finding(f"{contract.slug}.csv", None, None, column, value, standard, "kritis", message, advice)
