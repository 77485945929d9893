"""The columns of a published table, in the order readers know: where, what, how much, when.

Conventions: shared with the open-data portals of Jawa Barat and others (wilayah coarse to fine, dimensions,
measures, unit, time).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.contract.role import Peran, role
from pipelines.disclosure import STATUS, Table, status_column
from pipelines.gate import PLACE
from pipelines.publish.places import PlaceColumn, joined
from pipelines.sql import ident, literal

UNIT = "satuan"
_ORDER: tuple[Peran, ...] = ("wilayah", "dimensi", "keterangan", "ukuran", "status", "waktu")


@dataclass(frozen=True)
class Output:
    """One column of the file: its SQL over the rows (`d`) and places (`t`), its SQL type and role.

    `title` and `meaning` are of columns that the release adds; those of the contract say it there.
    """

    name: str
    sql: str
    kind: str
    peran: Peran
    title: str = ""
    meaning: str = ""
    values: tuple[str, ...] = ()

    @property
    def follows(self) -> bool:
        """Whether it is told by the code of the row's place."""
        return self.sql.startswith("t.")

    @property
    def added(self) -> bool:
        """Whether the release adds it."""
        return bool(self.title)


def layout(
    library: Library, contract: Contract, columns: Mapping[str, str], places: Sequence[PlaceColumn], table: Table | None
) -> list[Output]:
    """The columns of the file of a dataset.

    `columns` are those of its open_data model (name -> SQL type), `places` those to add; `table` is given where its
    numbers are protected, so that each has a status.
    """
    found = [
        Output(name, f"d.{ident(name)}", kind, "wilayah" if name == PLACE else role(contract, library.standards, name))
        for name, kind in columns.items()
    ]
    found[1:1] = [Output(p.name, f"t.{ident(p.name)}", "VARCHAR", "wilayah", p.title, p.meaning) for p in places]
    measures = [c.name for c in found if c.peran == "ukuran"]
    for name in table.measures if table and table.protected else ():
        status = status_column(table, name) if table else ""
        meaning = f"Keterangan tentang nilai kolom {name}: mengapa kosong, bila kosong."
        found.append(Output(status, f"d.{ident(status)}", "VARCHAR", "status", "Status nilai", meaning, tuple(STATUS)))
    if len(measures) == 1 and UNIT not in columns:
        spec = contract.kolom[measures[0]]
        if unit := spec.satuan or library.standards[spec.standar].satuan:
            meaning = f"Satuan kolom {measures[0]}."
            found.append(Output(UNIT, literal(unit), "VARCHAR", "ukuran", "Satuan", meaning))
    return sorted(found, key=lambda c: _ORDER.index(c.peran))


def rows(outputs: Sequence[Output], relation: str) -> str:
    """SQL of the published rows; a row that says nothing in the columns of its contract is left out."""
    said = [c for c in outputs if not c.added]
    told = [f"NULLIF({c.sql}, '')" if c.kind == "VARCHAR" else c.sql for c in said]
    told += [f"NULLIF({c.sql}, 'kosong')" for c in outputs if c.peran == "status"]
    source = joined(relation, PLACE) if any(c.follows for c in outputs) else f"{relation} d"
    chosen = ", ".join(f"{c.sql} AS {ident(c.name)}" for c in outputs)
    return f"(SELECT {chosen} FROM {source} WHERE {' OR '.join(f'{t} IS NOT NULL' for t in told)})"
