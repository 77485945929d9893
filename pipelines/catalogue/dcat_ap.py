"""`katalog.jsonld` at the root of a release: the catalogue in DCAT-AP 3, as JSON-LD.

Every IRI of ours is relative to the document. A served portal puts its address into `@base`; a copy on a USB stick
has none, and a reader resolves them against the place where the file lies. Both are whole RDF, and both lead to
the files beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from pipelines.catalogue.dataset import DESCRIPTOR, Dataset
from pipelines.catalogue.dcat_ap_terms import (
    ACCESS_PUBLIC,
    CHECKSUM,
    CONTEXT,
    FREQUENCIES,
    INDONESIAN,
    MEDIA_TYPES,
    file_type,
    publisher_type,
)
from pipelines.catalogue.parts import Licence, Resource
from pipelines.catalogue.portal import Portal, web

CATALOGUE = "katalog.jsonld"
Node = dict[str, Any]


def katalog(datasets: Iterable[Dataset], portal: Portal) -> Node:
    """The catalogue as a flat graph: what several datasets share (agency, place, topic, licence) stands in it once."""
    base = {"@base": portal.address(CATALOGUE)} if portal.base_url else {}
    found = sorted(datasets, key=lambda d: d.slug)
    nodes: dict[str, Node] = {}
    for node in (_catalogue(found, portal), *(n for d in found for n in _dataset(d, portal))):
        nodes.setdefault(node["@id"], node)
    return {"@context": {**CONTEXT, **base}, "@graph": list(nodes.values())}


def _catalogue(datasets: Sequence[Dataset], portal: Portal) -> Node:
    node = {
        "@id": "#katalog",
        "@type": "dcat:Catalog",
        "title": portal.nama,
        "description": portal.deskripsi,
        "language": [INDONESIAN],
        "publisher": {"@id": "#pengelola", "@type": "foaf:Agent", "name": portal.pengelola},
        "homepage": {"@id": "index.html", "@type": "foaf:Document"},
        "themeTaxonomy": [{"@id": "#topik", "@type": "skos:ConceptScheme", "title": "Topik"}],
        "dataset": [_iri(d.slug) for d in datasets],
    }
    days = [d.satudata.diperbarui.isoformat() for d in datasets]
    places = dict.fromkeys(code for d in datasets for code in d.satudata.cakupan.wilayah)
    return node | _told({"modified": max(days, default=None), "spatial": [_place(code) for code in sorted(places)]})


def _dataset(dataset: Dataset, portal: Portal) -> list[Node]:
    """A dataset and the nodes that it leads to."""
    block, origin, licence = dataset.satudata, dataset.satudata.produsen, dataset.licence
    agency = _iri("produsen", origin.kode)
    node: Node = {
        "@id": _iri(dataset.slug),
        "@type": "dcat:Dataset",
        "identifier": dataset.slug,
        "title": dataset.title,
        "description": dataset.about,
        "keyword": list(dataset.tags),
        "publisher": agency,
        "contactPoint": {"@id": _iri("kontak", dataset.slug), "@type": ["vcard:Kind", "vcard:Organization"]}
        | _told({"fn": origin.nama, "hasEmail": _mailto(portal.contact(origin)), "hasURL": web(origin.situs)}),
        "modified": block.diperbarui.isoformat(),
        "frequency": {"@id": FREQUENCIES[block.jadwal], "@type": "dct:Frequency"},
        "accessRights": ACCESS_PUBLIC,
        "language": [INDONESIAN],
        "landingPage": {"@id": quote(f"situs/{dataset.slug}.html"), "@type": "foaf:Document"},
        "page": {"@id": quote(f"{dataset.slug}/{DESCRIPTOR}"), "@type": "foaf:Document"},
        "distribution": [_distribution(dataset, file) for file in dataset.resources],
    }
    period = block.cakupan.period
    steps = ". ".join(f"{s.langkah}: {s.keterangan}".strip(": ") for s in block.asal)
    node |= _told(
        {
            "version": dataset.version,
            "spatial": [_place(code) for code in block.cakupan.wilayah],
            "temporal": {"@type": "dct:PeriodOfTime", "start": period[0], "end": period[1]} if period else None,
            "theme": [_iri("topik", block.kategori)] if block.kategori else None,
            "provenance": {"@type": "dct:ProvenanceStatement", "label": steps} if steps else None,
        }
    )
    kind = publisher_type(origin.kode_wilayah)
    about_agency = {"homepage": _document(origin.situs), "type": kind}
    shared: list[Node] = [
        {"@id": agency, "@type": "foaf:Agent", "name": origin.nama, **_told(about_agency)},
        *(
            {"@id": _place(code), "@type": "dct:Location", "prefLabel": name, "identifier": code}
            for code, name in block.cakupan.places
        ),
        *(
            _licence(one)
            for one in [*([licence] if licence else []), *(x for r in dataset.resources for x in r.licenses)]
        ),
    ]
    if block.kategori:
        topic = {"@id": _iri("topik", block.kategori), "@type": "skos:Concept", "prefLabel": block.kategori}
        shared.append({**topic, "inScheme": "#topik"})
    return [node, *shared]


def _distribution(dataset: Dataset, file: Resource) -> Node:
    address = quote(f"{dataset.slug}/{file.path}")
    licence = next(iter(file.licenses), dataset.licence)
    node: Node = {
        "@id": _iri(dataset.slug, file.path),
        "@type": "dcat:Distribution",
        "title": f"{dataset.title} ({file.label})",
        "description": file.description or file.path,
        "accessURL": address,
        "downloadURL": address,
        "mediaType": {"@id": f"{MEDIA_TYPES}/{quote(file.mediatype)}", "@type": "dct:MediaType"},
        "byteSize": str(file.bytes),
        "checksum": {"@type": "spdx:Checksum", "algorithm": CHECKSUM, "checksumValue": file.sha256},
        "modified": dataset.satudata.diperbarui.isoformat(),
    }
    return node | _told({"license": _licence(licence)["@id"] if licence else None, "format": file_type(file.format)})


def _licence(licence: Licence) -> Node:
    address = web(licence.path)
    return {"@id": address or _iri("lisensi", licence.name), "@type": "dct:LicenseDocument", "title": licence.name}


def _document(address: str | None) -> Node | None:
    found = web(address)
    return {"@id": found, "@type": "foaf:Document"} if found else None


def _mailto(address: str | None) -> str | None:
    return f"mailto:{quote(address, safe='@')}" if address else None


def _place(code: str) -> str:
    return _iri("wilayah", code)


def _iri(*words: str) -> str:
    """A name inside the document; whatever the words are, it is a valid fragment."""
    return "#" + "/".join(quote(word, safe="") for word in words)


def _told(found: Node) -> Node:
    """Without what is not known."""
    return {key: value for key, value in found.items() if value}
