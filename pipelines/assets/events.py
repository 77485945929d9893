"""What the stages did, in Dagster's words: counts, states and reasons; never a value of the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

import dagster as dg
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.assets.keys import REGISTER, RELEASE, landing_key, open_key, staging_key
from pipelines.assets.specs import CHECK, GATE
from pipelines.contract.model import Contract
from pipelines.landing import Version
from pipelines.night import BELUM_ADA, Line
from pipelines.publish import ReleaseResult
from pipelines.warehouse import FactColumn

VERSI = "versi"
Event: TypeAlias = dg.MaterializeResult | dg.AssetCheckResult


def delivered(contract: Contract, version: Version) -> dg.AssetMaterialization:
    """A version that arrived."""
    return dg.AssetMaterialization(
        landing_key(contract),
        metadata={
            VERSI: version.versi,
            "berkas": len(version.files),
            "bytes": sum(file.bytes for file in version.files),
            "tiba": max(file.arrived for file in version.files).isoformat(timespec="seconds"),
        },
    )


def inspected(
    contract: Contract, line: Line, rows_in_use: Path | None, columns: Sequence[FactColumn]
) -> Iterator[Event]:
    """The rows in use, and the verdict on the newest delivery when there is one."""
    latest, good = line.state.latest, line.state.good
    loads = latest.loads if latest else []
    metadata: dict[str, Any] = {
        "dagster/row_count": sum(load.baris_diterima for load in good.loads) if good else 0,
        "status": line.status,
        "dikerjakan": line.worked,
        VERSI: latest.versi if latest else "",
        "versi dipakai": good.versi if good else "",
        "dibaca": sum(load.baris_dibaca for load in loads),
        "diterima": sum(load.baris_diterima for load in loads),
        "karantina": sum(load.baris_karantina for load in loads),
        "bukan data": sum(load.baris_bukan_data for load in loads),
        "temuan": latest.findings if latest else 0,
        "terlambat": line.late,
    }
    if rows_in_use:
        with suppress(OSError, pa.ArrowException):  # a damaged file is the next stage's to report
            metadata["dagster/column_schema"] = _schema(rows_in_use, columns)
    version = dg.DataVersion(good.fingerprint[:12] if good else "kosong")
    yield dg.MaterializeResult(staging_key(contract), metadata=metadata, data_version=version)
    if line.status != BELUM_ADA:
        reasons = [line.error] if line.error else latest.reasons if latest else []
        yield dg.AssetCheckResult(
            check_name=CHECK,
            asset_key=staging_key(contract),
            passed=not line.troubled,
            severity=dg.AssetCheckSeverity.WARN,
            description=" ".join(reasons) or None,
            metadata={key: metadata[key] for key in ("status", "temuan", "terlambat")},
        )


def identified(folder: Path, mark: str, worked: bool) -> dg.MaterializeResult:
    """How many persons, families and institutions are known."""
    counts = {
        name: pq.read_metadata(folder / f"{name}.parquet").num_rows
        for name in ("penduduk", "keluarga", "institusi")
        if (folder / f"{name}.parquet").is_file()
    }
    metadata: dict[str, Any] = {**counts, "dikerjakan": worked}
    return dg.MaterializeResult(REGISTER, metadata=metadata, data_version=dg.DataVersion(mark[:12] or "kosong"))


def built(warehouse: Path, keys: Iterable[dg.AssetKey]) -> Iterator[Event]:
    """Tables of the warehouse with their rows, in the order of `keys`."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for key in keys:
            count = con.table(".".join(f'"{part}"' for part in key.path)).count("*").fetchone()
            yield dg.MaterializeResult(key, metadata={"dagster/row_count": count[0] if count else 0})


def published(contract: Contract, result: ReleaseResult) -> Iterator[Event]:
    """One dataset of the release and what the gate said of it; nothing for one that has no rows yet."""
    refused = result.refused.get(contract.key, [])
    if contract.key in result.datasets:
        metadata: dict[str, Any] = {
            "dagster/row_count": result.datasets[contract.key],
            "rilis": result.version,
            "dari rilis sebelumnya": result.carried.get(contract.key, "tidak"),
        }
        yield dg.MaterializeResult(open_key(contract), metadata=metadata)
    if contract.key in result.datasets or refused:
        yield dg.AssetCheckResult(
            check_name=GATE,
            asset_key=open_key(contract),
            passed=not refused,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"temuan": len(refused), "kolom": ", ".join(sorted({f.kolom for f in refused if f.kolom}))},
        )


def released(result: ReleaseResult) -> dg.MaterializeResult:
    """The release that is now `latest`."""
    about = {"versi": result.version, "dataset": len(result.datasets), "berubah": result.changed}
    return dg.MaterializeResult(RELEASE, metadata=about, data_version=dg.DataVersion(result.version))


def _schema(file: Path, columns: Sequence[FactColumn]) -> dg.TableSchema:
    about = {column.name: column.description for column in columns}
    fields = pq.read_schema(file)
    return dg.TableSchema([dg.TableColumn(f.name, type=str(f.type), description=about.get(f.name)) for f in fields])
