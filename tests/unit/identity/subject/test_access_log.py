"""The log of who looked at whom: whole, in order, and telling when it is not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.home import Home, HomeError
from pipelines.identity.subject.access_log import Entry, log_file, read, verify, write

ENTRY = Entry("Budi", "lihat", "permohonan akses 12", "ab" * 16, "ditampilkan: 3 baris dari 2 dataset")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).ensure()


def test_lines_are_numbered_and_read_back(home: Home) -> None:
    assert list(read(home)) == [] and verify(home) == []
    written = [write(home, ENTRY), write(home, Entry("Siti", "lihat", "a b", None, "tidak ada data"))]
    assert [line.nomor for line in written] == [1, 2]
    assert list(read(home)) == written
    assert verify(home) == []
    assert log_file(home).stat().st_mode & 0o777 == 0o600


def swap(lines: list[bytes]) -> list[bytes]:
    return [lines[1], lines[0], *lines[2:]]


def falsify(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b"Budi", b"Siti"), *lines[2:]]


@pytest.mark.parametrize(
    ("harm", "where"),
    [
        (lambda lines: lines[1:], "Baris 1 tidak menyambung"),
        (lambda lines: [lines[0], *lines[2:]], "Baris 2 tidak menyambung"),
        (swap, "Baris 1 tidak menyambung"),
        (falsify, "Baris 3 tidak menyambung"),
        (lambda lines: [*lines, lines[-1]], "Baris 5 tidak menyambung"),
        (lambda lines: [lines[0], b"{", *lines[2:]], "Baris 2 rusak"),
    ],
    ids=["first gone", "one gone", "swapped", "changed", "one added", "damaged"],
)
def test_what_was_done_to_it_shows(home: Home, harm: Callable[[list[bytes]], list[bytes]], where: str) -> None:
    for _ in range(4):
        write(home, ENTRY)
    lines = log_file(home).read_bytes().splitlines()
    log_file(home).write_bytes(b"\n".join(harm(lines)) + b"\n")
    assert verify(home)[0].startswith(where)


def test_half_a_line_stays_and_the_next_one_is_whole(home: Home) -> None:
    write(home, ENTRY)
    with log_file(home).open("ab") as file:
        file.write(b'{"nomor": 2, "wak')
    line = write(home, ENTRY)
    assert line.nomor == 3
    assert verify(home) == ["Baris 2 rusak."]
    assert [found.nomor for found in read(home)] == [1, 3]


def test_many_writers_at_once_make_one_chain(home: Home) -> None:
    with ThreadPoolExecutor(8) as pool:
        lines = list(pool.map(lambda _: write(home, ENTRY), range(20)))
    assert sorted(line.nomor for line in lines) == list(range(1, 21))
    assert verify(home) == []


def test_what_cannot_be_written_is_said(home: Home) -> None:
    log_file(home).mkdir()
    with pytest.raises(HomeError, match=r"cannot write .*akses\.jsonl"):
        write(home, ENTRY)


def test_a_line_is_synced_before_it_counts(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    real = os.fsync

    def note(handle: int) -> None:
        real(handle)
        if log_file(home).exists():
            synced.append(log_file(home).read_bytes())

    monkeypatch.setattr(os, "fsync", note)
    line = write(home, ENTRY)
    assert json.loads(synced[0])["nomor"] == line.nomor == 1
