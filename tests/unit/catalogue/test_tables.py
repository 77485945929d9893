"""What lies beside a table: CSVW, the schema of a row, the dictionary; and the package of all tables."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from frictionless import Package, validate
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue import Dataset
from pipelines.catalogue.csvw import csvw, csvw_name
from pipelines.catalogue.kamus import HEADER, dictionary, kamus_csv
from pipelines.catalogue.package import package
from pipelines.catalogue.row_schema import row_schema
from pipelines.spreadsheet import unescaped

from .csvw_check import problems
from .kit import ROWS, SERVED, STICK, bare, both, dataset, descriptor, folder, texts


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return folder(tmp_path, descriptor())


def metadata() -> dict[str, Any]:
    found = csvw(dataset())
    assert found is not None
    return found


def test_csvw_describes_the_tables_of_the_folder(place: Path) -> None:
    found = metadata()
    assert csvw_name(dataset()) == "dinas-harga.csv-metadata.json"
    assert found["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "id"}]
    assert [t["url"] for t in found["tables"]] == ["dinas-harga.csv", "kode_wilayah.csv"]
    assert problems(found, place) == []
    price = found["tables"][0]["tableSchema"]["columns"][2]
    assert price["titles"] == ["harga", "Harga eceran"]
    assert (price["schema:unitText"], price["datatype"]) == ("rupiah per kilogram", {"base": "number", "minimum": 0})
    assert found["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}


JAGUNG = '33.72,"jagung, manis",,0,,2024,2024-02-29,tersedia\n'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("33.02,beras", "33.2,beras", "kode_wilayah: 33.2"),  # a spreadsheet ate the zero
        ("33.72,", "33.99,", "no ('33.99',)"),
        ("jagung, manis", "jagung. manis", "barang: jagung. manis"),
        (JAGUNG, JAGUNG + JAGUNG, "primary key"),
        ("12500.5", "-1", "harga: -1"),
        (",10,", ",sepuluh,", "stok: sepuluh"),
        ("true", "ya", "tersedia: ya"),
        ("2023-01-31", "31-01-2023", "tanggal: 31-01-2023"),
        (",2024,,", ",,,", "tahun is required"),
        ("harga,", "price,", "header"),
    ],
)
def test_csvw_finds_what_does_not_fit(place: Path, old: str, new: str, said: str) -> None:
    assert old in ROWS
    (place / "dinas-harga.csv").write_text(ROWS.replace(old, new), encoding="utf-8", newline="")
    assert any(said in problem for problem in problems(metadata(), place))


def rows(found: Dataset) -> list[dict[str, Any]]:
    """The lines of the CSV as JSON objects, typed by the columns."""
    parse: dict[str, Any] = {"integer": int, "number": float, "boolean": lambda v: v == "true"}
    lines = csv.DictReader(io.StringIO(ROWS))
    types = {c.name: parse.get(c.type, unescaped) for c in found.columns}
    return [{k: types[k](v) if v else None for k, v in line.items()} for line in lines]


def test_every_row_fits_the_schema_of_a_row() -> None:
    schema = row_schema(dataset())
    assert schema is not None
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    found = rows(dataset())
    assert [row["barang"] for row in found] == ["beras", "-", "jagung, manis", "beras"]
    for row in found:
        validator.validate(row)
    for key, value in {"barang": None, "kode_wilayah": "3302", "harga": -1, "stok": "10", "tersedia": "true",
                       "tahun": 2024.5, "tanggal": "31-01-2023", "status_nilai": "ada"}.items():  # fmt: skip
        assert not validator.is_valid({**found[0], key: value}), key
        assert not validator.is_valid({k: v for k, v in found[0].items() if k != key}), key
    assert not validator.is_valid({**found[0], "lain": 1})


def test_the_dictionary_says_each_column() -> None:
    first, second, third, *_, last = dictionary(dataset())
    assert tuple(first) == HEADER
    assert (first["satuan"], first["wajib"], first["jenis"]) == ("", "tidak", "teks")
    assert (second["nilai"], second["klasifikasi"], second["wajib"]) == ("beras; -; jagung, manis", "komoditas", "ya")
    assert (third["konsep"], third["satuan"], third["jenis"]) == (
        "Harga eceran",
        "rupiah per kilogram",
        "bilangan desimal",
    )
    assert last["peran"] == "status"
    assert kamus_csv(dataset()).startswith(
        "kolom,konsep,definisi,satuan,jenis,peran,klasifikasi,wajib,nilai\nkode_wilayah,"
    )


def test_without_a_table_there_is_nothing_beside_it() -> None:
    found = Dataset.of(bare())
    assert (csvw(found), row_schema(found), dictionary(found)) == (None, None, [])


@given(texts, texts, texts, st.lists(texts.filter(len), max_size=3, unique=True))
def test_any_text_keeps_its_place(title: str, definition: str, unit: str, values: list[str]) -> None:
    found = descriptor()
    field = found["resources"][0]["schema"]["fields"][1]
    field |= {"title": title, "description": definition, "satuan": unit, "constraints": {"enum": values}}
    one = Dataset.of(found)
    cells = list(csv.reader(io.StringIO(kamus_csv(one), newline="")))
    assert {len(line) for line in cells} == {len(HEADER)} and len(cells) == 1 + len(one.columns)
    assert unescaped(cells[2][2]) == " ".join(definition.split())
    schema = row_schema(one)
    assert schema is not None
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema["properties"]["barang"])
    assert all(validator.is_valid(unescaped(v)) for v in values)
    assert validator.is_valid("lain") == (not values or "lain" in map(unescaped, values))
    table = csvw(one)
    assert table is not None and json.loads(json.dumps(table, ensure_ascii=False)) == table


def test_a_value_is_no_pattern(place: Path) -> None:
    found = descriptor()
    found["resources"][0]["schema"]["fields"][1]["constraints"]["enum"] = ["beras", "'-", "jagung, manis", "a.c (1|2)"]
    table = csvw(Dataset.of(found))
    assert table is not None and problems(table, place) == []
    datatype = table["tables"][0]["tableSchema"]["columns"][1]["datatype"]
    assert datatype["format"] == r"^(beras|'-|jagung, manis|a\.c \(1\|2\))$"


def test_the_root_is_a_package_of_all_tables(tmp_path: Path) -> None:
    for found in (descriptor(), descriptor("dinas-lain"), bare()):
        folder(tmp_path, found)
    root = tmp_path / "datapackage.json"
    root.write_text(json.dumps(package([*both(), dataset("dinas-lain")], SERVED), ensure_ascii=False), encoding="utf-8")
    report = validate(str(root))
    assert report.valid, report.to_summary()
    loaded = Package(str(root))
    assert loaded.resource_names == ["dinas-harga", "dinas-lain", "kab_uji-catatan"]
    read = loaded.get_resource("dinas-lain").read_rows()
    assert [r["kode_wilayah"] for r in read] == ["33.02", "33.02", "33.72", None]
    csv_file = tmp_path / "dinas-lain" / "dinas-lain.csv"
    csv_file.write_bytes(csv_file.read_bytes().replace(b"12000", b"12001"))
    assert not validate(str(root)).valid


def test_the_package_names_its_portal_only_if_it_has_an_address() -> None:
    assert package([], SERVED)["homepage"] == "https://data.example.id/unduh/"
    assert "homepage" not in package([], STICK)


def test_csvw_has_no_key_to_a_table_that_it_does_not_describe() -> None:
    """A code list that leads to a third table, which no key of the dataset leads to."""
    found = descriptor()
    third = {**next(r for r in found["resources"] if r["name"] == "kode-wilayah"), "name": "pulau", "path": "pulau.csv"}
    for one in found["resources"]:
        if one["name"] == "kode-wilayah":
            key = {"fields": ["kode"], "reference": {"resource": "pulau", "fields": ["kode"]}}
            one["schema"] = {**one["schema"], "foreignKeys": [key]}
    group = csvw(Dataset.of({**found, "resources": [*found["resources"], third]}))
    assert group is not None
    assert [t["url"] for t in group["tables"]] == ["dinas-harga.csv", "kode_wilayah.csv"]
    assert "foreignKeys" not in group["tables"][1]["tableSchema"]
