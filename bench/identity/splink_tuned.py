"""Splink as well as we can set it up: our normalisation, comparisons and blocking, its own model and training.

What stays Splink's: a match is weighed against two records taken at random, each comparison apart. It is told that
the register holds nobody twice, and clusters by single best links.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from identity.ours import connect
from identity.score import read
from pipelines.identity.linkage import block, normalise

WORDS = "list_has_all(string_split({0}, ' '), string_split({1}, ' '))"
EDIT = "damerau_levenshtein(nik16_l, nik16_r) = 1"
PARTS = (
    "(year(lahir_l) = year(lahir_r))::INT + (month(lahir_l) = month(lahir_r))::INT + (day(lahir_l) = day(lahir_r))::INT"
)
THRESHOLD = 0.99


def comparisons() -> list[Any]:
    """Levels as in pipelines/identity/compare.py; equal names, dates and mothers are adjusted for how rare they are."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    def compare(name: str, null: str, *levels: Any) -> Any:
        made = [cll.CustomLevel(sql) if isinstance(sql, str) else sql for sql in levels]
        return cl.CustomComparison(
            [cll.CustomLevel(null).configure(is_null_level=True), *made, cll.ElseLevel()], output_column_name=name
        )

    def missing(column: str) -> str:
        return f"{column}_l IS NULL OR {column}_r IS NULL"

    def equal(column: str) -> Any:
        return cll.ExactMatchLevel(column, term_frequency_adjustments=True)

    subset = f"{WORDS.format('nama_l', 'nama_r')} OR {WORDS.format('nama_r', 'nama_l')}"
    wife = "ny_l <> ny_r AND coalesce(jk_l, 'P') = 'P' AND coalesce(jk_r, 'P') = 'P'"
    first = "year(lahir_l) = year(lahir_r) AND (dayofyear(lahir_l) = 1 OR dayofyear(lahir_r) = 1)"
    return [
        compare("nama", f"{missing('nama')} OR (({wife}) AND nama_l <> nama_r)", equal("nama"), subset,
                "jaro_winkler_similarity(nama_l, nama_r) >= 0.92 OR damerau_levenshtein(urut_l, urut_r) = 1"),
        compare("lahir", missing("lahir"), equal("lahir"), "tukar_l = lahir_r", first, f"{PARTS} = 2"),
        compare("jk", missing("jk"), "jk_l = jk_r"),
        compare("nik16", missing("nik16"), "nik16_l = nik16_r", f"{EDIT} AND NOT (nik_wajar_l AND nik_wajar_r)", EDIT),
        compare("ibu", missing("ibu"), equal("ibu"), "jaro_winkler_similarity(ibu_l, ibu_r) >= 0.92"),
        compare("rumah", "kk_l IS NULL AND alamat_l IS NULL AND desa_l IS NULL", "kk_l = kk_r",
                "alamat_l = alamat_r AND desa_l = desa_r", "desa_l = desa_r", "desa_l[1:8] = desa_r[1:8]",
                "desa_l[1:5] = desa_r[1:5]"),
    ]  # fmt: skip


def splink_tuned(files: Path, work: Path) -> dict[str, float]:
    """Link all records; the links go to work/splink_tuned.parquet."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    started = time.perf_counter()
    con = connect(work / "splink_tuned.duckdb")
    normalise.install(con)
    normalise.normalise(con, read(files), "TABLE rekam", tf=True)
    tables = []
    for name, which in (("register", "daftar"), ("files", "NOT daftar")):
        con.execute(
            f"""CREATE TABLE {name} AS SELECT rid::VARCHAR AS unique_id, * EXCLUDE (rid, tanda, sidik)
            FROM rekam WHERE {which}"""
        )
        if con.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone():
            tables.append(name)
    config = SettingsCreator(
        link_type="link_and_dedupe" if len(tables) > 1 else "dedupe_only",
        comparisons=comparisons(),
        blocking_rules_to_generate_predictions=[block_on(column) for column in block.FOUND],
    )
    api = DuckDBAPI(con)
    linker = Linker([api.register(name) for name in tables], config)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("nik")], recall=0.9)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("nik"))
    training.estimate_parameters_using_expectation_maximisation(block_on("nama", "lahir"))
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    clustering = linker.clustering
    if len(tables) > 1:
        clusters = clustering.cluster_using_single_best_links(
            pairs, ["register"], threshold_match_probability=THRESHOLD
        )
    else:
        clusters = clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=THRESHOLD)
    con.execute(
        f"""COPY (SELECT sumber, kunci, cluster_id AS id, 1.0 AS skor FROM {clusters.physical_name})
        TO '{work}/splink_tuned.parquet'"""
    )
    con.close()
    return {"seconds": time.perf_counter() - started}
