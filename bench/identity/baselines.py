"""What others would get: exact NIK alone, and Splink with the comparisons and training its tutorial shows."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

from identity.ours import connect
from identity.score import USABLE, read


def deterministic(files: Path, work: Path) -> dict[str, float]:
    """Records with the same well-formed NIK are one person."""
    started = time.perf_counter()
    with duckdb.connect() as con:
        con.execute(
            f"""COPY (SELECT sumber, kunci, CASE WHEN {USABLE} THEN nik ELSE sumber || '/' || kunci END AS id,
                1.0 AS skor FROM {read(files)}) TO '{work}/deterministic.parquet'"""
        )
    return {"seconds": time.perf_counter() - started}


def splink_default(files: Path, work: Path) -> dict[str, float]:
    """Splink's own comparisons with their default thresholds, u by sampling, m by EM, clusters at 0.95."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    started = time.perf_counter()
    con = connect(work / "splink.duckdb")
    con.execute(
        f"""CREATE TABLE orang AS SELECT sumber || '/' || kunci AS unique_id, nik, no_kk, lower(nama) AS nama,
            jenis_kelamin,
            tanggal_lahir::VARCHAR AS tanggal_lahir, lower(nama_ibu) AS nama_ibu, alamat, kode_wilayah FROM
                {read(files)}"""
    )
    api = DuckDBAPI(con)
    rules = [
        block_on("nik"),
        block_on("nama", "tanggal_lahir"),
        block_on("tanggal_lahir", "kode_wilayah"),
        block_on("nama", "kode_wilayah"),
        block_on("no_kk", "tanggal_lahir"),
    ]
    config = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("nama").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("tanggal_lahir", input_is_string=True),
            cl.ExactMatch("nik"),
            cl.ExactMatch("no_kk"),
            cl.ExactMatch("jenis_kelamin"),
            cl.NameComparison("nama_ibu"),
            cl.LevenshteinAtThresholds("alamat"),
            cl.ExactMatch("kode_wilayah").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(api.register("orang"), config)
    linker.training.estimate_probability_two_random_records_match([block_on("nik")], recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("nik"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("nama", "tanggal_lahir"))
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
    con.execute(
        f"""COPY (SELECT split_part(unique_id, '/', 1) AS sumber, unique_id[strpos(unique_id, '/') + 1:] AS kunci,
            cluster_id AS id, 1.0 AS skor FROM {clusters.physical_name}) TO '{work}/splink_default.parquet'"""
    )
    con.close()
    return {"seconds": time.perf_counter() - started}
