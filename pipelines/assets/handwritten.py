"""The tables that people wrote in dbt_project/models/<schema>/, read from there and named nowhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.assets.keys import fact_key, open_key, staging_key
from pipelines.contract.load import Library
from pipelines.home import REPO
from pipelines.warehouse import fact_columns
from pipelines.warehouse.handwritten import documents, left_out, refs

MODELS = REPO / "dbt_project" / "models"
GROUP = "bersama"
LOADS = dg.AssetKey(["ops", "muatan"])  # written by the check of every dataset
_FUNCTION = re.compile(r"""materialized\s*=\s*['"]table_function['"]""")


def handwritten_specs(library: Library, models: Path = MODELS) -> list[dg.AssetSpec]:
    """One asset a model, with its description, its documented columns, and the tables it reads.

    A model that takes the place of a generated one is left out: its contract speaks for it. So are a function, which
    holds no rows, and a model that asks for facts of no contract here.
    """
    generated = {key for c in library.contracts for key in (fact_key(c), open_key(c))}
    gone = left_out(models, {c.table: [f.name for f in fact_columns(c, library.standards)] for c in library.contracts})
    paths = [path for path in sorted(models.rglob("*.sql")) if path.stem not in gone and not _is_function(path)]
    written = {_key(path, models): path for path in paths}
    tables = {key.path[-1]: key for key in (*generated, *written)}
    described = _described(models)
    specs = []
    for key in sorted(written.keys() - generated):
        name = key.path[-1]
        read = refs(written[key].read_text(encoding="utf-8")) & tables.keys() - {name}
        deps = [tables[table] for table in sorted(read)]
        if key == LOADS:
            deps = [staging_key(c) for c in library.contracts]
        columns = [dg.TableColumn(c["name"], description=c.get("description")) for c in described[name]["columns"]]
        specs.append(
            dg.AssetSpec(
                key,
                deps=deps,
                group_name=GROUP if key.path[0] != LOADS.path[0] else LOADS.path[0],
                description=described[name]["description"],
                skippable=True,
                kinds={"dbt", "duckdb"},
                metadata={"dagster/column_schema": dg.TableSchema(columns)} if columns else None,
            )
        )
    return specs


def _is_function(path: Path) -> bool:
    return _FUNCTION.search(path.read_text(encoding="utf-8")) is not None


def _key(path: Path, models: Path) -> dg.AssetKey:
    return dg.AssetKey([path.relative_to(models).parts[0], path.stem])


def _described(models: Path) -> dict[str, dict[str, Any]]:
    nodes = [node for _, document in documents(models) for node in document.get("models") or []]
    found: dict[str, dict[str, Any]] = {
        path.stem: {"description": None, "columns": []} for path in models.rglob("*.sql")
    }
    return found | {node["name"]: {"description": None, "columns": [], **node} for node in nodes}
