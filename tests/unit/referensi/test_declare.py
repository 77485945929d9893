"""referensi.yml: what is found, and what is wrong with it, by file and line."""

import pytest

from pipelines.contract.yaml_lines import DeclarationError
from pipelines.home import REPO
from pipelines.referensi import ReferenceDataError
from pipelines.referensi.declare import Batas, Jembatan, declared

EDITION = "edisi:\n  a: {berkas: a.csv, berlaku_mulai: '2020-01-01', dasar_hukum: Hukum}\n"


def folder(tmp_path, name, text=None, *files):
    path = tmp_path / name
    path.mkdir()
    if text is not None:
        (path / "referensi.yml").write_text(text)
    for file in files:
        (path / file).parent.mkdir(exist_ok=True)
        (path / file).touch()
    return path


def test_declared_file_is_looked_for_in_every_folder(tmp_path):
    own = folder(tmp_path, "own", EDITION + "jembatan:\n  - berkas: 'j/*.csv'\n", "j/2.csv", "j/1.csv")
    other = folder(tmp_path, "other", None, "a.csv", "j/3.csv")
    found = declared([own, other])
    edition = found.edition("a")
    assert edition and edition.files == (other / "a.csv",)
    assert [[f.name(file) for file in f.files] for f in found.all(Jembatan)] == [["j/1.csv", "j/2.csv"], ["j/3.csv"]]
    assert list(found.all(Batas)) == []


def test_first_folder_that_has_an_edition_gives_all_its_files(tmp_path):
    text = EDITION.replace("a.csv", "[a.csv, b.csv]")
    one, two = folder(tmp_path, "one", text, "a.csv"), folder(tmp_path, "two", None, "a.csv", "b.csv")
    edition = declared([one, two]).edition("a")
    assert edition and edition.files == (one / "a.csv",)


def test_edition_that_is_nowhere_is_not_there(tmp_path):
    assert declared([folder(tmp_path, "own", EDITION)]).edition("a") is None


def test_required_file_that_is_nowhere_is_an_error(tmp_path):
    own = folder(tmp_path, "own", "jembatan:\n  - {berkas: j.csv, wajib: true}\n")
    with pytest.raises(ReferenceDataError, match=r"j\.csv is missing"):
        list(declared([own]).all(Jembatan))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("edisi:\n  a:\n    berkas: a.csv\n    berlaku_mulai: '2020-13-01'\n    dasar_hukum: x\n", r":4: .*is no date"),
        ("edisi:\n  a:\n    berkas: a.csv\n    berlaku_mulai: 2020-01-01\n    dasar_hukum: x\n", r":4: .*in quotes"),
        ("edisi:\n  a:\n    berkas: a.csv\n    dasar_hukum: x\n", r"berlaku_mulai: is missing"),
        (
            "edisi:\n  a:\n    sistem: bsp\n    berkas: a.csv\n    berlaku_mulai: '2020-01-01'\n    dasar_hukum: x\n",
            r":3: .*bps",
        ),
        ("jembatn: []\n", r":1: .*did you mean 'jembatan'"),
        (EDITION.replace("}", ", salinan_dari: b}"), r":2: .*no edition 'b'"),
        ("batas:\n  - {berkas: x.zip, sistem: bps, tingkat: desa, kolom: {kode: k}}\n", r":2: .*desa_kelurahan"),
        ("batas: [\n", r"referensi\.yml:.*not valid YAML"),
    ],
)
def test_mistake_is_told_with_its_line(tmp_path, text, message):
    with pytest.raises(DeclarationError, match=message):
        declared([folder(tmp_path, "own", text)])


def test_edition_declared_in_two_folders_is_refused(tmp_path):
    with pytest.raises(DeclarationError, match=r"two/referensi\.yml:2: edisi\.a: is declared twice"):
        declared([folder(tmp_path, "one", EDITION), folder(tmp_path, "two", EDITION)])


def test_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ReferenceDataError, match="nowhere"):
        declared([tmp_path / "nowhere"])


def test_repository_declares_its_files_and_they_are_there():
    found = declared([REPO / "sources" / "referensi"])
    edition = found.edition("2025")
    assert edition and [edition.name(file) for file in edition.files] == ["wilayah/2025.csv.gz"]
    assert [f.name(file) for f in found.all(Jembatan) for file in f.files] == ["jembatan_bps.csv"]
    assert all(found.edition(name) is None for name in found.edisi if name != "2025")


def test_copy_of_an_edition_is_loaded_only_where_the_original_is_missing(tmp_path):
    from tests.unit.referensi.conftest import Folder

    kit = Folder(tmp_path)
    kit.declared.append("  b: {berkas: b.csv, berlaku_mulai: '2020-01-01', dasar_hukum: x, salinan_dari: a}")
    kit.declared.append("  a: {berkas: a.csv, berlaku_mulai: '2020-01-01', dasar_hukum: x}")
    kit.file("b.csv", "kode,nama\n33,Salinan\n")
    assert kit.install().execute("SELECT edisi FROM edisi").fetchall() == [("b",)]
    kit.file("a.csv", "kode,nama\n33,Asli\n")
    assert kit.install().execute("SELECT edisi FROM edisi").fetchall() == [("a",)]
