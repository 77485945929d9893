"""All documents of the catalogue by the names that they have in a release."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.catalogue import dcat_ap, dcat_us
from pipelines.catalogue.csvw import csvw, csvw_name
from pipelines.catalogue.dataset import DESCRIPTOR, Dataset
from pipelines.catalogue.package import package
from pipelines.catalogue.portal import Portal
from pipelines.catalogue.row_schema import ROW_SCHEMA, row_schema
from pipelines.catalogue.sitemap import SITEMAP, sitemap
from pipelines.catalogue.statistik import STATISTICS, statistik
from pipelines.home import as_json


def beside(dataset: Dataset) -> dict[str, str]:
    """Name -> text of what lies beside a dataset's table; nothing where there is no table.

    The dictionary is not among them: it is a resource of the descriptor, so it comes before it (kamus.kamus_csv).
    """
    found = {csvw_name(dataset): csvw(dataset), ROW_SCHEMA: row_schema(dataset), STATISTICS: statistik(dataset)}
    return {name: as_json(document) for name, document in found.items() if document is not None}


def root(datasets: Sequence[Dataset], portal: Portal) -> dict[str, str]:
    """Name -> text of the catalogue at the root of a release; the feed needs the history (atom.feed)."""
    found = {
        DESCRIPTOR: as_json(package(datasets, portal)),
        dcat_us.CATALOGUE: as_json(dcat_us.data_json(datasets, portal)),
        dcat_ap.CATALOGUE: as_json(dcat_ap.katalog(datasets, portal)),
    }
    pages = sitemap(datasets, portal)
    return found | ({SITEMAP: pages} if pages else {})
