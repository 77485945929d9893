from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from pipelines.publish import Portal

from .conftest import OPD, World, make_contract, text_contract

# The facts of DCAT-US 1.1 about what a catalogue must hold, written for this test.
NAMED = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}}
DCAT = {
    "type": "object",
    "required": ["conformsTo", "dataset"],
    "properties": {
        "conformsTo": {"const": "https://project-open-data.cio.gov/v1.1/schema"},
        "@type": {"const": "dcat:Catalog"},
        "dataset": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    "title",
                    "description",
                    "keyword",
                    "modified",
                    "publisher",
                    "contactPoint",
                    "identifier",
                    "accessLevel",
                ],
                "properties": {
                    "@type": {"const": "dcat:Dataset"},
                    "title": {"type": "string", "minLength": 1},
                    "description": {"type": "string", "minLength": 1, "not": {"pattern": "<[a-z]"}},
                    "keyword": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
                    "modified": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
                    "accrualPeriodicity": {"type": "string", "pattern": r"^R/P\d+[DWMY]$"},
                    "publisher": {**NAMED, "properties": {"subOrganizationOf": NAMED}},
                    "contactPoint": {
                        "type": "object",
                        "required": ["fn", "hasEmail"],
                        "properties": {"hasEmail": {"type": "string", "pattern": r"^mailto:[^@\s]+@[^@\s]+\.\w+$"}},
                    },
                    "identifier": {"type": "string", "pattern": "^[a-z0-9_]+-[a-z0-9_]+$"},
                    "accessLevel": {"enum": ["public", "restricted public", "non-public"]},
                    "license": {"type": "string", "format": "uri"},
                    "language": {"type": "array", "items": {"type": "string"}},
                    "distribution": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["downloadURL", "mediaType"],
                            "additionalProperties": False,
                            "properties": {
                                "@type": {"const": "dcat:Distribution"},
                                "title": {"type": "string"},
                                "format": {"type": "string"},
                                "mediaType": {"type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+$"},
                                "downloadURL": {"type": "string", "format": "uri-reference"},
                                "describedBy": {"type": "string", "format": "uri-reference"},
                                "describedByType": {"type": "string"},
                            },
                        },
                    },
                },
            },
        },
    },
}


def data_json(world: World) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((world.latest / "data.json").read_text(encoding="utf-8"))
    return loaded


def test_it_has_the_shape_of_dcat_us(world: World) -> None:
    world.text("satu")
    world.release(make_contract(), text_contract())
    catalogue = data_json(world)
    jsonschema.validate(catalogue, DCAT)
    assert [d["identifier"] for d in catalogue["dataset"]] == ["dinas-catatan", "dinas-harga"]
    harga = catalogue["dataset"][1]
    assert (harga["accessLevel"], harga["modified"], harga["accrualPeriodicity"]) == (
        "public",
        "2024-02-05",
        "R/P1M",
    )
    assert harga["contactPoint"]["hasEmail"] == "mailto:data@dinas.example.id"
    assert harga["publisher"]["subOrganizationOf"]["name"] == "Pemerintah Uji"


def test_every_address_leads_to_a_file_of_the_release(world: World) -> None:
    world.release(make_contract())
    (dataset,) = data_json(world)["dataset"]
    for item in [dataset, *dataset["distribution"]]:
        for key in ("downloadURL", "describedBy"):
            assert key not in item or (world.latest / item[key]).is_file()
    assert len(dataset["distribution"]) == 2


def test_a_portal_makes_addresses_absolute_and_lends_its_mail(world: World) -> None:
    world.opd = {"dinas": replace(OPD["dinas"], surel="")}
    world.release(make_contract(), portal=Portal("https://data.example.id/unduh/", "walidata@example.id"))
    (dataset,) = data_json(world)["dataset"]
    assert dataset["distribution"][0]["downloadURL"] == "https://data.example.id/unduh/dinas-harga/dinas-harga.csv"
    assert dataset["contactPoint"] == {
        "@type": "vcard:Contact",
        "fn": "Dinas Uji",
        "hasEmail": "mailto:walidata@example.id",
    }
    assert dataset["identifier"] == "dinas-harga"
    jsonschema.validate(data_json(world), DCAT)


def test_an_address_is_never_invented(world: World) -> None:
    world.opd = {"dinas": replace(OPD["dinas"], surel="")}
    result = world.release(make_contract())
    (dataset,) = data_json(world)["dataset"]
    assert "hasEmail" not in dataset["contactPoint"]
    assert any("hasEmail" in note for note in result.notes["dinas.harga"])
    with pytest.raises(jsonschema.ValidationError, match="hasEmail"):
        jsonschema.validate(data_json(world), DCAT)
