"""`<slug>.csv-metadata.json`: CSV on the Web (W3C), the CSV files of a dataset folder, their types and keys."""

from __future__ import annotations

import re
from typing import Any

from pipelines.catalogue.dataset import Dataset
from pipelines.catalogue.parts import Column, Resource
from pipelines.catalogue.portal import web

_TYPES: dict[str, dict[str, str]] = {
    "integer": {"base": "integer"},
    "number": {"base": "number"},
    "boolean": {"base": "boolean", "format": "true|false"},
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "datetime": {"base": "dateTime"},
    "year": {"base": "gYear"},
}
_SPECIAL = re.compile(r"[\\.^$*+?()\[\]{}|]")


def csvw_name(dataset: Dataset) -> str:
    """Name of the file: where a CSVW reader looks first for the metadata of a CSV."""
    return f"{dataset.slug}.csv-metadata.json"


def csvw(dataset: Dataset) -> dict[str, Any] | None:
    """The dataset's CSV and the code lists beside it as one table group; None where there is no CSV."""
    if dataset.csv is None:
        return None
    block, licence = dataset.satudata, dataset.licence
    paths = {file.name: file.path for file in (dataset.csv, *dataset.code_lists)}
    group: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "id"}],
        "dc:title": dataset.title,
        "dc:description": dataset.about,
        "dc:publisher": {"schema:name": block.produsen.nama},
        "dc:modified": {"@value": block.diperbarui.isoformat(), "@type": "xsd:date"},
        "dcat:keyword": list(dataset.tags),
    }
    if licence:
        group["dc:license"] = {"@id": address} if (address := web(licence.path)) else licence.name
    group["dialect"] = {
        "encoding": "utf-8",
        "header": True,
        "delimiter": ",",
        "lineTerminators": ["\n"],
        "quoteChar": '"',
        "doubleQuote": True,
    }
    group["tables"] = [_table(file, paths) for file in (dataset.csv, *dataset.code_lists)]
    return group


def _table(file: Resource, paths: dict[str, str]) -> dict[str, Any]:
    assert file.table is not None
    schema: dict[str, Any] = {"columns": [_column(c) for c in file.table.columns]}
    if file.table.primary_key:
        schema["primaryKey"] = list(file.table.primary_key)
    keys = [
        {
            "columnReference": list(key.fields),
            "reference": {
                "resource": paths[key.reference.resource or file.name],
                "columnReference": list(key.reference.fields),
            },
        }
        for key in file.table.foreign_keys
        if (key.reference.resource or file.name) in paths
    ]
    if keys:
        schema["foreignKeys"] = keys
    table = {"url": file.path, "dc:title": file.label, "tableSchema": schema}
    return table | ({"notes": [{"dc:description": file.description}]} if file.description else {})


def _column(column: Column) -> dict[str, Any]:
    """A column. `titles` holds the header first, since a validator compares it with the file's."""
    found: dict[str, Any] = {
        "name": column.name,
        "titles": list(dict.fromkeys([column.name, column.label])),
        "datatype": _datatype(column),
    }
    optional = {
        "dc:description": column.description,
        "schema:unitText": column.satuan,
        "required": column.constraints.required,
    }
    return found | {key: value for key, value in optional.items() if value}


def _datatype(column: Column) -> dict[str, Any]:
    rules = column.constraints
    found: dict[str, Any] = dict(_TYPES.get(column.type, {"base": "string"}))
    if found["base"] == "string" and rules.pattern:
        found["format"] = rules.pattern
    elif found["base"] == "string" and rules.enum:
        found["format"] = "^(" + "|".join(_SPECIAL.sub(r"\\\g<0>", str(value)) for value in rules.enum) + ")$"
    limits = {"minimum": rules.minimum, "maximum": rules.maximum}
    return found | {key: value for key, value in limits.items() if value is not None}
