"""Findings whose message names more than the cell: a place that was understood, or metres."""

from __future__ import annotations

import duckdb

from pipelines.check.compile import Compiled, CompiledRule
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.sql import ident, literal
from pipelines.wilayah import Misfit, join_condition

_MASKED = "(disamarkan)"
_SYSTEM = {"kemendagri": "Kemendagri", "bps": "BPS"}


def add_details(
    con: duckdb.DuckDBPyConnection, contract: Contract, compiled: Compiled, rules: list[CompiledRule]
) -> None:
    """Add to `temuan` the findings of the rules with details; the rows are those of `bermasalah`."""
    for rule in rules:
        if rule.per != "rinci":
            continue
        told, masked = literal(rule.pesan), literal(rule.pesan)
        for mark, sql in (("{nilai}", f"m.{ident(rule.kolom)}"), *rule.rinci):
            told = f"replace({told}, {literal(mark)}, coalesce({sql}, '-'))"
            masked = f"replace({masked}, {literal(mark)}, '{_MASKED}')"
        con.execute(
            f"""
            INSERT INTO temuan
            SELECT m._berkas, m._lembar, m._baris, {literal(rule.kolom)}, m.{ident(rule.kolom)},
                {literal(rule.standar)}, {literal(rule.tingkat)}, {told}, {literal(rule.saran)},
                {literal(rule.nama)}, {rule.pribadi}, {masked}
            FROM (SELECT _no FROM bermasalah WHERE list_contains(aturan, {rule.id})) b
            JOIN mentah m USING (_no) JOIN periksa p USING (_no)
            JOIN tempat t ON {join_condition(contract, "m", "t", compiled.moment)}
            """
        )


def add_misfits(
    con: duckdb.DuckDBPyConnection, library: Library, contract: Contract, found: list[Misfit], rules: list[CompiledRule]
) -> list[CompiledRule]:
    """Add to `temuan` a finding for each column whose codes are the other system's.

    Returns the rules, to follow `rules`, by which a file is refused whose codes are hardly the declared system's.
    """
    refusing: list[CompiledRule] = []
    for one in found:
        other = next(name for name in _SYSTEM if name != one.dinyatakan)
        message = (
            f"Kontrak menyatakan kolom {one.kolom} berisi kode {_SYSTEM[one.dinyatakan]}, tetapi dari "
            f"{one.banyak} kode hanya {one.cocok} yang ada di sana, sedangkan {one.cocok_lain} adalah kode "
            f"{_SYSTEM[other]}"
        )
        told, masked = (f'{message}, misalnya "{example}".' for example in (one.contoh, _MASKED))
        personal = library.is_personal(contract, one.kolom)
        level = "kritis" if one.serious else "peringatan"
        advice = f"Kirim kode {_SYSTEM[one.dinyatakan]}, atau minta walidata mengubah sistem kodenya di kontrak."
        con.execute(
            "INSERT INTO temuan VALUES (?, NULL, NULL, ?, ?, 'kode_wilayah', ?, ?, ?, 'sistem', ?, ?)",
            [
                one.berkas,
                one.kolom,
                one.contoh,
                level,
                told,
                advice,
                personal,
                masked,
            ],
        )
        if one.serious:
            number = len(rules) + len(refusing)
            refusing.append(
                CompiledRule(number, one.kolom, "kode_wilayah", "sistem", "kritis", "true", "", "", False, "diam")
            )
    return refusing


def refuse_misfits(con: duckdb.DuckDBPyConnection, found: list[Misfit], refusing: list[CompiledRule]) -> list[str]:
    """Add the rows of the files in `found` that `refusing` (of add_misfits) refuses to `bermasalah`; returns them."""
    files = [one.berkas for one in found if one.serious]
    for file, rule in zip(files, refusing, strict=True):
        con.execute(
            f"INSERT INTO bermasalah SELECT _berkas, _no, _bukan_data, [{rule.id}] FROM periksa "
            f"WHERE _bukan_data IS NULL AND _berkas = {literal(file)}"
        )
    return files
