"""Copies of the code lists that a dataset refers to, beside it: a validator follows no path that leaves the folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.disclosure import STATUS
from pipelines.gate import PLACE
from pipelines.home import put_text
from pipelines.publish import places, resources
from pipelines.publish.claims import Claims
from pipelines.publish.layout import Output
from pipelines.referensi.codes import LEVELS
from pipelines.spreadsheet import escaped

PLACES = "kode-wilayah"
PLACE_LICENCE = "ODbL-1.0"  # as the source of kode wilayah, sources/referensi/wilayah/NOTICE
CLASSES = "klasifikasi"


@dataclass
class CodeLists:
    """Entries for the descriptor, and for each column the list and the column in it that its values stand in."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)


def write(
    outputs: Sequence[Output], kept: Claims, codes: Collection[str], named: places.Named, folder: Path
) -> CodeLists:
    """Write the lists for the rows of a table into a folder; `codes` are their places."""
    found = CodeLists()
    columns = {c.name: c for c in outputs}
    if codes and _places(named, codes, folder / "kode_wilayah.csv"):
        entry = resources.file(folder / "kode_wilayah.csv", PLACES, "Daftar kode wilayah", "text/csv")
        found.entries.append(
            resources.table(entry, text_fields(places.FIELDS), ["kode"], licence_name=PLACE_LICENCE, escaped=False)
        )
        found.references[PLACE] = (PLACES, "kode")
    for name, values in kept.values.items():
        status = columns[name].peran == "status"
        list_name = "status_nilai" if status else name
        resource = f"{CLASSES}-{list_name.replace('_', '-')}"
        if not any(entry["name"] == resource for entry in found.entries):
            path = folder / f"{CLASSES}_{list_name}.csv"
            meanings = {value: STATUS[value] if status else "" for value in values}
            fields = {"nilai": "Nilai yang mungkin."} | ({"arti": "Artinya."} if status else {})
            _csv(path, fields, [pair[: len(fields)] for pair in meanings.items()])
            entry = resources.file(path, resource, f"Daftar nilai {list_name.replace('_', ' ')}", "text/csv")
            found.entries.append(resources.table(entry, text_fields(fields), ["nilai"]))
        found.references[name] = (resource, "nilai")
    return found


def text_fields(meanings: dict[str, str]) -> list[dict[str, Any]]:
    """Table Schema fields of text columns."""
    return [
        {"name": k, "type": "string", "title": k.replace("_", " ").capitalize(), "description": v}
        for k, v in meanings.items()
    ]


def _places(named: places.Named, codes: Collection[str], out: Path) -> bool:
    """Write places and all around them; False where one is not known: a reference would lead nowhere."""
    if not named.keys() >= set(codes):
        return False
    around = {code[:length] for code in codes for length in LEVELS.values()}
    _csv(out, places.FIELDS, (named[code] for code in sorted(around & named.keys())))
    return True


def _csv(out: Path, columns: Iterable[str], rows: Iterable[Sequence[str | None]]) -> None:
    """A list of codes, escaped as all CSV of a release."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([escaped(cell or "") for cell in row] for row in rows)
    put_text(out, text.getvalue())
