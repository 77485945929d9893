"""What `make bench-identity FILES=dir` takes: CSV as well as Parquet, and files that lack columns."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import duckdb
import pytest

REPO = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def score():
    # By its file: what is called identity here are these tests.
    spec = spec_from_file_location("bench_score", REPO / "bench/identity/score.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(path, rows, columns):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path, crowd):
    """A register as Parquet, a file as CSV without KK, mother and address, and the truth as CSV."""
    listed, known = ([row for row in crowd if row["sumber"] == sumber] for sumber in ("register", "latar"))
    write(tmp_path / "r", listed, list(listed[0]))
    duckdb.sql(f"COPY (FROM read_csv('{tmp_path}/r')) TO '{tmp_path}/register.parquet'")
    (tmp_path / "r").unlink()
    write(tmp_path / "latar.csv", known, ["sumber", "kunci", "nik", "nama", "tanggal_lahir", "jenis_kelamin"])
    truth = [row | {"orang": n % len(listed)} for n, row in enumerate(listed + known)]
    write(tmp_path / "truth.csv", truth, ["sumber", "kunci", "orang"])
    return tmp_path


def test_columns_that_a_file_lacks_are_empty_and_numbers_are_text(score, folder):
    rows = duckdb.sql(
        f"SELECT daftar, count(*), count(nik), count(no_kk), typeof(any_value(nik)) FROM {score.read(folder)} "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert rows == [(False, 400, 400, 0, "VARCHAR"), (True, 400, 400, 400, "VARCHAR")]


def test_file_without_a_key_is_refused_by_name(score, folder):
    (folder / "bpjs.csv").write_text("nik,nama\n1,x\n")
    with pytest.raises(SystemExit, match=r"bpjs\.csv lacks sumber, kunci"):
        score.read(folder)


@pytest.mark.slow
def test_bench_links_the_files_of_a_folder(folder, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, str(REPO / "bench/identity.py"), "--files", str(folder), "--out", str(out)]
    subprocess.run([*command, "--no-baselines"], check=True, capture_output=True, text=True)
    figures = json.loads((out / "identity.json").read_text())
    assert (figures["precision"], figures["recall"], figures["rows"]) == (1.0, 1.0, 800)
    assert {"recall_no_nik", "seconds", "peak_gib", "second_night_ratio"} <= set(figures)
    assert duckdb.sql(f"SELECT count(*) FROM '{out}/identity_truth.parquet'").fetchone() == (800,)
