"""A release of many datasets: how long to build and verify it, against writing the same rows as CSV and Parquet.

    python bench/release.py [--datasets 500] [--rows 10000000]

An invented warehouse: sizes are lognormal (most datasets are small, a few hold a million rows), every tenth dataset
counts persons with sums over places and categories, so that disclosure control has work; places are real. Measured,
each in a process of its own: DuckDB writing the published rows as CSV and Parquet (`plain`); the whole release, from
the gate to the signed `latest` (`release`, with its peak memory); the same release once more (`unchanged`).
Figures go to var/bench/release.json. Exit code 1 where a limit is missed: ratio 3, 4 GiB, 10 s.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import numpy as np

from pipelines.contract.load import Library, load_library
from pipelines.contract.model import Contract
from pipelines.home import REPO, Home
from pipelines.night.declarations import REFERENSI, STANDARDS
from pipelines.publish import Delivery, Inputs, release

OUT = REPO / "var" / "bench"
FIGURES = OUT / "release.json"
LIMITS = {"ratio": 3.0, "peak_gib": 4.0, "seconds_unchanged": 10.0}
SEED = 1


def contract(number: int) -> Contract:
    """Every tenth counts persons; the others hold amounts and measures."""
    persons = number % 10 == 0
    unit = "orang" if persons else "unit"
    kolom = {
        "tahun": {"dari": "Tahun", "standar": "tahun", "wajib": True, "terbit": True},
        "kategori": {"dari": "Kategori", "standar": "teks", "wajib": True, "terbit": True},
        "kecamatan": {"dari": "Kecamatan", "standar": "kode_wilayah", "sistem": "kemendagri", "tingkat": "kecamatan"},
        "banyaknya": {"dari": "Jumlah", "standar": "bilangan", "satuan": unit, "terbit": True},
        "anggaran": {"dari": "Anggaran", "standar": "rupiah", "terbit": True},
        "luas": {"dari": "Luas", "standar": "desimal", "satuan": "hektare", "terbit": True},
        "keterangan": {"dari": "Keterangan", "standar": "teks", "terbit": True},
    }
    declared = {
        "judul": f"Dataset buatan nomor {number}", "deskripsi": "Angka buatan untuk mengukur lama penerbitan.",
        "produsen": "dinkes", "jadwal": "tahunan", "klasifikasi": "terbuka", "persetujuan": "otomatis",
        "kunci": ["kecamatan", "tahun", "kategori"], "kolom": kolom, "wilayah": {"kode": "kecamatan"},
    }  # fmt: skip
    return Contract.model_validate(declared).model_copy(update={"dataset": f"buatan_{number:03d}"})


def sizes(datasets: int, rows: int) -> list[int]:
    """Lognormal sizes that add up to `rows`, none below 40."""
    drawn = np.random.default_rng(SEED).lognormal(0, 2.0, datasets)
    return [max(40, int(s)) for s in drawn / drawn.sum() * rows]


def make_warehouse(home: Home, datasets: int, rows: int) -> None:
    """Tables in the schema open_data as dbt leaves them, and the places."""
    path = home.warehouse / "satudata.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA conformed; CREATE SCHEMA open_data; SELECT setseed(0.5)")
        source = REFERENSI / "wilayah" / "2025.csv.gz"
        con.execute(
            f"CREATE TABLE conformed.dim_wilayah AS SELECT kode, NULL::VARCHAR AS kode_bps, nama, "
            f"DATE '1900-01-01' AS berlaku_mulai FROM read_csv('{source}', all_varchar = true)"
        )
        con.execute(
            "CREATE TEMP TABLE kecamatan AS SELECT kode, row_number() OVER (ORDER BY kode) - 1 AS n "
            "FROM conformed.dim_wilayah WHERE length(kode) = 8"
        )
        for number, size in enumerate(sizes(datasets, rows)):
            # Blocks of a kecamatan and year with ten categories, the tenth their sum.
            small = "random() < 0.01" if number % 10 == 0 else "false"
            con.execute(
                f"""
                CREATE TABLE open_data.dinkes__buatan_{number:03d} AS
                WITH inner_cells AS (
                    SELECT n, 2000 + tahun AS tahun, k,
                        CASE WHEN {small} THEN 1 + floor(random() * 4) ELSE 5 + floor(random() * 500) END AS banyaknya
                    FROM (
                        SELECT b % 7000 AS n, b // 7000 AS tahun FROM range(greatest({size} // 10, 4)) r(b)
                    ), range(9) s(k)
                ), filled AS (
                    SELECT n, tahun, CASE WHEN GROUPING(k) = 0 THEN 'kategori ' || k ELSE 'Jumlah' END AS kategori,
                        sum(banyaknya)::BIGINT AS banyaknya
                    FROM inner_cells GROUP BY n, tahun, GROUPING SETS ((k), ())
                )
                SELECT kode AS kode_wilayah, tahun::INTEGER AS tahun, kategori, banyaknya,
                    (banyaknya * 1000 * random())::DECIMAL(20, 2) AS anggaran, round(random() * 1000, 3) AS luas,
                    'catatan ' || (n % 500) AS keterangan
                FROM filled JOIN kecamatan USING (n)
                """
            )


def inputs(home: Home, datasets: int) -> Inputs:
    """What the night would hand over."""
    base = load_library(REPO / "sources", REFERENSI, STANDARDS)
    contracts = tuple(contract(n) for n in range(datasets))
    library = Library(contracts, base.standards, base.opd, base.general)
    return Inputs(library, home.warehouse / "satudata.duckdb", {c.key: Delivery(date(2026, 1, 31)) for c in contracts})


def plain(home: Home) -> float:
    """Seconds that DuckDB needs to write every published table as CSV and Parquet, each read before."""
    folder = OUT / "release_plain"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    seconds = 0.0
    for parquet in sorted((home.releases / "latest").glob("dinkes-*/dinkes-*.parquet")):
        with duckdb.connect() as con:
            con.execute(f"CREATE TABLE t AS FROM '{parquet}'")
            started = time.monotonic()
            con.execute(f"COPY t TO '{folder / 'a.parquet'}' (FORMAT parquet, COMPRESSION zstd)")
            con.execute(f"COPY t TO '{folder / 'a.csv'}' (FORMAT csv, HEADER)")
            seconds += time.monotonic() - started
    shutil.rmtree(folder)
    return seconds


def run(what: str, home: Home, datasets: int, rows: int) -> None:
    if what == "generate":
        make_warehouse(home, datasets, rows)
    elif what == "plain":
        print("SECONDS", plain(home))
    else:
        given = inputs(home, datasets)
        started = time.monotonic()
        result = release(home, given, datetime.now(UTC))
        print("SECONDS", time.monotonic() - started)
        print("ROWS", sum(result.datasets.values()))
        print("HIDDEN", sum(sum(reasons.values()) for reasons in result.hidden.values()))
        print("CHANGED", int(result.changed))
        print("LEFT_OUT", len(result.left_out))


def child(*arguments: str) -> dict[str, float]:
    """What a process of its own reports, and PEAK: bytes that it and its own processes held at once."""
    with subprocess.Popen([sys.executable, __file__, "--only", *arguments], stdout=subprocess.PIPE, text=True) as run:
        peak = 0
        while run.poll() is None:
            peak = max(peak, held(run.pid))
            time.sleep(1)  # to ask often would slow it down
        told = run.stdout.read() if run.stdout else ""
    if run.returncode:
        sys.exit(run.returncode)
    return {"PEAK": peak} | {key: float(value) for key, value in (line.split() for line in told.splitlines())}


def held(pid: int) -> int:
    """Bytes of memory of a process and all below it; what they share is counted once (Linux)."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended
        return 0
    own = next(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
    return own + sum(held(int(child)) for child in below)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=int, default=500)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--only", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    home = Home(OUT / "release_home")
    if arguments.only:
        run(arguments.only[0], home, int(arguments.only[1]), int(arguments.only[2]))
        return 0
    size = (str(arguments.datasets), str(arguments.rows))
    shutil.rmtree(home.root, ignore_errors=True)
    home.ensure()
    child("generate", *size)
    ours = child("release", *size)
    again = child("release", *size)
    base = child("plain", *size)
    log = json.loads((home.releases / "latest" / "pengungkapan.json").read_bytes())["serangan"]
    figures = {
        "datasets": arguments.datasets,
        "rows": int(ours["ROWS"]),
        "seconds_plain": round(base["SECONDS"], 1),
        "seconds_release": round(ours["SECONDS"], 1),
        "ratio": round(ours["SECONDS"] / base["SECONDS"], 2),
        "peak_gib": round(ours["PEAK"] / 2**30, 2),
        "seconds_unchanged": round(again["SECONDS"], 1),
        "hidden": int(ours["HIDDEN"]),
        "protected": log["nilai_dilindungi"],
        "recovered": log["nilai_dapat_dihitung_kembali"],
    }
    print(json.dumps(figures))
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n")
    if again["CHANGED"] or ours["LEFT_OUT"] or figures["recovered"]:
        print(
            "the second release changed something, a dataset is missing, or a number can be recovered", file=sys.stderr
        )
        return 1
    return int(any(figures[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
