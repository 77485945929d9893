"""Aliases learnt through review: what is recorded resolves, what would confuse is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.referensi import install
from pipelines.wilayah.aliases import ACCEPTED, REFUSED, AliasError, accept, folded, open_proposals, refuse

REFERENSI = Path(__file__).parents[3] / "sources" / "referensi"
DAY = date(2026, 11, 20)
HEADER = "kode_induk,nama_induk,teks,kode_calon,nama_calon,skor,baris,dataset\n"
# Desa of Baturraden: 2007 Karang Tengah, 2008 Kemutug Kidul, 2009 Karangsalam Lor.
KARANGSALAM = "33.02.22.2009"


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    install(con, REFERENSI)
    return con


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_an_accepted_spelling_is_kept_once_with_who_and_when(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "referensi"
    assert accept(con, folder, KARANGSALAM, " Karang  Salam,Lr ", "Siti  Aminah", DAY)
    assert not accept(con, folder, KARANGSALAM, "KARANGSALAM LR", "Budi", DAY), "the second time is harmless"
    assert accept(con, folder, "33.72", "Kota Bengawan", "Budi", DAY)
    assert lines(folder / ACCEPTED) == [
        ["kode", "nama_lain", "sumber"],
        [KARANGSALAM, "Karang Salam,Lr", "ditinjau Siti Aminah 2026-11-20"],
        ["33.72", "Kota Bengawan", "ditinjau Budi 2026-11-20"],
    ]
    assert [p.name for p in folder.iterdir()] == [ACCEPTED], "nothing is left aside"


@pytest.mark.parametrize("text", ["Baturaden", "Kec. BATURADEN"])
def test_an_alias_of_the_repository_is_one_already(con: duckdb.DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    assert not accept(con, tmp_path, "33.02.22", text, "Budi", DAY)
    assert not (tmp_path / ACCEPTED).exists()


@pytest.mark.parametrize(
    ("kode", "text", "by", "said"),
    [
        ("33.02.22.2999", "Karangsalam Lr", "Budi", "not a Kemendagri code of the current edition"),
        ("3302222009", "Karangsalam Lr", "Budi", "write it with dots"),
        ("'; DROP TABLE wilayah; --", "x", "Budi", "not a Kemendagri code"),
        (KARANGSALAM, "Desa KARANG TENGAH", "Budi", "is the name of 33.02.22.2007 Karang Tengah"),
        (KARANGSALAM, "karang salam lor", "Budi", "no alias is needed"),
        ("33.02.23", "Baturaden", "Budi", "is another name of 33.02.22 Baturraden"),
        (KARANGSALAM, " - ", "Budi", "is no name"),
        (KARANGSALAM, "=HYPERLINK(1)", "Budi", "is no name"),
        (KARANGSALAM, "a" * 101, "Budi", "at most 100"),
        (KARANGSALAM, "Karangsalam Lr", "  ", "--oleh NAMA"),
    ],
)
def test_what_would_confuse_is_refused_and_nothing_is_written(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, kode: str, text: str, by: str, said: str
) -> None:
    with pytest.raises(AliasError, match=said.replace("(", r"\(")):
        accept(con, tmp_path, kode, text, by, DAY)
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_neighbour_elsewhere_does_not_matter(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    # Kebumen is a desa of Baturraden, and a kabupaten.
    assert accept(con, tmp_path, "33.02.23.2001", "Kebumen", "Budi", DAY)


def test_proposals_are_open_until_answered(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path, folder = tmp_path / "usulan.csv", tmp_path / "referensi"
    assert open_proposals(path, folder) == [], "no night yet"
    rows = [
        f"33.02.22,Baturraden,Karangsalam Lr,{KARANGSALAM},Karangsalam Lor,0.87,3,a.b",
        "33.02.22,Baturraden,Ketengar,33.02.22.2012,Ketenger,0.88,12,a.b",
        "33.02.22,Baturraden,Pandan,33.02.22.2003,Pandak,0.83,5,c.d",
    ]
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    assert [p.teks for p in open_proposals(path, folder)] == ["Ketengar", "Pandan", "Karangsalam Lr"]
    accept(con, folder, "33.02.22.2012", "KETENGAR", "Budi", DAY)
    assert refuse(con, folder, "33.02.22.2003", "Pandan", "Budi", DAY)
    assert not refuse(con, folder, "33.02.22.2003", "pandan", "Budi", DAY)
    assert [(p.teks, p.skor, p.baris) for p in open_proposals(path, folder)] == [("Karangsalam Lr", 0.87, 3)]
    assert lines(folder / REFUSED)[1:] == [["33.02.22.2003", "Pandan", "ditolak Budi 2026-11-20"]]
    assert accept(con, folder, "33.02.22.2003", "Pandan", "Siti", DAY), "a person may think again"


def test_what_was_accepted_is_not_refused_silently(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    accept(con, tmp_path, KARANGSALAM, "Karangsalam Lr", "Budi", DAY)
    with pytest.raises(AliasError, match="remove its line from"):
        refuse(con, tmp_path, KARANGSALAM, "KARANGSALAM LR", "Siti", DAY)
    with pytest.raises(AliasError, match="not a Kemendagri code"):
        refuse(con, tmp_path, "33.02.22.2999", "x", "Siti", DAY)


@pytest.mark.parametrize(
    ("damage", "said"),
    [("kode;nama_lain;sumber\n", "line 1"), ("kode,nama_lain,sumber\n33.02,Mas\n", "line 2"), ("", "line 1")],
)
def test_a_list_that_somebody_damaged_is_left_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, damage: str, said: str
) -> None:
    (tmp_path / ACCEPTED).write_text(damage, encoding="utf-8")
    with pytest.raises(AliasError, match=said):
        accept(con, tmp_path, KARANGSALAM, "Karangsalam Lr", "Budi", DAY)
    assert (tmp_path / ACCEPTED).read_text(encoding="utf-8") == damage


def test_lines_written_by_hand_stay_as_they_are(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    hand = '\ufeffkode,nama_lain,sumber\r\n33.02.22.2001,"Purwasari, lama",rapat 3 Mei'.encode()
    (tmp_path / ACCEPTED).write_bytes(hand)
    accept(con, tmp_path, KARANGSALAM, "Karangsalam Lr", "Budi", DAY)
    assert (tmp_path / ACCEPTED).read_bytes().startswith(hand + b"\n" + KARANGSALAM.encode())


def test_a_damaged_list_of_proposals_is_said(tmp_path: Path) -> None:
    for text in ("apa,saja\n1,2\n", HEADER + "33,a,b,33.02,c,tinggi,1,d\n", HEADER + "33,a\n"):
        (tmp_path / "u.csv").write_text(text, encoding="utf-8")
        with pytest.raises(AliasError, match="the next night writes it"):
            open_proposals(tmp_path / "u.csv", tmp_path)


@pytest.fixture(scope="module")
def try_out(con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], None]:
    """Accept any text: it is refused with AliasError, or what the file holds afterwards is that text."""
    folder = tmp_path_factory.mktemp("sembarang")

    def one(text: str) -> None:
        before = lines(folder / ACCEPTED) if (folder / ACCEPTED).exists() else [["kode", "nama_lain", "sumber"]]
        try:
            new = accept(con, folder, KARANGSALAM, text, "Budi", DAY)
        except AliasError:
            return
        now = lines(folder / ACCEPTED)
        assert len(now) == len(before) + new
        assert any(folded(row[1]) == folded(text) for row in now[1:])
        assert not accept(con, folder, KARANGSALAM, text, "Budi", DAY)

    return one


@given(st.text(max_size=40))
def test_any_text_is_recorded_faithfully_or_refused(try_out: Callable[[str], None], text: str) -> None:
    try_out(text)
