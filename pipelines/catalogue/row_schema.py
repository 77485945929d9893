"""`skema.json`: a row of the dataset as JSON Schema (2020-12), which validators of every language read."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.dataset import Dataset
from pipelines.catalogue.parts import Column

ROW_SCHEMA = "skema.json"
_TYPES: dict[str, dict[str, str]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "year": {"type": "integer"},
}


def row_schema(dataset: Dataset) -> dict[str, Any] | None:
    """The schema of one row as a JSON object with a key for each column; None for a dataset without a table.

    An empty cell is null. Text is the text itself, as in Parquet, without the apostrophe that guards a cell of the CSV.
    """
    if not dataset.columns:
        return None
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": dataset.title,
        "description": dataset.about,
        "type": "object",
        "required": [c.name for c in dataset.columns],
        "additionalProperties": False,
        "properties": {c.name: _property(c) for c in dataset.columns},
    }


def _property(column: Column) -> dict[str, Any]:
    rules, kind = column.constraints, _TYPES.get(column.type, {"type": "string"})
    found: dict[str, Any] = {
        "title": column.label,
        **kind,
        "type": kind["type"] if rules.required else [kind["type"], "null"],
    }
    optional = {
        "description": column.description or None,
        "pattern": rules.pattern if kind == {"type": "string"} else None,
        "enum": [*column.values, *([] if rules.required else [None])] if column.values else None,
        "minimum": rules.minimum if kind["type"] != "string" else None,
        "maximum": rules.maximum if kind["type"] != "string" else None,
        "x-satuan": column.satuan,
    }
    return found | {key: value for key, value in optional.items() if value is not None}
