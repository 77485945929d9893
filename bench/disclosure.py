"""Time what disclosure control costs against writing the same rows as CSV and Parquet with DuckDB.

    python bench/disclosure.py [--rows 10000000] [--tables 1] [--mix]

The rows are blocks of 110 (10 desa and their kecamatan, 9 categories and their total) of two counts of persons,
1 % of the inner cells below the threshold, spread over the tables. With `--mix` the tables have lognormal sizes and
every tenth counts persons; the others count things. `protect`, `audit` and `plain` run in a process of their own.
Times are by the clock, and by processor (cpu) for machines that are busy with other work. Prints the figures and adds
them to var/bench/disclosure.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import duckdb

from pipelines.disclosure import Measure, Protection, Table, audit, protect

OUT = Path(__file__).resolve().parents[1] / "var" / "bench"
FIGURES = OUT / "disclosure.json"
BLOCK, KECAMATAN = 110, 7000
PEOPLE = Measure(Protection(jenis="orang"))
THINGS = Measure(Protection(jenis="tidak", tidak="counts things"))


def connect() -> duckdb.DuckDBPyConnection:
    """A new database in a file, as the warehouse is one."""
    database = OUT / "disclosure.duckdb"
    for left in (database, database.with_suffix(".duckdb.wal")):
        left.unlink(missing_ok=True)
    return duckdb.connect(
        str(database), config={"memory_limit": "2GB", "temp_directory": str(OUT / f"spill_{os.getpid()}")}
    )


def generate(rows: int, data: Path) -> None:
    blocks = rows // BLOCK
    with connect() as con:
        con.execute("SET threads = 1")
        con.execute("SELECT setseed(0.33)")
        # Two digits of kabupaten, two of kecamatan, four of desa: 7,000 kecamatan in 71 kabupaten.
        con.execute(
            f"""
            COPY (
                WITH inner_cells AS (
                    SELECT b // {KECAMATAN} + 2000 AS tahun, d, k,
                        format('{{:02d}}.{{:02d}}.{{:02d}}', 11 + b % {KECAMATAN} // 7000,
                            b % {KECAMATAN} // 99 + 1, b % {KECAMATAN} % 99 + 1) AS kecamatan,
                        CASE WHEN random() < 0.01 THEN 1 + floor(random() * 4) ELSE 5 + floor(random() * 200) END AS l,
                        CASE WHEN random() < 0.01 THEN 1 + floor(random() * 4) ELSE 5 + floor(random() * 200) END AS p
                    FROM range({blocks}) b(b), range(10) d(d), range(9) k(k)
                )
                SELECT kecamatan || CASE WHEN GROUPING(d) = 0 THEN format('.{{}}', 2001 + d) ELSE '' END
                        AS kode_wilayah,
                    CASE WHEN GROUPING(k) = 0 THEN 'kategori ' || k ELSE 'Jumlah' END AS kategori, tahun,
                    sum(l)::INTEGER AS laki_laki, sum(p)::INTEGER AS perempuan
                FROM inner_cells
                GROUP BY tahun, kecamatan, GROUPING SETS ((d, k), (d), (k), ())
                ORDER BY kode_wilayah, tahun, kategori
            ) TO '{data}' (FORMAT parquet)
            """
        )


def tables(con: duckdb.DuckDBPyConnection, data: Path, number: int, mix: bool) -> list[Table]:
    """The rows cut by kecamatan and year into so many tables."""
    weights = random.Random(33)
    sizes = [weights.lognormvariate(0, 1.5) if mix else 1.0 for _ in range(number)]
    starts = [0.0, *(end / sum(sizes) for end in accumulate(sizes))][:number]
    con.execute("CREATE TABLE batas AS SELECT unnest(?) AS mulai, unnest(?) AS n", [starts, list(range(number))])
    con.execute(
        f"CREATE TABLE semua AS SELECT d.*, n FROM (SELECT *, hash(left(kode_wilayah, 8), tahun) / 2.0 ** 64 AS di "
        f"FROM '{data}') d ASOF JOIN batas b ON d.di >= b.mulai ORDER BY n, kode_wilayah, tahun, kategori"
    )
    made = []
    for i in range(number):
        con.execute(f"CREATE TABLE tabel_{i} AS SELECT * EXCLUDE (n, di) FROM semua WHERE n = {i}")
        kind = THINGS if mix and i % 10 else PEOPLE
        counts = {"laki_laki": kind, "perempuan": kind}
        made.append(Table(f"{i}", f"tabel_{i}", ("kode_wilayah", "kategori", "tahun"), counts, "kode_wilayah"))
    con.execute("DROP TABLE semua")
    return made


@contextmanager
def timed(what: str) -> Iterator[None]:
    started, worked = time.monotonic(), time.process_time()
    yield
    print(f"{what}_SECONDS", time.monotonic() - started)
    print(f"{what}_CPU", time.process_time() - worked)


def run(what: str, data: Path, number: int) -> None:
    with connect() as con:
        if what == "generate":
            generate(number, data)
        elif what == "plain":
            with timed("PLAIN"):
                con.execute(f"COPY (FROM '{data}') TO '{OUT / 'plain.parquet'}' (FORMAT parquet, COMPRESSION zstd)")
                con.execute(f"COPY (FROM '{data}') TO '{OUT / 'plain.csv'}' (FORMAT csv)")
        else:
            attack(con, tables(con, data, number, what == "mix"))


def attack(con: duckdb.DuckDBPyConnection, made: list[Table]) -> None:
    """Protect the tables, and audit what came out, each timed."""
    with timed("PROTECT"):
        done = protect(con, made)
    print("LOST", done.lost)
    print("COMPLEMENTARY", sum(r.cells for r in done.log if r.why == "pelengkap"))
    public = [replace(table, relation=done.rows.get(table.name, table.relation)) for table in made]
    with timed("AUDIT"):
        result = audit(con, public, {t.name: t.relation for t in made})
    print("PRIMARY", result.protected)
    print("HIDDEN", result.hidden)
    print("RECOVERED", sum(r.cells for r in result.recovered) + result.wrong)


def child(*arguments: str) -> dict[str, float]:
    """What a process of its own reports."""
    command = [sys.executable, __file__, "--only", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return {key: float(value) for key, value in (line.split() for line in done.stdout.splitlines())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--tables", type=int, default=1)
    parser.add_argument("--mix", action="store_true")
    parser.add_argument("--only", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        run(arguments.only[0], Path(arguments.only[1]), int(arguments.only[2]))
        print("PEAK", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    OUT.mkdir(parents=True, exist_ok=True)
    data = OUT / f"disclosure_{arguments.rows}.parquet"
    if not data.exists():
        child("generate", str(data), str(arguments.rows))
    plain = child("plain", str(data), "0")
    ours = child("mix" if arguments.mix else "attack", str(data), str(arguments.tables))
    figures: dict[str, float] = {"rows": arguments.rows, "tables": arguments.tables, "mix": arguments.mix}
    for unit in ("seconds", "cpu"):
        spent = [plain[f"PLAIN_{unit.upper()}"], *(ours[f"{what}_{unit.upper()}"] for what in ("PROTECT", "AUDIT"))]
        named = zip(("plain", "protect", "audit"), spent, strict=True)
        figures |= {f"{unit}_{what}": round(one, 1) for what, one in named}
        figures[f"ratio_{unit}"] = round((spent[1] + spent[2]) / spent[0], 2)
    figures["peak_gib"] = round(ours["PEAK"] / 2**20, 2)
    figures |= {what: int(ours[what.upper()]) for what in ("primary", "complementary", "lost", "recovered")}
    print(json.dumps(figures))
    name = f"{arguments.rows} rows, {arguments.tables} tables{', mix' * arguments.mix}"
    known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    FIGURES.write_text(json.dumps({**known, name: figures}, indent=2) + "\n")


if __name__ == "__main__":
    main()
