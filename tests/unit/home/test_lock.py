import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.home import REPO, Busy, Home, HomeError, exclusive

HOLD = (
    "import sys; from pathlib import Path; from pipelines.home import Home, exclusive\n"
    "with exclusive(Home(Path(sys.argv[1]))):\n"
    "    print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).ensure()


@pytest.fixture
def holder(home: Home) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(home.root), "malam ini"]
    with subprocess.Popen(command, cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_who_holds_the_lock_is_told(home: Home, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(Busy) as caught, exclusive(home):
        pass
    busy = caught.value
    assert busy.pid == holder.pid
    assert busy.since is not None
    assert timedelta() <= datetime.now(UTC) - busy.since < timedelta(minutes=1)
    assert busy.command is not None
    assert busy.command.endswith("'malam ini'")
    for part in (str(home.root), str(holder.pid), f"{busy.since:%Y-%m-%d %H:%M:%S}", busy.command):
        assert part in str(busy)


def test_a_killed_holder_leaves_no_stale_lock(home: Home, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    with exclusive(home):
        pass


def test_the_lock_is_free_after_the_block_and_after_an_error(home: Home) -> None:
    with pytest.raises(RuntimeError), exclusive(home):
        raise RuntimeError
    with exclusive(home):
        pass
    with exclusive(home), pytest.raises(Busy) as caught, exclusive(home):
        pass
    assert caught.value.pid == os.getpid()


def test_a_program_started_meanwhile_does_not_keep_the_lock(home: Home) -> None:
    with exclusive(home):
        started = subprocess.Popen(["sleep", "30"], close_fds=False)
    try:
        with exclusive(home):
            pass
    finally:
        started.kill()
        started.wait()


def test_an_unsigned_lock_is_still_a_clear_message(home: Home, holder: subprocess.Popen[str]) -> None:
    (home.root / "lock").write_text("{")
    with pytest.raises(Busy, match="another process") as caught, exclusive(home):
        pass
    assert caught.value.pid is None


def test_a_full_disk_is_a_home_error_and_the_lock_is_free_again(disk: Callable[..., Path]) -> None:
    root = disk("64k")
    filler = root / "filler"
    with pytest.raises(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    with pytest.raises(HomeError, match="the disk is full"), exclusive(Home(root)):
        pass
    filler.unlink()
    with exclusive(Home(root)):
        pass


def test_a_home_that_cannot_be_written_is_a_home_error(disk: Callable[..., Path]) -> None:
    with pytest.raises(HomeError, match="read-only"), exclusive(Home(disk("64k,ro"))):
        pass
