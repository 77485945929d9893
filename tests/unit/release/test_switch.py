import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.release import (
    ReleaseFault,
    approval,
    approve,
    content_version,
    current,
    hashes,
    promote,
    public_file,
    read_manifest,
    signing_key,
    sweep,
    verify,
    versions,
    write_manifest,
)
from pipelines.release.signature import Approval
from pipelines.release.switch import switch
from tests.unit.release.kit import Given, finish, killed_at, make_draft, publish

OTHER = {"dinas-harga": Given(title="Harga lain")}


def test_the_first_release_and_the_next(home: Home) -> None:
    assert current(home) is None and versions(home) == []
    first = publish(home)
    assert current(home) == first.resolve()
    assert (home.releases / "latest").readlink() == Path(first.name)
    second = publish(home, OTHER)
    assert current(home) == second.resolve()
    assert verify(first, public_file(home)) == verify(second, public_file(home)) == []
    assert [m.versi for m in versions(home)] and {m.versi for m in versions(home)} == {first.name, second.name}
    assert sorted(p.name for p in home.releases.iterdir()) == sorted([first.name, second.name, "latest"])


def test_promoting_twice_changes_nothing(home: Home, release: Path) -> None:
    def state() -> list[tuple[str, int, int]]:
        found = [(str(p), p.lstat().st_mtime_ns, p.lstat().st_ino) for p in home.releases.rglob("*")]
        return sorted(found)

    before = state()
    assert promote(home, release) == release
    draft = shutil.copytree(release, home.releases / "draf")
    assert promote(home, draft) == release
    assert not draft.exists()
    assert state() == before


def test_a_version_that_returns_gets_its_new_history_and_approval(home: Home, release: Path) -> None:
    publish(home, OTHER)
    draft = make_draft(home.releases / "draf")
    (draft / "riwayat.json").write_text('[{"versi": "0123456789ab"}]')
    write_manifest(draft, "0123456789ab")
    approve(draft, signing_key(home), Approval("Budi", "kembali", "2025-03-01"))
    assert promote(home, draft) == release
    assert approval(release).oleh == "Budi" and "0123456789ab" in (release / "riwayat.json").read_text()
    assert verify(release) == []


def test_a_damaged_release_is_healed_by_a_draft_of_its_version(home: Home, release: Path) -> None:
    (release / "dinas-harga/dinas-harga.csv").unlink()
    publish(home)
    assert verify(release) == []


def test_a_draft_that_is_not_whole_or_not_signed_is_refused(home: Home, release: Path) -> None:
    draft = finish(home, make_draft(home.releases / "draf", OTHER))
    (draft / "manifest.json.minisig").rename(home.tmp / "tanda")
    with pytest.raises(ReleaseFault, match="nobody has approved it"):
        promote(home, draft)
    (home.tmp / "tanda").rename(draft / "manifest.json.minisig")
    (draft / "tambahan").touch()
    with pytest.raises(ReleaseFault, match="tambahan"):
        promote(home, draft)
    (draft / "tambahan").unlink()
    (draft / "data.json").write_text("")
    with pytest.raises(ReleaseFault, match=r"data\.json: has 0 bytes"):
        promote(home, draft)
    (draft / "data.json").unlink()
    with pytest.raises(ReleaseFault, match=r"data\.json: is missing"):
        promote(home, draft)
    assert current(home) == release.resolve() and verify(release) == []


def test_a_draft_with_a_hostile_version_goes_nowhere(home: Home, release: Path) -> None:
    draft = make_draft(home.releases / "draf", OTHER)
    write_manifest(draft, None)
    path = draft / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "versi": "../../luar"}))
    with pytest.raises(ReleaseFault, match="12 hex digits"):
        promote(home, draft)
    assert current(home) == release.resolve()


def test_killed_at_any_step_readers_have_a_whole_release(home: Home) -> None:
    old = publish(home, {"dinas-lain": Given()})
    made = finish(home, make_draft(home.tmp / "draf", OTHER))
    name = read_manifest(made).versi
    draft, new = home.releases / "draf", home.releases / name
    step = 1
    while True:
        shutil.copytree(made, draft)
        died = killed_at(step, lambda: promote(home, draft))
        seen = current(home)
        assert seen in (old, new) and verify(seen, public_file(home)) == []
        assert died or seen == new
        # The next run ends it, whatever was reached.
        sweep(home)
        assert promote(home, draft if draft.exists() else new) == new
        assert current(home) == new and verify(new, deep=False) == []
        assert {p.name for p in home.releases.iterdir()} == {old.name, name, "latest"}
        if not died:
            break
        step += 1
        shutil.rmtree(new)
        switch(home, old.name)
    assert step > 15  # files and folders are made to last, then two names change


def test_a_full_disk_leaves_the_old_release(disk: Callable[..., Path]) -> None:
    home = Home(disk("400k") / "home").ensure()
    old = publish(home)
    with pytest.raises(OSError, match="No space left"):
        for number in range(100):
            (home.releases / f"isi{number}").write_bytes(b"x" * 8192)
    (home.releases / "isi0").unlink()
    with pytest.raises(OSError, match="No space left"):
        make_draft(home.releases / "draf", OTHER)
        finish(home, home.releases / "draf")
        promote(home, home.releases / "draf")
    assert current(home) == old.resolve() and verify(old) == []


def test_a_dangling_link_is_no_release(home: Home, release: Path) -> None:
    shutil.rmtree(release)
    assert current(home) is None
    publish(home)
    assert current(home) == release.resolve()


def test_versions_are_ordered_as_the_history_tells(home: Home) -> None:
    names = []
    for number in range(3):
        draft = make_draft(home.releases / "draf", {"dinas-harga": Given(title=f"Harga {number}")})
        told = [content_version(hashes(draft)), *reversed(names)]
        (draft / "riwayat.json").write_text(json.dumps([{"versi": version} for version in told]))
        names.append(promote(home, finish(home, draft)).name)
    assert [m.versi for m in versions(home)] == names[::-1]
    (home.releases / "abcdef012345").mkdir()
    (home.releases / "bukan-rilis").mkdir()
    assert [m.versi for m in versions(home)] == [*names[::-1], "abcdef012345"]
