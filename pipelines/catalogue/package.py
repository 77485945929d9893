"""`datapackage.json` at the root of a release: one Data Package (v2) of the tables of all datasets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.catalogue.dataset import Dataset
from pipelines.catalogue.portal import Portal

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def package(datasets: Iterable[Dataset], portal: Portal) -> dict[str, Any]:
    """Each dataset as one resource named like its slug: its CSV, or its first file where there is no table.

    The code lists lie in the folders of the datasets; keys that lead to them stand in each folder's own descriptor.
    """
    root: dict[str, Any] = {
        "$schema": PROFILE,
        "name": "satu-data",
        "title": portal.nama,
        "description": portal.deskripsi,
        "resources": [_resource(dataset) for dataset in sorted(datasets, key=lambda d: d.slug)],
    }
    return root | ({"homepage": portal.base_url} if portal.base_url else {})


def _resource(dataset: Dataset) -> dict[str, Any]:
    chosen = dataset.csv or dataset.resources[0]
    resource: dict[str, Any] = next(r for r in dataset.descriptor["resources"] if r["name"] == chosen.name)
    found = {
        **resource,
        "name": dataset.slug,
        "title": dataset.title,
        "description": dataset.about,
        "path": f"{dataset.slug}/{chosen.path}",
        "licenses": dataset.descriptor.get("licenses", []),
    }
    if "schema" in found:
        found["schema"] = {key: value for key, value in found["schema"].items() if key != "foreignKeys"}
    return {key: value for key, value in found.items() if value not in (None, [], "")}
