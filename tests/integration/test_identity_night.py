"""Nights over a register and a school file that know the same persons: ids, history, rotation, a lost key."""

from __future__ import annotations

import hmac
import os
from typing import Any

import duckdb
import pytest

from pipelines.home import Home
from pipelines.home.keys import load
from pipelines.home.store import attach
from pipelines.night import Night
from tests.integration.conftest import Done, satudata
from tests.integration.small import Small

PERSON: dict[str, dict[str, Any]] = {
    "nik": {"dari": "NIK", "standar": "nik"},
    "no_kk": {"dari": "KK", "standar": "no_kk"},
    "nama": {"dari": "Nama", "standar": "nama_orang", "wajib": True},
    "jenis_kelamin": {"dari": "JK", "standar": "jenis_kelamin"},
    "tanggal_lahir": {"dari": "Lahir", "standar": "tanggal", "pribadi": True},
    "kode_desa": {"dari": "Desa", "standar": "kode_wilayah", "sistem": "kemendagri", "tingkat": "desa_kelurahan"},
}
ROLE = {"jenis": "penduduk", "nik": "nik", "no_kk": "no_kk", "nama": "nama", "jenis_kelamin": "jenis_kelamin",
        "tanggal_lahir": "tanggal_lahir"}  # fmt: skip
FAMILY = {"jenis": "keluarga", "no_kk": "no_kk", "anggota": "penduduk"}
PLACE = {"kode": "kode_desa"}
MALES = ["Slamet", "Budi", "Joko", "Agus", "Wahyu", "Eko", "Bambang", "Sugeng", "Hadi", "Arif"]
LAST = ["Santoso", "Wibowo", "Prasetyo", "Nugroho", "Saputra", "Hidayat", "Utomo", "Susanto", "Setiawan", "Widodo"]
DESA = ("33.02.01.2001", "33.02.01.2002", "33.02.02.2001")
Row = tuple[str, ...]


def person(n: int) -> Row:
    """NIK, KK, name, sex, birth date, desa of the n-th man; two share a family card."""
    year, month, day = 1950 + n, 1 + n % 12, 1 + n % 28
    nik = f"330201{day:02}{month:02}{year % 100:02}{n + 1:04}"
    born = f"{year}-{month:02}-{day:02}"
    return (nik, f"33020101011{n // 2 + 10000:05}", f"{MALES[n % 10]} {LAST[n // 2 % 10]}", "L", born, DESA[n % 3])


def table(header: str, rows: list[Row]) -> bytes:
    return "".join(";".join(row) + "\n" for row in [tuple(header.split(";")), *rows]).encode()


REGISTER = [person(n) for n in range(40)]
RESIDENTS = "NIK;KK;Nama;JK;Lahir;Desa"
PUPILS = "NISN;NIK;KK;Nama;JK;Lahir;Desa;NPSN"


def pupils() -> list[Row]:
    rows = [(f"00{n + 1:08}", *person(n), "20300001" if n % 2 else "20300002") for n in range(20)]
    nik, *rest = rows[3][1:]
    rows[3] = (rows[3][0], nik[:15] + str((int(nik[15]) + 3) % 10), *rest)  # a digit wrong
    rows[4] = (rows[4][0], "", "", *rows[4][3:])  # neither NIK nor KK
    return [*rows, ("0099999999", "3302011203050077", "", "Orang Baru", "L", "2005-03-12", DESA[0], "20300002")]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    small = Small(tmp_path_factory.mktemp("identitas"))
    limits = {"ditolak_maks": "20%"}
    small.declare("dukcapil.warga", PERSON, kunci=["nik"], wilayah=PLACE, batas=limits,
                  identitas={"penduduk": {**ROLE, "induk": True}, "keluarga": FAMILY})  # fmt: skip
    pupil = dict(PERSON)
    pupil["nisn"] = {"dari": "NISN", "standar": "nisn", "wajib": True}
    pupil["npsn"] = {"dari": "NPSN", "standar": "npsn"}
    small.declare("disdik.murid", pupil, kunci=["nisn"], wilayah=PLACE, batas=limits,
                  identitas={"penduduk": ROLE, "sekolah": {"jenis": "sekolah", "kode": "npsn"}})  # fmt: skip
    school: dict[str, dict[str, Any]] = {
        "npsn": {"dari": "NPSN", "standar": "npsn", "wajib": True},
        "nama": {"dari": "Nama", "standar": "teks"},
    }
    small.declare("disdik.sekolah_negeri", school, kunci=["npsn"], wilayah={"tetap": "33.02"},
                  identitas={"sekolah": {"jenis": "sekolah", "kode": "npsn", "nama": "nama"}})  # fmt: skip
    small.deliver("disdik.sekolah_negeri", table("NPSN;Nama", [("20300001", "SMP 1"), ("20300002", "SMP 2")]))
    small.deliver("dukcapil.warga", table(RESIDENTS, REGISTER))
    small.deliver("disdik.murid", table(PUPILS, pupils()))
    assert satudata("keys", "init", home=small.home).code == 0
    return small


def night(small: Small, code: int = 0) -> Done:
    done = small.run()
    assert (done.code, "Traceback" in done.err) == (code, False), done.out + done.err
    return done


# One home through five nights: each test goes on where the one before it stopped.


@pytest.fixture(scope="module")
def first(small: Small) -> Done:
    return night(small)


def ids(done: Done) -> dict[str, object]:
    """The pseudonym of each person of the register, by birth year (no two share one)."""
    today = (
        "SELECT tahun_lahir, id_penduduk FROM conformed.dim_penduduk WHERE dalam_register AND berlaku_sampai IS NULL"
    )
    return {str(year): name for year, name in done.query(today)}


def test_the_same_person_has_one_id_in_every_table(first: Done) -> None:
    linked = first.query(
        "SELECT b.metode, count(*) FROM conformed.bridge_murid_penduduk b JOIN conformed.fct_warga w "
        "ON w.id_penduduk = b.id_penduduk GROUP BY ALL ORDER BY ALL"
    )
    assert linked == [("nik", 18), ("nik_dekat", 1)]
    # One is new; one has neither NIK nor KK, and among so few persons a name and a date are no proof.
    assert first.one("SELECT count(*) FROM conformed.dim_penduduk WHERE NOT dalam_register") == 2
    assert first.one("SELECT count(DISTINCT id_baris) FROM conformed.fct_murid") == 21
    assert first.one("SELECT count(DISTINCT id_keluarga) FROM conformed.fct_warga") == 20
    schools = first.query(
        "SELECT s.nama, count(*) FROM conformed.fct_murid m JOIN conformed.dim_institusi s "
        "ON s.id_institusi = m.id_sekolah GROUP BY ALL ORDER BY ALL"
    )
    assert schools == [("SMP 1", 10), ("SMP 2", 11)]


def test_a_pseudonym_is_the_keyed_hash_of_the_internal_id(small: Small, first: Done) -> None:
    key = load(Home(small.home))
    assert key is not None
    with duckdb.connect() as con:
        attach(con, small.home / "identity" / "register.duckdb", key, "r", read_only=True)
        internal = [i for (i,) in con.execute("SELECT DISTINCT id FROM r.penduduk.xref WHERE daftar").fetchall()]
    secret = key.derive("pseudonym")
    names = {hmac.digest(secret, f"penduduk|{i}".encode(), "sha256").hex()[:32] for i in internal}
    assert set(ids(first).values()) == names
    assert len(names) == 40


def test_ids_outlive_corrections_and_a_move_is_history(small: Small, first: Done) -> None:
    before = ids(first)
    assert "no work done" in night(small).out
    rows = [list(row) for row in REGISTER]
    rows[0][5] = DESA[1]
    rows[1][0] = rows[1][0][:14] + "99"  # the register corrects a NIK, which is its key
    path = small.deliver("dukcapil.warga", table(RESIDENTS, [tuple(r) for r in rows[::-1]]))
    later = path.stat().st_mtime + 86_400 * 30
    os.utime(path, (later, later))
    after = night(small)
    assert ids(after) == before
    history = after.query(
        "SELECT kode_wilayah, berlaku_sampai IS NULL FROM conformed.dim_penduduk WHERE tahun_lahir = 1950 ORDER BY 2"
    )
    assert history == [(DESA[0], False), (DESA[1], True)]


def test_rotation_gives_other_names_to_the_same_persons(small: Small, first: Done) -> None:
    shape = "SELECT list_sort(list(tahun_lahir)) AS l FROM conformed.dim_penduduk GROUP BY id_keluarga ORDER BY l"
    families, before = first.query(shape), ids(first)
    assert satudata("keys", "rotate", home=small.home).code == 0
    after = night(small)
    assert after.query(shape) == families
    assert ids(after).keys() == before.keys()
    assert not set(ids(after).values()) & set(before.values())
    assert after.one("SELECT DISTINCT kunci_versi FROM conformed.dim_penduduk") == 2


def test_a_register_of_another_shape_stops_the_night_and_says_where_to_look(small: Small, first: Done) -> None:
    night_ = Night(Home(small.home), small.root / "landing", small.root / "sources")
    register = small.home / "identity" / "register.duckdb"
    good, mark = register.read_bytes(), small.home / "staging" / "_identitas" / "tanda"
    kept = mark.read_text()
    key = load(Home(small.home))
    assert key is not None
    with duckdb.connect() as con:
        attach(con, register, key, "r")
        con.execute("ALTER TABLE r.penduduk.rekam DROP COLUMN nama")
    mark.write_text("")
    with night_.exclusive():
        problems, worked = night_.identify()
    assert (len(problems), worked) == (1, False)
    assert "galat.log" in problems[0]
    register.write_bytes(good)
    mark.write_text(kept)


def test_without_the_key_the_links_of_the_last_night_stay(small: Small, first: Done) -> None:
    rows = "SELECT id_baris, id_penduduk, id_sekolah FROM conformed.fct_murid ORDER BY ALL"
    kept = first.query(rows)
    (small.home / "identity" / "kunci").rename(small.root / "kunci")
    small.deliver("disdik.sekolah_negeri", table("NPSN;Nama", [("20300001", "SMP Satu"), ("20300002", "SMP 2")]))
    after = night(small, code=3)
    assert after.query(rows) == kept
    now = "SELECT nama FROM conformed.dim_institusi WHERE kode = '20300001' AND berlaku_sampai IS NULL"
    assert after.one(now) == "SMP Satu"
