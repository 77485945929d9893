"""Time what place costs against the plain DuckDB query for the same.

    python bench/place.py [--points 1000000] [--referensi ../shared/data/referensi]

points: random points over the real borders, located through the prepared grid and by DuckDB's own spatial join
(ST_Contains), in turn and each in a process of its own, so that the ratio holds on a noisy machine. The map is
prepared once and kept. Prints the figures and adds them to var/bench/place.json: points, seconds, seconds_plain,
speedup, peak_gib, same (all answers equal for points strictly inside one polygon), build_seconds.

codes: rows of (desa code, day) over all editions there are, given the code valid on the day as the check does it,
against a plain equi-join to the current edition; both write their answer to a table, in turn. Adds code_rows,
code_seconds, code_seconds_plain, code_ratio (median of the rounds' ratios).
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import duckdb

REPO = Path(__file__).resolve().parents[1]
OUT = REPO / "var" / "bench"
FIGURES = OUT / "place.json"
ROUNDS = 3


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    from pipelines.sql import literal, load_spatial

    con = duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(OUT)})
    load_spatial(con)
    con.execute(f"ATTACH {literal(str(path))} AS peta (READ_ONLY)")
    return con


def build(referensi: Path) -> Path:
    """The prepared map; its seconds are remembered beside it."""
    from pipelines.referensi import install
    from pipelines.referensi.peta import prepared_map

    folders = [REPO / "sources" / "referensi", referensi]
    base = OUT / "place_dasar.duckdb"
    base.unlink(missing_ok=True)
    with duckdb.connect(base) as con:
        install(con, folders)
    cache = OUT / "peta"
    before = set(cache.glob("*.duckdb"))
    started = time.monotonic()
    path = prepared_map(cache, folders, base)
    if path is None:
        raise SystemExit(f"{referensi} holds no border files")
    if path not in before:
        path.with_suffix(".json").write_text(json.dumps(round(time.monotonic() - started, 1)))
    return path


def generate(points: int, path: Path, out: Path) -> None:
    """Points spread evenly over the box around the desa."""
    with connect(path) as con:
        con.execute("SET threads = 1")
        con.execute("SELECT setseed(0.33)")
        con.execute(
            f"""
            COPY (SELECT i AS _id, a + random() * (b - a) AS bujur, c + random() * (d - c) AS lintang
                FROM range({points}) t(i), (SELECT min(ST_XMin(geom)) AS a, max(ST_XMax(geom)) AS b,
                    min(ST_YMin(geom)) AS c, max(ST_YMax(geom)) AS d FROM peta.batas WHERE tingkat = 'desa_kelurahan'))
            TO '{out}' (FORMAT parquet)
            """
        )


def run(what: str, path: Path, points: Path) -> None:
    """Locate all points in one of the two ways; only that is timed, the answer is written afterwards."""
    from pipelines.referensi.locate import locate

    with connect(path) as con:
        con.execute(f"CREATE TEMP TABLE titik AS FROM '{points}'")
        # Both read what they need from the same file: the one its grid, the other its polygons.
        con.execute("CREATE TEMP VIEW desa AS SELECT id, geom FROM peta.batas WHERE tingkat = 'desa_kelurahan'")
        started = time.monotonic()
        if what == "grid":
            locate(con, "titik", "bujur", "lintang", "hasil")
        else:
            con.execute(
                """CREATE TEMP TABLE hasil AS SELECT _id, id AS id_batas
                FROM titik JOIN desa ON ST_Contains(geom, ST_Point(bujur, lintang))"""
            )
        print("SECONDS", time.monotonic() - started)
        con.execute(f"COPY (SELECT _id, id_batas FROM hasil) TO '{OUT / f'place_{what}.parquet'}' (FORMAT parquet)")


def child(*arguments: str) -> tuple[float, float]:
    """Seconds and peak GiB that a process of its own reports."""
    command = [sys.executable, __file__, "--only", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    said = dict(line.split() for line in done.stdout.splitlines() if line.count(" ") == 1)
    return float(said.get("SECONDS", 0)), int(said["PEAK"]) / 2**20


def compare() -> tuple[int, int]:
    """Points strictly inside one desa polygon, and how many of them the grid places elsewhere or nowhere."""
    inside, wrong = duckdb.execute(
        f"""
        SELECT count(*), count(*) FILTER (g.id_batas IS DISTINCT FROM p.id_batas)
        FROM (SELECT _id, any_value(id_batas) AS id_batas FROM '{OUT / "place_plain.parquet"}'
            GROUP BY _id HAVING count(*) = 1) p
        LEFT JOIN '{OUT / "place_grid.parquet"}' g USING (_id)
        """
    ).fetchall()[0]
    return int(inside), int(wrong)


def bench_points(points: int, referensi: Path) -> dict[str, object]:
    path = build(referensi)
    located = OUT / f"place_titik_{points}.parquet"
    child("generate", str(path), str(located), str(points))
    rounds = []
    for _ in range(ROUNDS):
        grid, plain = child("grid", str(path), str(located)), child("plain", str(path), str(located))
        print(f"grid {grid[0]:.2f} s, plain {plain[0]:.2f} s, peak {grid[1]:.2f} GiB", flush=True)
        rounds.append((grid, plain))
    inside, wrong = compare()
    print(f"{points:,} points, {inside:,} strictly inside one desa polygon, {wrong:,} of them placed otherwise")
    built = path.with_suffix(".json")
    return {
        "points": points,
        "seconds": round(statistics.median(grid[0] for grid, _ in rounds), 3),
        "seconds_plain": round(statistics.median(plain[0] for _, plain in rounds), 3),
        "speedup": round(statistics.median(plain[0] / grid[0] for grid, plain in rounds), 2),
        "peak_gib": round(max(grid[1] for grid, _ in rounds), 2),
        "same": wrong == 0 and inside > 0,
        "build_seconds": json.loads(built.read_text()) if built.exists() else None,
    }


def bench_codes(rows: int, referensi: Path) -> dict[str, object]:
    """Codes by day against the plain join, on the same rows."""
    from pipelines.referensi import install
    from pipelines.wilayah.codes import valid_at

    rounds = []
    with duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(OUT)}) as con:
        install(con, [REPO / "sources" / "referensi", *([referensi] if referensi.is_dir() else [])])
        con.execute(
            f"""
            CREATE TEMP TABLE baris AS
            SELECT d.asal, DATE '2018-01-01' + (hash(i) % 3000)::INTEGER AS hari
            FROM (SELECT i, hash(i * 7) % (SELECT count(DISTINCT kode_asal) FROM kode_pada WHERE length(kode_asal) = 13)
                AS n FROM range({rows}) t(i))
            JOIN (SELECT kode_asal AS asal, row_number() OVER (ORDER BY kode_asal) - 1 AS n
                FROM (SELECT DISTINCT kode_asal FROM kode_pada WHERE length(kode_asal) = 13)) d USING (n)
            """
        )
        joins = ("LEFT JOIN wilayah k ON k.kode = r.asal", valid_at("r.asal", "r.hari", "k"))
        for _ in range(ROUNDS):
            seconds = []
            for join in joins:
                started = time.monotonic()
                con.execute(f"CREATE OR REPLACE TEMP TABLE hasil AS SELECT r.asal, r.hari, k.kode FROM baris r {join}")
                seconds.append(time.monotonic() - started)
            print(f"plain join {seconds[0]:.2f} s, by day {seconds[1]:.2f} s", flush=True)
            rounds.append(seconds)
        assert con.execute("SELECT count(*) FROM hasil").fetchall()[0][0] == rows
    return {
        "code_rows": rows,
        "code_seconds": round(statistics.median(dated for _, dated in rounds), 3),
        "code_seconds_plain": round(statistics.median(plain for plain, _ in rounds), 3),
        "code_ratio": round(statistics.median(dated / plain for plain, dated in rounds), 2),
    }


def main() -> None:
    """Run every part and keep the figures together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000, help="0 leaves this part out")
    parser.add_argument("--codes", type=int, default=10_000_000, help="rows; 0 leaves this part out")
    parser.add_argument("--referensi", type=Path, default=REPO.parent / "shared" / "data" / "referensi")
    parser.add_argument("--only", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        what, path, file, *more = arguments.only
        if what == "generate":
            generate(int(more[0]), Path(path), Path(file))
        else:
            run(what, Path(path), Path(file))
        print("PEAK", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    OUT.mkdir(parents=True, exist_ok=True)
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    if arguments.codes:
        figures |= bench_codes(arguments.codes, arguments.referensi)
    if not (arguments.referensi / "batas").is_dir():
        print(f"SKIPPED: no borders in {arguments.referensi / 'batas'}; name a folder of them with --referensi")
    elif arguments.points:
        figures |= bench_points(arguments.points, arguments.referensi)
    print(json.dumps(figures))
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
