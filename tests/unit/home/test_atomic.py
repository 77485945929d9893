import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pipelines.home import REPO, atomic
from pipelines.home.atomic import aside, promote_dir, scratch, sha256_file, sweep, write_bytes, write_json


def test_what_was_written_aside_replaces_the_file(tmp_path: Path) -> None:
    target = tmp_path / "a/b/data.parquet"
    for content in ("one", "two"):
        with aside(target) as unfinished:
            assert unfinished.suffix == ".parquet"
            assert not unfinished.exists()
            unfinished.write_text(content)
            assert not target.exists() or target.read_text() != content
        assert target.read_text() == content
    assert list(target.parent.iterdir()) == [target]


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError), aside(target) as unfinished:
        unfinished.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_written_is_an_error_and_not_an_empty_file(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("old")
    with pytest.raises(FileNotFoundError), aside(target):
        pass
    assert target.read_text() == "old"


def test_a_full_disk_leaves_no_half_file(disk: Callable[..., Path]) -> None:
    root = disk("64k")
    target = root / "x.bin"
    write_bytes(target, b"old")
    with pytest.raises(OSError, match="No space left"):
        write_bytes(target, b"x" * 200_000)
    assert target.read_bytes() == b"old"
    assert list(root.iterdir()) == [target]


def test_what_a_killed_process_left_aside_is_swept(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("old")
    code = (
        "import os, sys; from pathlib import Path; from pipelines.home import aside\n"
        "with aside(Path(sys.argv[1])) as unfinished:\n"
        "    unfinished.write_text('half'); os._exit(9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(target)], cwd=REPO)
    assert killed.returncode == 9
    assert target.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2
    assert sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_still_written_to_stops_no_sweep_and_goes_with_a_later_one(tmp_path: Path) -> None:
    ended = threading.Event()

    def write(folder: Path) -> None:
        number = 0
        while not ended.is_set():
            with suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{(number := number + 1)}.sql").write_text("SELECT 1")

    writers = [threading.Thread(target=write, args=(tmp_path / f".aside-{n}" / "target",)) for n in range(3)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(50):
            sweep(tmp_path)
    finally:
        ended.set()
        for writer in writers:
            writer.join()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_removed_for_another_reason_is_told(disk: Callable[..., Path]) -> None:
    """A leftover may be a key, or data that is to be withdrawn: it must not stay unseen."""
    root = disk("64k")
    (root / ".aside-lama").mkdir()
    (root / ".aside-lama" / "data.csv").write_text("x")
    subprocess.run(["mount", "-o", "remount,ro", root], check=True)
    with pytest.raises(OSError, match="Read-only"):
        sweep(root)


def test_scratch_may_be_a_folder_and_is_removed(tmp_path: Path) -> None:
    with scratch(tmp_path) as folder:
        (folder / "deep").mkdir(parents=True)
        (folder / "deep/file").write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_json_is_utf8_and_refuses_what_json_has_not(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_json(path, {"b": "Wonosobo – é", "a": [1, None]})
    assert json.loads(path.read_bytes()) == {"b": "Wonosobo – é", "a": [1, None]}
    assert path.read_text(encoding="utf-8").index('"b"') < path.read_text(encoding="utf-8").index('"a"')
    with pytest.raises(ValueError):
        write_json(path, float("nan"))
    assert path.stat().st_size > 10


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(os.urandom(3_000_001))
    assert sha256_file(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def _folder(path: Path, content: str) -> Path:
    (path / "deep").mkdir(parents=True)
    for name in ("one", "deep/two"):
        (path / name).write_text(content)
    return path


@pytest.mark.parametrize("swaps", [True, False])
def test_a_folder_is_put_in_place_and_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool) -> None:
    if not swaps:
        monkeypatch.setattr(atomic, "_swap", lambda *_: False)
    target = tmp_path / "out/v1"
    for content in ("old", "new"):
        promote_dir(_folder(tmp_path / "aside", content), target)
        assert {p.read_text() for p in target.rglob("*") if p.is_file()} == {content}
        assert not (tmp_path / "aside").exists()
        assert list(target.parent.iterdir()) == [target]


def test_a_folder_that_cannot_be_moved_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = _folder(tmp_path / "out", "old")
    source = _folder(tmp_path / "aside", "new")
    rename = Path.rename

    def refuse(self: Path, to: Path) -> Path:
        if self == source:
            raise OSError(18, "Invalid cross-device link")
        return rename(self, to)

    monkeypatch.setattr(atomic, "_swap", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError):
        promote_dir(source, target)
    assert (target / "one").read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [source, target]


@pytest.mark.skipif(sys.platform != "linux", reason="swapping folders in one step is Linux's")
def test_a_reader_finds_a_whole_folder_at_every_moment(tmp_path: Path) -> None:
    target = _folder(tmp_path / "out", "0")
    missing: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                (target / "one").read_text()
            except OSError as error:
                missing.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(40):
            promote_dir(_folder(tmp_path / "aside", str(number)), target)
    finally:
        done.set()
        reader.join()
    assert missing == []
