"""Killed anywhere, run twice, read meanwhile, disk full: readers see one whole state, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from tests.integration.conftest import Done
from tests.integration.small import Small, no_trace, rows, table

pytestmark = pytest.mark.slow
KEY = "dinkes.kasus"
OLD, NEW = rows(KEY), rows("besok")
CODES = {"Kabupaten Cilacap": "33.01", "Kabupaten Banyumas": "33.02", "Kota Tegal": "33.76"}


def figures(delivered: list[tuple[str, ...]]) -> list[tuple[object, ...]]:
    """The table that a delivery becomes."""
    return sorted((int(year), CODES[place], int(cases)) for year, place, cases in delivered)


def seen(small: Small) -> tuple[list[tuple[object, ...]], bytes]:
    """What readers of the warehouse and of the release find now."""
    return small.figures(KEY), small.released(KEY)


def tomorrow(yesterday: Small, root: Path) -> Small:
    """A copy of a home after its first night, with a new delivery waiting."""
    shutil.copytree(yesterday.root, root, symlinks=True, dirs_exist_ok=True)
    small = Small(root)
    small.deliver(KEY, table(NEW))
    return small


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A home after a good night."""
    small = Small(tmp_path_factory.mktemp("kemarin"))
    small.declare(KEY, kunci=["tahun", "kabupaten"])
    small.deliver(KEY, table(OLD))
    done = small.run()
    assert done.code == 0, done.err
    return small


@pytest.fixture(scope="module")
def undisturbed(yesterday: Small, tmp_path_factory: pytest.TempPathFactory) -> tuple[Small, dict[str, object]]:
    """The night with the new delivery, and what others saw while it ran."""
    small = tomorrow(yesterday, tmp_path_factory.mktemp("tenang"))
    with duckdb.connect(str(small.home / "warehouse" / "satudata.duckdb"), read_only=True) as reader:
        night = small.start()
        wait(night, lambda: (small.home / "lock").read_bytes())
        other = small.run()
        out, err = night.communicate()
        held = reader.execute("SELECT tahun, kode_wilayah, kasus FROM conformed.fct_kasus ORDER BY ALL").fetchall()
    return small, {
        "night": Done(small.home, night.returncode, out, err),
        "other": other,
        "held": held,
        "pid": night.pid,
    }


def wait(night: subprocess.Popen[str], moment: Callable[[], object]) -> None:
    """Until the moment has come; fails when the night ends before it."""
    while not moment():
        if night.poll() is not None:
            pytest.fail("the night ended before the moment came: {}{}".format(*night.communicate()))
        time.sleep(0.001)


def at_work(home: Path) -> list[str]:
    """The commands of the processes that work in a folder of this home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink().is_relative_to(home):
                found.append((process / "cmdline").read_text())
    return found


MOMENTS: dict[str, str] = {
    "landing": "archive/manifes/dinkes/kasus/000002.json",
    "check": "tmp/*/periksa.duckdb",
    "warehouse": "warehouse/.aside-*/satudata.duckdb",
    "release": "draft/.aside-*/rilis/*",
}


def test_killed_anywhere_readers_see_a_whole_state_and_the_next_run_finishes(
    yesterday: Small, undisturbed: tuple[Small, dict[str, object]], tmp_path: Path
) -> None:
    small = tomorrow(yesterday, tmp_path)
    before = seen(small)
    assert before[0] == figures(OLD)
    for moment, sign in MOMENTS.items():
        night = small.start()
        wait(night, lambda sign=sign: any(small.home.glob(sign)))  # type: ignore[misc]
        os.kill(night.pid, signal.SIGKILL)
        assert night.wait() == -signal.SIGKILL
        night.communicate()
        limit = time.monotonic() + 10
        while (left := at_work(small.home)) and time.monotonic() < limit:
            time.sleep(0.01)
        assert left == [], "what a killed night had started ends with it"
        warehouse, released = seen(small)
        assert released == before[1], moment
        assert warehouse == (figures(NEW) if moment == "release" else before[0]), moment
    done = small.run()
    assert done.code == 0, done.err
    quiet = undisturbed[0]
    assert seen(small) == seen(quiet)
    latest = "releases/latest"
    assert (small.home / latest).readlink() == (quiet.home / latest).readlink(), "the same bytes, so the same version"
    loads = "SELECT produsen, dataset, versi, berkas, status, baris_dibaca, baris_diterima FROM ops.muatan"
    assert done.query(loads) == Done(quiet.home, 0, "", "").query(loads)
    leftovers = [
        p for f in ("archive", "staging", "warehouse", "releases", "draft") for p in (small.home / f).rglob(".aside-*")
    ]
    assert leftovers == [] and list((small.home / "tmp").iterdir()) == []
    no_trace(done)


def test_the_second_of_two_runs_says_who_holds_the_home(undisturbed: tuple[Small, dict[str, object]]) -> None:
    other = undisturbed[1]["other"]
    assert isinstance(other, Done)
    assert other.code == 1
    assert f"process {undisturbed[1]['pid']} since " in other.err and str(other.home) in other.err
    assert len(other.err.splitlines()) == 1
    no_trace(other)


def test_a_reader_neither_blocks_the_night_nor_is_disturbed_by_it(undisturbed: tuple[Small, dict[str, object]]) -> None:
    small, during = undisturbed
    night = during["night"]
    assert isinstance(night, Done)
    assert night.code == 0, night.err
    assert during["held"] == figures(OLD)
    assert small.figures(KEY) == figures(NEW)


def test_a_second_run_does_no_work(undisturbed: tuple[Small, dict[str, object]]) -> None:
    home = undisturbed[0].home
    before = {p: (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in home.rglob("*") if not p.is_dir()}
    again = undisturbed[0].run()
    assert again.code == 0 and "no work done" in again.out, again.err
    after = {p: (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in home.rglob("*") if not p.is_dir()}
    changed = {p.relative_to(home).as_posix() for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    assert {path for path in changed if not path.startswith("tmp/")} <= {"lock"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"needs the right to mount a small disk: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path, free: int = 0) -> None:
    """Leave so many bytes on the disk, or as many as are left already."""
    with (disk / "penuh").open("wb") as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(disk).free - free))
    if not free:  # a night that is running may have taken or given back some meanwhile
        with (disk / "penuh").open("ab", buffering=0) as file, suppress(OSError):
            for _ in range(256 * 2**20 // 512):
                file.write(bytes(512))


def test_a_full_disk_promotes_nothing_and_loses_nothing(yesterday: Small, disk: Path) -> None:
    """Full before anything, in the check, and while dbt writes."""
    small = tomorrow(yesterday, disk)
    before = seen(small)
    for moment, free in {"start": 0, "check": 4 << 20, "warehouse": None}.items():
        if free is not None:
            fill(disk, free)
            done = small.run()
        else:
            night = small.start()
            wait(night, lambda: any(small.home.glob(MOMENTS["warehouse"])))
            fill(disk)
            out, err = night.communicate()
            done = Done(small.home, night.returncode, out, err)
        said = done.out + done.err
        assert done.code == 1, (moment, said)
        assert "disk is full" in said or "No space left on device" in said, (moment, said)
        assert str(small.home) in said, (moment, said)
        assert seen(small) == before, moment
        (disk / "penuh").unlink()
        no_trace(done)
    done = small.run()
    assert done.code == 0, done.err
    assert small.figures(KEY) == figures(NEW)


def test_a_read_only_home_is_one_line_and_can_still_be_queried(yesterday: Small, disk: Path) -> None:
    small = tomorrow(yesterday, disk)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    for done in (small.run(), small.call("check", small.root / "landing/dinkes/kasus/data.csv", "--as", KEY)):
        assert done.code == 1
        assert "read-only" in done.err and str(small.home) in done.err and len(done.err.splitlines()) == 1
        no_trace(done)
    asked = small.call("query", "SELECT sum(kasus) AS kasus FROM conformed.fct_kasus")
    assert (asked.code, asked.out) == (0, f"kasus\n{sum(int(r[2]) for r in OLD)}\n"), asked.err
