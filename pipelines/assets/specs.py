"""Names, groups and metadata of the assets, all derived from the contracts."""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.night import FRESH
from pipelines.warehouse import fact_columns

RELEASE = dg.AssetKey(["rilis", "latest"])
SHARED = tuple(dg.AssetKey(k) for k in (["conformed", "dim_wilayah"], ["conformed", "dim_waktu"], ["ops", "muatan"]))


def landing_key(contract: Contract) -> dg.AssetKey:
    """The files as the produsen dropped them."""
    return dg.AssetKey(["landing", contract.produsen, contract.dataset])


def staging_key(contract: Contract) -> dg.AssetKey:
    """The accepted rows."""
    return dg.AssetKey(["staging", contract.produsen, contract.dataset])


def fact_key(contract: Contract) -> dg.AssetKey:
    """The conformed table."""
    return dg.AssetKey(["conformed", contract.table])


def open_key(contract: Contract) -> dg.AssetKey:
    """The published dataset."""
    return dg.AssetKey(["open_data", contract.slug])


def is_published(library: Library, contract: Contract) -> bool:
    """Whether a dataset has anything to publish."""
    return contract.klasifikasi == "terbuka" and any(c.terbit for c in contract.fact_columns(library))


def landing_specs(library: Library) -> list[dg.AssetSpec]:
    """What lies outside the pipeline."""
    return [
        dg.AssetSpec(landing_key(c), group_name=c.produsen, description=f"Kiriman: {c.judul}")
        for c in library.contracts
    ]


def staging_specs(library: Library) -> list[dg.AssetSpec]:
    """One asset a contract: archived, read and checked."""
    return [
        dg.AssetSpec(
            staging_key(c),
            deps=[landing_key(c)],
            group_name=c.produsen,
            description=c.deskripsi or c.judul,
            skippable=True,
            freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=FRESH[c.jadwal])),
            metadata={"jadwal": c.jadwal, "klasifikasi": c.klasifikasi, "kontrak": c.key},
            kinds={"parquet"},
        )
        for c in library.contracts
    ]


def check_specs(library: Library) -> list[dg.AssetCheckSpec]:
    """The verdict on each delivery. Not blocking: the last good version stays in use, the night goes on."""
    return [
        dg.AssetCheckSpec("pemeriksaan", asset=staging_key(c), description="SESUAI or DIKEMBALIKAN")
        for c in library.contracts
    ]


def warehouse_specs(library: Library) -> list[dg.AssetSpec]:
    """Conformed tables, with their columns."""
    shared = [dg.AssetSpec(key, group_name="bersama", skippable=True, kinds={"dbt", "duckdb"}) for key in SHARED]
    facts = [
        dg.AssetSpec(
            fact_key(c),
            deps=[staging_key(c), SHARED[0]],
            group_name=c.produsen,
            description=c.deskripsi or c.judul,
            skippable=True,
            kinds={"dbt", "duckdb"},
            metadata={
                "dagster/column_schema": dg.TableSchema(
                    [
                        dg.TableColumn(f.name, type=f.type, description=f.description)
                        for f in fact_columns(c, library.standards)
                    ]
                )
            },
        )
        for c in library.contracts
    ]
    return [*shared, *facts]


def release_specs(library: Library) -> list[dg.AssetSpec]:
    """Published datasets, and the release that holds them."""
    published = [c for c in library.contracts if is_published(library, c)]
    datasets = [
        dg.AssetSpec(open_key(c), deps=[fact_key(c)], group_name=c.produsen, description=c.judul, skippable=True,
                     kinds={"csv"})  # fmt: skip
        for c in published
    ]
    release = dg.AssetSpec(
        RELEASE, deps=[open_key(c) for c in published], group_name="rilis", skippable=True,
        description="releases/latest: CSV, Parquet and metadata of all published datasets",
    )  # fmt: skip
    return [*datasets, release]
