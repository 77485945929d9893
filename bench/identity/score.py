"""Links against the truth, pair by pair: of all pairs of records with one id, and of all pairs of one person."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.sql import literal

KEY = ("sumber", "kunci")
COLUMNS = (
    "nik", "no_kk", "nama", "jenis_kelamin", "tanggal_lahir", "nama_ibu", "alamat", "kode_wilayah",
)  # fmt: skip
# Not usable: missing or not of the form of a NIK.
USABLE = r"""regexp_full_match(coalesce(nik, ''),
    '[1-9]\d{5}(0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(0[1-9]|1[0-2])\d{6}')
    AND nik[13:16] <> '0000'"""
CUTS = (0.0, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)


def read(files: Path) -> str:
    """SQL of all records of a folder: its Parquet and CSV files but the truth; columns that a file lacks are empty."""
    parts = []
    for path in sorted(files.iterdir()):
        if path.stem == "truth" or path.suffix not in (".parquet", ".csv"):
            continue
        found = {row[0] for row in duckdb.sql(f"DESCRIBE FROM {_table(path)}").fetchall()}
        if missing := [column for column in KEY if column not in found]:
            raise SystemExit(f"{path} lacks {', '.join(missing)}: (sumber, kunci) is the key of a record")
        columns = [f"{c}::VARCHAR AS {c}" if c in found else f"NULL::VARCHAR AS {c}" for c in (*KEY, *COLUMNS)]
        parts.append(f"SELECT {', '.join(columns)}, sumber = 'register' AS daftar FROM {_table(path)}")
    if not parts:
        raise SystemExit(f"{files} holds no <name>.parquet or <name>.csv")
    return f"({' UNION ALL '.join(parts)})"


def truth(files: Path) -> str:
    """SQL of whose the records of a folder are: sumber, kunci, orang."""
    for path in (files / "truth.parquet", files / "truth.csv"):
        if path.is_file():
            return f"(SELECT sumber::VARCHAR AS sumber, kunci::VARCHAR AS kunci, orang FROM {_table(path)})"
    raise SystemExit(f"{files} lacks truth.parquet or truth.csv: sumber, kunci, orang, a row for each record")


def _table(path: Path) -> str:
    name = literal(str(path))
    return f"read_parquet({name})" if path.suffix == ".parquet" else f"read_csv({name}, all_varchar = true)"


def figures(files: Path, links: Path) -> dict[str, float | None]:
    """Precision and recall over all pairs; the same where at least one record has no usable NIK.

    recall_no_nik holds at a precision of at least 0.995 there: links under a score are cut until it is.
    """
    with duckdb.connect() as con:
        con.execute(
            f"""CREATE TABLE t AS SELECT orang, l.id::VARCHAR AS id, skor, NOT ({USABLE}) AS tanpa,
                row_number() OVER () AS n FROM {truth(files)} t
            JOIN read_parquet('{links}') l USING (sumber, kunci) JOIN (SELECT sumber, kunci, nik FROM {read(files)})
                r USING (sumber, kunci)"""
        )
        precision, recall = _pairs(con, "id", False)
        at, no_nik = 0.0, (0.0, 0.0)
        for cut in CUTS:
            at, no_nik = cut, _pairs(con, f"CASE WHEN skor >= {cut} THEN id ELSE 'n' || n END", True)
            if no_nik[0] >= 0.995:
                break
        return {
            "precision": precision,
            "recall": recall,
            "recall_no_nik": no_nik[1] if no_nik[0] >= 0.995 else None,
            "precision_no_nik": no_nik[0],
            "cut_no_nik": at,
            "rows": _one(con, "SELECT count(*) FROM t"),
        }


def _pairs(con: duckdb.DuckDBPyConnection, group: str, only: bool) -> tuple[float, float]:
    """Precision and recall; with `only` of pairs in which a record has no usable NIK."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE g AS SELECT orang, {group} AS g, tanpa FROM t")
    # Pairs with at least one such record = all pairs - pairs without any.
    pairs = "sum(n * (n - 1) // 2 - m * (m - 1) // 2)" if only else "sum(n * (n - 1) // 2)"
    counts = "count(*) AS n, count(*) FILTER (NOT tanpa) AS m"
    both = _one(con, f"SELECT {pairs} FROM (SELECT {counts} FROM g GROUP BY orang, g)")
    linked = _one(con, f"SELECT {pairs} FROM (SELECT {counts} FROM g GROUP BY g)")
    true = _one(con, f"SELECT {pairs} FROM (SELECT {counts} FROM g GROUP BY orang)")
    return (both / linked if linked else 1.0), (both / true if true else 1.0)


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    row = con.execute(sql).fetchone()
    return float(row[0] or 0) if row else 0.0
