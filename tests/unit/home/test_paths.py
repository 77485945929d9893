import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.home.paths import FOLDERS, REPO, Home, HomeError, machine_faults


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_checkout_is_found_from_the_package() -> None:
    assert (REPO / "pyproject.toml").is_file()


def test_the_environment_overrides_the_checkout(tmp_path: Path) -> None:
    code = "from pipelines.home import REPO, Home; print(REPO, Home.default().root)"
    environment = {**os.environ, "SATUDATA_ROOT": str(tmp_path)}
    environment.pop("SATUDATA_HOME", None)
    printed = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=REPO, capture_output=True, text=True, check=True
    )
    assert printed.stdout.split() == [str(tmp_path), str(tmp_path / "var")]


def test_the_environment_overrides_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUDATA_HOME", str(tmp_path / "elsewhere"))
    assert Home.default().root == tmp_path / "elsewhere"


def test_a_relative_home_does_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = Home(Path("here"))
    monkeypatch.chdir("/")
    assert home.archive == tmp_path / "here/archive"


def test_ensure_makes_private_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    assert _mode(home.root) == 0o700
    assert {path.name for path in home.root.iterdir()} == set(FOLDERS)
    assert all(_mode(home.root / name) == 0o700 for name in FOLDERS)
    assert all(getattr(home, name) == home.root / name for name in FOLDERS)
    assert list(home.tmp.iterdir()) == []


def test_personal_data_stays_with_this_user_whatever_its_folder_was(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.identity.mkdir(parents=True)
    home.identity.chmod(0o755)
    home.ensure()
    assert (_mode(home.identity), _mode(home.identity_tmp)) == (0o700, 0o700)


def test_ensure_keeps_what_is_there(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    home.releases.chmod(0o755)
    (home.releases / "kept").write_text("x")
    home.ensure()
    assert _mode(home.releases) == 0o755
    assert (home.releases / "kept").read_text() == "x"


@pytest.mark.parametrize("blocked", ["", "tmp"])
def test_a_file_in_the_way_is_named(tmp_path: Path, blocked: str) -> None:
    path = tmp_path / "home" / blocked
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("in the way")
    with pytest.raises(HomeError, match="a file stands where a folder is needed") as caught:
        Home(tmp_path / "home").ensure()
    assert str(path) in str(caught.value)


def test_a_read_only_disk_is_named(disk: Callable[..., Path]) -> None:
    with pytest.raises(HomeError, match="read-only"):
        Home(disk("64k,ro") / "home").ensure()


def test_a_full_disk_is_named_and_the_probe_is_gone(disk: Callable[..., Path]) -> None:
    root = disk("64k")
    home = Home(root).ensure()
    with pytest.raises(OSError), (root / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)
    with pytest.raises(HomeError, match="the disk is full"):
        home.ensure()
    assert list(home.tmp.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a.parquet"), "the disk is full"),
        (RuntimeError("IO Error: could not write file: No space left on device"), "the disk is full"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), "read-only"),
    ],
)
def test_a_fault_of_the_machine_is_put_into_plain_words(tmp_path: Path, error: Exception, words: str) -> None:
    with pytest.raises(HomeError, match=words) as caught, machine_faults(Home(tmp_path)):
        raise error
    assert str(tmp_path) in str(caught.value)


def test_any_other_error_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a wrong number"), machine_faults(Home(tmp_path)):
        raise ValueError("a wrong number")
