"""The levels of places by the length of their codes, and the names of the places that a release speaks of."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Resource
from pipelines.contract.place import CODE_LENGTHS, LEVEL_NAMES

# Length of a code -> level, from coarse to fine.
LEVELS = {length: level for level, length in CODE_LENGTHS.items()}
SPOKEN = {level: name.lower() for level, name in LEVEL_NAMES.items()}
PLACE = "kode_wilayah"


def code_list(dataset: Dataset, column: str) -> Resource | None:
    """The code list of the folder that explains this column, if it has codes and names."""
    keys = dataset.csv.table.foreign_keys if dataset.csv and dataset.csv.table else ()
    wanted = {key.reference.resource for key in keys if key.fields == (column,)}
    for resource in dataset.code_lists:
        if resource.name in wanted and resource.table and {"kode", "nama"} <= {c.name for c in resource.table.columns}:
            return resource
    return None


def read_list(release: Path, dataset: Dataset, resource: Resource) -> dict[str, str]:
    """Codes of a code list with their names."""
    with (release / dataset.slug / resource.path).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    code, name = header.index("kode"), header.index("nama")
    return {row[code]: row[name] for row in rows}


class Names:
    """Names of places, learned from the datasets' own code lists; one is opened only when a code is unknown."""

    def __init__(self, release: Path) -> None:
        """Nothing is known yet."""
        self._release = release
        self.known: dict[str, str] = {}

    def learn(self, dataset: Dataset, codes: Iterable[str]) -> None:
        """Read the list of this dataset if one of its codes has no name yet."""
        if set(codes) - self.known.keys() and (resource := code_list(dataset, PLACE)):
            self.known |= read_list(self._release, dataset, resource)
