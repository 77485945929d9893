"""What the tests of the data standards share: the macros on a connection, and one cell's verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.contract.standard import Standard

FOLDER = Path(__file__).parents[3] / "expectations" / "standards"
NAMES = sorted(p.stem for p in FOLDER.glob("[a-z]*.yml"))
MACROS = (FOLDER / "_fungsi.sql").read_text(encoding="utf-8")
EMPTY: list[str] = yaml.safe_load((FOLDER / "_umum.yml").read_text(encoding="utf-8"))["kosong"]

# What the resolver would answer for the examples of the two place standards.
PROBLEM = {
    "nama_wilayah": "CASE WHEN lower({x}) IN ('semarang', 'tegal', 'magelang', 'pekalongan') THEN 'ambigu'"
    " WHEN lower({x}) IN ('kab. banjarnegra', 'kota semarng', 'poerworedjo') THEN 'mirip'"
    " WHEN lower({x}) NOT IN ('kabupaten cilacap', 'kab. banjarnegara', 'kota semarang', 'banyumas')"
    " THEN 'tidak_ditemukan' END",
    "kode_wilayah": "CASE WHEN {x} NOT IN ('33.02', '33.10', '33.74') THEN 'tidak_ditemukan' END",
}
# The examples of a pair of coordinates are texts of six parts.
POINT = ("{lintang}", "{bujur}", "{titik_kode}", "{titik_jarak}", "{kode_baris}", "{titik_dicari}")
TYPES = {"{titik_jarak}": "DOUBLE", "{titik_dicari}": "BOOLEAN"}


@cache
def load(name: str) -> Standard:
    """One standard, as the loader reads it."""
    return Standard.model_validate(yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8")))


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Verdict:
    """What the check makes of one cell: NULL for empty, else the normalised text and the rules broken."""

    text: str | None
    value: object
    broken: list[str]
    suspicious: list[str]


Judge = Callable[..., Verdict]
JudgeAll = Callable[..., list[Verdict]]


@pytest.fixture(scope="session")
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute(MACROS)
    return connection


@pytest.fixture(scope="session")
def judge_all(con: duckdb.DuckDBPyConnection) -> JudgeAll:
    """judge_all(name, raws, angka='id', kali=1, sistem='kemendagri', tingkat='kabupaten_kota')."""

    def run(name: str, raws: list[str], *, angka: str = "id", kali: int = 1,
            sistem: str = "kemendagri", tingkat: str = "kabupaten_kota") -> list[Verdict]:  # fmt: skip
        standard = load(name)
        problem = PROBLEM.get(name, "CAST(NULL AS VARCHAR)")

        def fill(sql: str, x: str) -> str:
            sql = sql.replace("{masalah}", f"({problem})").replace("{angka}", literal(angka))
            for n, mark in enumerate(POINT, 1):
                part = f"nullif(trim(split_part({x}, ';', {n})), '')"
                sql = sql.replace(mark, f"TRY_CAST({part} AS {TYPES[mark]})" if mark in TYPES else part)
            sql = sql.replace("{wajib}", "false")
            sql = sql.replace("{kali}", str(kali)).replace("{sistem}", literal(sistem))
            return sql.replace("{tingkat}", literal(tingkat)).replace("{x}", x)

        empty = ", ".join(literal(t.lower()) for t in (EMPTY if standard.kosong is None else standard.kosong))
        normal = f"CASE WHEN lower(rapikan(r)) IN ({empty}) THEN NULL ELSE {fill(standard.normalkan, 'r')} END"
        empty_passes = str(name == "titik").lower()
        rules = {r.nama: f"x IS NULL OR coalesce({fill(r.sah, 'x')}, {empty_passes})" for r in standard.aturan}
        counts = {r.nama: fill(r.terkena, "x") for r in standard.aturan_kolom}
        rows = con.execute(
            f"SELECT x, TRY_CAST(x AS {standard.tipe}), [{', '.join(rules.values())}], "
            f"[{', '.join(counts.values())}]::BOOLEAN[] FROM (SELECT n, {normal} AS x "
            "FROM (SELECT unnest(?::VARCHAR[]) AS r, generate_subscripts(?::VARCHAR[], 1) AS n)) ORDER BY n",
            [raws, raws],
        ).fetchall()
        return [
            Verdict(
                text,
                value,
                [name for name, good in zip(rules, kept, strict=True) if not good],
                [name for name, hit in zip(counts, hits, strict=True) if hit],
            )
            for text, value, kept, hits in rows
        ]

    return run


@pytest.fixture(scope="session")
def judge(judge_all: JudgeAll) -> Judge:
    """judge(name, raw, ...): the verdict on one cell."""
    return lambda name, raw, **settings: judge_all(name, [raw], **settings)[0]
