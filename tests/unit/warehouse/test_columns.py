from __future__ import annotations

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.warehouse import fact_columns, published_columns

from .conftest import contract, standard


def test_place_first_then_the_contract_without_persons_and_replaced_names(
    weekly: Contract, standards: dict[str, Standard]
) -> None:
    columns = fact_columns(weekly, standards)
    assert [(c.name, c.type) for c in columns] == [
        ("kode_wilayah", "VARCHAR"),
        ("tahun", "INTEGER"),
        ("order", "BIGINT"),
        ("kasus", "BIGINT"),
    ]
    assert columns[-1].description == "Konsep: Satu {{ nilai }} dengan 'kutip'. Satuan: orang."
    assert [c.name for c in published_columns(weekly, standards)] == [
        "kode_wilayah",
        "tahun",
        "order",
        "kasus",
    ]


def test_a_published_name_stays(weekly: Contract, standards: dict[str, Standard]) -> None:
    kolom = {**weekly.kolom, "kabupaten": weekly.kolom["kabupaten"].model_copy(update={"terbit": True})}
    names = [c.name for c in fact_columns(weekly.model_copy(update={"kolom": kolom}), standards)]
    assert names == ["kode_wilayah", "tahun", "kabupaten", "order", "kasus"]


def test_the_contract_decides_what_is_personal() -> None:
    kolom = {
        "usaha": {"dari": "a", "standar": "nama_orang", "pribadi": False},
        "nama": {"dari": "b", "standar": "nama_orang"},
        "umur": {"dari": "c", "standar": "bilangan", "pribadi": True},
    }
    known = {"nama_orang": standard("VARCHAR", personal=True), "bilangan": standard("BIGINT")}
    assert [c.name for c in fact_columns(contract("a", "b", kolom), known)] == ["usaha"]


def test_nothing_leaves_a_closed_dataset_or_one_without_terbit(
    weekly: Contract, standards: dict[str, Standard]
) -> None:
    assert published_columns(weekly.model_copy(update={"klasifikasi": "terbatas"}), standards) == []
    closed = {name: column.model_copy(update={"terbit": False}) for name, column in weekly.kolom.items()}
    assert published_columns(weekly.model_copy(update={"kolom": closed}), standards) == []
