from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract.finding import Finding
from pipelines.contract.standard import Standard
from pipelines.publish import ReleaseError, gate

from .conftest import World, make_contract, text_contract

NIK = "3374010101900001"
DISGUISES = [
    NIK,
    f"NIK:{NIK}.",
    "a.n. Budi 3374 0101 0190 0001 RT 01",
    "33.74.01.410190.0001",
    "337401-010190-0001",
    "3374-0101 0190.0001",
    f"'{NIK}",
    "3'374'010'101'900'001",
    " ".join(NIK),
    "3374 0101 0190 0001",
    "3374\u200b010101900001",
    "3374–0101–0190–0001",
    "".join(chr(0xFF10 + int(d)) for d in NIK),
    "".join(chr(0x0660 + int(d)) for d in NIK),
    f"RT 05 {' '.join([NIK[:4], NIK[4:8], NIK[8:12], NIK[12:]])}",
    "1234 3374 0101 0190 0001",
    f"{NIK}001",
    f"0001{NIK}",
    "3.374010101900001E+15",
    f"x\n{NIK}\ny",
]
HARMLESS = [
    "33.74.01.1001 33.74.01.1002 33.74.01.1003",
    "11-01-2023 - 10-12-2023",
    "2023-01-05 12:30:00",
    "1.01.2.22.0.00.01.0000 2023",
    "024-7601234 / 081234567890",
    "Rp 1.250.000.000.000,00",
    "-6.9666666666",
    "1234567890123456",
    "337401010190001",
    "0374010101900001",
    "3374013201900001",
    "Jalan Pemuda No. 12-14, Semarang 50132",
]


def scan(standards: dict[str, Standard], folder: Path, *columns: list[str | None]) -> list[Finding]:
    """Findings on a Parquet file with these columns of text (of equal length), called k0, k1, ..."""
    names = [f"k{i}" for i in range(len(columns))]
    with duckdb.connect() as con:
        gate.prepare(con, standards)
        con.execute(f"CREATE TABLE t ({', '.join(f'{n} VARCHAR' for n in names)})")
        con.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(names))})", list(zip(*columns, strict=True)))
        con.execute(f"COPY t TO '{folder / 'x.parquet'}'")
        return gate.scan(con, standards, text_contract(), folder / "x.parquet")


def test_a_nik_blocks_and_is_masked(world: World) -> None:
    world.text("aman", DISGUISES[2], None)
    result = world.release(text_contract())
    (finding,) = result.refused["dinas.catatan"]
    assert (finding.kolom, finding.standar, finding.tingkat) == ("isi", "nik", "kritis")
    assert finding.nilai == "3374************"
    assert "1 baris" in finding.pesan
    assert "0190" not in repr(result)
    assert not (world.latest / "dinas-catatan").exists()


def test_a_nik_in_any_disguise_is_found(standards: dict[str, Standard], tmp_path: Path) -> None:
    found = {f.kolom: f.nilai for f in scan(standards, tmp_path, *([text, None] for text in DISGUISES))}
    assert {text: found.get(f"k{i}") for i, text in enumerate(DISGUISES)} == dict.fromkeys(
        DISGUISES, "3374************"
    )


def test_what_only_looks_long_passes(world: World) -> None:
    world.text(*HARMLESS)
    result = world.release(text_contract())
    assert (result.refused, result.datasets) == ({}, {"dinas.catatan": len(HARMLESS)})


@pytest.mark.parametrize("kind", ["BIGINT", "DOUBLE", "DECIMAL(20,2)"])
def test_a_nik_stored_as_a_number_blocks(world: World, kind: str) -> None:
    world.text(12, int(NIK), None, 7, kind=kind)
    (finding,) = world.release(text_contract()).refused["dinas.catatan"]
    assert finding.nilai == "3374************"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("DOUBLE", [110.4167123456789, -6.996666666666667, 0.3374010101900001]),
        ("DECIMAL(20,2)", ["3374010101900001.25"]),
        ("BIGINT", [337401010190001, 33740101019000012]),
        # Quadrillions of rupiah as a rule: one in fourteen looks like a NIK by chance.
        ("BIGINT", [10**15 + i * 7_919_123_456_789_013 % (9 * 10**15) for i in range(500)]),
    ],
)
def test_a_legitimate_magnitude_passes(world: World, kind: str, values: list) -> None:
    world.text(*values, kind=kind)
    assert world.release(text_contract()).refused == {}


def test_a_column_full_of_nik_is_no_magnitude(world: World) -> None:
    world.text(*[int(NIK) + i for i in range(500)], kind="BIGINT")
    assert "500 baris" in world.release(text_contract()).refused["dinas.catatan"][0].pesan


MARKS = st.sampled_from(["", "", " ", ".", "-", "'", "  ", " -", "–", "\u00a0", "’"])
DIGIT = st.sampled_from([0x30, 0xFF10, 0x0660])


@settings(max_examples=25, deadline=None)
@given(
    disguises=st.lists(
        st.tuples(st.lists(MARKS, min_size=15, max_size=15), st.lists(DIGIT, min_size=16, max_size=16)),
        min_size=1,
    ),
    around=st.tuples(st.text("abc /:;,", max_size=4), st.text("abc /:;,", max_size=4)),
)
def test_no_disguise_of_marks_and_digits_slips_through(
    tmp_path_factory: pytest.TempPathFactory, standards: dict[str, Standard], disguises: list, around: tuple
) -> None:
    cells = []
    for marks, bases in disguises:
        digits = [chr(b + int(d)) for b, d in zip(bases, NIK, strict=True)]
        cells.append(around[0] + "".join(d + m for d, m in zip(digits, [*marks, ""], strict=True)) + around[1])
    (finding,) = scan(standards, tmp_path_factory.mktemp("gate"), cells)
    assert f"pada {len(cells)} baris" in finding.pesan


def test_the_standard_decides_what_a_nik_is(world: World) -> None:
    world.text(NIK)
    nik = world.standards["nik"]
    never = [r.model_copy(update={"sah": "false"}) if r.nama == "bentuk" else r for r in nik.aturan]
    world.standards = world.standards | {"nik": nik.model_copy(update={"aturan": never})}
    assert world.release(text_contract()).refused == {}


@pytest.mark.parametrize("broken", ["missing", "no rule", "bad sql"])
def test_without_a_working_rule_nothing_leaves(world: World, broken: str) -> None:
    nik = world.standards["nik"]
    rules = [r.model_copy(update={"sah": "no_such({x})"}) for r in nik.aturan if r.nama == "bentuk"]
    changed = {
        "missing": {k: v for k, v in world.standards.items() if k != "nik"},
        "no rule": world.standards | {"nik": nik.model_copy(update={"aturan": []})},
        "bad sql": world.standards | {"nik": nik.model_copy(update={"aturan": rules})},
    }
    world.standards = changed[broken]
    with pytest.raises(ReleaseError, match="nik"):
        world.release(make_contract())
    assert list(world.home.releases.iterdir()) == []


def test_a_column_that_is_not_terbit_blocks(world: World) -> None:
    world.table("catatan", "('a', 'b')", {"isi": "VARCHAR", "rahasia": "VARCHAR"})
    (finding,) = world.release(text_contract()).refused["dinas.catatan"]
    assert finding.kolom == "rahasia"


def test_a_missing_column_blocks(world: World) -> None:
    world.table("catatan", "('a')", {"lain": "VARCHAR"})
    findings = world.release(text_contract()).refused["dinas.catatan"]
    assert {f.kolom for f in findings} == {"lain", "isi"}


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


def test_the_published_columns_are_the_contracts(tmp_path: Path) -> None:
    assert gate.published(make_contract()) == [
        "kode_wilayah",
        "tahun",
        "nama_barang",
        "harga",
        "tanggal",
        "subsidi",
    ]
    assert gate.published(text_contract(terbit=False)) == []
