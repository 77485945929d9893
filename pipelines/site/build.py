"""The whole site of one release, from its descriptors and data files alone. No clock is read, nothing is fetched."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass, field
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


def build(release: Path, portal: Portal) -> None:
    """Write index.html and situs/ into an unfinished release folder that holds its datasets already.

    The same folder gives the same bytes. Raises DescriptorError for a descriptor that cannot be read.
    """
    found = datasets(release)
    with closing(_Site(release, portal, found)) as site:
        shutil.copytree(ASSETS, site.situs / "aset", dirs_exist_ok=True)
        write_call(site.situs / "indeks.js", "indeks", None, index(found, site.names.known))
        site.page("../index.html", "index.html.j2", akar="", di="beranda", datasets=found)
        site.page("tentang.html", "tentang.html.j2", di="tentang")
        write_sql_page(release, site.env, found)
        for dataset in found:
            site.dataset(dataset)
        for one in withdrawn(release):
            site.page(f"{one.slug}.html", "ditarik.html.j2", ditarik=one)
        for piece in sorted(site.pieces):
            site.borders.write(site.situs, piece)


@dataclass
class _Site:
    """What the pages of one release share."""

    release: Path
    portal: Portal
    found: list[Dataset]
    pieces: set[Piece] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.situs = self.release / "situs"
        self.names = Names(self.release)
        for dataset in self.found:
            self.names.learn(dataset, dataset.satudata.cakupan.wilayah)
        self.env: jinja2.Environment = environment(self.portal)
        self.borders = Borders(self.release)
        # Many short queries: one thread is faster than two that wait for each other.
        # No temporary folder: what does not fit into memory is an error, not a file in an unknown place.
        self.con = duckdb.connect(config={"memory_limit": _MEMORY, "threads": 1, "temp_directory": ""})

    def close(self) -> None:
        """Give back the memory of the queries."""
        self.con.close()
        self.borders.close()

    def page(self, path: str, template: str, **values: object) -> None:
        """Render one page below situs/."""
        out = self.situs / path
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(self.env.get_template(template).render(**values), encoding="utf-8", newline="\n")

    def dataset(self, dataset: Dataset) -> None:
        """The page of one dataset and the numbers that it shows."""
        parquet = next((r for r in dataset.resources if r.path == f"{dataset.slug}.parquet"), None)
        source = f"read_parquet({literal(str(self.release / dataset.slug / parquet.path))})" if parquet else None
        shown: Numbers | None = None
        if source and dataset.columns:
            shown = write_data(self.con, self.release, source, dataset, self.names, self.borders.pieces)
            self.pieces |= shown.pieces if shown else set()
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
