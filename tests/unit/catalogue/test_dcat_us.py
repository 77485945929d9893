from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue import Dataset, Portal, datasets
from pipelines.catalogue.dcat_us import data_json
from pipelines.catalogue.parts import Jadwal

from .dcat_us_schema import ABSOLUTE, RELATIVE, schema
from .kit import AWKWARD, SERVED, STICK, bare, both, dataset, descriptor, folder, texts

SERVED_SCHEMA = schema(ABSOLUTE)


def entry(found: dict[str, Any], portal: Portal = SERVED) -> dict[str, Any]:
    (only,) = data_json([Dataset.of(found)], portal)["dataset"]
    result: dict[str, Any] = only
    return result


def test_it_has_the_shape_of_dcat_us() -> None:
    catalogue = data_json(reversed(both()), SERVED)
    jsonschema.validate(catalogue, SERVED_SCHEMA)
    assert [d["identifier"] for d in catalogue["dataset"]] == ["dinas-harga", "kab_uji-catatan"]
    first, second = catalogue["dataset"]
    assert first["description"] == AWKWARD
    assert (first["temporal"], first["spatial"], first["theme"]) == (
        "2023-01-01/2024-12-31",
        "33.02; 33.72",
        ["Ekonomi & pangan"],
    )
    assert (first["kategori"], first["prioritas_tahun"]) == ("Ekonomi & pangan", [2024, 2025])
    assert first["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert first["landingPage"] == "https://data.example.id/unduh/situs/dinas-harga.html"
    assert not {"license", "spatial", "temporal", "theme", "kategori", "prioritas_tahun"} & set(second)
    assert second["contactPoint"]["hasEmail"] == "mailto:walidata@example.id"


def test_every_file_is_a_distribution_and_is_there(tmp_path: Path) -> None:
    folder(tmp_path, descriptor())
    (found,) = data_json(datasets(tmp_path), STICK)["dataset"]
    jsonschema.validate(found, schema(RELATIVE)["properties"]["dataset"]["items"])
    files = {d["downloadURL"] for d in found["distribution"]}
    assert files == {f"dinas-harga/{n}" for n in ("dinas-harga.csv", "dinas-harga.parquet", "kode_wilayah.csv")}
    for address in [found["describedBy"], *files]:
        assert (tmp_path / address).is_file()
    resource = descriptor()["resources"][0]
    described = found["distribution"][0]["description"]
    assert f"{resource['bytes']} bita" in described and resource["hash"][7:] in described


def test_an_address_is_never_invented() -> None:
    found = entry(bare(), STICK)
    assert "hasEmail" not in found["contactPoint"]
    assert "landingPage" not in found
    with pytest.raises(jsonschema.ValidationError, match="hasEmail"):
        jsonschema.validate({**data_json([], STICK), "dataset": [found]}, schema(RELATIVE))


def test_a_licence_without_an_address_is_left_to_the_descriptor() -> None:
    found = descriptor()
    found["licenses"] = [{"name": "Lisensi-Daerah", "path": "lihat papan pengumuman"}]
    assert "license" not in entry(found)


@pytest.mark.parametrize("jadwal", get_args(Jadwal))
def test_every_cadence_has_a_period(jadwal: str) -> None:
    jsonschema.validate(data_json([dataset(jadwal=jadwal)], SERVED), SERVED_SCHEMA)


@pytest.mark.parametrize("field", ["title", "description", "keyword", "modified", "publisher", "contactPoint",
                                   "identifier", "accessLevel"])  # fmt: skip
def test_the_schema_of_the_tests_misses_what_is_missing(field: str) -> None:
    catalogue = data_json(both(), SERVED)
    del catalogue["dataset"][0][field]
    with pytest.raises(jsonschema.ValidationError, match=field):
        jsonschema.validate(catalogue, SERVED_SCHEMA)


@given(texts.filter(len), texts, st.lists(texts), texts)
def test_it_stays_valid_for_any_text(title: str, description: str, keywords: list[str], mail: str) -> None:
    found = descriptor()
    found |= {"title": title, "description": description, "keywords": keywords}
    found["satudata"]["produsen"]["surel"] = mail
    catalogue = data_json([Dataset.of(found)], SERVED)
    jsonschema.validate(catalogue, SERVED_SCHEMA)
    assert json.loads(json.dumps(catalogue, ensure_ascii=False)) == catalogue
