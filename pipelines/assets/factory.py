"""The three steps of the night as Dagster assets. Each only calls a stage of `Night` and reports.

Few steps that carry many assets: a process or a step per source costs more than the work itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import duckdb

from pipelines.assets import specs
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.night import Line, Night

RETRY = dg.RetryPolicy(max_retries=2, delay=60, backoff=dg.Backoff.EXPONENTIAL)


def build_assets(night: Night) -> list[dg.AssetsDefinition]:
    """Assets over one home; `night` knows the landing folder and the contracts."""
    library = night.library

    @dg.multi_asset(
        name="pemeriksaan",
        specs=specs.staging_specs(library),
        check_specs=specs.check_specs(library),
        can_subset=True,
        retry_policy=RETRY,
    )
    def inspect(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        """Archive what came and check it."""
        with night.exclusive():
            receipt = night.receive()
            for contract in library.contracts:
                key = specs.staging_key(contract)
                if key in context.selected_asset_keys:
                    line = night.inspect(contract, receipt.findings.get(contract.key, []))
                    context.log.info(f"{contract.key}: {line.status}")
                    yield _inspected(key, line)

    @dg.multi_asset(name="gudang", specs=specs.warehouse_specs(library), can_subset=True, retry_policy=RETRY)
    def warehouse(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        """Build the warehouse beside the old one and rename it into place when green."""
        with night.exclusive():
            problems, built = night.build()
        if problems:
            raise dg.Failure("not promoted; the last good warehouse stays in use:\n" + "\n".join(problems))
        context.log.info("built" if built else "unchanged")
        with duckdb.connect(str(night.warehouse_file), read_only=True) as con:
            for key in sorted(context.selected_asset_keys):
                schema, table = key.path
                rows = con.execute(f'SELECT count(*) FROM {schema}."{table}"').fetchone()
                yield dg.MaterializeResult(key, metadata={"dagster/row_count": rows[0] if rows else 0})

    @dg.multi_asset(name="rilis", specs=specs.release_specs(library), can_subset=True, retry_policy=RETRY)
    def release(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        """Gate, files, metadata, catalogue; `latest` is switched last."""
        with night.exclusive():
            result = night.publish()
            night.report([night.look(c) for c in library.contracts], result.refused, [])
        for contract in library.contracts:
            if specs.open_key(contract) in context.selected_asset_keys and contract.key in result.datasets:
                yield _published(contract, result.datasets[contract.key])
        if specs.RELEASE in context.selected_asset_keys:
            yield dg.MaterializeResult(specs.RELEASE, metadata={"version": result.version})

    return [inspect, warehouse, release]


def _inspected(key: dg.AssetKey, line: Line) -> dg.MaterializeResult:
    latest = line.state.latest
    loads = latest.loads if latest else []
    accepted = sum(load.baris_diterima for load in loads)
    return dg.MaterializeResult(
        key,
        metadata={
            "dagster/row_count": accepted,
            "status": line.status,
            "versi": latest.versi if latest else "",
            "dibaca": sum(load.baris_dibaca for load in loads),
            "karantina": sum(load.baris_karantina for load in loads),
            "bukan_data": sum(load.baris_bukan_data for load in loads),
            "temuan": latest.findings if latest else 0,
            "terlambat": line.late,
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="pemeriksaan",
                passed=not line.troubled,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"status": line.status, "alasan": dg.MetadataValue.text("\n".join(latest.reasons if latest else []))},
            )
        ],
    )


def _published(contract: Contract, rows: int) -> dg.MaterializeResult:
    return dg.MaterializeResult(specs.open_key(contract), metadata={"dagster/row_count": rows})


def landing_assets(library: Library) -> list[dg.AssetSpec]:
    """The landing folders, so that the lineage begins where the produsen ends."""
    return specs.landing_specs(library)
