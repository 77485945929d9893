from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

from hypothesis import given

from pipelines.catalogue import Dataset
from pipelines.catalogue.schema_org import LONGEST, SHORTEST, json_ld, script

from .kit import SERVED, STICK, bare, dataset, descriptor, texts


def test_what_a_search_engine_asks_for() -> None:
    found = json_ld(dataset(), SERVED)
    assert (found["@context"], found["@type"], found["name"]) == ("https://schema.org/", "Dataset", "Harga beras")
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["creator"]["parentOrganization"]["name"] == "Pemerintah Uji"
    assert found["isAccessibleForFree"] is True
    assert (found["identifier"], found["dateModified"]) == ("dinas-harga", "2025-01-06")
    assert found["temporalCoverage"] == "2023-01-01/2024-12-31"
    assert [p["identifier"] for p in found["spatialCoverage"]] == ["33.02", "33.72"]
    assert found["variableMeasured"] == [
        {"@type": "PropertyValue", "name": "Harga eceran", "description": "Rata-rata harga.",
         "unitText": "rupiah per kilogram"},
        {"@type": "PropertyValue", "name": "Stok"},
    ]  # fmt: skip
    assert found["includedInDataCatalog"] == {
        "@type": "DataCatalog", "name": "Satu Data Uji", "url": "https://data.example.id/unduh/",
    }  # fmt: skip
    assert [d["contentUrl"] for d in found["distribution"]] == [
        f"https://data.example.id/unduh/dinas-harga/dinas-harga.{suffix}" for suffix in ("csv", "parquet")
    ]


def test_without_a_portal_addresses_are_seen_from_the_page() -> None:
    found = json_ld(Dataset.of(bare()), STICK)
    assert found["distribution"][0]["contentUrl"] == "../kab_uji-catatan/kab_uji-catatan.geojson"
    assert not {"url", "license", "spatialCoverage", "temporalCoverage", "variableMeasured"} & set(found)


def test_a_licence_that_is_only_named_is_named() -> None:
    found = descriptor()
    found["licenses"] = [{"name": "Lisensi-Daerah"}]
    assert json_ld(Dataset.of(found), SERVED)["license"] == "Lisensi-Daerah"


class Page(HTMLParser):
    """Texts inside and outside of script elements."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.outside, self._in = "", "", False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._in = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in = False

    def handle_data(self, data: str) -> None:
        if self._in:
            self.inside += data
        else:
            self.outside += data


@given(texts.filter(len), texts)
def test_no_text_ends_the_script_or_breaks_the_limits(title: str, description: str) -> None:
    found = descriptor()
    found |= {"title": f"{title}</script><!--<script>", "description": description * 300}
    one = Dataset.of(found)
    page = Page()
    page.feed(f'<script type="application/ld+json">{script(one, SERVED)}</script>selesai')
    page.close()
    assert page.outside == "selesai"
    read = json.loads(page.inside)
    assert read == json_ld(one, SERVED)
    assert SHORTEST <= len(read["description"]) <= LONGEST
    assert read["name"] == found["title"]
