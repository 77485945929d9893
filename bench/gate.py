"""Measure the gate against writing the same rows: seconds for Parquet and CSV, and for looking at every value.

    python bench/gate.py [--rows N]

Rows are invented: codes, words, an address that is another in each row, counts, amounts and ratios. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.contract.load import load_standards
from pipelines.contract.model import Contract
from pipelines.gate import Gate
from pipelines.home import REPO

ROWS = """
SELECT format('33.{:02}.{:02}.{}', 1 + i % 29, 1 + i % 20, 2001 + i % 15) AS kode_wilayah,
    (2015 + i % 10)::INTEGER AS tahun,
    (1 + i % 12)::INTEGER AS bulan, ['Beras', 'Gula', 'Minyak goreng', 'Bawang merah'][1 + i % 4] AS komoditas,
    format('Jl. {} No. {} RT {} RW {} blok {}', ['Merdeka', 'Pahlawan', 'Pemuda'][1 + i * 7 % 3],
        i % 997, i % 9, i % 7, i)
        AS alamat, format('P33{:08}', i % 100000) AS kode, (hash(i) % 100000000)::BIGINT AS jumlah,
    (hash(i + 1) % 1000000000000)::DECIMAL(20, 2) AS nilai, (hash(i + 2) % 100000) / 7.0 AS rasio,
    ['ada', 'tidak ada'][1 + i % 2] AS status
FROM range({rows}) r(i)
"""


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of a piece of work."""
    start = time.perf_counter()
    work()
    return round(time.perf_counter() - start, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"memory_limit": "2GB", "threads": 2}) as con:
        con.execute(f"SET temp_directory = '{folder}/spill'")
        file = Path(folder) / "t.parquet"
        con.execute(f"CREATE TABLE t AS {ROWS.replace('{rows}', str(rows))}")
        columns = [row[0] for row in con.execute("DESCRIBE t").fetchall()]
        kolom = {name: {"dari": [name], "standar": "teks", "terbit": True} for name in columns}
        contract = Contract.model_validate(
            {"judul": "Ukur", "produsen": "dinas", "jadwal": "tahunan", "klasifikasi": "terbuka", "kolom": kolom}
        )
        gate = Gate.open(con, load_standards(REPO / "expectations" / "standards"))
        parquet = seconds(lambda: con.execute(f"COPY t TO '{file}' (FORMAT parquet, COMPRESSION zstd)"))
        csv = seconds(lambda: con.execute(f"COPY t TO '{folder}/t.csv' (FORMAT csv)"))
        looked = seconds(lambda: gate.data(contract, f"read_parquet('{file}')"))
        result = {"rows": rows, "columns": len(columns), "write_parquet": parquet, "write_csv": csv, "gate": looked}
        print(json.dumps(result | {"ratio": round(looked / (parquet + csv), 2)}))


if __name__ == "__main__":
    main()
