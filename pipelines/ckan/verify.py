"""Reading back: does CKAN hold, and give to any reader, what the release says?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from pipelines.catalogue import Dataset, Withdrawn
from pipelines.ckan import table
from pipelines.ckan.choice import choose
from pipelines.ckan.errors import RefusedError
from pipelines.ckan.names import made_here, resource_id
from pipelines.ckan.patience import patiently
from pipelines.ckan.site import Site
from pipelines.ckan.wanted import Fields, differences, ours, package, resource, tombstone

REPAIR = "remove it from the dataset on CKAN and push again"


def verify(
    release: Path, url: str, key: str, say: Callable[[str], None], only: Collection[str] | None = None
) -> dict[str, list[str]]:
    """Problems by slug, for the datasets and tombstones of a release, or `only` some; empty if all is well.

    Every file is downloaded without the key and hashed; tables are compared by columns, types and number of rows;
    fields one by one. Changes nothing. Raises CkanError, DescriptorError.
    """
    chosen, gone = choose(release.resolve(), only)
    found: dict[str, list[str]] = {}
    with Site(url, key) as site:
        site.check()
        for dataset in chosen:
            found[dataset.slug] = patiently(site, say, dataset.slug, partial(check, site, dataset))
        for one in gone:
            found[one.slug] = patiently(site, say, one.slug, partial(check_gone, site, one))
    return {slug: problems for slug, problems in found.items() if problems}


def check(site: Site, dataset: Dataset, paths: Collection[str] | None = None) -> list[str]:
    """Problems of one dataset on CKAN; downloads all its files, or those that `paths` names. Raises CkanError."""
    fields = package(dataset, site.licences)
    held = site.read("package_show", id=fields["name"])
    if held is None or held["state"] != "active":
        return ["it is not on CKAN"]
    problems = _otherwise("the dataset", differences(fields, held))
    there = {one["id"]: one for one in held["resources"]}
    for file in dataset.resources:
        key = resource_id(fields["name"], file.path)
        if key not in there:
            problems.append(f"{file.path} is not on CKAN; push again")
            continue
        problems += _otherwise(file.path, differences(resource(file), there[key]))
        if paths is None or file.path in paths:
            problems += _downloaded(site, there[key], file.bytes, file.sha256, file.path)
        if site.datastore and file == dataset.csv and (wrong := table.problem(site, key, dataset)):
            problems.append(f"{file.path}: {wrong}; push again")
    return problems


def check_gone(site: Site, gone: Withdrawn) -> list[str]:
    """Problems of a withdrawn dataset: what CKAN still has of it. Raises CkanError."""
    fields = tombstone(gone)
    held = site.read("package_show", id=fields["name"])
    if held is None or not ours(held):
        return []
    left = [f"{one['name']} is still on CKAN; push again" for one in held["resources"] if made_here(one["id"])]
    return left + _otherwise("the page", differences(fields, held))


def _otherwise(what: str, changed: Fields) -> list[str]:
    if not changed:
        return []
    names = ", ".join(sorted(changed))
    return [f"CKAN holds other fields of {what}: {names}; push again, or see which plugin of CKAN changes them"]


def _downloaded(site: Site, held: Fields, size: int, sha256: str, path: str) -> list[str]:
    digest, length = hashlib.sha256(), 0
    try:
        for piece in site.download(held["url"]):
            digest.update(piece)
            length += len(piece)
    except RefusedError as error:
        return [f"{path}: {error}"]
    if length != size or digest.hexdigest() != sha256:
        return [f"{path} comes back from CKAN as other bytes ({length}, not {size}): {REPAIR}"]
    return []
