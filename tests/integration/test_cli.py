"""The command line as people meet it: every exit code, every message, and no personal data left about."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.conftest import Done, apart, satudata, unpacked
from tests.integration.small import COLUMNS, Small, no_trace, rows, table

pytestmark = pytest.mark.slow
KEY, PERSONS, PATHS = "dinkes.kasus", "dukcapil.warga", "dinkes.jalur"
PERSON_COLUMNS = {
    "nik": {"dari": "NIK", "standar": "nik", "wajib": True},
    "nama": {"dari": "Nama", "standar": "nama_orang", "wajib": True},
    "telepon": {"dari": "Telepon", "standar": "telepon"},
    "surel": {"dari": "Surel", "standar": "surel"},
    "alamat": {"dari": "Alamat", "standar": "alamat"},
    "kabupaten": {**COLUMNS["kabupaten"], "wajib": True},
    "anak": {"dari": "Anak", "standar": "bilangan", "satuan": "orang", "terbit": True},
}
# Right and wrong ones, and one NIK twice, so that every way a value can be talked about is taken.
SECRETS = [
    ("3301014107900123", "Xanthippe Wulandaruqi", "081298765432", "xanthippe@wulandaruqi.id", "Jl. Zamrudkhatul 7"),
    ("3302011208850456", "Qalbuzzaman Prawirodirjaqsa", "0812987x5433", "qalbuzzaman(at)surel", "Jl. Yaksapura 9"),
    ("33020112088504", "Vyasaquina Hartawiranty", "6281298765434", "vyasa@hartawiranty.id", "Gg. Wrekudara 11"),
    ("9903011208850789", "J4yaqatwang Umbulsakti", "999", "umbul@sakti.id", "Dk. Xerxesan 13"),
    ("3376014107900999", "Zubaidahx Quraniyah", "081298765436", "zubaidahx@quraniyah.id", "Ds. Quenzakarta 15"),
    ("3376014107900999", "Zubaidahx Lainnamaq", "081298765437", "zubaidahx2@quraniyah.id", "Ds. Quenzakarta 17"),
]


@dataclass(frozen=True)
class House:
    """A small house after two nights: `only` one dataset without a release, then everything."""

    small: Small
    only: Done
    after_only: list[str]
    rows_of_others: int
    full: Done


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    small = Small(tmp_path_factory.mktemp("cli"))
    small.declare(KEY)
    small.deliver(KEY)
    facts = {"dari_berkas": "{tahun}/{kabupaten}.csv"}
    columns = {**COLUMNS, "tahun": {**COLUMNS["tahun"]}, "kabupaten": {**COLUMNS["kabupaten"]}}
    del columns["tahun"]["dari"], columns["kabupaten"]["dari"]
    small.declare(PATHS, columns, baca=facts)
    small.declare(PERSONS, PERSON_COLUMNS, kunci=["nik"], batas={"ditolak_maks": "90%"})
    persons = [(*person, "Kabupaten Cilacap", str(n)) for n, person in enumerate(SECRETS)]
    small.deliver(PERSONS, table(persons, "NIK;Nama;Telepon;Surel;Alamat;Kabupaten;Anak"))
    assert satudata("keys", "init", home=small.home).code == 0
    only = small.run("--only", KEY, "--no-publish")
    after = sorted(p.name for p in (small.home / "releases").iterdir())
    others = Done(small.home, 0, "", "").one("SELECT count(*) FROM conformed.fct_warga")
    assert isinstance(others, int)
    return House(small, only, after, others, small.run())


# -- run -----------------------------------------------------------------------------------------


def test_only_checks_one_dataset_and_no_publish_stops_before_the_release(house: House) -> None:
    assert house.only.code == 0, house.only.err
    assert house.after_only == [] and house.rows_of_others == 0
    lines = {line.split(",")[0]: line.split(",")[1] for line in house.only.out.splitlines() if line.count(",") > 5}
    assert lines == {"dataset": "status", KEY: "SESUAI", PATHS: "BELUM ADA", PERSONS: "BELUM ADA"}
    assert f"{KEY}\n" in house.only.out and f"{PERSONS}\n" not in house.only.out
    assert "- release" not in house.only.out


def test_a_good_night_ends_with_0_and_says_where_its_fruits_are(house: House) -> None:
    assert house.full.code == 0, house.full.err
    assert "The night ended with 0: all is well." in house.full.out
    assert str(house.small.home / "findings" / "laporan.html") in house.full.out
    assert (house.small.home / "releases" / "latest" / "dinkes-kasus" / "dinkes-kasus.csv").exists()
    no_trace(house.full)


def test_when_every_contract_is_wrong_nothing_is_promoted(house: House, tmp_path: Path) -> None:
    small = Small(tmp_path)
    path = small.declare(KEY, {**COLUMNS, "kasus": {"dari": "Kasus", "standar": "bilangam"}})
    done = small.run() if small.deliver(KEY) else None
    assert done and done.code == 1
    assert f"{path}:" in done.err and "kolom.kasus.standar: there is no standard 'bilangam'" in done.err
    no_trace(done)
    doctor = small.call("doctor")
    assert doctor.code == 1 and f"{path}:" in doctor.out
    no_trace(doctor)


# -- a wrong command line ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--nope"], "--nope"),
        (["run", "--only", "dinkes.kasis"], KEY),
        (["run", "--landing", "nowhere"], "there is no folder nowhere"),
        (["run", "--contoh", "--landing", "."], "--contoh"),
        (["check", "nowhere.csv", "--as", KEY], "there is no file nowhere.csv"),
        (["check", "{file}", "--as", "dinkes.kasis"], f"did you mean {KEY}"),
        (["check", "{file}"], "--as"),
        (["check", "{file}", "--as", KEY, "extra"], "extra"),
        (["query"], "sql"),
        (["fly"], "fly"),
    ],
)
def test_a_wrong_command_line_exits_64(house: House, arguments: list[str], words: str) -> None:
    file = house.small.root / "landing" / "dinkes" / "kasus" / "data.csv"
    done = house.small.call(*[a.replace("{file}", str(file)) for a in arguments])
    assert done.code == 64, (done.out, done.err)
    assert words in done.err and done.out == ""
    no_trace(done)


@pytest.mark.parametrize("command", ["run", "check", "query", "doctor"])
def test_help_shows_an_example(house: House, command: str) -> None:
    done = house.small.call(command, "--help")
    assert done.code == 0
    assert "Example" in done.out and f"satudata {command} " in done.out.partition("Example")[2]


# -- check ---------------------------------------------------------------------------------------


def test_check_takes_facts_from_the_path_and_says_sesuai(house: House, tmp_path: Path) -> None:
    file = tmp_path / "2023" / "kabupaten cilacap.csv"
    file.parent.mkdir()
    file.write_bytes(b"Kasus\n5\n7\n")
    before = fingerprints(house.small.home)
    done = house.small.call("check", file, "--as", PATHS)
    assert done.code == 0, done.out + done.err
    assert "dibaca 2 = diterima 2 + karantina 0 + bukan data 0" in done.out and "SESUAI: 0 temuan" in done.out
    changed = {name for name, digest in fingerprints(house.small.home).items() if before.get(name) != digest}
    assert changed <= {"findings/dinkes/jalur/coba-kabupaten cilacap.csv"}, "nothing is archived or loaded"


def test_check_lists_all_findings_with_full_names_and_exits_2(house: House, tmp_path: Path) -> None:
    place = "Kabupaten " + "Antahberantah" * 12
    file = tmp_path / "kiriman [1].csv"
    file.write_bytes(table([*rows(KEY), ("2024", place, "5"), ("2024", "Semarang", "x")]))
    done = house.small.call("check", file, "--as", KEY)
    assert done.code == 2, done.out + done.err
    header, *findings = done.out.splitlines()
    assert header == "berkas,baris,kolom,nilai,standar,tingkat,pesan,saran"
    assert sum(place in line and line.startswith("kiriman [1].csv,5,kabupaten,") for line in findings) == 1
    assert sum(line.startswith("kiriman [1].csv,6,kabupaten,Semarang,") for line in findings) == 1
    assert "DIKEMBALIKAN" in done.out
    stored = house.small.home / "findings" / "dinkes" / "kasus" / "coba-kiriman [1].csv"
    assert str(stored) in done.out and place in stored.read_text(encoding="utf-8")
    no_trace(done)


def test_check_of_no_table_exits_2_with_one_finding(house: House, tmp_path: Path) -> None:
    file = tmp_path / "kosong.xlsx"
    file.write_bytes(b"")
    done = house.small.call("check", file, "--as", KEY)
    assert done.code == 2 and done.out.count("Berkas kosong") == 1, done.out + done.err
    no_trace(done)


# -- query and doctor ----------------------------------------------------------------------------


def test_query_gives_csv(house: House) -> None:
    done = house.small.call("query", "SELECT 'a,b' AS satu, NULL AS dua, sum(kasus) AS tiga FROM conformed.fct_kasus")
    assert (done.code, done.err) == (0, "")
    assert done.out == f'satu,dua,tiga\n"a,b",,{sum(int(row[2]) for row in rows(KEY))}\n'


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nothing FROM conformed.fct_kasus",
        "SELEC 1",
        "CREATE TABLE ops.baru AS SELECT 1",
        "DELETE FROM conformed.fct_kasus",
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO 'keluar.csv'",
        "ATTACH 'lain.duckdb'",
        "SET enable_external_access = true",
    ],
)
def test_query_reads_the_warehouse_and_nothing_else(house: House, sql: str) -> None:
    done = house.small.call("query", sql)
    assert done.code == 1 and done.out == "" and done.err.startswith("satudata: "), done.out + done.err
    no_trace(done)
    assert house.small.figures(KEY)


def test_query_before_the_first_night_says_what_to_run(tmp_path: Path) -> None:
    done = Small(tmp_path).call("query", "SELECT 1")
    assert done.code == 1 and "run: satudata run" in done.err


def test_doctor_finds_nothing_wrong(house: House) -> None:
    done = house.small.call("doctor")
    assert done.code == 0, done.out
    assert "3 contracts" in done.out and "bad" not in done.out


def test_no_colours_unless_on_a_terminal(house: House) -> None:
    screen = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    words = house.small.words("run", "--landing", house.small.root / "landing"), house.small.words("doctor")
    again, doctor = (apart(*some, home=house.small.home, **screen) for some in words)
    assert (again.code, doctor.code) == (0, 0)
    for done in (house.only, house.full, again, doctor):
        assert not re.search(r"\x1b", done.out + done.err)


# -- personal data -------------------------------------------------------------------------------


def test_no_personal_value_is_left_anywhere_but_where_it_belongs(house: House) -> None:
    """Beside the produsen's own findings nothing holds one in clear, the archive and the store included."""
    small = house.small
    words = [word.encode() for person in SECRETS for word in person if len(word) > 3]
    own = small.home / "findings" / "dukcapil"
    assert any(word in p.read_bytes() for p in own.rglob("*.csv") for word in words), "the search finds what is there"
    leaks = {}
    for path in small.home.rglob("*"):
        if not path.is_file() or path.is_relative_to(own):
            continue
        content = path.read_bytes() + (b"" if path.is_relative_to(small.home / "identity") else unpacked(path))
        if found := [word for word in words if word in content]:
            leaks[str(path.relative_to(small.home))] = found
    assert leaks == {}
    for done in (house.only, house.full):
        assert not any(word in (done.out + done.err).encode() for word in words)
    assert small.home.joinpath("staging", "dukcapil", "warga").exists()


def fingerprints(home: Path) -> dict[str, str]:
    """Every file of a home with the hash of its bytes."""
    return {
        p.relative_to(home).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in home.rglob("*")
        if p.is_file()
    }
