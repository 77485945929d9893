"""What the gate refuses is in no release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract.load import Produsen
from pipelines.contract.standard import Standard
from pipelines.gate import Gate
from pipelines.home import Key
from pipelines.identity.name_marks import export_names
from pipelines.publish import ReleaseError

from .conftest import World, make_contract, text_contract

NIK = "3374010101900001"


def test_a_nik_blocks_and_is_masked(world: World) -> None:
    world.text("aman", f"a.n. Budi {NIK[:4]} {NIK[4:]}", None)
    result = world.release(text_contract())
    (finding,) = result.refused["dinas.catatan"]
    assert (finding.kolom, finding.standar, finding.tingkat) == ("isi", "nik", "kritis")
    assert finding.nilai == "3374************"
    assert "1 baris" in finding.pesan
    assert "0190" not in repr(result)
    assert not (world.latest / "dinas-catatan").exists()
    logged = json.loads((world.latest / "gerbang.json").read_text())["dataset"]["dinas-catatan"]
    assert logged["nilai_diperiksa"] == 2 and logged["ditemukan"][0]["tempat"] == "isi"


@pytest.mark.parametrize(
    "change",
    [{"judul": f"Catatan {NIK}"}, {"deskripsi": "Tanya Budi di 0812 3456 7890."}, {"kata_kunci": ["budi@contoh.com"]}],
)
def test_a_personal_value_in_the_metadata_blocks(world: World, change: dict) -> None:
    world.text("aman")
    result = world.release(text_contract().model_copy(update=change), make_contract())
    assert list(result.datasets) == ["dinas.harga"]
    assert "Metadata" in result.refused["dinas.catatan"][0].pesan
    assert NIK not in b"".join(p.read_bytes() for p in world.latest.rglob("*") if p.is_file()).decode("utf-8", "ignore")


def test_without_description_or_contact_it_stays_out(world: World) -> None:
    world.text("aman")
    silent = text_contract().model_copy(update={"deskripsi": "-"})
    assert "deskripsi" in world.release(silent, make_contract()).refused["dinas.catatan"][0].pesan
    world.opd = {"dinas": Produsen("dinas", "Dinas Uji", "", "33", "", "")}
    result = world.release(make_contract())
    assert "kontak" in result.refused["dinas.harga"][0].pesan and result.datasets == {}


def test_a_name_of_the_store_blocks(world: World, tmp_path: Path) -> None:
    marks = tmp_path / "nama.parquet"
    with duckdb.connect() as con:
        export_names(con, "SELECT 'Budi Santoso' AS nama", Key(b"1" * 32, b"2" * 32, 1), marks)
    world.text("aman", "ketua: SANTOSO, Budi")
    world.names = marks
    result = world.release(text_contract(), make_contract())
    assert result.refused["dinas.catatan"][0].standar == "nama_orang"
    assert list(result.datasets) == ["dinas.harga"]
    assert json.loads((world.latest / "gerbang.json").read_text())["nama_orang"] == "diperiksa"


@pytest.mark.parametrize("broken", ["no rule", "bad sql"])
def test_without_a_working_rule_nothing_leaves(world: World, broken: str) -> None:
    nik = world.standards["nik"]
    bad = [how.model_copy(update={"sah": "no_such({x})"}) for how in nik.gerbang] if broken == "bad sql" else []
    world.standards = world.standards | {"nik": nik.model_copy(update={"gerbang": bad})}
    world.text(NIK)
    with pytest.raises(ReleaseError, match=r"nik|no_such"):
        world.release(text_contract())
    assert list(world.home.releases.iterdir()) == []


def test_a_column_that_is_not_terbit_blocks(world: World) -> None:
    world.table("catatan", "('a', 'b')", {"isi": "VARCHAR", "rahasia": "VARCHAR"})
    (finding,) = world.release(text_contract()).refused["dinas.catatan"]
    assert finding.kolom == "rahasia"


@pytest.mark.parametrize(
    ("column", "refused"),
    [
        ({"standar": "nama_orang"}, True),
        ({"standar": "teks", "pribadi": True}, True),
        ({"standar": "telepon", "pribadi": False}, False),
    ],
)
def test_a_personal_column_blocks(world: World, column: dict, refused: bool) -> None:
    world.text("024-7601234")
    assert bool(world.release(text_contract(**column)).refused) is refused


MARKS = st.sampled_from(["", "", " ", ".", "-", "'", "  ", " -", "–", "\u00a0", "’"])
DIGIT = st.sampled_from([0x30, 0xFF10, 0x0660])


@pytest.fixture(scope="module")
def gate(standards: dict[str, Standard]) -> Iterator[Gate]:
    with duckdb.connect() as con:
        yield Gate.open(con, standards)


@settings(max_examples=10, deadline=None)
@given(
    disguises=st.lists(
        st.tuples(st.lists(MARKS, min_size=15, max_size=15), st.lists(DIGIT, min_size=16, max_size=16)),
        min_size=1,
    ),
    around=st.tuples(st.text("abc /:;,", max_size=4), st.text("abc /:;,", max_size=4)),
)
def test_no_disguise_of_marks_and_digits_slips_through(gate: Gate, disguises: list, around: tuple) -> None:
    cells = []
    for marks, bases in disguises:
        digits = [chr(b + int(d)) for b, d in zip(bases, NIK, strict=True)]
        cells.append(around[0] + "".join(d + m for d, m in zip(digits, [*marks, ""], strict=True)) + around[1])
    gate.con.execute("CREATE OR REPLACE TABLE t (isi VARCHAR)")
    gate.con.executemany("INSERT INTO t VALUES (?)", [[cell] for cell in cells])
    (finding,) = gate.data(text_contract(), "t").findings
    assert f"pada {len(cells)} baris" in finding.pesan
