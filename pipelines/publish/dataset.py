"""The folder of one dataset: built from the warehouse, or carried over from the last release."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.catalogue import DICTIONARY, Dataset, beside, dictionary, kamus_csv
from pipelines.catalogue.dataset import DESCRIPTOR
from pipelines.catalogue.kamus import HEADER
from pipelines.contract.model import Contract
from pipelines.disclosure import Table
from pipelines.formats import (
    PMTILES_POINTS,
    Areas,
    Place,
    Points,
    count,
    describe,
    relation,
    write_csv,
    write_geojson,
    write_geoparquet,
    write_parquet,
    write_pmtiles,
    write_xlsx,
)
from pipelines.gate import PLACE, Passage, check_columns
from pipelines.home import sha256_file, write_json, write_text
from pipelines.publish import code_lists, descriptor, lineage, places, resources
from pipelines.publish.claims import claims
from pipelines.publish.coverage import coverage
from pipelines.publish.examine import Fresh, Refusal, contained
from pipelines.publish.layout import Output, layout, rows
from pipelines.publish.tables import OCCURRENCE, as_table
from pipelines.publish.workbench import Workbench
from pipelines.release import ReleaseFault, read_manifest


@dataclass(frozen=True)
class Built:
    """A finished folder: its rows, and rows left out because they said nothing."""

    rows: int
    blank: int


def build(bench: Workbench, fresh: Fresh, source: str, hidden: Mapping[str, int] | None, folder: Path) -> Built:
    """Write all files of a dataset; `source` holds its rows as they may be told. Raises FileError, DuckDB's errors."""
    contract, library, con = fresh.contract, bench.inputs.library, bench.con
    added = places.added(contract, set(fresh.columns)) if bench.places else []
    outputs = layout(library, contract, fresh.columns, added, fresh.table if hidden is not None else None)
    folder.mkdir()
    parquet = folder / f"{contract.slug}.parquet"
    kinds = {c.name: c.kind for c in outputs}
    written = write_parquet(con, rows(outputs, source), kinds, parquet)
    total = con.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
    write_csv(con, parquet, parquet.with_suffix(".csv"))
    kept = claims(con, contract, outputs, parquet)
    lists = code_lists.write(con, outputs, kept, parquet, bench.places)
    fields = descriptor.fields(library, contract, outputs, kept)
    for field in fields:
        if (reference := lists.references.get(field["name"])) and field["name"] != PLACE:
            field["klasifikasi"] = reference[0]
    csv = resources.data_file(parquet.with_suffix(".csv"), contract.slug)
    entries = [
        resources.table(csv, fields, kept.key, lists.references),
        resources.data_file(parquet, contract.slug),
        *lists.entries,
    ]
    found = descriptor.finished(
        fresh.start, entries, written.rows, coverage(con, parquet, outputs),
        descriptor.quality(bench.inputs, fresh.delivery.mutu), lineage.steps(bench.inputs, fresh, hidden), hidden,
    )  # fmt: skip
    more = _dictionary(folder, found) + _others(bench, contract, outputs, kept.key, parquet, Dataset.of(found))
    describe_folder(folder, {**found, "resources": [*entries[:2], *more[1:], *entries[2:], more[0]]})
    return Built(written.rows, total - written.rows)


def describe_folder(folder: Path, found: Mapping[str, Any]) -> None:
    """Write the descriptor and the documents that are made from it."""
    write_json(folder / DESCRIPTOR, found)
    for name, text in beside(Dataset.of(found)).items():
        write_text(folder / name, text)


def last_edition(bench: Workbench, contract: Contract) -> Passage | Refusal:
    """Whether the dataset of the last release may stay: it is whole, and passes today's gate."""
    return contained(lambda: _last_edition(bench, contract))


def _last_edition(bench: Workbench, contract: Contract) -> Passage | Refusal:
    last = bench.last
    if last is None or not (last / contract.slug / DESCRIPTOR).is_file():
        return Refusal("it was never released")
    folder, standards = last / contract.slug, bench.inputs.library.standards
    if not intact(last, contract.slug):
        return Refusal(f"its last release in {folder} is missing or damaged")
    told = Dataset.read(folder)
    own = [f["name"] for f in told.descriptor["resources"][0]["schema"]["fields"] if not f.get("tambahan")]
    agency = bench.inputs.agency(contract)
    findings = check_columns(contract, standards, own, whole=False) + bench.gate.complete(contract, agency)
    chosen = ", ".join(f'"{name}"' for name in own)
    passage = bench.gate.data(contract, f"(SELECT {chosen} FROM {relation(folder / f'{contract.slug}.parquet')})")
    passage += bench.gate.metadata(contract, agency, told.descriptor)
    if findings or passage.findings:
        return Refusal("its last release does not pass the gate", (*findings, *passage.findings), passage)
    return passage


def last_table(bench: Workbench, contract: Contract, source: str) -> Table:
    """The last edition of a dataset as disclosure control sees it; `source` has its true rows."""
    known = {*contract.kolom, PLACE, OCCURRENCE} - set(contract.contributors())
    columns = {k: v for k, v in describe(bench.con, source).items() if k in known}
    return as_table(bench.con, bench.inputs.library, contract, columns, source)


def carry(bench: Workbench, slug: str, folder: Path) -> int:
    """Take the folder of a dataset over from the last release; returns its rows."""
    assert bench.last is not None
    last = bench.last / slug
    folder.mkdir()
    for file in last.iterdir():
        try:
            os.link(file, folder / file.name)
        except OSError:
            shutil.copyfile(file, folder / file.name)
    return count(bench.con, folder / f"{slug}.parquet")


def intact(release: Path, slug: str) -> bool:
    """Whether a dataset of a release has exactly the files of the manifest, with their bytes."""
    prefix = f"{slug}/"
    try:
        files = {p: f for p, f in read_manifest(release).berkas.items() if p.startswith(prefix)}
        there = {f"{prefix}{p.name}" for p in (release / slug).iterdir()}
        return there == files.keys() and all(sha256_file(release / p) == f.sha256 for p, f in files.items())
    except (OSError, ValueError, ReleaseFault):
        return False


def _dictionary(folder: Path, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write kamus.csv; returns its entry."""
    write_text(folder / DICTIONARY, kamus_csv(Dataset.of(found)))
    entry = resources.file(folder / DICTIONARY, "kamus", "Kamus kolom", "text/csv")
    words = code_lists.text_fields(dict.fromkeys(HEADER, "Keterangan tentang kolom data."))
    return [resources.table(entry, words, ["kolom"])]


def _others(
    bench: Workbench, contract: Contract, outputs: Sequence[Output], key: Sequence[str], parquet: Path, told: Dataset
) -> list[dict[str, Any]]:
    """Write the spreadsheet and the files with a geometry, where they are of use; returns their entries."""
    con, made = bench.con, []
    words = dictionary(told)
    sheet = [list(HEADER), *([line[k] for k in HEADER] for line in words)]
    xlsx, geojson = parquet.with_suffix(".xlsx"), parquet.with_suffix(".geojson")
    if write_xlsx(con, parquet, xlsx, told.title, sheet):
        made.append(xlsx)
    if place := _place(bench, contract, {c.name for c in outputs}, key):
        geoparquet, tiles = parquet.with_suffix(".geo.parquet"), parquet.with_suffix(".pmtiles")
        write_geojson(con, parquet, geojson, place)
        write_geoparquet(con, parquet, geoparquet, place)
        made += [geojson, geoparquet]
        if isinstance(place, Points) and _on_the_map(bench, parquet, place) >= PMTILES_POINTS:
            write_pmtiles(con, parquet, tiles, place)
            made.append(tiles)
    return [resources.data_file(path, contract.slug) for path in made]


def _on_the_map(bench: Workbench, parquet: Path, place: Points) -> int:
    found = bench.con.execute(f"SELECT count(least({place.lat}, {place.lon})) FROM {relation(parquet)}").fetchall()
    return int(found[0][0])


def _place(bench: Workbench, contract: Contract, columns: set[str], key: Sequence[str]) -> Place | None:
    """Where the rows lie: at a published point, or in the borders of their place if it has one row only."""
    place = contract.wilayah
    if place and place.titik and set(place.titik) <= columns:
        return Points(*place.titik)
    return Areas(bench.borders, PLACE) if bench.borders and tuple(key) == (PLACE,) else None
