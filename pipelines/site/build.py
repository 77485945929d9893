"""The whole site of one release, from its descriptors and data files alone. No clock is read, nothing is fetched."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import jinja2
from markupsafe import Markup

from pipelines.catalogue import Dataset, Portal, datasets, withdrawn
from pipelines.catalogue.schema_org import script
from pipelines.site import dataset_page
from pipelines.site.borders import Borders, Piece
from pipelines.site.data_file import Numbers, write_data
from pipelines.site.environment import environment
from pipelines.site.index_data import index
from pipelines.site.places import Names
from pipelines.site.preview import preview
from pipelines.site.script import write_call
from pipelines.site.sql_page import write_sql_page
from pipelines.sql import literal

ASSETS = Path(__file__).parent / "aset"
_MEMORY = "1GB"
_AT_ONCE = 50  # datasets of one part: a second of work, to which opening DuckDB adds little


def build(
    release: Path,
    portal: Portal,
    each: Callable[..., Iterable[set[Piece]]] = map,
    told: Sequence[Dataset] | None = None,
) -> None:
    """Write index.html and situs/ into an unfinished release folder that holds its datasets already.

    The same folder gives the same bytes, also where `each` (like map, over one list) works on several at once. `told`:
    the datasets of the folder, where they have been read. Raises DescriptorError for a descriptor that cannot be read.
    """
    found = datasets(release) if told is None else told
    (release / "situs").mkdir(exist_ok=True)
    with closing(Borders(release)) as borders, closing(_Site(release, portal, borders.pieces)) as site:
        shutil.copytree(ASSETS, site.situs / "aset", dirs_exist_ok=True)
        for dataset in found:
            site.names.learn(dataset, dataset.satudata.cakupan.wilayah)
        write_call(site.situs / "indeks.js", "indeks", None, index(found, site.names.known))
        site.page("../index.html", "index.html.j2", akar="", di="beranda", datasets=found)
        site.page("tentang.html", "tentang.html.j2", di="tentang")
        write_sql_page(release, site.env, found)
        for one in withdrawn(release):
            site.page(f"{one.slug}.html", "ditarik.html.j2", ditarik=one)
        slugs = [dataset.slug for dataset in found]
        cut = (slugs[n : n + _AT_ONCE] for n in range(0, len(slugs), _AT_ONCE))
        shown = each(_pages, [_Part(release, portal, borders.pieces, part) for part in cut])
        for piece in sorted(set().union(*shown)):
            borders.write(site.situs, piece)


@dataclass(frozen=True)
class _Part:
    """Datasets of a release whose pages are made together; `pieces`: what can be had of the map.

    They go by their slugs: to read a descriptor anew costs less than to copy it from process to process.
    """

    release: Path
    portal: Portal
    pieces: frozenset[Piece]
    slugs: Sequence[str]


def _pages(part: _Part) -> set[Piece]:
    """Write the pages of some datasets; returns the pieces of the map that they show."""
    shown: set[Piece] = set()
    with closing(_Site(part.release, part.portal, part.pieces)) as site:
        for slug in part.slugs:
            site.names = Names(part.release)  # of this dataset alone, so that no page depends on the ones before
            shown |= site.dataset(Dataset.read(part.release / slug))
    return shown


@dataclass
class _Site:
    """What the pages of one release share."""

    release: Path
    portal: Portal
    pieces: frozenset[Piece]

    def __post_init__(self) -> None:
        self.situs = self.release / "situs"
        self.names = Names(self.release)
        self.env: jinja2.Environment = environment(self.portal)
        # Many short queries: one thread is faster than two that wait for each other.
        # No temporary folder: what does not fit into memory is an error, not a file in an unknown place.
        self.con = duckdb.connect(config={"memory_limit": _MEMORY, "threads": 1, "temp_directory": ""})
        self.con.execute("SET enable_progress_bar = false")
        # Two or three queries read the same file; how it is laid out is read once.
        self.con.execute("SET parquet_metadata_cache = true")

    def close(self) -> None:
        """Give back the memory of the queries."""
        self.con.close()

    def page(self, path: str, template: str, **values: object) -> None:
        """Render one page below situs/."""
        text: str = self.env.get_template(template).render(**values)
        (self.situs / path).write_bytes(text.encode())

    def dataset(self, dataset: Dataset) -> frozenset[Piece]:
        """Write the page of one dataset and the numbers that it shows; returns the pieces of the map that it needs."""
        self.names.learn(dataset, dataset.satudata.cakupan.wilayah)
        parquet = next((r for r in dataset.resources if r.path == f"{dataset.slug}.parquet"), None)
        source = f"read_parquet({literal(str(self.release / dataset.slug / parquet.path))})" if parquet else None
        shown: Numbers | None = None
        if source and dataset.columns:
            shown = write_data(self.con, self.release, source, dataset, self.names, self.pieces)
        self.page(
            f"{dataset.slug}.html",
            "dataset.html.j2",
            dataset=dataset,
            folder=f"../{dataset.slug}/",
            data=dataset.satudata,
            pratinjau=preview(self.release, dataset),
            angka=shown,
            nama=self.names.known,
            hal=dataset_page,
            json_ld=Markup(script(dataset, self.portal)),
        )
        return shown.pieces if shown else frozenset()
