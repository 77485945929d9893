import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.contract.model import Contract
from pipelines.home import Home
from pipelines.landing import ArchiveError, blob, current, receive, verify
from pipelines.landing.archive import flush, place, store

from .conftest import Drop


def test_the_chunks_are_kept_under_their_hash_and_once(home: Home) -> None:
    sha256 = hashlib.sha256(b"satudua").hexdigest()
    kept = set()
    for chunks in ([b"satu", b"", b"dua"], [b"satudua"]):
        assert store(home, chunks) == sha256
        flush(home, [sha256])
        kept.add(place(home, sha256).stat().st_ino)
    assert len(kept) == 1, "never rewritten"
    assert blob(home, sha256).read_bytes() == b"satudua"
    assert [path for path in (home.archive / "objek").rglob("*") if path.is_file()] == [place(home, sha256)]
    assert stat.S_IMODE(place(home, sha256).stat().st_mode) == 0o400


def test_an_error_of_the_source_passes_and_leaves_nothing(home: Home) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise KeyError("source")

    with pytest.raises(KeyError):
        store(home, broken())
    assert list((home.archive / "objek").iterdir()) == []


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_only_a_hash_names_an_object(home: Home, sha256: str) -> None:
    with pytest.raises(ArchiveError, match="not a sha256"):
        blob(home, sha256)


def test_a_missing_object_is_told_with_what_to_do(home: Home) -> None:
    with pytest.raises(ArchiveError, match="restore it from the backup") as caught:
        blob(home, "0" * 64)
    assert str(home.archive) in str(caught.value)


def test_damage_is_found(home: Home, landing: Path, contract: Contract, drop: Drop) -> None:
    for name in "abc":
        drop(f"dinas/pasar/{name}.csv", name)
    receive(home, landing, [contract])
    assert verify(home) == []
    version = current(home, contract)
    assert version is not None
    changed, missing, _ = (place(home, file.sha256) for file in version.files)
    changed.chmod(0o600)
    changed.write_bytes(b"A")
    missing.unlink()
    findings = {finding.berkas: finding for finding in verify(home)}
    assert findings.keys() == {f"objek/{path.parent.name}/{path.name}" for path in (changed, missing)}
    assert "tidak lagi sama" in findings[f"objek/{changed.parent.name}/{changed.name}"].pesan
    assert "dinas/pasar/a.csv" in findings[f"objek/{changed.parent.name}/{changed.name}"].pesan
    assert "tidak ada" in findings[f"objek/{missing.parent.name}/{missing.name}"].pesan


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_or_missing_manifest_is_found(
    home: Home, landing: Path, contract: Contract, drop: Drop, damage: str
) -> None:
    for text in ("one", "two"):
        drop("dinas/pasar/a.csv", text)
        receive(home, landing, [contract])
    first = home.archive / "manifes/dinas/pasar/000001.json"
    if damage == "gone":
        first.unlink()
    else:
        first.chmod(0o600)
        first.write_text(first.read_text()[:-20])
    assert [finding.berkas for finding in verify(home)] == ["manifes/dinas/pasar"]
    with pytest.raises(ArchiveError, match="manifes"):
        current(home, contract)
