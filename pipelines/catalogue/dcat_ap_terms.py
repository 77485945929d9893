"""Words of DCAT-AP 3: the JSON-LD context, and the controlled vocabularies that it asks for."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.parts import Jadwal

MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_TERM = {"@language": "id"}
_IRI = {"@type": "@id"}
_DAY = {"@type": "xsd:date"}

CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "title": {"@id": "dct:title", **_TERM},
    "description": {"@id": "dct:description", **_TERM},
    "keyword": {"@id": "dcat:keyword", **_TERM},
    "label": {"@id": "rdfs:label", **_TERM},
    "prefLabel": {"@id": "skos:prefLabel", **_TERM},
    "name": {"@id": "foaf:name", **_TERM},
    "fn": {"@id": "vcard:fn", **_TERM},
    "identifier": {"@id": "dct:identifier"},
    "version": {"@id": "dcat:version"},
    "modified": {"@id": "dct:modified", **_DAY},
    "start": {"@id": "dcat:startDate", **_DAY},
    "end": {"@id": "dcat:endDate", **_DAY},
    "byteSize": {"@id": "dcat:byteSize", "@type": "xsd:nonNegativeInteger"},
    "checksumValue": {"@id": "spdx:checksumValue", "@type": "xsd:hexBinary"},
    "dataset": {"@id": "dcat:dataset", **_IRI},
    "distribution": {"@id": "dcat:distribution", **_IRI},
    "publisher": {"@id": "dct:publisher", **_IRI},
    "contactPoint": {"@id": "dcat:contactPoint", **_IRI},
    "hasEmail": {"@id": "vcard:hasEmail", **_IRI},
    "hasURL": {"@id": "vcard:hasURL", **_IRI},
    "homepage": {"@id": "foaf:homepage", **_IRI},
    "page": {"@id": "foaf:page", **_IRI},
    "landingPage": {"@id": "dcat:landingPage", **_IRI},
    "language": {"@id": "dct:language", **_IRI},
    "type": {"@id": "dct:type", **_IRI},
    "frequency": {"@id": "dct:accrualPeriodicity", **_IRI},
    "accessRights": {"@id": "dct:accessRights", **_IRI},
    "spatial": {"@id": "dct:spatial", **_IRI},
    "temporal": {"@id": "dct:temporal", **_IRI},
    "provenance": {"@id": "dct:provenance", **_IRI},
    "theme": {"@id": "dcat:theme", **_IRI},
    "themeTaxonomy": {"@id": "dcat:themeTaxonomy", **_IRI},
    "inScheme": {"@id": "skos:inScheme", **_IRI},
    "license": {"@id": "dct:license", **_IRI},
    "format": {"@id": "dct:format", **_IRI},
    "mediaType": {"@id": "dcat:mediaType", **_IRI},
    "accessURL": {"@id": "dcat:accessURL", **_IRI},
    "downloadURL": {"@id": "dcat:downloadURL", **_IRI},
    "checksum": {"@id": "spdx:checksum", **_IRI},
    "algorithm": {"@id": "spdx:algorithm", **_IRI},
}

FREQUENCIES: dict[Jadwal, str] = {
    "harian": f"{_AUTHORITY}/frequency/DAILY",
    "mingguan": f"{_AUTHORITY}/frequency/WEEKLY",
    "bulanan": f"{_AUTHORITY}/frequency/MONTHLY",
    "triwulanan": f"{_AUTHORITY}/frequency/QUARTERLY",
    "tahunan": f"{_AUTHORITY}/frequency/ANNUAL",
}
INDONESIAN = {"@id": f"{_AUTHORITY}/language/IND", "@type": "dct:LinguisticSystem"}
ACCESS_PUBLIC = {"@id": f"{_AUTHORITY}/access-right/PUBLIC", "@type": "dct:RightsStatement"}
CHECKSUM = {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"}
_FILE_TYPES = ("csv", "parquet", "xlsx", "geojson", "json")


def file_type(suffix: str) -> dict[str, str] | None:
    """The file format as the EU names it; None for one that it has no name for."""
    if suffix not in _FILE_TYPES:
        return None
    return {"@id": f"{_AUTHORITY}/file-type/{suffix.upper()}", "@type": "dct:MediaTypeOrExtent"}


def publisher_type(code: str | None) -> dict[str, str] | None:
    """What kind of body an agency is, by the place that it serves: a province, or one kabupaten/kota."""
    if not code:
        return None
    kind = "RegionalAuthority" if "." not in code else "LocalAuthority"
    label = "Pemerintah provinsi" if "." not in code else "Pemerintah kabupaten/kota"
    return {"@id": f"http://purl.org/adms/publishertype/{kind}", "@type": "skos:Concept", "prefLabel": label}
