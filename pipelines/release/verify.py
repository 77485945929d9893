"""Re-check any copy of a release: nothing is believed that cannot be computed from its files and a public key."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

import duckdb

from pipelines.catalogue import Dataset, DescriptorError, withdrawn
from pipelines.catalogue.dataset import DESCRIPTOR
from pipelines.release.documents import documents
from pipelines.release.files import differences
from pipelines.release.manifest import MANIFEST, SIGNATURE, UNLISTED, Manifest, content_version, read_manifest
from pipelines.release.problem import Problem, ReleaseFault
from pipelines.release.purged import is_of, purged, tombstones
from pipelines.release.signature import approval
from pipelines.release.tables import tables
from pipelines.sql import literal

MEMORY_LIMIT = "2GB"


def verify(
    folder: Path,
    public: Path | None = None,
    deep: bool = True,
    known: Mapping[str, str] | None = None,
    draft: bool = False,
    read: Collection[str] = (),
    each: Callable[..., Iterable[list[Problem]]] = map,
) -> list[Problem]:
    """Everything that is wrong with a copy of a release, whatever its folder is called; nothing is written.

    `public` is the key that must have signed it; without one the key in the folder is used, which finds damage but no
    forger. A `draft` need not be signed; any other is not opened further where its signature fails. `deep` reads every
    file and every row; otherwise names, sizes, version, signature, documents and links are checked. Files in
    `known` (path -> sha256) were read before and are not read again; nor are the tables of a dataset that has no
    others, or that is in `read`. `each` (like map, over one list) may read several documents at once.
    """
    try:
        manifest = read_manifest(folder)
        gone = purged(folder, manifest, public)
        taken = {path for path in manifest.berkas if any(is_of(path, slug) for slug in gone)}
        wanted = {path: file for path, file in manifest.berkas.items() if path not in taken}
        besides = UNLISTED.union(*map(tombstones, gone))
        found = list(differences(folder, wanted, deep, known, besides))
    except ReleaseFault as error:
        return [Problem(MANIFEST, str(error))]
    except OSError as error:
        return [Problem(".", f"cannot be read: {error.strerror}; copy the release again")]
    if content_version({path: file.sha256 for path, file in manifest.berkas.items()}) != manifest.versi:
        found.append(Problem(MANIFEST, "its version does not follow from the files; take the release from its source"))
    if not draft and (unsigned := list(_signature(folder, public))):
        return sorted([*found, *unsigned])
    damaged = {problem.file for problem in found}
    files = wanted.keys() - damaged
    found += documents(folder, files, taken | damaged, each)
    found += _datasets(folder, manifest, files, known or {}, read, deep)
    return sorted(found)


def _signature(folder: Path, public: Path | None) -> Iterator[Problem]:
    if not (folder / SIGNATURE).is_file():
        yield Problem(SIGNATURE, "is missing: nobody has approved this release, or the copy is not whole")
        return
    try:
        approval(folder, public)
    except ReleaseFault as error:
        yield Problem(SIGNATURE, str(error))


def _datasets(
    folder: Path,
    manifest: Manifest,
    files: Collection[str],
    known: Mapping[str, str],
    read: Collection[str],
    deep: bool,
) -> Iterator[Problem]:
    """Descriptors and tables of the datasets whose files are all there."""
    by_slug: dict[str, list[str]] = {}
    for path in manifest.berkas:
        slug, _, name = path.partition("/")
        if name and f"{slug}/{DESCRIPTOR}" in manifest.berkas:
            by_slug.setdefault(slug, []).append(path)
    try:
        withdrawn(folder)
    except DescriptorError as error:
        yield Problem(".", str(error))
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as con:
        con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        con.execute(f"SET temp_directory = {literal(spill)}")
        con.execute("SET preserve_insertion_order = false")
        for slug, paths in sorted(by_slug.items()):
            if not set(paths) <= set(files):
                continue
            try:
                dataset = Dataset.read(folder / slug)
            except (DescriptorError, RecursionError) as error:
                yield Problem(f"{slug}/{DESCRIPTOR}", f"cannot be used: {error}")
                continue
            faults = list(_resources(manifest, dataset))
            yield from faults
            if not deep or faults or slug in read:
                continue
            if any(known.get(path) != manifest.berkas[path].sha256 for path in paths):
                yield from tables(con, folder / slug, dataset)


def _resources(manifest: Manifest, dataset: Dataset) -> Iterator[Problem]:
    """Files of the descriptor against those of the manifest."""
    for resource in dataset.resources:
        path = f"{dataset.slug}/{resource.path}"
        file = manifest.berkas.get(path)
        if file is None:
            yield Problem(path, "is described, but not in the release; build the release anew")
        elif (file.bytes, file.sha256) != (resource.bytes, resource.sha256):
            yield Problem(path, "has other bytes or another hash than its descriptor says; build the release anew")
