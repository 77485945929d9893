"""The findings file that a produsen gets back, and the groups that the report shows."""

from __future__ import annotations

import csv

import pytest

from check.conftest import Examine, contract_of, table
from pipelines.contract.finding import Finding

LAX = {"ditolak_maks": "100%"}
COLUMNS = {"nama": "teks", "cacah": "bilangan"}


def test_exactly_these_columns(examine: Examine) -> None:
    result = examine(contract_of(COLUMNS, batas=LAX), "nama,cacah\nA,x\n")
    lines = (result.work / "temuan.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "berkas,lembar,baris,kolom,nilai,standar,tingkat,pesan,saran"
    assert result.found == [{
        "berkas": "a.csv", "lembar": "", "baris": "2", "kolom": "cacah", "nilai": "x", "standar": "bilangan",
        "tingkat": "kritis", "pesan": '"x" bukan bilangan bulat, atau tanda ribuannya tidak dapat dipastikan.',
        "saran": "Tulis angka bulat tanpa tanda ribuan, tanpa desimal dan tanpa satuan, misalnya 1234.",
    }]  # fmt: skip


def test_no_findings_is_still_a_file(examine: Examine) -> None:
    result = examine(contract_of(COLUMNS), "nama,cacah\nA,1\n")
    assert (result.work / "temuan.csv").read_text() == "berkas,lembar,baris,kolom,nilai,standar,tingkat,pesan,saran\n"


@pytest.mark.parametrize("value", ["=1+1", "+62x", "-3x", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"])
def test_no_cell_runs_as_a_formula(examine: Examine, value: str) -> None:
    result = examine(contract_of(COLUMNS, batas=LAX), table(["nama", "cacah"], [["A", value]]))
    assert result.found[0]["nilai"] == "'" + value


def test_quotes_and_line_breaks_survive(examine: Examine) -> None:
    value = 'dua "tiga",\nempat'
    result = examine(contract_of(COLUMNS, batas=LAX), table(["nama", "cacah"], [["A", value]]))
    assert (result.found[0]["nilai"], result.found[0]["baris"]) == (value, "2")


def test_known_findings_come_along(examine: Examine) -> None:
    note = Finding("a.csv", None, None, None, None, "landing", "peringatan", "Berkas ini kembar.", "Kirim satu saja.")
    result = examine(contract_of(COLUMNS), "nama,cacah\nA,1\n", [note])
    assert [(f["standar"], f["pesan"]) for f in result.found] == [("landing", "Berkas ini kembar.")]
    assert result.status == "SESUAI"


def test_the_same_delivery_gives_the_same_bytes(examine: Examine) -> None:
    files = {f"{n}.csv": table(["nama", "cacah"], [[f"r{i}", "x" * (i % 3)] for i in range(20)]) for n in "ba"}
    first, second = (examine(contract_of(COLUMNS, batas=LAX), files) for _ in "ab")
    for name in ("temuan.csv", "data.parquet", "karantina.parquet"):
        assert (first.work / name).read_bytes() == (second.work / name).read_bytes()
    assert first.checked.groups == second.checked.groups


def test_groups_say_how_many_where_and_which(examine: Examine) -> None:
    rows = [["A", v] for v in ("b", "a", "b", "c", "d", "e", "f", "g")] + [["B", "-1"]]
    groups = examine(contract_of(COLUMNS, batas=LAX), table(["nama", "cacah"], rows)).checked.groups
    assert [(g.kolom, g.standar, g.aturan, g.tingkat, g.jumlah) for g in groups] == [
        ("cacah", "bilangan", "bentuk", "kritis", 8), ("cacah", "bilangan", "negatif", "peringatan", 1),
    ]  # fmt: skip
    assert groups[0].pesan.startswith('"b" bukan bilangan')
    assert groups[0].contoh == ("b", "a", "c", "d", "e"), "first the one in the message, each once, five at most"
    assert groups[0].tempat == tuple(f"a.csv baris {n}" for n in range(2, 7))


def test_tidied_cells_are_counted(examine: Examine) -> None:
    result = examine(contract_of(COLUMNS), 'nama,cacah\n A ,1\nB,"1.000"\n"C  D",2\n-,3\n')
    assert result.checked.tidied == {"nama": 3, "cacah": 1}


def test_the_sheet_is_named(examine: Examine, tmp_path_factory: pytest.TempPathFactory) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data 2024"
    for row in (["nama", "cacah"], ["A", "x"], ["B", 2]):
        sheet.append(row)
    path = tmp_path_factory.mktemp("x") / "a.xlsx"
    book.save(path)
    result = examine(contract_of(COLUMNS, batas=LAX), {"a.xlsx": path.read_bytes()})
    assert [(f["lembar"], f["baris"]) for f in result.found] == [("Data 2024", "2")]


def test_the_file_is_plain_csv(examine: Examine) -> None:
    """UTF-8 without a BOM, comma, LF: what every program reads."""
    result = examine(contract_of(COLUMNS, batas=LAX), table(["nama", "cacah"], [["A", "é–x"]]))
    raw = (result.work / "temuan.csv").read_bytes()
    assert b"\r" not in raw and not raw.startswith(b"\xef\xbb\xbf")
    assert next(csv.reader(raw.decode("utf-8").splitlines()[1:]))[4] == "é–x"
