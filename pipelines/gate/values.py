"""Look for personal values in a Parquet file, or in texts: cheap filters first, then the rules on what is left.

A false alarm costs a dataset one release and is visible; a leak is for ever. So in text any hit blocks.
In number columns sixteen digits may also be a magnitude (rupiah in quadrillions), of which chance alone makes
one in forty look like a NIK: a column with at least `USUAL` such numbers passes while no more than `CHANCE` of
them look like one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import duckdb

from pipelines.contract.model import Contract
from pipelines.gate.columns import PLACE
from pipelines.gate.finding import Hit, masked
from pipelines.gate.rules import GateError, Rule, Rules
from pipelines.sql import ident, literal

USUAL, CHANCE = 30, 0.2
MANY = 10_000  # rows from which to count equal texts is cheaper than to look at each
_WHOLE = ("BIGINT", "HUGEINT", "UBIGINT")
_TIMES = ("tahun", "bulan", "minggu", "tanggal")
_TABLE, _ANY_SUSPECT = "gerbang_teks", "gerbang_curiga"


@dataclass(frozen=True)
class Column:
    """One column of the file as far as the gate must know it."""

    name: str
    kind: str
    values: int
    longest: int = 0  # bytes of the longest text; 0 where it is no text
    repeats: bool = False  # of texts: most stand in several rows
    piece: bool = False  # a number may begin or end in it, and go on in the column beside it
    largest: float = 0.0  # number, whatever its sign; infinite where it is not known

    @property
    def text(self) -> bool:
        """Whether it holds text."""
        return self.kind == "VARCHAR"

    @property
    def number(self) -> bool:
        """Whether its numbers can have as many digits as a telephone number."""
        return self.largest >= 1e9


def install(con: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Prepare the first question to texts: to plan it takes longer than to answer it.

    Raises duckdb.Error where a pattern is none.
    """
    con.execute(
        f"""PREPARE {_ANY_SUSPECT} AS
        SELECT 1 FROM (SELECT unnest($1::VARCHAR[]) AS teks) WHERE {rules.loosely("teks")} LIMIT 1"""
    )
    con.execute(f"EXECUTE {_ANY_SUSPECT}(['-'])")  # only now does DuckDB compile the patterns


def profile(con: duckdb.DuckDBPyConnection, contract: Contract, source: str, kinds: Mapping[str, str]) -> list[Column]:
    """What each column of a relation can hold; `kinds` are its columns and their SQL types."""
    joining = {name for pair in _pairs(contract, kinds) for name in pair}
    texts = [name for name, kind in kinds.items() if kind == "VARCHAR"]
    # In a query of their own, as DuckDB knows the ends of a table's numbers without reading it.
    columns = _profile_others(con, source, {n: k for n, k in kinds.items() if k != "VARCHAR"}, joining)
    asked = ["count(*)"]
    for name in texts:
        c = ident(name)
        begins = f"bool_or({c} < ':' OR {c} > '{{')" if name in joining else "false"  # with a digit or a mark
        asked += [f"count({c})", f"max(strlen({c}))", f"approx_count_distinct({c})", begins]
    rows, *found = con.execute(f"SELECT {', '.join(asked)} FROM {source}").fetchone() or (0,)
    for i, name in enumerate(texts):
        values, longest, distinct, begins = found[4 * i : 4 * i + 4]
        columns[name] = Column(name, "VARCHAR", values, longest or 0, 4 * distinct < rows, bool(begins))
    return [columns[name] for name in kinds]


def in_columns(
    con: duckdb.DuckDBPyConnection, rules: Rules, contract: Contract, about: str, source: str, columns: list[Column]
) -> list[Hit]:
    """Hits in the columns of a relation; `about` is whom the rows are about. Raises GateError for a rule in bad SQL."""
    texts = [c for c in columns if c.text and c.longest >= 6]
    pieces = {c.name for c in columns if c.piece}
    pairs = [_joined(source, *p) for p in _pairs(contract, {c.name: c.kind for c in columns}) if pieces.issuperset(p)]
    hits = []
    if any(_told(rules, c) for c in texts) or any(
        con.execute(f"SELECT 1 FROM ({question}) LIMIT 1").fetchone()
        for question in [*pairs, *_asked_first(rules, source, texts)]
    ):
        parts = " UNION ALL ".join([_texts(rules, source, c) for c in texts] + pairs)
        # The limit keeps DuckDB from trying the patterns in each part, which costs more than all of a small table.
        suspect = f"""(FROM ({parts}) LIMIT {2**62}) WHERE sambung OR strlen(teks) >= 6
            AND NOT regexp_full_match(teks, {literal(rules.safe)})
            AND (disebut AND regexp_matches(teks, '[0-9]') OR {rules.suspect("teks")})"""
        hits = _judge(con, rules, contract, about, suspect)
    numbers = [c for c in columns if c.number]
    return hits + (_numbers(con, rules, contract, about, source, numbers) if numbers else [])


def in_texts(
    con: duckdb.DuckDBPyConnection, rules: Rules, contract: Contract, about: str, texts: Mapping[str, str]
) -> list[Hit]:
    """Hits in texts, each with what to call its place."""
    if not con.execute(f"EXECUTE {_ANY_SUSPECT}([{', '.join(map(literal, texts.values()))}])").fetchone():
        return []
    rows = ", ".join(f"({literal(where)}, {literal(text)}, 1, false, false)" for where, text in texts.items())
    suspect = f"(VALUES {rows}) v(kolom, teks, n, sambung, disebut) WHERE {rules.suspect('teks')}"
    hits = _judge(con, rules, contract, about, suspect)
    return [Hit(h.where, h.standard, h.count, h.masked, metadata=True) for h in hits]


def _profile_others(
    con: duckdb.DuckDBPyConnection, source: str, kinds: Mapping[str, str], joining: set[str]
) -> dict[str, Column]:
    """What the columns that are no text can hold, by name."""
    if not kinds:
        return {}
    asked = []
    for name, kind in kinds.items():
        c, numeric = ident(name), kind in _WHOLE or kind == "DOUBLE" or kind.startswith("DECIMAL")
        asked += [f"count({c})", *((f"min({c})", f"max({c})") if numeric else ("0", "0"))]
    found = con.execute(f"SELECT {', '.join(asked)} FROM {source}").fetchone() or ()
    columns = {}
    for i, (name, kind) in enumerate(kinds.items()):
        values, *ends = found[3 * i : 3 * i + 3]
        sizes = [abs(float(end or 0)) for end in ends]
        largest = math.inf if any(map(math.isnan, sizes)) else max(sizes)  # to DuckDB NaN is above all numbers
        columns[name] = Column(name, kind, values, piece=name in joining, largest=largest)
    return columns


def _asked_first(rules: Rules, source: str, columns: list[Column]) -> list[str]:
    """SQL of loosely suspect texts; from a list, as DuckDB compiles a pattern anew for each part of a UNION."""
    often = [c for c in columns if c.repeats and c.values >= MANY]
    once = [c for c in columns if c not in often]
    asked = [(once, source)]
    if often:
        sets = ", ".join(f"({ident(c.name)})" for c in often)
        asked.append((often, f"(FROM {source} SELECT {_names(often)} GROUP BY GROUPING SETS ({sets}))"))
    return [
        f"SELECT 1 FROM (SELECT unnest([{_names(some)}]) AS teks FROM {rows}) WHERE {rules.loosely('teks')}"
        for some, rows in asked
        if some
    ]


def _names(columns: list[Column]) -> str:
    return ", ".join(ident(c.name) for c in columns)


def _told(rules: Rules, column: Column) -> bool:
    """Whether the name of a column announces what is looked for."""
    return bool(re.search(rules.announced.replace("(?is)", "(?i)"), column.name.replace("_", " ")))


def _texts(rules: Rules, source: str, column: Column) -> str:
    """SQL of the texts of a column; `disebut`: its name announces what is looked for."""
    c = ident(column.name)
    counted = f"{c} AS teks, count(*) AS n FROM {source} GROUP BY ALL" if column.repeats else (
        f"{c} AS teks, 1 AS n FROM {source}"
    )  # fmt: skip
    return f"""SELECT {literal(column.name)} AS kolom, *, false AS sambung, {_told(rules, column)} AS disebut
        FROM (SELECT {counted})"""


def _pairs(contract: Contract, kinds: Mapping[str, str]) -> list[tuple[str, str]]:
    """Columns side by side, one of them text, in which pieces of one number may stand."""
    return [
        (left, right) for left, right in pairwise(kinds) if "VARCHAR" in (kinds[left], kinds[right])
        and _may_join(contract, left, kinds[left]) and _may_join(contract, right, kinds[right])
    ]  # fmt: skip


def _may_join(contract: Contract, name: str, kind: str) -> bool:
    """Whether a piece of a number may stand in it: no place, no time, no code that is longer than a piece."""
    spec = contract.kolom.get(name)
    if name == PLACE or spec is None or spec.tingkat or spec.standar in _TIMES:
        return False
    return kind in ("VARCHAR", "INTEGER", *_WHOLE)


def _joined(source: str, left: str, right: str) -> str:
    """Both cells of a row where they are nothing but digits and marks, as one text."""
    pieces = [f"CAST({ident(name)} AS VARCHAR)" for name in (left, right)]
    bare = " AND ".join(
        f"({p} < ':' OR {p} > '{{') AND strlen({p}) BETWEEN 3 AND 40 AND NOT regexp_matches({p}, '\\pL')"
        for p in pieces
    )
    return f"""SELECT {literal(f"{left} + {right}")} AS kolom, {pieces[0]} || ' ' || {pieces[1]} AS teks, 1 AS n,
            true AS sambung, false AS disebut
        FROM {source} WHERE strlen({pieces[0]}) + strlen({pieces[1]}) >= 15 AND {bare}"""


def _judge(con: duckdb.DuckDBPyConnection, rules: Rules, contract: Contract, about: str, texts: str) -> list[Hit]:
    """Hits in texts, given as SQL with (kolom, teks, n, sambung, disebut)."""
    made = con.execute(
        f"CREATE OR REPLACE TEMP TABLE {_TABLE} AS SELECT row_number() OVER () AS id, * FROM {texts}"
    ).fetchone()
    if made is None or not made[0]:
        return []
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
