"""What DCAT-US 1.1 asks of a catalogue, written from its facts: required fields, enumerations, dates, media types."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1}
DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
MEDIA_TYPE = {"type": "string", "pattern": r"^[-\w]+/[-\w]+(\.[-\w]+)*(\+[-\w]+)?$"}
ABSOLUTE = {"type": "string", "pattern": r"^https?://[^\s<>\"{}|\\^`]+$"}
RELATIVE = {"type": "string", "pattern": r"^[^/\s<>\"{}|\\^`:][^\s<>\"{}|\\^`:]*$"}
ORGANIZATION = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "@type": {"const": "org:Organization"},
        "name": TEXT,
        "subOrganizationOf": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
    },
    "additionalProperties": False,
}


def schema(address: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema, with the form that addresses of our own files must have."""
    described = {"describedBy": address, "describedByType": MEDIA_TYPE}
    distribution = {
        "type": "object",
        "required": ["downloadURL", "mediaType"],
        "properties": {
            "@type": {"const": "dcat:Distribution"},
            "title": TEXT,
            "description": TEXT,
            "format": TEXT,
            "mediaType": MEDIA_TYPE,
            "downloadURL": address,
            **described,
        },
        "additionalProperties": False,
    }
    dataset = {
        "type": "object",
        "required": ["title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier",
                     "accessLevel"],
        "properties": {
            "@type": {"const": "dcat:Dataset"},
            "identifier": {"type": "string", "pattern": "^[a-z0-9_]+-[a-z0-9_]+$"},
            "title": TEXT,
            "description": TEXT,
            "keyword": {"type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT},
            "modified": {"type": "string", "pattern": f"^{DAY}$"},
            "accrualPeriodicity": {"type": "string", "pattern": r"^R/P\d+[DWMY]$"},
            "language": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]{2,3}$"}},
            "accessLevel": {"enum": ["public", "restricted public", "non-public"]},
            "publisher": ORGANIZATION,
            "contactPoint": {
                "type": "object",
                "required": ["fn", "hasEmail"],
                "properties": {
                    "@type": {"const": "vcard:Contact"},
                    "fn": TEXT,
                    "hasEmail": {"type": "string", "pattern": r"^mailto:[^@\s]+@[^@\s]+\.[^@\s]+$"},
                },
                "additionalProperties": False,
            },
            "license": ABSOLUTE,
            "landingPage": ABSOLUTE,
            "spatial": TEXT,
            "temporal": {"type": "string", "pattern": f"^{DAY}/{DAY}$"},
            "theme": {"type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT},
            **described,
            "distribution": {"type": "array", "minItems": 1, "items": distribution},
            # The two fields of Satu Data Indonesia.
            "kategori": TEXT,
            "prioritas_tahun": {"type": "array", "minItems": 1, "items": {"type": "integer"}},
        },
        "additionalProperties": False,
    }  # fmt: skip
    return {
        "type": "object",
        "required": ["conformsTo", "dataset"],
        "properties": {
            "@context": ABSOLUTE,
            "@type": {"const": "dcat:Catalog"},
            "conformsTo": {"const": "https://project-open-data.cio.gov/v1.1/schema"},
            "describedBy": ABSOLUTE,
            "dataset": {"type": "array", "items": dataset},
        },
        "additionalProperties": False,
    }
