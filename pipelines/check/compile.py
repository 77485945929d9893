"""Compile a contract and its standards into SQL: one view to look at, one list of rules.

The predicate of a rule is written once, in expectations/standards/ (or as `kaidah` in the contract).
Here it becomes SQL over the view `periksa`; the row check and Great Expectations both use that text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipelines.check.place_rules import POINT, Found, details, point_rules
from pipelines.contract.load import Library
from pipelines.contract.model import Contract, Keparahan
from pipelines.contract.reading import NonData
from pipelines.contract.standard import PLACE_STANDARDS, ColumnRule
from pipelines.sql import ident, literal
from pipelines.wilayah import decidable, join_condition, place_columns

SCALE = {None: 1, "ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}
BITS = 60  # of a BIGINT
_PLACE = ("kode_wilayah", "wilayah_metode", "wilayah_skor", "wilayah_bawaan")
_VALUE = "sel__"  # stands for the cell in SQL under construction
_TOKEN = re.compile(r"'(?:[^']|'')*'|\b[a-z_][a-z0-9_]*\b")


@dataclass(frozen=True)
class CompiledRule:
    """A rule as SQL over `periksa`. `sah` is true or NULL for a good row; `id` numbers it in a verdict.

    `per` says how it is reported: one finding a row, one a row with details in its message, one a file, or none
    (another finding says it). `rinci` are the details: placeholder -> SQL text over the aliases m (`mentah`),
    p (`periksa`) and t (`tempat`).
    """

    id: int
    kolom: str
    standar: str
    nama: str
    tingkat: Keparahan
    sah: str
    pesan: str
    saran: str
    pribadi: bool
    per: Literal["baris", "rinci", "berkas", "diam"] = "baris"
    rinci: tuple[tuple[str, str], ...] = ()

    @property
    def broken(self) -> str:
        """SQL predicate: true when the row breaks the rule, never NULL."""
        return f"NOT coalesce({self.sah}, true)"


@dataclass(frozen=True)
class MassRule:
    """A rule over a whole column of one file."""

    kolom: str
    standar: str
    rule: ColumnRule
    terkena: str


@dataclass(frozen=True)
class Compiled:
    """What the check of one contract needs.

    normalise: SELECT over `mentah` and `tempat`, run once: the normalised text of every column.
    view: SELECT over its result `rapi`: the same columns and the typed values. See compile_contract.
    """

    normalise: str
    view: str
    rules: tuple[CompiledRule, ...]
    mass_rules: tuple[MassRule, ...]
    staged: tuple[str, ...]  # columns that reach staging, in order
    moment: str | None = None  # the row's date, SQL over `mentah` as m; see pipelines.wilayah.resolve
    point: str = "FALSE"  # predicate over `periksa`: the row has a point, and no rule speaks against it


def compile_contract(library: Library, contract: Contract, repetitive: frozenset[str] = frozenset()) -> Compiled:
    """Compile the check of one contract; needs the relations `mentah` and (with places) `tempat`.

    `repetitive` columns hold few values many times; see `_once_a_value`.

    The relation `periksa` has one row per record: `_berkas, _lembar, _baris, _no`, then for each column
    `k` the normalised text as `k` and the typed value as `k__nilai`, for place columns also `k__kode`
    and `k__masalah`; with places `_kode_wilayah` and how it was found; with `wilayah.titik` also `_titik_kode` and
    `_titik_jarak` (pipelines/check/points.py); `_bukan_data` is the reason or NULL; `_ubah<n>` has a bit for each
    cell that normalisation changed (see `changed`).

    Normalisation is the costly part, to plan as well as to run, so its result is stored once.
    """
    has_place = contract.wilayah is not None or bool(place_columns(contract))
    cells, typed, changes = [], [], []
    for name, column in contract.kolom.items():
        raw = f"m.{ident(name)}"
        normal = _over(f"m.{ident(name)}", _normal(library, contract, name), once=name in repetitive)
        cells.append(f"{normal} AS {ident(name)}")
        changes.append(f"m.{ident(name)} AS {ident(name + '__asal')}")
        if column.standar in PLACE_STANDARDS:
            cells += [f"t.{ident(name + s)}" for s in ("__kode", "__masalah")]
        typed.append(f"{_typed(library, contract, name)} AS {ident(name + '__nilai')}")
    if has_place:
        cells += [f"t.{name} AS _{name}" for name in _PLACE]
    if contract.wilayah and contract.wilayah.titik:
        cells += ["t.wilayah_kini AS _wilayah_kini", "t._masa"]
        cells += [f"t.{ident(name + '__calon')}" for name in decidable(contract)]
    cells.append(f"{_non_data(contract)} AS _bukan_data")
    moment = _moment(library, contract)
    join = f" LEFT JOIN tempat t ON {join_condition(contract, 'm', 't', moment)}" if has_place else ""
    raw = ", ".join(ident(name + "__asal") for name in contract.kolom)
    normalise = (
        f"SELECT * EXCLUDE ({raw}), {_change_bits(contract)} FROM (SELECT m._berkas, m._lembar, m._baris, m._no, "
        f"{', '.join(changes)}, {', '.join(cells)} FROM mentah m{join})"
    )
    view = f"SELECT *, {', '.join(typed)} FROM rapi"
    rules = _rules(library, contract, repetitive)
    mass = tuple(
        MassRule(name, column.standar, r, _fill(contract, name, r.terkena))
        for name, column in contract.kolom.items()
        for r in library.standards[column.standar].aturan_kolom
    )
    staged = tuple(name for name in contract.kolom if not library.is_personal(contract, name))
    return Compiled(normalise, view, tuple(rules), mass, staged, moment, _usable_point(contract, rules))


def _change_bits(contract: Contract) -> str:
    names = list(contract.kolom)
    words = []
    for start in range(0, len(names), BITS):
        bits = [
            f"CASE WHEN {ident(n)} IS DISTINCT FROM {ident(n + '__asal')} THEN {1 << i}::BIGINT ELSE 0 END"
            for i, n in enumerate(names[start : start + BITS])
        ]
        words.append(f"{' + '.join(bits)} AS _ubah{start // BITS}")
    return ", ".join(words)


def changed(contract: Contract) -> dict[str, str]:
    """By column, the SQL predicate over `periksa`: normalisation changed this cell."""
    return {n: f"(_ubah{i // BITS} & {1 << i % BITS}) <> 0" for i, n in enumerate(contract.kolom)}


def _normal(library: Library, contract: Contract, name: str) -> str:
    column = contract.kolom[name]
    standard = library.standards[column.standar]
    raw = _VALUE
    empty = ", ".join(literal(text) for text in library.empty_texts(column.standar))
    normal = _settings(contract, name, standard.normalkan).replace("{x}", raw)
    if column.nilai:
        spellings = {s.casefold(): v for v, others in column.nilai.items() for s in (v, *others)}
        whens = " ".join(f"WHEN {literal(s)} THEN {literal(v)}" for s, v in spellings.items())
        normal = f"CASE lower({normal}) {whens} ELSE {normal} END"
    # (A list and not IN: DuckDB makes a join of a long IN, for every row and out of order.)
    # Most cells begin with a digit or a letter that begins no 'empty' word: they need no closer look.
    starts = {text[:1] for text in library.empty_texts(column.standar)}
    last = ":" if any("a" <= s <= "z" for s in starts) else "{"
    return (
        f"CASE WHEN {raw} >= '0' AND {raw} < '{last}' THEN {normal} "
        f"WHEN list_contains([{empty}], lower(rapikan({raw}))) THEN NULL ELSE {normal} END"
    )


def _typed(library: Library, contract: Contract, name: str) -> str:
    tipe = library.standards[contract.kolom[name].standar].tipe
    return ident(name) if tipe == "VARCHAR" else f"TRY_CAST({ident(name)} AS {tipe})"


def _settings(contract: Contract, name: str, sql: str) -> str:
    """Fill the contract's settings, as SQL literals, into a standard's SQL."""
    column = contract.kolom[name]
    return (
        sql.replace("{angka}", literal(contract.locale(name)))
        .replace("{kali}", str(SCALE[column.satuan_asal]))
        .replace("{sistem}", literal(column.sistem))
        .replace("{tingkat}", literal(column.tingkat))
        .replace("{wajib}", str(column.wajib).lower())
    )


def _over(cell: str, sql: str, once: bool) -> str:
    """SQL of _VALUE, applied to a cell.

    DuckDB evaluates a function of a column that comes as a dictionary once per entry, but not a CASE or an
    AND of functions; inside a lambda it does, which makes a column of few values ten times as fast (and one
    of many values a fifth slower).
    """
    return f"list_transform([{cell}], lambda {_VALUE}: {sql})[1]" if once else sql.replace(_VALUE, cell)


def _fill(contract: Contract, name: str, sql: str, cell: str | None = None) -> str:
    return (
        _settings(contract, name, sql)
        .replace("{x}", cell or ident(name))
        .replace("{kode}", ident(name + "__kode"))
        .replace("{masalah}", ident(name + "__masalah"))
    )


def _non_data(contract: Contract) -> str:
    if not contract.baca.bukan_data:
        return "CAST(NULL AS VARCHAR)"
    whens = " ".join(f"WHEN {is_non_data(n)} THEN {literal(n.alasan)}" for n in contract.baca.bukan_data)
    return f"CASE {whens} END"


def is_non_data(declared: NonData) -> str:
    """SQL predicate over the raw row `m`; NULL where the cell is empty."""
    return f"regexp_matches(m.{ident(declared.kolom)}, {literal('(?i)' + declared.pola)})"


def _moment(library: Library, contract: Contract) -> str | None:
    """SQL over `mentah` as m: the date that `wilayah.waktu` says; a year is its last day."""
    column = contract.wilayah.waktu if contract.wilayah else None
    if column is None:
        return None
    text = _normal(library, contract, column).replace(_VALUE, f"m.{ident(column)}")
    if library.standards[contract.kolom[column].standar].tipe == "DATE":
        return f"TRY_CAST({text} AS DATE)"
    return f"TRY(make_date(TRY_CAST({text} AS INTEGER), 12, 31))"


def _usable_point(contract: Contract, rules: list[CompiledRule]) -> str:
    if not (contract.wilayah and contract.wilayah.titik):
        return "FALSE"
    pair = contract.wilayah.titik
    about = [r.sah for r in rules if r.kolom in pair and r.standar != POINT]
    return " AND ".join([*(f"{ident(c)} IS NOT NULL" for c in pair), *(f"coalesce({sah}, true)" for sah in about)])


def _rules(library: Library, contract: Contract, repetitive: frozenset[str]) -> list[CompiledRule]:
    """Rules in the order in which a produsen reads them: column by column, then across columns."""
    found: list[Found] = []
    pair = contract.wilayah.titik if contract.wilayah else []
    of_point = point_rules(library, contract)
    # What the pair shows for certain (swapped, metres) says more than a rule of its first column.
    certain = " AND ".join(sah for _, standar, _, _, sah, _, _ in of_point if standar != POINT)
    for name, column in contract.kolom.items():
        standard = library.standards[column.standar]
        if column.wajib:
            message, advice = f"Kolom {name} kosong, padahal wajib diisi.", "Isi selnya lalu kirim ulang berkas."
            found.append((name, "wajib", "wajib", "kritis", f"{ident(name)} IS NOT NULL", message, advice))
        if column.nilai:
            sah = f"{ident(name)} IN ({', '.join(literal(v) for v in column.nilai)})"
            message = f'"{{nilai}}" tidak ada dalam daftar pilihan kolom {name}.'
            advice = f"Pakai salah satu: {', '.join(column.nilai)}."
            found.append((name, "pilihan", "pilihan", "kritis", sah, message, advice))
        for rule in standard.aturan:
            sah = f"({_VALUE} IS NULL OR coalesce({_fill(contract, name, rule.sah, _VALUE)}, false))"
            alone = not re.search("{(kode|masalah)}", rule.sah)
            sah = _over(ident(name), sah, once=alone and name in repetitive)
            if certain and name == pair[0]:
                sah = f"({sah} OR NOT ({certain}))"
            found.append((name, column.standar, rule.nama, rule.tingkat, sah, rule.pesan, rule.saran))
        if pair and name == pair[0]:
            found += of_point
    for extra in contract.kaidah:
        sah = over_values(contract, extra.sah)
        found.append((extra.kolom, "kaidah", extra.nama, extra.tingkat, f"({sah})", extra.pesan, extra.saran))
    return [_rule(library, contract, i, *one) for i, one in enumerate(found)]


def _rule(
    library: Library, contract: Contract, number: int, column: str, standard: str, name: str, level: Keparahan,
    sah: str, message: str, advice: str,
) -> CompiledRule:  # fmt: skip
    places = column in place_columns(contract)
    named = tuple((mark, sql) for mark, sql in details(column, places).items() if mark in message)
    personal = library.is_personal(contract, column)
    per: Literal["baris", "rinci"] = "rinci" if named else "baris"
    return CompiledRule(number, column, standard, name, level, sah, message, advice, personal, per, named)


def over_values(contract: Contract, sql: str) -> str:
    """Let the column names of a `kaidah` mean typed values."""

    def column(match: re.Match[str]) -> str:
        token = match.group()
        return ident(token + "__nilai") if token in contract.kolom else token

    return _TOKEN.sub(column, sql)
