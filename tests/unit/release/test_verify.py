import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.home import Home
from pipelines.release import approve, public_file, signing_key, verify, write_manifest
from pipelines.release.minisign import SecretKey
from tests.unit.release.kit import BY, FIELDS, KEY, PRICES, Given, finish, make_draft

KINDS = (
    "dinas-harga/dinas-harga.csv",
    "dinas-harga/dinas-harga.parquet",
    "dinas-harga/datapackage.json",
    "dinas-harga/kode_wilayah.csv",
    "index.html",
    "situs/dinas-harga.html",
    "situs/riwayat.js",
    "data.json",
    "katalog.jsonld",
    "sitemap.xml",
    "perubahan.atom",
    "gerbang.json",
    "riwayat.json",
)


@pytest.fixture
def copy(release: Path, tmp_path: Path) -> Path:
    """A copy under another name, as on a USB stick."""
    return shutil.copytree(release, tmp_path / "stik [1] *" / "rilis maret")


def files(folder: Path, **options: Any) -> set[str]:
    return {problem.file for problem in verify(folder, **options)}


def test_a_copy_under_another_name_is_whole(copy: Path, home: Home) -> None:
    assert verify(copy) == []
    assert verify(copy, public_file(home)) == []
    assert verify(copy, public_file(home), deep=False) == []


@pytest.mark.parametrize("name", KINDS)
def test_one_flipped_bit_is_found_in_every_kind_of_file(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    assert files(copy) == {name}
    assert files(copy, deep=False) <= {name}


@pytest.mark.parametrize("name", [*KINDS, "manifest.json", "manifest.json.minisig", "walidata.pub"])
def test_a_truncated_and_a_missing_file_are_found(copy: Path, name: str) -> None:
    whole = (copy / name).read_bytes()
    (copy / name).write_bytes(whole[: len(whole) // 2])
    found = files(copy, deep=False)
    assert found & {name, "manifest.json.minisig"}
    (copy / name).unlink()
    found = files(copy, deep=False)
    assert found & {name, "manifest.json.minisig"}


def test_one_flipped_bit_in_the_manifest_is_found(copy: Path) -> None:
    path = copy / "manifest.json"
    whole = path.read_bytes()
    for offset in range(0, len(whole), 53):
        path.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
        assert files(copy, deep=False) & {"manifest.json", "manifest.json.minisig"}


def test_a_half_copied_folder_names_each_file(copy: Path) -> None:
    shutil.rmtree(copy / "dinas-lain")
    assert files(copy) == {
        f"dinas-lain/{name}"
        for name in ("dinas-lain.csv", "dinas-lain.parquet", "datapackage.json", "kode_wilayah.csv")
    }


def test_an_added_file_is_named(copy: Path) -> None:
    (copy / "dinas-harga/tambahan.csv").write_text("x\n")
    (copy / ".DS_Store").write_bytes(b"")
    assert files(copy) == {"dinas-harga/tambahan.csv", ".DS_Store"}


def test_no_link_is_followed(copy: Path, tmp_path: Path) -> None:
    """Not even one that leads to the same bytes: the next reader's target may be another."""
    outside = tmp_path / "luar"
    shutil.copytree(copy / "dinas-harga", outside)
    (copy / "dinas-harga/dinas-harga.csv").unlink()
    (copy / "dinas-harga/dinas-harga.csv").symlink_to(outside / "dinas-harga.csv")
    shutil.rmtree(copy / "dinas-lain")
    (copy / "dinas-lain").symlink_to(outside, target_is_directory=True)
    os.mkfifo(copy / "pipa")
    found = files(copy)
    assert {"dinas-harga/dinas-harga.csv", "dinas-lain", "dinas-lain/dinas-lain.csv", "pipa"} <= found


def test_no_release_and_no_folder(tmp_path: Path, home: Home) -> None:
    (one,) = verify(tmp_path)
    assert one.file == "manifest.json" and "copy it again" in one.text
    assert len(verify(tmp_path / "tidak ada")) == 1


def test_a_read_only_copy_is_checked(release: Path, disk: Callable[..., Path]) -> None:
    stick = disk("8m")
    shutil.copytree(release, stick / "rilis")
    os.system(f"mount -o remount,ro {stick}")
    with pytest.raises(OSError, match="Read-only"):
        (stick / "rilis/x").touch()
    assert verify(stick / "rilis") == []


def test_a_foreign_signature_is_told_from_the_walidatas(copy: Path, home: Home) -> None:
    forger = SecretKey(bytes(range(32)), b"12345678")
    approve(copy, forger, BY)
    assert verify(copy) == []  # its own key confirms it: that is why a key is given
    (one,) = verify(copy, public_file(home))
    assert one.file == "manifest.json.minisig" and "another key" in one.text
    approve(copy, SecretKey(bytes(range(32)), signing_key(home).number), BY)  # the same number, another key
    (one,) = verify(copy, public_file(home))
    assert "changed after it was signed" in one.text


def test_what_is_not_signed_is_not_opened(home: Home, tmp_path: Path) -> None:
    """Documents and tables of a stranger may be made to harm whoever parses them."""
    draft = make_draft(tmp_path / "draf", {"dinas-harga": Given(edit=stated(baris=6))})
    (draft / "lain.xml").write_text("<a>")
    assert files(finish(home, draft)) == {"lain.xml", "dinas-harga/dinas-harga.csv"}
    approve(draft, SecretKey(bytes(32), b"12345678"), BY)
    assert files(draft, public=public_file(home)) == {"manifest.json.minisig"}


def test_a_draft_need_not_be_signed(home: Home, tmp_path: Path) -> None:
    draft = make_draft(tmp_path / "draf")
    write_manifest(draft, None)
    assert verify(draft, draft=True) == []
    assert files(draft) == {"manifest.json.minisig"}


def test_a_consistent_forgery_has_another_version_or_no_signature(copy: Path, home: Home) -> None:
    """Somebody who changes a file and mends the manifest cannot mend the version without its name changing."""
    said = json.loads((copy / "manifest.json").read_bytes())
    (copy / "gerbang.json").write_text('{"a":1}')
    for one in said["berkas"]:
        if one["path"] == "gerbang.json":
            one |= {"bytes": 7, "sha256": hashlib.sha256(b'{"a":1}').hexdigest()}
    (copy / "manifest.json").write_text(json.dumps(said))
    found = verify(copy, public_file(home))
    assert {p.file for p in found} == {"manifest.json", "manifest.json.minisig"}
    assert "version does not follow" in found[0].text


def test_known_files_are_not_read_again(copy: Path) -> None:
    hashes = {one["path"]: one["sha256"] for one in json.loads((copy / "manifest.json").read_bytes())["berkas"]}
    path = copy / "dinas-harga/dinas-harga.csv"
    path.write_bytes(path.read_bytes().replace(b"beras", b"bexas"))
    assert files(copy) == {"dinas-harga/dinas-harga.csv"}
    assert files(copy, known=hashes) == set()
    assert files(copy, known=hashes | {"dinas-harga/dinas-harga.csv": "0" * 64}) == {"dinas-harga/dinas-harga.csv"}


@pytest.mark.parametrize("text", ["{", "[]", "[" * 100_000, '{"name": "dinas-harga"}', "\x00"])
def test_a_descriptor_that_cannot_be_read_is_named(home: Home, tmp_path: Path, text: str) -> None:
    draft = make_draft(tmp_path / "draf")
    hashes = {"dinas-lain/datapackage.json": hashlib.sha256(text.encode()).hexdigest()}
    size = len((draft / "dinas-lain/datapackage.json").read_bytes())
    write_manifest(draft, None, hashes)
    (draft / "dinas-lain/datapackage.json").write_text(text)
    manifest = (draft / "manifest.json").read_text().replace(f'"bytes": {size},', f'"bytes": {len(text)},')
    (draft / "manifest.json").write_text(manifest)
    approve(draft, signing_key(home), BY)
    assert files(draft) == {"dinas-lain/datapackage.json"}


# What a release made from a defect shows, although its manifest and signature are in order.


def with_field(name: str, **more: Any) -> list[dict[str, Any]]:
    return [{**one, **more} if one["name"] == name else one for one in FIELDS]


def stated(**more: Any) -> Callable[[dict[str, Any]], None]:
    return lambda descriptor: descriptor["satudata"].update(more)


def hashed(descriptor: dict[str, Any]) -> None:
    descriptor["resources"][1]["hash"] = "sha256:" + "0" * 64


def absent(descriptor: dict[str, Any]) -> None:
    descriptor["resources"][1]["path"] = "lain.parquet"


TWICE = PRICES.replace("beras merah", "beras")
NEGATIVE = PRICES.replace("12000,", "-1,")
DEFECTS = {
    "rows": (Given(edit=stated(baris=6)), "5 rows, the descriptor says 6"),
    "rows of the Parquet file": (Given(csv_sql=f"(FROM {PRICES} LIMIT 4)"), "4 rows, the Parquet file 5"),
    "content": (Given(csv_sql=PRICES.replace("12500.5", "12500.6")), "not those of the Parquet file"),
    "header": (
        Given(edit=lambda d: d["resources"][0]["schema"]["fields"].reverse()),
        "the header is not the columns of the descriptor",
    ),
    "type": (Given(fields=with_field("harga", type="integer")), "column harga is integer in the descriptor"),
    "required": (Given(fields=with_field("harga", constraints={"required": True})), "harga: required"),
    "minimum": (Given(rows=NEGATIVE), "harga: its minimum does not hold for 1 rows"),
    "maximum": (Given(fields=with_field("harga", constraints={"maximum": 12000})), "harga: its maximum"),
    "enum": (
        Given(fields=with_field("status_nilai", constraints={"enum": ["tersedia"]})),
        "its enum does not hold for 2",
    ),
    "pattern": (
        Given(fields=with_field("kode_wilayah", constraints={"pattern": r"\d\d"})),
        "its pattern does not hold for 4",
    ),
    "a pattern is whole": (Given(fields=with_field("kode_wilayah", constraints={"pattern": "33.02|33"})), "for 2 rows"),
    "no regular expression": (
        Given(fields=with_field("barang", constraints={"pattern": "("})),
        "cannot be read as a table",
    ),
    "unique": (
        Given(rows=TWICE, fields=with_field("barang", constraints={"unique": True})),
        "unique (barang) does not hold: 1 keys",
    ),
    "primary key twice": (Given(rows=TWICE, key=("barang",)), "primaryKey (barang) does not hold: 1 keys"),
    "primary key empty": (Given(key=("kode_wilayah", "barang")), "primaryKey (kode_wilayah, barang) does not hold: 1"),
    "foreign key": (Given(places="kode,nama\n33,Jawa Tengah\n33.02,Banyumas\n"), "1 different values of kode_wilayah"),
    "code list twice": (Given(places="kode,nama\n33.02,a\n33.02,b\n33.72,c\n"), "primaryKey (kode) does not hold: 1"),
    "code list with \\r\\n": (Given(places="kode,nama\r\n33.02,a\r\n33.72,c\r\n"), "one line feed"),
    "code list with a BOM": (Given(places="\ufeffkode,nama\n33.02,a\n33.72,c\n"), "the header is not"),
    "ragged code list": (Given(places="kode,nama\n33.02,a\n33.72,c,d\n"), "cannot be read as a table"),
    "hash of the descriptor": (Given(edit=hashed), "another hash than its descriptor says"),
    "file of the descriptor": (Given(edit=absent), "is described, but not in the release"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_promise_of_the_descriptor_that_does_not_hold(home: Home, tmp_path: Path, name: str) -> None:
    given, said = DEFECTS[name]
    release = finish(home, make_draft(tmp_path / "draf", {"dinas-harga": given, "dinas-lain": Given(key=KEY)}))
    found = [p for p in verify(release, public_file(home)) if not p.file.startswith("dinas-lain/")]
    assert any(said in p.text for p in found), found
    assert {p.file.partition("/")[0] for p in found} == {"dinas-harga"}


def test_a_cell_that_its_type_has_no_room_for(home: Home, tmp_path: Path) -> None:
    draft = make_draft(tmp_path / "draf", {"dinas-harga": Given()})
    path, descriptor = draft / "dinas-harga/dinas-harga.csv", draft / "dinas-harga/datapackage.json"
    old = path.read_bytes()
    path.write_bytes(old.replace(b"12500.5", b"12500,5".replace(b",", b"x")))
    swapped = descriptor.read_text().replace(
        hashlib.sha256(old).hexdigest(), hashlib.sha256(path.read_bytes()).hexdigest()
    )
    descriptor.write_text(swapped)
    found = verify(finish(home, draft))
    assert [p.file for p in found] == ["dinas-harga/dinas-harga.csv"]
    assert "column harga has 1 values that are no DECIMAL" in found[0].text
    assert "12500" not in found[0].text


DOCUMENTS = {
    "index.html": ("<a href=situs/tidak-ada.html>x</a>", "leads to no file"),
    "situs/dinas-harga.html": ("<img src='../../luar.png'>", "leads out of the release"),
    "situs/lain.html": ("<A title='a > b' HREF = \"a&amp;b.html\">x</A>", "'a&b.html' leads to no file"),
    "situs/tentang.html": ('<link rel=stylesheet href="/situs/gaya.css">', "begins with '/'"),
    "data.json": ('{"dataset": [{"distribution": [{"downloadURL": "dinas-harga/x.csv"}]}]}', "leads to no file"),
    "katalog.jsonld": ('{"@graph": [{"dcat:downloadURL": {"@id": "x.csv"}}]}', "leads to no file"),
    "datapackage.json": ('{"resources": [{"path": ["dinas-harga/x.csv"]}]}', "leads to no file"),
    "sitemap.xml": ("<urlset><url><loc>situs/x.html</loc></url></urlset>", "leads to no file"),
    "perubahan.atom": ("<feed><link href='x.html'/></feed>", "leads to no file"),
    "gerbang.json": ('{"a": ', "cannot be read as json"),
    "pengungkapan.json": ("[" * 100_000, "cannot be read as json"),
    "lain.xml": ("<a>", "cannot be read as xml"),
    "bom.xml": ('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>', "declares entities"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_leads_nowhere_or_cannot_be_read(home: Home, tmp_path: Path, name: str) -> None:
    text, said = DOCUMENTS[name]
    draft = make_draft(tmp_path / "draf", {"dinas-harga": Given()})
    (draft / name).write_text(text)
    (one,) = verify(finish(home, draft), deep=False)
    assert one.file == name and said in one.text


def test_links_to_elsewhere_and_to_pages_themselves_are_no_faults(home: Home, tmp_path: Path) -> None:
    draft = make_draft(tmp_path / "draf", {"dinas-harga": Given()})
    page = "<a href='https://x.id/a'>a</a><a href='#isi'>b</a><a href=''>c</a><a href='//x.id'>d</a><a href>e</a>"
    (draft / "index.html").write_text(page + "<script>'<a href=\"tidak.html\">'</script><!-- <a href='x'> -->")
    quiet = "<style>a{b:url(x)}</style><p data-href='x' title=' href=y '>href='z'</p><textarea>&lt;a href=x></textarea>"
    (draft / "situs/tenang.html").write_text(quiet + "<!-- <a href='x'>")
    (draft / "situs/nama dengan %.html").write_text("<a href='nama%20dengan%20%25.html?x#y'>a</a>")
    assert verify(finish(home, draft), deep=False) == []
