"""A dataset in the words of schema.org, for search engines: the JSON-LD in the head of its page."""

from __future__ import annotations

import json
from typing import Any

from pipelines.catalogue.dataset import Dataset
from pipelines.catalogue.portal import Portal, web

SHORTEST, LONGEST = 50, 5000  # characters of a description that search engines take
_PAGES = "../"  # where the files of the release lie, seen from a page of the site


def json_ld(dataset: Dataset, portal: Portal) -> dict[str, Any]:
    """The schema.org Dataset. Without `base_url` addresses are relative to a page in `situs/`."""
    block, origin = dataset.satudata, dataset.satudata.produsen
    creator: dict[str, Any] = {"@type": "Organization", "name": origin.nama}
    if url := web(origin.situs):
        creator["url"] = url
    if origin.instansi:
        creator["parentOrganization"] = {"@type": "Organization", "name": origin.instansi}
    catalogue = {"@type": "DataCatalog", "name": portal.nama, "url": portal.base_url or f"{_PAGES}index.html"}
    document: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "identifier": dataset.slug,
        "name": dataset.title,
        "description": _description(dataset),
        "keywords": list(dataset.tags),
        "version": dataset.version,
        "inLanguage": "id",
        "isAccessibleForFree": True,
        "dateModified": block.diperbarui.isoformat(),
        "creator": creator,
        "includedInDataCatalog": catalogue,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.label,
                "encodingFormat": file.mediatype,
                "contentUrl": _from_page(portal, f"{dataset.slug}/{file.path}"),
                "contentSize": f"{file.bytes} B",
                "sha256": file.sha256,
            }
            for file in dataset.data_files
        ],
    }
    licence = dataset.licence
    optional = {
        "url": portal.page(dataset.slug) if portal.base_url else None,
        "license": (web(licence.path) or licence.name) if licence else None,
        "spatialCoverage": [
            {"@type": "Place", "name": name, "identifier": code} for code, name in block.cakupan.places
        ],
        "temporalCoverage": "/".join(block.cakupan.period or ()),
        "variableMeasured": [
            _variable(c.label, c.description, c.satuan) for c in dataset.columns if c.peran == "ukuran"
        ],
    }
    return document | {key: value for key, value in optional.items() if value}


def script(dataset: Dataset, portal: Portal) -> str:
    """The same as text that may stand inside a <script> element: no value can end the element."""
    text = json.dumps(json_ld(dataset, portal), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _variable(label: str, definition: str, unit: str | None) -> dict[str, str]:
    found = {"@type": "PropertyValue", "name": label, "description": definition, "unitText": unit or ""}
    return {key: value for key, value in found.items() if value}


def _from_page(portal: Portal, path: str) -> str:
    return portal.address(path) if portal.base_url else _PAGES + portal.address(path)


def _description(dataset: Dataset) -> str:
    text = dataset.about
    if len(text) < SHORTEST:
        block = dataset.satudata
        text = f"{text.rstrip('. ')}. Data terbuka dari {block.produsen.nama}, diperbarui tanggal {block.diperbarui}."
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
