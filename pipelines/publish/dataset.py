"""The folder of one dataset, built from the warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.catalogue import DICTIONARY, Dataset, beside, dictionary, kamus_csv
from pipelines.catalogue.dataset import DESCRIPTOR
from pipelines.catalogue.kamus import HEADER
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.formats import (
    PMTILES_POINTS,
    Areas,
    FileError,
    Place,
    Points,
    check_parquet,
    relation,
    write_csv,
    write_geojson,
    write_geoparquet,
    write_parquet,
    write_pmtiles,
    write_xlsx,
)
from pipelines.gate import PLACE
from pipelines.home import as_json, put_text
from pipelines.publish import code_lists, descriptor, lineage, places, resources
from pipelines.publish.claims import Claims, claims
from pipelines.publish.coverage import coverage
from pipelines.publish.examine import Fresh
from pipelines.publish.layout import Output, layout, rows
from pipelines.publish.workbench import Workbench
from pipelines.release.tables import tables
from pipelines.sql import ident


@dataclass(frozen=True)
class Built:
    """A finished folder: its rows, and rows left out because they said nothing."""

    rows: int
    blank: int


def build(bench: Workbench, fresh: Fresh, source: str, hidden: Mapping[str, int] | None, folder: Path) -> Built:
    """Write all files of a dataset and read them back; `source` holds its rows as they may be told.

    Raises FileError where a file does not hold what it should, and DuckDB's errors.
    """
    contract, library, con = fresh.contract, bench.inputs.library, bench.con
    added = places.added(contract, set(fresh.columns)) if bench.places else []
    outputs = layout(library, contract, fresh.columns, added, fresh.table if hidden is not None else None)
    total = con.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
    folder.mkdir()
    parquet, kinds = folder / f"{contract.slug}.parquet", {c.name: c.kind for c in outputs}
    own = [c for c in outputs if not c.follows]
    write_parquet(con, rows(outputs, source), kinds, parquet, [c.name for c in own])
    written, table = check_parquet(con, rows(own, source), {c.name: c.kind for c in own}, parquet), relation(parquet)
    write_csv(con, table, kinds, parquet.with_suffix(".csv"))
    kept = claims(con, contract, outputs, table)
    codes = places.codes(con, table, PLACE) if PLACE in kinds else []
    lists = code_lists.write(outputs, kept, codes, bench.named, folder)
    data = [
        _table(library, contract, outputs, kept, lists, parquet.with_suffix(".csv")),
        resources.data_file(parquet, contract.slug),
    ]
    found = descriptor.finished(
        fresh.start, [*data, *lists.entries], written, coverage(con, outputs, codes, table),
        descriptor.quality(bench.inputs, fresh.delivery.mutu), lineage.steps(bench.inputs, fresh, hidden), hidden,
    )  # fmt: skip
    told = Dataset.of(found)
    if write_xlsx(con, table, kinds, parquet.with_suffix(".xlsx"), told.title, _sheet(told)):
        data.append(resources.data_file(parquet.with_suffix(".xlsx"), contract.slug))
    data += [resources.data_file(f, contract.slug) for f in _on_maps(bench, contract, kept.key, table, parquet)]
    told = describe_folder(folder, {**found, "resources": [*data, *lists.entries, _dictionary(folder, told)]})
    if problems := list(tables(con, folder, told)):
        raise FileError("; ".join(map(str, problems[:3])))
    return Built(written, total - written)


def describe_folder(folder: Path, found: Mapping[str, Any]) -> Dataset:
    """Write the descriptor and the documents that are made from it; returns what it says."""
    put_text(folder / DESCRIPTOR, as_json(found))
    told = Dataset.read(folder)
    for name, text in beside(told).items():
        put_text(folder / name, text)
    return told


def _table(
    library: Library, contract: Contract, outputs: Sequence[Output], kept: Claims, lists: code_lists.CodeLists,
    csv: Path,
) -> dict[str, Any]:  # fmt: skip
    """The entry of the CSV, with its columns."""
    fields = descriptor.fields(library, contract, outputs, kept)
    for field in fields:
        if (reference := lists.references.get(field["name"])) and field["name"] != PLACE:
            field["klasifikasi"] = reference[0]
    return resources.table(resources.data_file(csv, contract.slug), fields, kept.key, lists.references)


def _sheet(told: Dataset) -> list[list[str]]:
    """The dictionary as a sheet."""
    return [list(HEADER), *([line[k] for k in HEADER] for line in dictionary(told))]


def _dictionary(folder: Path, told: Dataset) -> dict[str, Any]:
    """Write kamus.csv; returns its entry."""
    put_text(folder / DICTIONARY, kamus_csv(told))
    entry = resources.file(folder / DICTIONARY, "kamus", "Kamus kolom", "text/csv")
    words = code_lists.text_fields(dict.fromkeys(HEADER, "Keterangan tentang kolom data."))
    return resources.table(entry, words, ["kolom"])


def _on_maps(bench: Workbench, contract: Contract, key: Sequence[str], table: str, parquet: Path) -> list[Path]:
    """Write the files with a geometry where the rows have one; returns them."""
    con = bench.con
    place = _place(bench, contract, key)
    if place is None:
        return []
    geojson, geoparquet = parquet.with_suffix(".geojson"), parquet.with_suffix(".geo.parquet")
    write_geojson(con, parquet, geojson, place)
    write_geoparquet(con, parquet, geoparquet, place)
    if not isinstance(place, Points):
        return [geojson, geoparquet]
    both = f"count(*) FILTER ({ident(place.lat)} IS NOT NULL AND {ident(place.lon)} IS NOT NULL)"
    if con.execute(f"SELECT {both} FROM {table}").fetchall()[0][0] < PMTILES_POINTS:
        return [geojson, geoparquet]
    tiles = parquet.with_suffix(".pmtiles")
    write_pmtiles(con, parquet, tiles, place)
    return [geojson, geoparquet, tiles]


def _place(bench: Workbench, contract: Contract, key: Sequence[str]) -> Place | None:
    """Where the rows lie: at a published point, or in the borders of their place if it has one row only."""
    place = contract.wilayah
    if place and place.titik and all(contract.kolom[name].terbit for name in place.titik):
        return Points(*place.titik)
    return Areas(bench.borders, PLACE) if bench.borders and tuple(key) == (PLACE,) else None
