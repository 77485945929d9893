"""`satudata subject`, as an officer types it: nothing without a reason, nothing before it is in the log."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import duckdb
import pytest
import typer

from pipelines.cli import subject as command
from pipelines.cli.subject import group
from pipelines.home import Busy, HomeError, KeyFault, exclusive
from pipelines.home.key_files import FILE_VARIABLE, VARIABLE, key_file, record_file
from pipelines.identity import decisions
from pipelines.identity.subject.access_log import log_file, read, verify
from tests.unit.identity.subject.house import AID, REGISTER, SHARED, WARTINI, House, build

WHY = ("--alasan", "permohonan akses 12/PDP/2026", "--oleh", "Budi")
Run = Callable[..., object]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("rumah"))


@pytest.fixture
def house(built: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    for name in (VARIABLE, FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["satudata"])
    return built.copy(tmp_path)


@pytest.fixture
def run(house: House) -> Run:
    app = typer.Typer()
    app.add_typer(group, name="subject")

    @app.callback()
    def main() -> None:
        """Commands."""

    places = ["--home", str(house.home.root), "--sources", str(house.sources)]
    return lambda *words: app(["subject", *words, *([] if "--log" in words else places)], standalone_mode=False)


def said(house: House) -> list[str]:
    return [line.entry.hasil for line in read(house.home)]


def no_person_in(data: bytes) -> bool:
    return not any(text.encode() in data for text in (WARTINI, SHARED, "Wartini", "WARTINI", "Slamet", "Tukiyem"))


def test_all_that_is_held_is_shown_with_its_source(run: Run, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--nik", WARTINI, *WHY) == 0
    out = capsys.readouterr().out
    for text in (
        f"id_penduduk {house.samaran('wartini')}", f"{AID} (Uji santunan), sebagai penduduk",
        "tiba 2026-11-20 21:30 UTC; ditautkan dengan nik, skor 0.9990", "ditautkan dengan mirip, skor 0.9700",
        "081298765432", "300000", "sebagai ibu", "conformed.fct_santunan: 2 baris", "log akses, baris 1 (sidik ",
    ):  # fmt: skip
        assert text in out
    assert "Bagas" not in out, "the child in her row is somebody else"
    (line,) = read(house.home)
    assert line.entry.hasil == "ditampilkan: 4 baris dari 3 dataset"
    assert (line.entry.oleh, line.entry.tindakan, line.entry.id) == ("Budi", "lihat", house.samaran("wartini"))
    assert no_person_in(log_file(house.home).read_bytes())


def test_json_is_json_and_the_rest_goes_elsewhere(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--nik", WARTINI, "--json", *WHY) == 0
    out, err = capsys.readouterr()
    content = json.loads(out)
    assert {record["dataset"] for record in content["data"]} == {REGISTER, AID, "dinkes.lahir"}
    (own,) = [record for record in content["data"] if record["dataset"] == REGISTER]
    assert own["isi"]["nik"] == WARTINI and own["tautan"]["metode"] == "register" and content["fakta"]
    assert "log akses" in err


def test_nothing_held_is_an_answer(run: Run, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--nik", "3301010101010101", *WHY) == 0
    assert "Tidak ada data" in capsys.readouterr().out
    assert said(house) == ["ditampilkan: 0 baris dari 0 dataset"]


def test_alone_it_explains_itself(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    app = typer.Typer(rich_markup_mode=None)
    app.add_typer(group, name="subject")
    app.command("other")(lambda: None)
    with pytest.raises(typer.TyperException) as caught:
        app(["subject"], standalone_mode=False)
    caught.value.show()  # type: ignore[attr-defined]
    app(["subject", "--help"], standalone_mode=False)
    text = "".join(capsys.readouterr())
    assert text.count("satudata subject --log") == 2 and "Exit codes" in text and "hapus" in text
    assert not log_file(house.home).exists()


@pytest.mark.parametrize("last", [True, False])
def test_a_nik_without_a_value_is_read_unseen(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], last: bool
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(f"{WARTINI}\n"))
    assert run(*((*WHY, "--nik") if last else ("--nik", *WHY))) == 0
    assert "081298765432" in capsys.readouterr().out


def test_a_line_is_on_the_disk_before_anything_is_shown(
    run: Run, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(command, "_show", lambda *_: os._exit(9))
        run("--nik", WARTINI, *WHY)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert said(house) == ["ditampilkan: 4 baris dari 3 dataset"]


def test_without_a_log_nothing_is_shown(
    run: Run, house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log_file(house.home).mkdir()
    with pytest.raises(HomeError, match="akses"):
        run("--nik", WARTINI, *WHY)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "hasil", "told"),
    [
        (("--nik", WARTINI, "--oleh", "Budi"), "tanpa alasan", "--alasan"),
        (("--nik", WARTINI, "--alasan", "  ", "--oleh", "Budi"), "tanpa alasan", "--alasan"),
        (("--nik", WARTINI, "--alasan", "karena 1234", "--oleh", "Budi"), "tanpa alasan", "beberapa kata"),
        (("--nik", WARTINI, "--alasan", f"minta akses {WARTINI}"), "nomor pribadi dalam alasan", "jangan tulis NIK"),
        (("--nik", WARTINI, "--alasan", "permintaan Ibu Wartini"), "nama dalam alasan", "nama orangnya"),
        (("--nik", WARTINI, "--alasan", "permintaan akses", "--oleh", " "), "tanpa nama petugas", "--oleh"),
        (WHY, "tanpa NIK", "--nik"),
        (("--nik", "33020265", *WHY), "bukan NIK", "16 angka"),
        (("--nik", SHARED, *WHY), "2 orang", "2 orang yang berbeda. Pilih dengan --nama"),
        (("--nik", SHARED, "--nama", "Wartini", *WHY), "nama tidak cocok", "Tidak ada orang"),
    ],
)
def test_a_refusal_is_logged_and_shows_nothing(
    run: Run, house: House, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], hasil: str, told: str
) -> None:
    assert run(*words) == 1
    out, err = capsys.readouterr()
    assert out == "" and told in err
    assert said(house) == [f"ditolak: {hasil}"]
    assert no_person_in(log_file(house.home).read_bytes())


def test_a_name_chooses_among_those_who_share_a_nik(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--nik", SHARED, "--nama", "tukiyem", *WHY) == 0
    out = capsys.readouterr().out
    assert "Tukiyem" in out and "Slamet" not in out


def test_without_the_key_it_says_what_to_do(run: Run, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    key_file(house.home).unlink()
    with pytest.raises(KeyFault, match="put it back from its backup"):
        run("--nik", WARTINI, *WHY)
    record_file(house.home).unlink()
    assert run("--nik", WARTINI, *WHY) == 1
    assert "satudata keys init" in capsys.readouterr().err
    assert said(house) == ["gagal: KeyFault", "ditolak: tanpa kunci"]


def test_a_night_is_waited_for_and_the_try_is_logged(run: Run, house: House) -> None:
    with exclusive(house.home), pytest.raises(Busy):
        run("--nik", WARTINI, *WHY)
    assert said(house) == ["gagal: Busy"]


def test_the_lock_does_not_tell_the_nik(
    run: Run, house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["satudata", "subject", "--nik", WARTINI, *WHY])
    seen: list[bytes] = []
    monkeypatch.setattr(command, "_show", lambda *_: seen.append((house.home.root / "lock").read_bytes()))
    assert run("--nik", WARTINI, *WHY) == 0
    assert b"satudata subject lihat" in seen[0] and no_person_in(seen[0])


def test_the_log_is_shown_and_checked(run: Run, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        run("--nik", "3301010101010101", *WHY)
    capsys.readouterr()
    home = ("--home", str(house.home.root))
    assert run("--log", *home) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("nomor,waktu,oleh") and len(out) == 4
    lines = log_file(house.home).read_bytes().splitlines(keepends=True)
    log_file(house.home).write_bytes(lines[0] + lines[2])
    assert run("--log", *home) == 1
    assert "Baris 2 tidak menyambung" in capsys.readouterr().err


# -- koreksi ---------------------------------------------------------------------------------------


def test_a_value_is_corrected_once_and_in_its_normal_form(
    run: Run, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("koreksi", "--nik", WARTINI, "--dataset", AID, "--kolom", "lahir", "--nilai", "17/08/1990", "--ya", *WHY)
    assert run(*words) == 0
    assert "Dicatat untuk 2 baris" in capsys.readouterr().out
    with duckdb.connect() as con:
        decisions.load(con, house.home, house.key)
        rows = con.execute("SELECT kunci, kolom, nilai, oleh FROM koreksi ORDER BY kunci").fetchall()
    assert rows == [("A1", "lahir", "1990-08-17", "Budi"), ("A5", "lahir", "1990-08-17", "Budi")]
    note = house.home.findings.joinpath(*AID.split("."), "koreksi.csv")
    assert "1990-08-17" in note.read_text(encoding="utf-8")
    assert said(house) == ["dimulai", "selesai: 2 baris"]
    assert b"1990" not in log_file(house.home).read_bytes() and verify(house.home) == []


@pytest.mark.parametrize(
    ("kolom", "nilai", "told"),
    [("nik", "3302026543210000", "tidak berbentuk 16 angka"), ("nominal", "1000", "mintalah produsen")],
)
def test_what_cannot_be_corrected_is_said(
    run: Run, house: House, capsys: pytest.CaptureFixture[str], kolom: str, nilai: str, told: str
) -> None:
    words = ("koreksi", "--nik", WARTINI, "--dataset", AID, "--kolom", kolom, "--nilai", nilai, "--ya", *WHY)
    assert run(*words) == 1
    assert told in capsys.readouterr().err
    assert not (house.home.identity / "jawaban.duckdb").exists()


def test_a_value_that_is_right_already_is_left(run: Run, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--nik", WARTINI, "--dataset", REGISTER, "--kolom", "nama", "--nilai", "Wartini  binti Sukarno")
    assert run("koreksi", *words, *WHY) == 0
    assert "sudah demikian" in capsys.readouterr().out
    assert not (house.home.identity / "jawaban.duckdb").exists()


def test_a_wrong_dataset_or_column_is_a_wrong_command_line(run: Run) -> None:
    for dataset, kolom in (("dinas.apa", "nama"), (AID, "apa")):
        with pytest.raises(typer.BadParameter, match="apa"):
            run("koreksi", "--nik", WARTINI, "--dataset", dataset, "--kolom", kolom, "--nilai", "x", *WHY)


# -- hapus -----------------------------------------------------------------------------------------


def test_erased_is_gone_from_what_is_shown(run: Run, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("hapus", "--nik", WARTINI, "--dataset", AID, "--ya", *WHY) == 0
    out = capsys.readouterr().out
    assert "2 baris dihapus" in out and "arsip terenkripsi" in out and "fakta tanpa identitas" in out
    assert set(house.stored(AID)) == {"A2", "A3", "A4"}
    assert run("--nik", WARTINI, *WHY) == 0
    assert AID not in capsys.readouterr().out
    assert run("hapus", "--nik", WARTINI, "--dataset", AID, "--ya", *WHY) == 1
    assert said(house)[:2] == ["dimulai", "selesai: 2 baris"]


def test_a_register_is_not_erased(run: Run, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    before = house.stored(REGISTER)
    assert run("hapus", "--nik", WARTINI, "--dataset", REGISTER, "--ya", *WHY) == 1
    assert "Administrasi Kependudukan" in capsys.readouterr().err
    assert house.stored(REGISTER) == before and said(house) == ["ditolak: wajib disimpan"]


def test_without_a_terminal_it_must_be_meant(run: Run, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("y\n"))
    before = house.stored(AID)
    assert run("hapus", "--nik", WARTINI, "--dataset", AID, *WHY) == 1
    assert house.stored(AID) == before and said(house) == ["dimulai", "ditolak: belum ditegaskan"]
