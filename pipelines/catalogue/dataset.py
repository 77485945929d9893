"""A dataset of a release as its descriptor tells of it: the one source of every catalogue format and of the site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from pipelines.catalogue.parts import Column, Licence, Resource, SatuData, View

DESCRIPTOR = "datapackage.json"
TOMBSTONE = "ditarik.json"
_KEPT = 1024  # views, of 100 KB each


class DescriptorError(Exception):
    """A descriptor or tombstone cannot be read. The message says which, what is wrong in it, and what to do."""


class Dataset(View):
    """Read-only view of `<slug>/datapackage.json`, under the descriptor's own names; `name` is the slug.

    `descriptor` is the whole of it, for what has no field here.
    """

    name: str
    title: str = Field(min_length=1)
    description: str = ""
    version: str = ""
    licenses: tuple[Licence, ...] = ()
    keywords: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = Field(min_length=1)
    satudata: SatuData
    descriptor: dict[str, Any] = Field(repr=False)

    @classmethod
    def of(cls, descriptor: Mapping[str, Any]) -> Self:
        """The view of a descriptor in memory; raises pydantic's ValidationError."""
        return cls.model_validate({**descriptor, "descriptor": dict(descriptor)})

    @classmethod
    def read(cls, folder: Path) -> Dataset:
        """The dataset in a folder of a release, the same object for the same bytes; raises DescriptorError."""
        path = folder / DESCRIPTOR
        try:
            found = _parsed(path.read_bytes())
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise DescriptorError(_said(path, error)) from error
        _of_folder(path, found.name)
        return found

    @property
    def slug(self) -> str:
        """`<produsen>-<dataset>`: folder and identifier."""
        return self.name

    @property
    def csv(self) -> Resource | None:
        """The table itself as CSV; None for a dataset without one (borders, say)."""
        return next((r for r in self.resources if r.table and r.name == f"{self.name}-csv"), None)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of the table; none where there is no table."""
        return self.csv.table.columns if self.csv and self.csv.table else ()

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Columns that tell every row from every other; none where no such key is known."""
        return self.csv.table.primary_key if self.csv and self.csv.table else ()

    @property
    def data_files(self) -> tuple[Resource, ...]:
        """The dataset in each of its formats; code lists and dictionary are not among them."""
        return tuple(r for r in self.resources if r.path.split(".", 1)[0] == self.name)

    @property
    def code_lists(self) -> tuple[Resource, ...]:
        """The tables that foreign keys lead to, in the order of the descriptor."""
        keys = self.csv.table.foreign_keys if self.csv and self.csv.table else ()
        wanted = {key.reference.resource for key in keys}
        return tuple(r for r in self.resources if r.table and r.name in wanted)

    @property
    def about(self) -> str:
        """What it is, never empty."""
        return self.description.strip() or self.title

    @property
    def tags(self) -> tuple[str, ...]:
        """Keywords without repetition; never none, since every catalogue format asks for one."""
        found = dict.fromkeys(word for k in self.keywords if (word := k.strip()))
        return tuple(found) or (self.name.partition("-")[2].replace("_", " ") or self.name,)

    @property
    def licence(self) -> Licence | None:
        """The licence of the dataset (a code list may have one of its own)."""
        return self.licenses[0] if self.licenses else None

    @model_validator(mode="after")
    def _keys_lead_somewhere(self) -> Self:
        names = {r.name: r for r in self.resources}
        for resource in self.resources:
            for key in resource.table.foreign_keys if resource.table else ():
                target = names.get(key.reference.resource or resource.name)
                known = {c.name for c in target.table.columns} if target and target.table else set()
                if missing := [f for f in key.reference.fields if f not in known]:
                    raise ValueError(f"{key.reference.resource}: no column {missing[0]} that a foreign key leads to")
        return self


# A release reads each descriptor some seven times: for the site, the history, the manifest, the proof.
@lru_cache(maxsize=_KEPT)
def _parsed(descriptor: bytes) -> Dataset:
    return Dataset.of(json.loads(descriptor))


class Withdrawn(View):
    """The tombstone `<slug>/ditarik.json` of a dataset that was taken back."""

    slug: str
    judul: str
    tanggal: date
    alasan: str


def datasets(release: Path) -> list[Dataset]:
    """The datasets of a release, by slug, without the withdrawn ones; raises DescriptorError."""
    return [Dataset.read(folder) for folder in _folders(release, DESCRIPTOR) if not (folder / TOMBSTONE).exists()]


def withdrawn(release: Path) -> list[Withdrawn]:
    """The tombstones of a release, by slug; raises DescriptorError."""
    found = []
    for folder in _folders(release, TOMBSTONE):
        path = folder / TOMBSTONE
        try:
            found.append(Withdrawn.model_validate_json(path.read_bytes()))
        except (OSError, ValueError) as error:
            raise DescriptorError(_said(path, error)) from error
        _of_folder(path, found[-1].slug)
    return found


def _folders(release: Path, holding: str) -> list[Path]:
    return sorted(path.parent for path in release.glob(f"*/{holding}"))


def _of_folder(path: Path, slug: str) -> None:
    if slug != path.parent.name:
        raise DescriptorError(f"{path}: it describes {slug:.100}; build the release anew")


def _said(path: Path, error: Exception) -> str:
    """What is wrong, without the values: these belong to others."""
    if isinstance(error, ValidationError):
        found = error.errors(include_input=False, include_url=False)
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the document'}: {e['msg']}" for e in found)
    else:
        wrong = (error.strerror if isinstance(error, OSError) else None) or "it is no JSON object"
    return f"{path}: {wrong}; restore it from a copy of the release, or build the release anew"
