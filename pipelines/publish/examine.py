"""May a dataset of the warehouse leave? Everything that can refuse it is asked before a file is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import duckdb

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract
from pipelines.disclosure import Table
from pipelines.gate import Passage, check_columns, published
from pipelines.publish.descriptor import UnknownTypeError, field_type, head
from pipelines.publish.inputs import Delivery
from pipelines.publish.tables import as_table
from pipelines.publish.workbench import FATAL, WAREHOUSE, Workbench
from pipelines.sql import ident

T = TypeVar("T")


@dataclass(frozen=True)
class Fresh:
    """A dataset that may leave: its open_data relation, published columns (name -> SQL type), and `start`, the
    descriptor's words."""

    contract: Contract
    delivery: Delivery
    relation: str
    columns: Mapping[str, str]
    table: Table
    start: Mapping[str, Any]
    passage: Passage


@dataclass(frozen=True)
class Refusal:
    """Why a dataset is not fresh: the gate's findings (for the produsen) or a reason (for the engineer)."""

    reason: str = ""
    findings: tuple[Finding, ...] = ()
    passage: Passage = field(default_factory=Passage)


def examine(bench: Workbench, contract: Contract) -> Fresh | Refusal:
    """Look at everything in the warehouse's version of a dataset; its own trouble stays its own. Raises FATAL."""
    return contained(lambda: _examine(bench, contract))


def contained(make: Callable[[], T | Refusal]) -> T | Refusal:
    """What `make` gives, or the refusal that follows from an error of one dataset."""
    try:
        return make()
    except FATAL:
        raise
    except (duckdb.BinderException, duckdb.CatalogException, UnknownTypeError) as error:
        return Refusal(str(error))  # of names and types of columns
    except duckdb.Error as error:
        # DuckDB quotes values, which may be those of a person.
        kind = str(error).partition(":")[0][:100]
        return Refusal(f"its rows cannot be read ({kind}); query its open_data model in the warehouse to see which")


def _examine(bench: Workbench, contract: Contract) -> Fresh | Refusal:
    inputs = bench.inputs
    schema, view = "open_data", f"{contract.produsen}__{contract.dataset}"
    relation = f"{WAREHOUSE}.{schema}.{ident(view)}"
    try:
        present = {row[0]: row[1] for row in bench.con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
    except duckdb.CatalogException:
        return Refusal(f'the warehouse has no {schema}."{view}"')
    agency = inputs.agency(contract)
    found = check_columns(contract, inputs.library.standards, present) + bench.gate.complete(contract, agency)
    if found:
        return Refusal(findings=tuple(found))
    for name, kind in present.items():
        field_type(name, kind)
    passage = bench.gate.data(contract, relation, present)
    if not passage.findings and not bench.con.execute(f"SELECT 1 FROM {relation} LIMIT 1").fetchone():
        return Refusal(f'{schema}."{view}" has no rows')
    delivery = inputs.deliveries.get(contract.key)
    if delivery is None:
        return Refusal("its date is not known; pass its delivery", passage.findings, passage)
    start = head(contract, agency, delivery)
    passage += bench.gate.metadata(contract, agency, {**start, "resources": _words(bench, contract)})
    if passage.findings:
        return Refusal(findings=passage.findings, passage=passage)
    columns = {name: present[name] for name in published(contract)}
    table = as_table(bench.con, inputs.library, contract, columns, relation)
    return Fresh(contract, delivery, relation, columns, table, start, passage)


def _words(bench: Workbench, contract: Contract) -> list[dict[str, Any]]:
    """What the contract says about its columns."""
    library = bench.inputs.library
    told = []
    for name in published(contract):
        column = contract.kolom.get(name)
        standard = library.standards[column.standar] if column else None
        told.append(
            {
                "name": name,
                "title": column and column.konsep,
                "description": (column and column.definisi) or (standard and standard.definisi),
                "nilai": list(column.nilai) if column else [],
            }
        )
    return told
