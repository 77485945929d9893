"""What Dagster shows of each asset: group, description, columns, freshness. All derived from the contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from graphlib import TopologicalSorter

import dagster as dg

from pipelines.assets.handwritten import handwritten_specs
from pipelines.assets.keys import REGISTER, RELEASE, bridge_keys, fact_key, landing_key, open_key, staging_key
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.night import FRESH
from pipelines.warehouse import FactColumn, fact_columns, published_columns
from pipelines.warehouse.columns import PLACE

CHECK = "pemeriksaan"
GATE = "gerbang"
PLACES = dg.AssetKey(["conformed", "dim_wilayah"])


def published(library: Library) -> list[Contract]:
    """The contracts of which something may leave."""
    return [c for c in library.contracts if published_columns(c, library.standards)]


def landing_specs(library: Library) -> list[dg.AssetSpec]:
    """The deliveries. They are no work of ours: a delivery that came is recorded, and `jadwal` says until
    when it is fresh.
    """
    return [
        dg.AssetSpec(
            landing_key(c),
            group_name=c.produsen,
            description=f"{c.judul}: berkas seperti dikirim oleh {library.opd[c.produsen].nama}.",
            freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=FRESH[c.jadwal])),
            metadata={"jadwal": c.jadwal, "pola berkas": ", ".join(c.baca.file)},
            kinds={"file"},
        )
        for c in library.contracts
    ]


def staging_specs(library: Library) -> list[dg.AssetSpec]:
    """The accepted rows: archived, read and checked."""
    return [
        dg.AssetSpec(
            staging_key(c),
            deps=[landing_key(c)],
            group_name=c.produsen,
            description=c.deskripsi or c.judul,
            skippable=True,
            metadata={"jadwal": c.jadwal, "klasifikasi": c.klasifikasi, "kontrak": c.key},
            kinds={"parquet"},
        )
        for c in library.contracts
    ]


def register_spec(library: Library) -> dg.AssetSpec:
    """Who is who: persons, families and institutions of all datasets that say whom they are about."""
    return dg.AssetSpec(
        REGISTER,
        deps=[staging_key(c) for c in library.contracts if c.identitas],
        group_name=REGISTER.path[0],
        description="Kunci tetap penduduk, keluarga dan institusi; di luar identity/ hanya samarannya.",
        skippable=True,
        kinds={"duckdb"},
    )


def check_specs(library: Library) -> list[dg.AssetCheckSpec]:
    """The verdict on each delivery. Not blocking: the last good version stays in use, the night goes on."""
    about = "SESUAI, or returned to the produsen, late or failed; the report and the findings say why."
    return [dg.AssetCheckSpec(CHECK, asset=staging_key(c), description=about) for c in library.contracts]


def warehouse_specs(library: Library) -> list[dg.AssetSpec]:
    """Conformed tables, and the tables that people wrote."""
    shared = handwritten_specs(library)
    places = [PLACES] if PLACES in {spec.key for spec in shared} else []
    facts = []
    for c in library.contracts:
        columns = fact_columns(c, library.standards)
        placed = any(column.name == PLACE for column in columns)
        facts.append(
            dg.AssetSpec(
                fact_key(c),
                deps=[staging_key(c), *(places if placed else []), *([REGISTER] if c.identitas else [])],
                group_name=c.produsen,
                description=c.deskripsi or c.judul,
                skippable=True,
                kinds={"dbt", "duckdb"},
                metadata=_columns(columns),
            )
        )
        facts += [
            dg.AssetSpec(key, deps=[REGISTER], group_name=c.produsen, skippable=True, kinds={"dbt", "duckdb"})
            for key in bridge_keys(c)
        ]
    return [*shared, *facts]


def release_specs(library: Library) -> list[dg.AssetSpec]:
    """Published datasets, and the release that holds them."""
    datasets = [
        dg.AssetSpec(
            open_key(c),
            deps=[fact_key(c)],
            group_name=c.produsen,
            description=f"{c.judul} ({c.lisensi}): {c.slug}/{c.slug}.csv",
            skippable=True,
            kinds={"csv", "parquet"},
            metadata=_columns(published_columns(c, library.standards)),
        )
        for c in published(library)
    ]
    release = dg.AssetSpec(
        RELEASE,
        deps=[spec.key for spec in datasets],
        group_name="rilis",
        description="releases/latest: CSV, Parquet, metadata and catalogue of all published datasets.",
        skippable=True,
        kinds={"csv", "json"},
    )
    return [*datasets, release]


def gate_specs(library: Library) -> list[dg.AssetCheckSpec]:
    """The disclosure gate. Not blocking: a refused dataset keeps its last release, the others go out."""
    about = "Nothing that looks like personal data in the values that would leave."
    return [dg.AssetCheckSpec(GATE, asset=open_key(c), description=about) for c in published(library)]


def _columns(columns: Sequence[FactColumn]) -> dict[str, dg.TableSchema]:
    listed = [dg.TableColumn(c.name, type=c.type, description=c.description) for c in columns]
    return {"dagster/column_schema": dg.TableSchema(listed)}


def in_order(specs: Sequence[dg.AssetSpec]) -> list[dg.AssetKey]:
    """Their keys, each after those it depends on, as Dagster wants results; else by name."""
    own = {spec.key for spec in specs}
    graph = {
        spec.key: [d.asset_key for d in sorted(spec.deps, key=lambda d: d.asset_key) if d.asset_key in own]
        for spec in sorted(specs, key=lambda spec: spec.key)
    }
    return list(TopologicalSorter(graph).static_order())
