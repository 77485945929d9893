"""Time what disclosure control costs against writing the same rows as CSV and Parquet with DuckDB.

    python bench/disclosure.py [--rows 10000000] [--tables 1]

The rows are blocks of 110 (10 desa and their kecamatan, 9 categories and their total) of two counts of persons,
1 % of the inner cells below the threshold, spread over the tables. `protect`, `audit` and `plain` run in a process
of their own. Prints the figures and adds them to var/bench/disclosure.json.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from pipelines.disclosure import Measure, Protection, Table, audit, clear, protect

OUT = Path(__file__).resolve().parents[1] / "var" / "bench"
FIGURES = OUT / "disclosure.json"
BLOCK, KECAMATAN = 110, 7000
PEOPLE = Measure(Protection(jenis="orang"))


def connect() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(OUT / f"spill_{os.getpid()}")})


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


def tables(con: duckdb.DuckDBPyConnection, data: Path, number: int, name: str = "tabel") -> list[Table]:
    """The rows cut by kecamatan into so many tables."""
    con.execute(f"CREATE TABLE semua AS SELECT *, hash(left(kode_wilayah, 8)) % {number} AS n FROM '{data}'")
    made = []
    for i in range(number):
        con.execute(f"CREATE TABLE {name}_{i} AS SELECT * EXCLUDE (n) FROM semua WHERE n = {i}")
        counts = {"laki_laki": PEOPLE, "perempuan": PEOPLE}
        made.append(Table(f"{i}", f"{name}_{i}", ("kode_wilayah", "kategori", "tahun"), counts, "kode_wilayah"))
    con.execute("DROP TABLE semua")
    return made


def run(what: str, data: Path, number: int) -> None:
    with connect() as con:
        if what == "generate":
            generate(number, data)
        elif what == "plain":
            started = time.monotonic()
            con.execute(f"COPY (FROM '{data}') TO '{OUT / 'plain.parquet'}' (FORMAT parquet, COMPRESSION zstd)")
            con.execute(f"COPY (FROM '{data}') TO '{OUT / 'plain.csv'}' (FORMAT csv)")
            print("SECONDS", time.monotonic() - started)
        else:
            attack(con, tables(con, data, number))


def attack(con: duckdb.DuckDBPyConnection, made: list[Table]) -> None:
    """Protect the tables, and audit what came out, each timed."""
    started = time.monotonic()
    done = protect(con, made)
    print("SECONDS", time.monotonic() - started)
    print("LOST", done.lost)
    print("COMPLEMENTARY", sum(r.cells for r in done.log if r.why == "pelengkap"))
    print("PEAK_PROTECT", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    public = [Table(t.name, f"terbit_{t.name}", t.dims, t.measures, t.place) for t in made]
    for table in made:
        con.execute(f"CREATE TABLE terbit_{table.name} AS FROM {done.rows[table.name]}")
    clear(con)
    started = time.monotonic()
    result = audit(con, public, {t.name: t.relation for t in made})
    print("AUDIT", time.monotonic() - started)
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
    ours = child("attack", str(data), str(arguments.tables))
    figures = {
        "rows": arguments.rows,
        "tables": arguments.tables,
        "seconds_plain": round(plain["SECONDS"], 1),
        "seconds_protect": round(ours["SECONDS"], 1),
        "seconds_audit": round(ours["AUDIT"], 1),
        "ratio": round((ours["SECONDS"] + ours["AUDIT"]) / plain["SECONDS"], 2),
        "peak_gib": round(ours["PEAK"] / 2**20, 2),
        "primary": int(ours["PRIMARY"]),
        "complementary": int(ours["COMPLEMENTARY"]),
        "lost": int(ours["LOST"]),
        "recovered": int(ours["RECOVERED"]),
    }
    print(json.dumps(figures))
    known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    FIGURES.write_text(json.dumps({**known, f"tables_{arguments.tables}": figures}, indent=2) + "\n")


if __name__ == "__main__":
    main()
