import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue import DescriptorError
from pipelines.home import sha256_file
from pipelines.release import ReleaseFault, content_version, hashes, read_manifest, unchanged, write_manifest
from pipelines.release.manifest import MOST_FILES, UNVERSIONED, plain
from tests.unit.release.kit import Given, make_draft

HASH = "0" * 64


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return make_draft(tmp_path / "draf")


def test_every_file_but_itself_is_listed_in_order(draft: Path) -> None:
    (draft / "walidata.pub").touch()
    made = write_manifest(draft, "0123456789ab")
    read = read_manifest(draft)
    assert read == made
    there = {p.relative_to(draft).as_posix() for p in draft.rglob("*") if p.is_file()}
    assert list(read.berkas) == sorted(there - {"manifest.json", "walidata.pub"})
    assert (read.tanggal, read.sebelum) == ("2025-01-06", "0123456789ab")
    assert read.versi == content_version(hashes(draft))
    one = read.berkas["dinas-harga/dinas-harga.csv"]
    assert (one.bytes, one.sha256) == ((draft / one.path).stat().st_size, sha256_file(draft / one.path))


def test_the_same_content_is_the_same_version_whatever_its_history(draft: Path, tmp_path: Path) -> None:
    version = write_manifest(draft, None).versi
    for name in UNVERSIONED:
        (draft / name).write_text("lain")
    assert write_manifest(draft, "0" * 12).versi == version
    assert write_manifest(make_draft(tmp_path / "lagi"), None).versi == version
    (draft / "data.json").write_text("{}")
    assert write_manifest(draft, None).versi != version


@given(st.dictionaries(st.text(st.sampled_from("ab/0."), min_size=1, max_size=3), st.sampled_from([HASH, "1" * 64])))
def test_different_files_are_different_versions(files: dict[str, str]) -> None:
    version = content_version(files)
    assert version == content_version(dict(reversed(files.items())))
    for path in files:
        assert content_version({**files, path: "2" * 64}) != version
        assert content_version({p: h for p, h in files.items() if p != path}) != version


def test_what_is_a_hard_link_of_the_release_before_is_not_read(draft: Path, tmp_path: Path) -> None:
    before = make_draft(tmp_path / "lama")
    write_manifest(before, None)
    linked = "dinas-harga/dinas-harga.parquet"
    (draft / linked).unlink()
    os.link(before / linked, draft / linked)
    known = unchanged(draft, before)
    assert known == {linked: sha256_file(draft / linked)}
    assert hashes(draft, {linked: HASH})[linked] == HASH
    assert hashes(draft, {"tidak-ada": HASH}).keys() == hashes(draft).keys()
    assert unchanged(draft, None) == unchanged(draft, tmp_path) == {}


def test_a_draft_with_a_link_or_an_unsound_descriptor_is_refused(draft: Path) -> None:
    (draft / "situs/luar").symlink_to("/etc")
    with pytest.raises(ReleaseFault, match="situs/luar is no plain file"):
        write_manifest(draft, None)
    (draft / "situs/luar").unlink()
    (draft / "dinas-harga/datapackage.json").write_text("{}")
    with pytest.raises(DescriptorError):
        write_manifest(draft, None)


def test_an_empty_release_has_no_date(tmp_path: Path) -> None:
    assert write_manifest(make_draft(tmp_path / "draf", {}), None).tanggal is None
    latest = {"dinas-a": Given(updated="2024-12-31"), "dinas-b": Given(updated="2025-03-01")}
    assert write_manifest(make_draft(tmp_path / "lain", latest), None).tanggal == "2025-03-01"


def hostile(**more: Any) -> dict[str, Any]:
    return {"versi": "0" * 12, "tanggal": None, "sebelum": None, "berkas": [], **more}


def listing(*paths: Any) -> dict[str, Any]:
    return hostile(berkas=[{"path": p, "bytes": 1, "sha256": HASH} for p in paths])


@pytest.mark.parametrize(
    "content",
    [
        *(
            listing(p)
            for p in ("../x", "/etc/passwd", "a/../../x", "a//b", "./a", "a/", "", "a\\b", "a\nb", "a\0", "x" * 2000)
        ),
        *(listing(p) for p in (1, None, ["a"], {"a": 1}, "manifest.json", "walidata.pub")),
        listing("a", "a"),
        *(hostile(versi=v) for v in ("../../etc", "", None, 3, "0" * 64, "A" * 12)),
        *(hostile(sebelum=v) for v in ("..", 3)),
        *(hostile(tanggal=v) for v in ("kemarin", 3)),
        *(hostile(berkas=v) for v in (None, 3, "abc", [1], [None], [{}], {"a": 1}, [[]])),
        *(hostile(berkas=[{"path": "a", "bytes": b, "sha256": HASH}]) for b in (-1, "1", None, 1.5, True)),
        *(
            hostile(berkas=[{"path": "a", "bytes": 1, "sha256": h}])
            for h in ("", HASH[1:], HASH.replace("0", "g"), None)
        ),
        [],
        None,
        "teks",
    ],
    ids=lambda c: json.dumps(c)[:90],
)
def test_a_hostile_manifest_is_refused(tmp_path: Path, content: Any) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(ReleaseFault, match=r"manifest\.json is damaged"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 200_000, b'{"berkas": NaN}'])
def test_bytes_that_are_no_manifest(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(data)
    with pytest.raises(ReleaseFault, match=r"manifest\.json is damaged"):
        read_manifest(tmp_path)


def test_a_manifest_of_a_million_files_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    entry = json.dumps({"path": "berkas/yang/panjang", "bytes": 1, "sha256": HASH}) + ","
    path.write_text('{"berkas":[' + entry * 1_000_000)
    with pytest.raises(ReleaseFault, match="larger than 64 MiB"):
        read_manifest(tmp_path)
    path.write_text(json.dumps(hostile(berkas=[0] * (MOST_FILES + 1))))
    with pytest.raises(ReleaseFault, match="more than 200000 files"):
        read_manifest(tmp_path)


def test_a_manifest_that_is_a_link_is_refused(draft: Path, tmp_path: Path) -> None:
    write_manifest(draft, None)
    (draft / "manifest.json").rename(tmp_path / "manifest.json")
    (draft / "manifest.json").symlink_to(tmp_path / "manifest.json")
    with pytest.raises(ReleaseFault, match="not there"):
        read_manifest(draft)


@given(st.text(max_size=30))
def test_a_plain_path_stays_below_its_folder(path: str) -> None:
    if plain(path):
        assert os.path.normpath(f"/rilis/{path}") == f"/rilis/{path}"
