import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from pipelines.catalogue import withdrawn as tombstones
from pipelines.home import Home, HomeError, KeyFault
from pipelines.release import (
    ReleaseFault,
    promote,
    public_file,
    purge,
    purged,
    read_manifest,
    restore,
    signing_key,
    title,
    tombstone,
    verify,
    withdraw,
    withdrawn,
    write_manifest,
)
from pipelines.release.signature import secret_file
from pipelines.release.withdrawal import record
from tests.unit.release.kit import KEY, Given, finish, killed_at, make_draft, publish

DAY = date(2025, 2, 3)
HARGA = "dinas-harga"


def take(home: Home, slug: str = HARGA) -> bool:
    return withdraw(home, slug, "Siti Aminah", 'Salah hitung, "lihat" surat 3', DAY)


def test_a_decision_is_kept_for_ever(home: Home, release: Path) -> None:
    assert withdrawn(home) == {}
    assert take(home) and not take(home)
    assert restore(home, HARGA, "Budi", "Sudah betul", DAY) and not restore(home, HARGA, "Budi", "Sudah betul", DAY)
    assert withdrawn(home) == {}
    assert take(home)
    assert [(d.peristiwa, d.oleh) for d in record(home)] == [
        ("ditarik", "Siti Aminah"),
        ("kembali", "Budi"),
        ("ditarik", "Siti Aminah"),
    ]
    assert list(withdrawn(home)) == [HARGA]
    text = (home.register / "penarikan.csv").read_text()
    assert text.splitlines()[0] == "slug,peristiwa,tanggal,oleh,alasan"
    assert text.splitlines()[1] == f'{HARGA},ditarik,2025-02-03,Siti Aminah,"Salah hitung, ""lihat"" surat 3"'


@pytest.mark.parametrize(
    "slug", ["dinas-hargaa", "", "..", "../releases", "latest", "dinas-harga/x", "situs", "data.json"]
)
def test_what_no_release_has_cannot_be_withdrawn(home: Home, release: Path, slug: str) -> None:
    with pytest.raises(ReleaseFault, match="no release has a dataset"):
        take(home, slug)
    assert record(home) == []


@pytest.mark.parametrize(("by", "reason"), [("", "a"), ("a", "  "), ("a", "dua\nbaris"), ("a\n", "b")])
def test_nobody_withdraws_without_name_and_reason(home: Home, release: Path, by: str, reason: str) -> None:
    with pytest.raises(ReleaseFault, match="one line each"):
        withdraw(home, HARGA, by, reason, DAY)
    assert record(home) == []


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n", "slug,peristiwa,tanggal,oleh,alasan\nx\n", "slug,peristiwa,tanggal,oleh,alasan\na-b,hapus,x,y,z\n"],
)
def test_a_damaged_record_stops_everything(home: Home, text: str) -> None:
    (home.register / "penarikan.csv").write_text(text)
    with pytest.raises(HomeError, match="restore it from the backup"):
        withdrawn(home)


def test_the_next_release_holds_the_tombstone(home: Home, release: Path) -> None:
    take(home)
    draft = make_draft(home.releases / "draf", {})
    tombstone(draft / HARGA, withdrawn(home)[HARGA], title(home, HARGA))
    (one,) = tombstones(draft)
    assert (one.slug, one.judul, one.tanggal) == (HARGA, "Harga bahan pokok", DAY)
    assert "Siti" not in (draft / HARGA / "ditarik.json").read_text()
    manifest = write_manifest(draft, None)
    assert manifest.tanggal == "2025-02-03"
    assert verify(finish(home, draft), public_file(home)) == []


def published_twice(home: Home) -> tuple[Path, Path]:
    other = publish(home, {"dinas-lain": Given(), HARGA: Given(title="Lama")})
    return other, publish(home)


def test_a_purge_leaves_a_tombstone_that_verifies(home: Home) -> None:
    old, new = published_twice(home)
    with pytest.raises(ReleaseFault, match="withdraw it first"):
        purge(home, HARGA)
    take(home)
    assert purge(home, HARGA) == sorted([old.name, new.name])
    assert purge(home, HARGA) == []
    for release in (old, new):
        left = sorted(p.relative_to(release).as_posix() for p in release.rglob(f"*{HARGA}*/*"))
        assert left == [f"{HARGA}/ditarik.json", f"{HARGA}/ditarik.json.minisig"]
        assert not list(release.rglob(f"{HARGA}.*"))
        assert verify(release, public_file(home)) == []
        assert purged(release, read_manifest(release), public_file(home)) == {HARGA}
        assert json.loads((release / HARGA / "ditarik.json").read_bytes())["versi"] == release.name
    assert (old / "dinas-lain/dinas-lain.csv").exists()


def test_a_tombstone_excuses_only_what_it_says(home: Home, tmp_path: Path) -> None:
    old, new = published_twice(home)
    kept = shutil.copytree(old, tmp_path / "utuh")
    take(home)
    purge(home, HARGA)
    key = public_file(home)
    # Something else was lost, changed or added besides.
    copy = shutil.copytree(old, tmp_path / "salinan")
    (copy / "dinas-lain/dinas-lain.csv").unlink()
    (copy / HARGA / "tambahan.csv").write_text("x")
    (copy / f"situs/{HARGA}.html").write_text("x")
    assert {p.file for p in verify(copy, key)} == {
        "dinas-lain/dinas-lain.csv",
        f"{HARGA}/tambahan.csv",
        f"situs/{HARGA}.html",
    }
    # The tombstone of another release, of another dataset, or by another key.
    for number, (source, target) in enumerate([(new / HARGA, HARGA), (old / HARGA, "dinas-lain")]):
        copy = shutil.copytree(kept, tmp_path / f"palsu{number}")
        shutil.rmtree(copy / target)
        shutil.copytree(source, copy / target)
        assert len(verify(copy, key)) >= 6
    copy = shutil.copytree(old, tmp_path / "lain")
    path = copy / HARGA / "ditarik.json"
    path.write_text(path.read_text().replace("Salah", "salah"))
    assert {p.file for p in verify(copy, key)} > {f"{HARGA}/ditarik.json", f"{HARGA}/{HARGA}.csv"}


def test_a_tombstone_of_a_later_release_is_left_alone(home: Home) -> None:
    old = publish(home)
    take(home)
    draft = make_draft(home.releases / "draf", {"dinas-lain": Given()})
    tombstone(draft / HARGA, withdrawn(home)[HARGA], title(home, HARGA))
    (draft / f"situs/{HARGA}.html").write_text("Ditarik.")
    later = promote(home, finish(home, draft))
    assert purge(home, HARGA) == [old.name]
    assert verify(later, public_file(home)) == [] and (later / f"situs/{HARGA}.html").exists()


def test_without_its_key_nothing_is_taken_away(home: Home, release: Path) -> None:
    take(home)
    signing_key(home)
    secret_file(home).unlink()
    with pytest.raises(KeyFault):
        purge(home, HARGA)
    assert verify(release) == []


def test_killed_in_a_purge_the_next_call_ends_it(home: Home) -> None:
    old = publish(home, {HARGA: Given(key=KEY)})
    take(home)
    whole = shutil.copytree(old, home.tmp / "utuh")
    step = 1
    while killed_at(step, lambda: purge(home, HARGA)):
        purge(home, HARGA)
        assert verify(old, public_file(home)) == []
        assert not list(old.rglob("*.parquet")) and not list(old.rglob(".aside-*"))
        shutil.rmtree(old)
        shutil.copytree(whole, old)
        step += 1
    assert step > 8
    assert verify(old, public_file(home)) == []


def test_the_title_is_that_of_the_release_that_readers_see(home: Home) -> None:
    """Folders are named by hashes, so their order says nothing: every title is the last one for once."""
    for n in range(6):
        publish(home, {HARGA: Given(title=f"Harga {n}")})
        assert title(home, HARGA) == f"Harga {n}"


def test_a_record_that_is_no_csv_is_damaged(home: Home, release: Path) -> None:
    take(home)
    path = home.register / "penarikan.csv"
    path.write_bytes(path.read_bytes() + b"x" * 200_000 + b"\n")
    with pytest.raises(HomeError, match="restore it from the backup"):
        record(home)
