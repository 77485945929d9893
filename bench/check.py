"""Time the check of a residents CSV against plain DuckDB reading the same file into typed Parquet.

    python bench/check.py [--rows 5000000]

Both run as processes of their own, in turn, so that the ratio holds on a noisy machine. Prints the
figures and writes them to var/bench/check.json (ratio, peak_gib, rows, seconds).
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb

REPO = Path(__file__).resolve().parents[1]
OUT = REPO / "var" / "bench"
ROUNDS = 3
# 20 columns under 6 standards: nik, no_kk, jenis_kelamin, tanggal, kode_wilayah, teks.
COLUMNS = {
    "nik": ("nik", "VARCHAR"),
    "no_kk": ("no_kk", "VARCHAR"),
    "jenis_kelamin": ("jenis_kelamin", "VARCHAR"),
    "tanggal_lahir": ("tanggal", "DATE"),
    "kode_desa": ("kode_wilayah", "VARCHAR"),
} | {f"isian_{n:02}": ("teks", "VARCHAR") for n in range(1, 16)}

PLACE = {"sistem": "kemendagri", "tingkat": "desa_kelurahan"}


def generate(rows: int, out: Path) -> None:
    """A CSV like a register's export: 2 in 1,000 rows are wrong in some way."""
    texts = ", ".join(
        f"['KAWIN', 'BELUM KAWIN', 'PETANI', 'Jl. Merdeka No. ' || (i % 97), 'ISLAM', 'RT 0' || (i % 9)]"
        f"[1 + (i * {n} + i // 7) % 6] AS isian_{n:02}"
        for n in range(1, 16)
    )
    with duckdb.connect() as con:
        codes = REPO / "sources" / "referensi" / "wilayah" / "2025.csv.gz"
        con.execute(
            f"CREATE TABLE desa AS SELECT row_number() OVER (ORDER BY kode) - 1 AS n, kode FROM "
            f"read_csv('{codes}', all_varchar = true) WHERE kode LIKE '33.__.__.____'"
        )
        con.execute(
            f"""COPY (
            SELECT CASE WHEN i % 1000 = 7 THEN '3.37E+15' ELSE '33' || lpad((1 + i % 35)::VARCHAR, 2, '0') || '01'
                || lpad((1 + i % 28 + (i % 2) * 40)::VARCHAR, 2, '0') || lpad((1 + i % 12)::VARCHAR, 2, '0')
                || lpad((i // 9999 % 100)::VARCHAR, 2, '0') || lpad((1 + i % 9999)::VARCHAR, 4, '0') END AS nik,
              '330201010120' || lpad((1 + i // 4 % 9999)::VARCHAR, 4, '0') AS no_kk,
              CASE WHEN i % 2 = 0 THEN 'Laki-laki' ELSE 'Perempuan' END AS jenis_kelamin,
              CASE WHEN i % 1000 = 13 THEN '31/02/1990'
                ELSE strftime(DATE '1940-01-01' + (i % 28000)::INTEGER, '%d/%m/%Y') END AS tanggal_lahir,
              d.kode AS kode_desa, {texts}
            FROM range({rows}) t(i) JOIN desa d ON d.n = i % 8563 ORDER BY i
            ) TO '{out}' (HEADER)"""
        )


def plain(source: Path, work: Path) -> None:
    """What DuckDB does alone: read with types, write Parquet."""
    types = {k: ("VARCHAR" if t == "DATE" else t) for k, (_, t) in COLUMNS.items()}
    dates = ", ".join(f"try_strptime({k}, '%d/%m/%Y')::DATE AS {k}" for k, (_, t) in COLUMNS.items() if t == "DATE")
    duckdb.execute(
        f"COPY (SELECT * REPLACE ({dates}) FROM read_csv('{source}', header = true, columns = {types})) "
        f"TO '{work / 'plain.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )


def checked(source: Path, work: Path) -> None:
    """The whole check: read, place, judge every row, Great Expectations, findings, staging."""
    from pipelines.check.run import Source, check, prepare
    from pipelines.contract.load import Library, load_library
    from pipelines.contract.model import Contract

    sources, standards = REPO / "sources", REPO / "expectations" / "standards"
    base = load_library(sources, sources / "referensi", standards)
    contract = Contract.model_validate(
        {
            "judul": "Penduduk", "produsen": "bench", "jadwal": "bulanan", "klasifikasi": "dikecualikan",
            "kolom": {k: {"dari": k, "standar": standar} | (PLACE if standar == "kode_wilayah" else {})
                      for k, (standar, _) in COLUMNS.items()},
            "wilayah": {"kode": "kode_desa"},
        }
    )  # fmt: skip
    contract = contract.model_copy(update={"dataset": "penduduk"})
    library = Library((contract,), base.standards, base.opd, base.empty)
    prepare(sources / "referensi", standards / "_fungsi.sql", work / "dasar.duckdb")

    def judge() -> object:
        from expectations.gx import Judge

        return Judge(work)

    result = check(library, contract, [Source("penduduk.csv", source)], work / "dasar.duckdb", work, judge)
    load = result.loads[0]
    print(result.status, load.baris_dibaca, load.baris_diterima, load.baris_karantina)


def measure(what: str, source: Path) -> tuple[float, float]:
    """Seconds and peak GiB of one process."""
    work = OUT / what
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    started = time.monotonic()
    command = [sys.executable, __file__, "--only", what, str(source), str(work)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.monotonic() - started
    shutil.rmtree(work)
    out, _, peak = done.stdout.rpartition("PEAK ")
    print(f"{what}: {seconds:.1f} s, peak {int(peak) / 2**20:.2f} GiB {out.strip()}", flush=True)
    return seconds, int(peak) / 2**20


def main() -> None:
    """Generate the file once, then measure both in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--only", nargs=3, metavar=("WHAT", "CSV", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        what, source, work = arguments.only
        if what == "generate":
            generate(arguments.rows, Path(source))
        else:
            {"plain": plain, "checked": checked}[what](Path(source), Path(work))
        print("PEAK", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    rows = arguments.rows
    OUT.mkdir(parents=True, exist_ok=True)
    source = OUT / f"penduduk_{rows}.csv"
    if not source.exists():
        print(f"generating {rows:,} rows ...", flush=True)
        # In a process of its own: a child starts with its parent's peak memory.
        command = [sys.executable, __file__, "--rows", str(rows), "--only", "generate", str(source), "-"]
        subprocess.run(command, check=True)
    print(f"{source.stat().st_size / 2**30:.2f} GiB", flush=True)
    rounds = [(measure("checked", source), measure("plain", source)) for _ in range(ROUNDS)]
    ratios = sorted(ours[0] / theirs[0] for ours, theirs in rounds)
    figures = {
        "ratio": round(ratios[len(ratios) // 2], 2),
        "peak_gib": round(max(ours[1] for ours, _ in rounds), 2),
        "rows": rows,
        "seconds": round(sorted(ours[0] for ours, _ in rounds)[len(rounds) // 2], 1),
    }
    print(json.dumps(figures))
    (OUT / "check.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
