"""`sitemap.xml`: the pages of the catalogue for search engines. It needs addresses, so only a served portal has one."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

from pipelines.catalogue.dataset import Dataset
from pipelines.catalogue.portal import Portal
from pipelines.catalogue.xml import document

SITEMAP = "sitemap.xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(datasets: Iterable[Dataset], portal: Portal) -> str | None:
    """First page and one page a dataset, each with the day of its data; None without `base_url`."""
    if not portal.base_url:
        return None
    pages = [(portal.page(d.slug), d.satudata.diperbarui.isoformat()) for d in sorted(datasets, key=lambda d: d.slug)]
    newest = max((day for _, day in pages), default=None)
    root = Element("urlset", xmlns=NAMESPACE)
    for address, day in [(portal.address("index.html"), newest), *pages]:
        url = SubElement(root, "url")
        SubElement(url, "loc").text = address
        if day:
            SubElement(url, "lastmod").text = day
    return document(root)
