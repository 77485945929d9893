"""`satudata wilayah diff`: what a person at the command line gets."""

import csv
import io
import sys

import pytest

from pipelines.cli import main

OLD = "kode,nama\n33,Jawa Tengah\n33.09,KAB. BOYOLALI\n33.09.17,Kemusu\n33.09.17.2001,Guwo\n33.09.17.2002,Kauman\n"
NEW = OLD.replace("33.09.17.2002,Kauman", "33.09.18,Wonosegoro\n33.09.18.2019,Kauman").replace("Guwo", "Gowo")


@pytest.fixture
def satudata(tmp_path, monkeypatch, capsys):
    (tmp_path / "lama.csv").write_text(OLD)
    (tmp_path / "baru.csv").write_text(NEW)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SATUDATA_HOME", str(tmp_path / "home"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["satudata", "wilayah", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        out = capsys.readouterr()
        return stopped.value.code, out.out, out.err

    return run


def rows(text):
    return [[r["jenis"], r["lama"], r["baru"], r["bobot"]] for r in csv.DictReader(io.StringIO(text))]


def test_two_files(satudata):
    code, out, err = satudata("diff", "lama.csv", "baru.csv")
    assert code == 0
    assert rows(out) == [
        ["pecah", "33.09.17", "33.09.17", "0.5"],
        ["pecah", "33.09.17", "33.09.18", "0.5"],
        ["ejaan", "33.09.17.2001", "33.09.17.2001", ""],
        ["pindah", "33.09.17.2002", "33.09.18.2019", "1.0"],
    ]
    assert "kecamatan: 2 pecah\ndesa_kelurahan: 1 ejaan, 1 pindah\n" in err
    assert out.splitlines()[0] == "tingkat,jenis,lama,nama_lama,baru,nama_baru,bobot,dasar_hukum"


def test_same_file_twice(satudata):
    code, out, err = satudata("diff", "lama.csv", "lama.csv")
    assert (code, rows(out), err) == (0, [], "nothing changed\n")


def test_csv_and_one_place(satudata, tmp_path):
    code, out, _ = satudata("diff", "lama.csv", "baru.csv", "--dalam", "33.09.18", "--csv", "hasil.csv")
    assert (code, out) == (0, "")
    assert [r[2] for r in rows((tmp_path / "hasil.csv").read_text())] == ["33.09.18", "33.09.18.2019"]


def test_two_files_of_bps_codes(satudata, tmp_path):
    old = "3301010,Lor\n3301020,Kidul\n3301010001,Nila\n3301010002,Lele\n3301020001,Patin\n"
    (tmp_path / "b1.csv").write_text("kode,nama\n33,JAWA\n3301,KAB. A\n" + old)
    (tmp_path / "b2.csv").write_text("kode,nama\n33,JAWA\n3301,KAB. A\n" + old.replace("3301010002", "3301020002"))
    code, out, _ = satudata("diff", "b1.csv", "b2.csv")
    assert code == 0
    assert rows(out) == [
        ["sebagian", "3301010", "3301010", "0.5"],
        ["sebagian", "3301010", "3301020", "0.5"],
        ["pindah", "3301010002", "3301020002", "1.0"],
    ]


def test_declared_edition_of_an_added_folder(satudata, tmp_path):
    folder = tmp_path / "acuan"
    folder.mkdir()
    (folder / "lama.csv").write_text(OLD)
    (folder / "referensi.yml").write_text(
        "edisi:\n  dulu: {berkas: lama.csv, berlaku_mulai: '2019-01-01', dasar_hukum: Hukum}\n"
    )
    code, out, _ = satudata("diff", "dulu", "baru.csv", "--referensi", "acuan")
    assert code == 0 and len(rows(out)) == 4


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["diff", "lama.csv", "tidak-ada"], 1, "neither a file nor an edition that is there; editions: 2025"),
        (["diff", "lama.csv", "2022"], 1, "edition 2022 has no file"),
        (["diff", "kosong.csv", "lama.csv"], 1, "kosong.csv: is no edition"),
        (["diff", "lama.csv", "bps.csv"], 1, "compare alike"),
        (["diff", "lama.csv"], 64, "EDISI_B"),
        (["diff", "lama.csv", "baru.csv", "--dalam", "Boyolali"], 64, "no kode wilayah"),
        (["diff", "lama.csv", "baru.csv", "--referensi", "tiada"], 64, "there is no folder tiada"),
        (["bandingkan"], 64, "bandingkan"),
    ],
)
def test_mistakes_are_told_without_a_trace(satudata, tmp_path, arguments, code, message):
    (tmp_path / "kosong.csv").write_text("judul,isi\nsatu,dua\n")
    (tmp_path / "bps.csv").write_text("kode,nama\n33,JAWA TENGAH\n3309170,KEMUSU\n")
    got, out, err = satudata(*arguments)
    assert got == code and message in err.replace("\n", " ") and "Traceback" not in err
    assert out == ""
