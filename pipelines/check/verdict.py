"""The row verdict: every row is accepted, quarantined with every reason, or declared non-data.

Set-based over the view `periksa` (see compile.py). Only rows with something to say are stored, in
`bermasalah`; the others are accepted, so millions of good rows cost one scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.check.compile import Compiled, CompiledRule
from pipelines.check.personal import ACCEPTED, row_key
from pipelines.contract.load import Library
from pipelines.contract.model import PLACE_COLUMNS, Contract
from pipelines.referensi.h3_cells import CELLS, install_h3
from pipelines.sql import ident, literal
from pipelines.wilayah import place_columns

_TWIN = (
    "baris_kembar",
    "Baris ini sama persis dengan baris lain (kunci {nilai}).",
    "Hapus salah satu baris.",
)
_CLASH = ("kunci_ganda", "Kunci {nilai} dipakai lebih dari satu baris dengan isi berbeda.",
          "Pastikan baris mana yang benar, lalu kirim satu saja.")  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """Rows of one file; the three parts add up to what the reader counted."""

    diterima: int
    karantina: int
    bukan_data: int


def all_rules(library: Library, contract: Contract, compiled: Compiled) -> list[CompiledRule]:
    """Row rules, then those that need more: rows damaged in the file, repeated keys, damaged columns."""
    rules = list(compiled.rules)
    # The reader's own finding says what is wrong; this rule only refuses the row.
    rules.append(CompiledRule(len(rules), "", "baca", "baris_rusak", "kritis", "true", "", "", False, "diam"))
    if contract.kunci:
        column = contract.kunci[0]
        personal = any(library.is_personal(contract, k) for k in contract.kunci)
        for name, message, advice in (_TWIN, _CLASH):
            rules.append(CompiledRule(len(rules), column, "kunci", name, "kritis", "true", message, advice, personal))
    for mass in compiled.mass_rules:
        rules.append(
            CompiledRule(
                len(rules),
                mass.kolom,
                mass.standar,
                mass.rule.nama,
                "kritis",
                "true",
                mass.rule.pesan,
                mass.rule.saran,
                False,
                "berkas",
            )
        )
    return rules


def decide(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    compiled: Compiled,
    rules: list[CompiledRule],
    damaged: list[tuple[str, int]],
) -> list[str]:
    """Fill `bermasalah` and `putusan`; returns the files that a whole-column rule sends back.

    `damaged` are (file, line) of records that the reader does not trust.
    """
    columns = "_berkas, _no, _bukan_data"
    rows = compiled.rules
    broken = [f"CASE WHEN {r.broken} THEN {r.id} END" for r in rows]
    listed = f"list_filter([{', '.join(broken)}], lambda r: r IS NOT NULL)" if broken else "[]"
    any_broken = " OR ".join(["_bukan_data IS NOT NULL", *(r.broken for r in rows)])
    con.execute(
        f"CREATE TABLE bermasalah AS SELECT {columns}, "
        f"CASE WHEN _bukan_data IS NULL THEN {listed} ELSE [] END::INTEGER[] AS aturan "
        f"FROM periksa WHERE {any_broken}"
    )
    critical = ", ".join(str(r.id) for r in rules if r.tingkat == "kritis") or "-1"
    con.execute(
        "CREATE VIEW putusan AS SELECT any_value(_berkas) AS _berkas, _no, max(_bukan_data) AS _bukan_data, "
        f"bool_or(list_has_any(aturan, [{critical}])) AS kritis FROM bermasalah GROUP BY _no"
    )
    spoilt = next(r.id for r in rules if r.standar == "baca")
    for where in damaged:
        con.execute(
            f"INSERT INTO bermasalah SELECT {columns}, [{spoilt}] FROM periksa "
            "WHERE _bukan_data IS NULL AND _berkas = ? AND _baris = ?",
            where,
        )
    returned = _mass(con, compiled, rules, columns)
    _repeated_keys(con, contract, rules, columns)
    return returned


def _mass(con: duckdb.DuckDBPyConnection, compiled: Compiled, rules: list[CompiledRule], columns: str) -> list[str]:
    by_name = {(r.kolom, r.nama): r for r in rules}
    returned: list[str] = []
    for mass in compiled.mass_rules:
        column = ident(mass.kolom)
        hit = con.execute(
            f"SELECT _berkas FROM periksa WHERE _bukan_data IS NULL AND {column} IS NOT NULL GROUP BY _berkas "
            f"HAVING count(*) >= {mass.rule.minimal} "
            f"AND count_if({mass.terkena}) > {mass.rule.bagian_maks} * count(*)"
        ).fetchall()
        rule = by_name[mass.kolom, mass.rule.nama]
        for (name,) in hit:
            returned.append(name)
            con.execute(
                f"INSERT INTO bermasalah SELECT {columns}, [{rule.id}] FROM periksa "
                "WHERE _bukan_data IS NULL AND _berkas = ?",
                [name],
            )
    return returned


def _repeated_keys(con: duckdb.DuckDBPyConnection, contract: Contract, rules: list[CompiledRule], columns: str) -> None:
    """Of rows alike in every column the first stays; rows that only share the key are all refused."""
    if not contract.kunci:
        return
    twin, clash = (next(r.id for r in rules if r.standar == "kunci" and r.nama == n[0]) for n in (_TWIN, _CLASH))
    # A place is the same however its name is spelt.
    known = {k: f"coalesce({ident(k + '__kode')}, {ident(k)})" for k in place_columns(contract)}
    cell = {k: known.get(k, ident(k)) for k in contract.kolom}
    keys = ", ".join(f"_kunci{n}" for n in range(len(contract.kunci)))
    named = ", ".join(f"{cell[k]} AS _kunci{n}" for n, k in enumerate(contract.kunci))
    # A line number is part of no row's content.
    content = ", ".join(cell[k] for k, c in contract.kolom.items() if not any(d.startswith("_") for d in c.dari))
    complete = " AND ".join(f"{ident(k)} IS NOT NULL" for k in contract.kunci)
    rows = (
        f"SELECT {columns}, {named}, hash({content}) AS _isi FROM periksa "
        f"ANTI JOIN (SELECT _no FROM putusan WHERE kritis) USING (_no) WHERE _bukan_data IS NULL AND {complete}"
    )
    con.execute(f"CREATE TEMP TABLE ganda AS SELECT {keys} FROM ({rows}) GROUP BY ALL HAVING count(*) > 1")
    con.execute(
        f"INSERT INTO bermasalah SELECT {columns}, CASE WHEN _sama THEN [{twin}] ELSE [{clash}] END FROM ("
        "SELECT *, min(_isi) OVER w = max(_isi) OVER w AS _sama, row_number() OVER (w ORDER BY _berkas, _no) AS _urut "
        f"FROM ({rows}) SEMI JOIN ganda USING ({keys}) WINDOW w AS (PARTITION BY {keys})) WHERE _urut > 1 OR NOT _sama"
    )


def write_accepted(con: duckdb.DuckDBPyConnection, contract: Contract, compiled: Compiled, out: Path) -> None:
    """Write the accepted rows, typed and without personal columns, as one Parquet file.

    Rows of a contract with `identitas` keep `_no`, their number in this delivery; where none of its columns is
    personal also `_kunci` (see personal.py, which keeps it apart otherwise).
    """
    place = [f"_{name} AS {name}" for name in PLACE_COLUMNS] if contract.wilayah else []
    if contract.identitas:
        public = len(compiled.staged) == len(contract.kolom)
        place = ["_no", *([f"{row_key(contract)} AS _kunci"] if public else []), *place]
    typed = [f"{ident(name + '__nilai')} AS {ident(name)}" for name in compiled.staged]
    cells = _cells(con, contract)
    con.execute(
        f"COPY (SELECT {', '.join([*place, *typed, *cells, '_berkas', '_baris'])} FROM periksa {ACCEPTED}) "
        f"TO {literal(str(out))} (FORMAT parquet, COMPRESSION zstd)"
    )


def _cells(con: duckdb.DuckDBPyConnection, contract: Contract) -> list[str]:
    """The H3 cells of a row's point, also of a personal one: a cell shows no house, and no fact carries it."""
    if not (contract.wilayah and contract.wilayah.titik):
        return []
    install_h3(con)
    point = ", ".join(f"TRY_CAST({ident(name + '__nilai')} AS DOUBLE)" for name in contract.wilayah.titik)
    return [f"h3_sel({point}, {size}) AS {name}" for name, size in CELLS.items()]


def write_quarantine(
    con: duckdb.DuckDBPyConnection, library: Library, contract: Contract, rules: list[CompiledRule], out: Path
) -> None:
    """Write refused and non-data rows as delivered, with reasons, without personal columns."""
    raw = [f"any_value(m.{ident(k)}) AS {ident(k)}" for k in contract.kolom if not library.is_personal(contract, k)]
    names = "MAP {" + ", ".join(f"{r.id}: {literal(r.kolom + ':' + r.nama)}" for r in rules) + "}"
    con.execute(
        f"COPY (SELECT b._berkas, any_value(_lembar) AS _lembar, any_value(_baris) AS _baris, {', '.join(raw)}"
        f"{', ' if raw else ''}any_value(p._bukan_data) AS _bukan_data, "
        f"list_transform(list_sort(list_distinct(flatten(list(b.aturan)))), lambda r_: {names}[r_]) AS _alasan "
        "FROM bermasalah b JOIN putusan p USING (_no) JOIN mentah m USING (_no) "
        "WHERE p.kritis OR p._bukan_data IS NOT NULL "
        f"GROUP BY b._berkas, _no ORDER BY b._berkas, _no) TO {literal(str(out))} (FORMAT parquet, COMPRESSION zstd)"
    )


def count(con: duckdb.DuckDBPyConnection, accepted: Path) -> dict[str, Counts]:
    """Rows of each file by what became of them, counted where they ended up."""
    rows = con.execute(
        "SELECT _berkas, sum(a)::BIGINT, sum(k)::BIGINT, sum(b)::BIGINT FROM ("
        f"SELECT _berkas, count(*) AS a, 0 AS k, 0 AS b FROM read_parquet({literal(str(accepted))}) GROUP BY 1 "
        "UNION ALL SELECT _berkas, 0, count_if(_bukan_data IS NULL AND kritis), "
        "count_if(_bukan_data IS NOT NULL) FROM putusan GROUP BY 1) GROUP BY 1"
    ).fetchall()
    return {name: Counts(a, k, b) for name, a, k, b in rows}
