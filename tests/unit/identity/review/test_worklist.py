"""The worklist: what waits where, answers that win the next night, and sheets that come back from a spreadsheet."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home, Key
from pipelines.home.store import attach
from pipelines.identity.review import worklist, worksheet
from pipelines.identity.review.worklist import NothingLinked, Pair, Tally
from pipelines.identity.vault import register_file
from tests.unit.identity.review.small import NIGHT, copied, night, records, small_home

NAMES = {"33.01.01.2001": "Desa Tambakreja"}
Linked = tuple[Home, Key]


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Linked:
    home, key = small_home(tmp_path_factory.mktemp("malam") / "home")
    night(home, key, records())
    return home, key


@pytest.fixture
def linked(first_night: Linked, tmp_path: Path) -> Linked:
    return copied(first_night, tmp_path / "home")


def waiting(linked: Linked, wilayah: str = "") -> list[Pair]:
    with worklist.opened(*linked) as con:
        return worklist.open_pairs(con, wilayah)


def answered(linked: Linked) -> dict[str, str | None]:
    with worklist.opened(*linked) as con:
        return {code: pair.answer for code, pair in worklist.all_pairs(con).items() if pair.answer}


def doubt(linked: Linked) -> Pair:
    return next(pair for pair in waiting(linked) if not pair.sample)


def person_of(linked: Linked, sumber: str, kunci: str) -> str:
    home, key = linked
    with duckdb.connect() as con:
        attach(con, register_file(home), key, "r", read_only=True)
        row = con.execute(
            "SELECT id::VARCHAR FROM r.penduduk.xref WHERE sumber = ? AND kunci = ?", [sumber, kunci]
        ).fetchone()
    assert row
    return str(row[0])


def test_without_a_register_it_says_what_to_do(tmp_path: Path) -> None:
    home, key = small_home(tmp_path / "home")
    with pytest.raises(NothingLinked, match="satudata run"), worklist.opened(home, key):
        pass


def test_pairs_in_doubt_and_the_sample_are_shown_as_written_and_once(linked: Linked) -> None:
    pairs = waiting(linked)
    assert {pair.sample for pair in pairs} == {True, False}
    assert len({frozenset([(p.a.sumber, p.a.kunci), (p.b.sumber, p.b.kunci)]) for p in pairs}) == len(pairs)
    written = {(str(r["sumber"]), str(r["kunci"])): r for r in records()}
    for pair in pairs:
        for side in (pair.a, pair.b):
            of = written[side.sumber, side.kunci]
            assert side.values == {f: of["kode_wilayah" if f == "wilayah" else f] for f in worklist.FIELDS}


def test_places_add_up_level_by_level(linked: Linked) -> None:
    with worklist.opened(*linked) as con:
        whole = worklist.tally(con)
        for di in ("", "33.01", "33.01.01"):
            assert sum(t.pairs for t in worklist.below(con, di)) == worklist.tally(con, di).pairs > 0
        assert [t.kode for t in worklist.below(con)] == ["33.01", "33.02"]
        assert [t.kode for t in worklist.below(con, "33.01")] == ["33.01.01", "33.01.02"]
        assert worklist.tally(con, "33.0") == Tally("33.0", 0, 0)  # half a code is no place
        assert {p.code for p in worklist.open_pairs(con)} == {
            p.code for kode in ("33.01", "33.02") for p in worklist.open_pairs(con, kode)
        }
    assert whole.pairs == len(waiting(linked))


def test_a_pair_without_a_place_is_still_to_be_found(tmp_path: Path) -> None:
    linked = small_home(tmp_path / "home")
    night(*linked, [r | {"kode_wilayah": None} if r["sumber"] != "latar" else r for r in records()])
    with worklist.opened(*linked) as con:
        assert worklist.below(con)[-1].kode == worklist.NOWHERE
        assert worklist.open_pairs(con, worklist.NOWHERE)


@pytest.mark.parametrize("said", ["sama", "beda"])
def test_an_answer_decides_the_next_night(linked: Linked, said: str) -> None:
    pair = doubt(linked)
    worklist.answer(*linked, [(pair, said, None)], "Siti")
    assert pair.code not in {p.code for p in waiting(linked)}
    night(*linked, records(), NIGHT + timedelta(days=1))
    ids = {person_of(linked, side.sumber, side.kunci) for side in (pair.a, pair.b)}
    assert len(ids) == (1 if said == "sama" else 2)
    assert pair.code not in {p.code for p in waiting(linked) if not p.sample}


def test_the_last_answer_of_a_person_is_found_and_taken_back(linked: Linked) -> None:
    one, other = waiting(linked)[:2]
    worklist.answer(*linked, [(one, "sama", None)], "Siti")
    worklist.answer(*linked, [(other, "ragu", None)], "Siti")
    with worklist.opened(*linked) as con:
        last = worklist.last_by(con, "Siti", NIGHT)
        assert last and last.code == other.code
        assert worklist.last_by(con, "Budi", NIGHT) is None
    worklist.answer(*linked, [(last, "batal", None)], "Siti")
    assert answered(linked) == {one.code: "sama"}
    assert other.code in {p.code for p in waiting(linked)}


def test_the_code_of_a_pair_lasts_and_hides_its_records(linked: Linked, tmp_path: Path) -> None:
    before = {p.code for p in waiting(linked)}
    night(*linked, list(reversed(records())), NIGHT + timedelta(days=1))
    assert {p.code for p in waiting(linked)} == before
    elsewhere = small_home(tmp_path / "other")
    night(*elsewhere, records())
    assert not {p.code for p in waiting(elsewhere)} & before


def sheet(linked: Linked, out: Path, wilayah: str = "") -> list[dict[str, str]]:
    with worklist.opened(*linked) as con:
        worksheet.write(con, wilayah, out, NAMES)
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_sheet_is_for_this_user_alone_and_survives_a_spreadsheet(linked: Linked, tmp_path: Path) -> None:
    out = tmp_path / "kerja.csv"
    rows = sheet(linked, out, "33.01")
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(rows) == len(waiting(linked, "33.01"))
    for row in rows:
        assert row["jawaban"] == row["catatan"] == ""
        for cell in row.values():
            assert not (cell.isdigit() and len(cell) > 11), "a spreadsheet would round it"
    assert any("Desa Tambakreja" in row["wilayah_1"] for row in rows)


def test_what_a_spreadsheet_would_run_is_defused(tmp_path: Path) -> None:
    linked = small_home(tmp_path / "home")
    night(*linked, [r | {"alamat": '=HYPERLINK("x")'} for r in records()])
    assert all(row["alamat_2"].startswith("'=") for row in sheet(linked, tmp_path / "k.csv"))


def returned(path: Path, lines: list[str], delimiter: str = ";", encoding: str = "cp1252") -> Path:
    """As a spreadsheet in Indonesia saves it: other columns gone, other separator, other encoding."""
    text = "\r\n".join(["Pasangan,Jawaban,catatan", *lines]).replace(",", delimiter)
    path.write_bytes(text.encode(encoding))
    return path


def test_answers_come_back_and_a_second_reading_changes_nothing(linked: Linked, tmp_path: Path) -> None:
    a, b, c, d = (p.code for p in waiting(linked)[:4])
    path = returned(
        tmp_path / "isi.csv", [f"{a}, SAMA ,sudah ditanya — betul", f"{b},beda", f"{c},Tidak tahu,", f"{d},,"]
    )
    done = worksheet.read(*linked, path, "Siti")
    assert (done.taken, done.known, done.problems) == (3, 0, [])
    assert answered(linked) == {a: "sama", b: "beda", c: "ragu"}
    again = worksheet.read(*linked, path, "Siti")
    assert (again.taken, again.known, again.problems) == (0, 3, [])


def test_what_cannot_be_taken_is_told_by_line_and_the_rest_is_taken(linked: Linked, tmp_path: Path) -> None:
    a, b, c, d = (p.code for p in waiting(linked)[:4])
    worklist.answer(*linked, [(p, "beda", None) for p in waiting(linked) if p.code == d], "Budi")
    lines = [f"{a},mungkin", f"{b},sama", f"{b},beda", "Ptidakada,sama", f"{c},sama", f"{c},sama", f"{d},sama"]
    done = worksheet.read(*linked, returned(tmp_path / "isi.csv", lines, "\t", "utf-8-sig"), "Siti")
    assert done.taken == 1
    assert done.problems == [
        f"baris 2: jawaban untuk {a} bukan sama, beda atau ragu",
        f"baris 3: pasangan {b} dijawab berbeda-beda pada baris 3, 4; tidak satu pun diambil",
        "baris 5: pasangan Ptidakada tidak ada dalam daftar kerja; mungkin datanya sudah berubah",
        f"baris 8: pasangan {d} sudah dijawab beda oleh Budi; --ganti menggantinya",
    ]
    assert answered(linked) == {c: "sama", d: "beda"}
    only = returned(tmp_path / "ganti.csv", [f"{d},sama"])
    assert worksheet.read(*linked, only, "Siti", replace=True).taken == 1
    assert answered(linked)[d] == "sama"


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"nama,nik\nx,y\n", b"PK\x03\x04 zip"])
def test_a_file_that_is_no_sheet_is_refused(linked: Linked, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lain.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is no worklist"):
        worksheet.read(*linked, path, "Siti")
