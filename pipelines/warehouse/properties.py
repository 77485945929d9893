"""The properties (YAML) of the generated dbt models: sources, descriptions, contracts and tests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from pipelines.contract.model import ROW_ID, Contract
from pipelines.warehouse.columns import PLACE, FactColumn
from pipelines.warehouse.handwritten import documents
from pipelines.warehouse.models import open_data_name

Node = dict[str, Any]


def sources(relations: Iterable[tuple[str, str, str]]) -> list[Node]:
    """dbt sources of (source, table, SQL relation)."""
    groups: dict[str, list[Node]] = {}
    for source, table, relation in relations:
        # dbt-duckdb fills settings into the location: by '%', since '{' may well stand in a path.
        location = {"external_location": _literal(relation.replace("%", "%%")), "formatter": "oldstyle"}
        groups.setdefault(source, []).append({"name": table, "config": {"meta": location}})
    return [{"name": source, "tables": tables} for source, tables in groups.items()]


def fact(contract: Contract, columns: Sequence[FactColumn], present: Collection[str]) -> Node:
    """Properties of a conformed table.

    Its tests repeat no rule of a standard: they say that what the check promised (required cells,
    unique keys, known places) still holds in the table. They cover the columns that the rows in use have.
    """
    names = {c.name for c in columns} & set(present)
    required = [n for n, c in contract.kolom.items() if c.wajib and n in names]
    table = contract.table
    tests: list[Node] = []
    if required:
        tests.append(_test("wajib_terisi", table, {"columns": required}))
    if contract.kunci and names.issuperset(contract.kunci):
        tests.append(_test("kunci_unik", table, {"columns": list(contract.kunci)}))
    elif ROW_ID in names:
        tests.append(_test("kunci_unik", table, {"columns": [ROW_ID]}))
    described = _columns(columns)
    if contract.wilayah and PLACE in names:
        target = {"to": "ref('dim_wilayah')", "field": "kode"}
        described[0]["data_tests"] = [{"relationships": {"name": f"{table}__wilayah_dikenal", "arguments": target}}]
    return {
        "name": table,
        "description": _literal(_about(contract)),
        "columns": described,
        "data_tests": tests,
    }


def bridge(contract: Contract, name: str, columns: Sequence[FactColumn]) -> Node:
    """Properties of a bridge between the rows of a dataset and whom they are about."""
    about = f"Tautan baris {contract.table} ({contract.judul}) dengan yang dimaksud, beserta cara dan keyakinannya."
    return {"name": name, "description": _literal(about), "columns": _columns(columns)}


def open_data(contract: Contract, columns: Sequence[FactColumn]) -> Node:
    """Properties of a published view: dbt refuses to build it with other columns or types than these."""
    return {
        "name": open_data_name(contract),
        "description": _literal(_about(contract)),
        "config": {"contract": {"enforced": True}},
        "columns": _columns(columns),
    }


def handwritten(models: Path) -> set[str]:
    """Names of the models whose properties somebody wrote by hand, in any YAML below a folder."""
    return {model["name"] for _, document in documents(models) for model in document.get("models") or []}


def dump(**parts: list[Node]) -> str:
    """One YAML file of properties."""
    return yaml.safe_dump({"version": 2, **parts}, allow_unicode=True, sort_keys=False, width=110)


def _columns(columns: Sequence[FactColumn]) -> list[Node]:
    return [
        {"name": c.name, "quote": True, "data_type": c.type, "description": _literal(c.description)} for c in columns
    ]


def _test(kind: str, table: str, arguments: Node) -> Node:
    return {kind: {"name": f"{table}__{kind}", "arguments": arguments}}


def _about(contract: Contract) -> str:
    return f"{contract.judul}. {contract.deskripsi or ''}".strip()


def _literal(value: str) -> str:
    """Text that dbt shall not take for a template."""
    if not any(mark in value for mark in ("{{", "{%", "{#")):
        return value
    return "{{ " + repr(value) + " }}"
