"""Look for personal values in a Parquet file, or in texts: cheap filters first, then the rules on what is left.

A false alarm costs a dataset one release and is visible; a leak is for ever. So in text any hit blocks.
In number columns sixteen digits may also be a magnitude (rupiah in quadrillions), of which chance alone makes
one in forty look like a NIK: a column with at least `USUAL` such numbers passes while no more than `CHANCE` of
them look like one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import duckdb

from pipelines.contract.model import Contract
from pipelines.gate.columns import PLACE
from pipelines.gate.finding import Hit, masked
from pipelines.gate.plain import ASCII_MARK
from pipelines.gate.rules import GateError, Rule, Rules
from pipelines.sql import ident, literal

USUAL, CHANCE = 30, 0.2
_WHOLE = ("BIGINT", "HUGEINT", "UBIGINT")
_TIMES = ("tahun", "bulan", "minggu", "tanggal")
_TABLE = "gerbang_teks"


@dataclass(frozen=True)
class Column:
    """One column of the file as far as the gate must know it."""

    name: str
    kind: str
    values: int
    longest: int  # bytes of the longest text; 0 where it is no text
    repeats: bool
    bare: bool  # some text begins with a digit or a mark
    largest: float

    @property
    def text(self) -> bool:
        """Whether it holds text."""
        return self.kind == "VARCHAR"

    @property
    def number(self) -> bool:
        """Whether its numbers can have as many digits as a telephone number."""
        return (self.kind in _WHOLE or self.kind == "DOUBLE" or self.kind.startswith("DECIMAL")) and self.largest >= 1e9


def profile(con: duckdb.DuckDBPyConnection, source: str, kinds: Mapping[str, str]) -> list[Column]:
    """What each column of a relation can hold, in one pass."""
    asked = ["count(*)"]
    for name, kind in kinds.items():
        c = ident(name)
        if kind == "VARCHAR":
            asked += [
                f"count({c})",
                f"max(strlen({c}))",
                f"approx_count_distinct({c})",
                f"bool_or({c} < ':' OR {c} > '{{')",
            ]
        else:
            numeric = kind in _WHOLE or kind == "DOUBLE" or kind.startswith("DECIMAL")
            asked += [f"count({c})", f"max(abs({c}))" if numeric else "NULL", "0", "false"]
    rows, *found = con.execute(f"SELECT {', '.join(asked)} FROM {source}").fetchone() or (0,)
    result = []
    for i, (name, kind) in enumerate(kinds.items()):
        values, most, distinct, bare = found[4 * i : 4 * i + 4]
        text = kind == "VARCHAR"
        largest = 0.0 if text else float(most or 0)
        result.append(
            Column(name, kind, values, int(most or 0) if text else 0, 4 * distinct < rows, bool(bare), largest)
        )
    return result


def in_columns(
    con: duckdb.DuckDBPyConnection, rules: Rules, contract: Contract, about: str, source: str, columns: list[Column]
) -> list[Hit]:
    """Hits in the columns of a relation; `about` is whom the rows are about. Raises GateError for a rule in bad SQL."""
    parts = [_texts(rules, source, c) for c in columns if c.text and c.longest >= 6]
    for left, right in pairwise(columns):
        if _may_join(contract, left) and _may_join(contract, right) and (left.text or right.text):
            parts.append(_joined(source, left, right))
    hits = []
    if parts:
        # The limit keeps DuckDB from trying the patterns in each part, which costs more than all of a small table.
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE {_TABLE} AS SELECT row_number() OVER () AS id, *
            FROM (FROM ({" UNION ALL ".join(parts)}) LIMIT {2**62})
            WHERE sambung OR strlen(teks) >= 6 AND NOT regexp_full_match(teks, {literal(rules.safe)})
                AND (disebut AND regexp_matches(teks, '[0-9]') OR {rules.suspect("teks", ASCII_MARK)})"""
        )
        if con.execute(f"SELECT 1 FROM {_TABLE} LIMIT 1").fetchone():
            hits = _judge(con, rules, contract, about)
    numbers = [c for c in columns if c.number]
    return hits + (_numbers(con, rules, contract, about, source, numbers) if numbers else [])


def in_texts(
    con: duckdb.DuckDBPyConnection, rules: Rules, contract: Contract, about: str, texts: Mapping[str, str]
) -> list[Hit]:
    """Hits in texts, each with what to call its place."""
    rows = ", ".join(f"({literal(where)}, {literal(text)}, 1, false, false)" for where, text in texts.items())
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_TABLE} AS SELECT row_number() OVER () AS id, *
        FROM (VALUES {rows}) v(kolom, teks, n, sambung, disebut) WHERE {rules.suspect("teks", ASCII_MARK)}"""
    )
    if not con.execute(f"SELECT 1 FROM {_TABLE} LIMIT 1").fetchone():
        return []
    return [Hit(h.where, h.standard, h.count, h.masked, metadata=True) for h in _judge(con, rules, contract, about)]


def _texts(rules: Rules, source: str, column: Column) -> str:
    """SQL of the texts of a column; `disebut`: its name announces what is looked for."""
    c = ident(column.name)
    told = bool(re.search(rules.announced.replace("(?is)", "(?i)"), column.name.replace("_", " ")))
    counted = f"{c} AS teks, count(*) AS n FROM {source} GROUP BY ALL" if column.repeats else (
        f"{c} AS teks, 1 AS n FROM {source}"
    )  # fmt: skip
    return f"SELECT {literal(column.name)} AS kolom, *, false AS sambung, {told} AS disebut FROM (SELECT {counted})"


def _may_join(contract: Contract, column: Column) -> bool:
    """Whether a piece of a number may stand in it: no place, no time, no code that is longer than a piece."""
    spec = contract.kolom.get(column.name)
    if column.name == PLACE or spec is None or spec.tingkat or spec.standar in _TIMES:
        return False
    return column.bare if column.text else column.kind in ("INTEGER", *_WHOLE)


def _joined(source: str, left: Column, right: Column) -> str:
    """Both cells of a row where they are nothing but digits and marks, as one text."""
    pieces = [f"CAST({ident(c.name)} AS VARCHAR)" for c in (left, right)]
    bare = " AND ".join(
        f"({p} < ':' OR {p} > '{{') AND strlen({p}) BETWEEN 3 AND 40 AND NOT regexp_matches({p}, '\\pL')"
        for p in pieces
    )
    return f"""SELECT {literal(f"{left.name} + {right.name}")}, {pieces[0]} || ' ' || {pieces[1]}, 1, true, false
        FROM {source} WHERE strlen({pieces[0]}) + strlen({pieces[1]}) >= 15 AND {bare}"""


def _judge(con: duckdb.DuckDBPyConnection, rules: Rules, contract: Contract, about: str) -> list[Hit]:
    """Hits in the texts of the temporary table (id, kolom, teks, n, sambung, disebut)."""
    con.execute(f"DELETE FROM {_TABLE} WHERE NOT sambung AND NOT disebut AND NOT {rules.suspect('teks')}")
    # The column's name stands before the value, as it may announce what the value is.
    source = f"(SELECT id, replace(kolom, '_', ' ') || ': ' || teks AS teks FROM {_TABLE})"
    weak = ", ".join(str(r.number) for r in rules.all if r.weak or r.how.pola or r.how.sah == "false")
    passing = ""
    for rule in rules.all:
        if rule.how.bila_bukan_pribadi and (names := _declared(contract, rule)):
            passes = rule.how.bila_bukan_pribadi.replace("{x}", "x")
            where = ", ".join(map(literal, names))
            passing += f" WHEN aturan = {rule.number} AND kolom IN ({where}) THEN ({passes})"
    try:
        rows = con.execute(
            f"""
            SELECT kolom, aturan, sum(n)::BIGINT, min(x) FROM (
                SELECT kolom, aturan, id, any_value(n) AS n, min(x) AS x FROM (
                    SELECT t.kolom, t.n, t.id, c.x, c.utuh, t.sambung,
                        {rules.verdict("c.x", "c.utuh", "c.aturan")} AS aturan
                    FROM ({rules.candidates(source)}) c JOIN {_TABLE} t USING (id) WHERE c.x <> ''
                ) WHERE aturan IN ({_asked(rules, about)}) AND NOT (sambung AND (NOT utuh OR aturan IN ({weak})))
                    AND NOT CASE {passing or "WHEN false THEN NULL"} ELSE false END
                GROUP BY ALL
            ) GROUP BY ALL ORDER BY ALL
            """
        ).fetchall()
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise GateError(f"'gerbang' of a standard cannot be evaluated: {error}") from error
    return _hits(rules, rows)


def _numbers(
    con: duckdb.DuckDBPyConnection, rules: Rules, contract: Contract, about: str, source: str, columns: list[Column]
) -> list[Hit]:
    cases = " ".join(
        [
            f"WHEN CASE WHEN len(x) IN ({', '.join(map(str, r.how.angka))}) THEN {r.holds('x', 'true')} ELSE false END "
            f"THEN {r.number}"
            for r in rules.digits if not r.weak and r.how.sah != "false"
        ] + [f"WHEN {r.how.bilangan.replace('{x}', 'x')} THEN {r.number}" for r in rules.all if r.how.bilangan]
    )  # fmt: skip
    parts = " UNION ALL ".join(_digits(source, c) for c in columns)
    try:
        rows = con.execute(
            f"""SELECT kolom, aturan, len(x), count(*), min(x)
            FROM (SELECT kolom, x, CASE {cases} END AS aturan FROM ({parts})) GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise GateError(f"'gerbang' of a standard cannot be evaluated: {error}") from error
    found = []
    for column, number, length, count, sample in rows:
        if number is None or about not in rules.all[number].how.subjek:
            continue
        loose = rules.all[number].how.bilangan is not None
        alike = sum(n for c, _, size, n, _ in rows if c == column and (loose or size == length))
        few = alike < USUAL and not loose
        if (few or count > CHANCE * alike) and column not in _declared(contract, rules.all[number]):
            found.append((column, number, count, sample))
    return _hits(rules, found)


def _digits(source: str, column: Column) -> str:
    """The whole numbers of a column that are long enough, as text."""
    exact = ident(column.name)
    near = f"{exact}::DOUBLE" if column.kind.startswith("DECIMAL") else exact  # of wide decimals a hundred times faster
    return f"""SELECT {literal(column.name)} AS kolom,
        CASE WHEN abs({near}) < 1e15 THEN abs({near})::BIGINT ELSE abs({exact})::BIGINT END::VARCHAR AS x
        FROM {source} WHERE abs({near}) >= 1e9 AND abs({near}) < 1e18 AND {near} = trunc({near})
        AND CASE WHEN abs({near}) < 1e15 THEN true ELSE {exact} = trunc({exact}) END"""


def _asked(rules: Rules, about: str) -> str:
    return ", ".join(str(r.number) for r in rules.all if about in r.how.subjek and not r.how.aman) or "NULL"


def _declared(contract: Contract, rule: Rule) -> list[str]:
    """Columns that the contract declares to hold values of this standard that are of no person."""
    return [
        name for name, c in contract.kolom.items() if c.standar == rule.standard.nama and c.pribadi is False
        and rule.how.bila_bukan_pribadi
    ]  # fmt: skip


def _hits(rules: Rules, rows: list[tuple[str, int, int, str]]) -> list[Hit]:
    """One hit a column and standard, however many of its rules found it."""
    found: dict[tuple[str, str], Hit] = {}
    for where, number, count, sample in rows:
        standard = rules.all[number].standard
        key = (where, standard.nama)
        if key not in found or found[key].count < count:
            found[key] = Hit(where, standard, count, masked(sample))
    return [found[key] for key in sorted(found)]
