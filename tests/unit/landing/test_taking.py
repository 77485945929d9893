import os
import threading
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.contract.model import Contract
from pipelines.home import Home
from pipelines.landing import (
    arrival,
    receive,
    taking,
)
from pipelines.landing.listing import Seen

from .conftest import Drop, MakeContract, arrived, manifests, objects


def test_a_file_being_written_is_taken_by_the_next_run(
    home: Home, landing: Path, make: MakeContract, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleep, waits = time.sleep, list[float]()

    def wait(seconds: float) -> None:
        waits.append(seconds)
        sleep(seconds)

    monkeypatch.setattr(arrival, "LOOK_AGAIN_SECONDS", 0.3)
    monkeypatch.setattr(arrival.time, "sleep", wait)
    contracts = [make("dinas.pasar"), make("dinas.toko")]
    growing = drop("dinas/pasar/grows.csv", "Nama\n")
    drop("dinas/pasar/done.csv")
    drop("dinas/toko/done.csv", "Nama\nx\n")
    stop = threading.Event()

    def write() -> None:
        with growing.open("a") as file:
            while not stop.wait(0.02):
                file.write("Pasar\n")
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        receipt = receive(home, landing, contracts)
    finally:
        stop.set()
        writer.join()
    assert waits == [0.3], "one wait for all"
    assert arrived(receipt) == ["done.csv"]
    assert arrived(receipt, "dinas.toko") == ["done.csv"]
    (finding,) = receipt.findings["dinas.pasar"]
    assert (finding.berkas, finding.tingkat) == ("grows.csv", "peringatan")
    assert "masih ditulis" in finding.pesan
    assert arrived(receive(home, landing, contracts)) == ["grows.csv"]


@pytest.mark.parametrize("change", ["grow", "shrink", "same size"])
def test_a_file_changed_while_it_is_copied_is_not_taken(
    home: Home,
    landing: Path,
    contract: Contract,
    drop: Drop,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    size = 3 * taking.CHUNK
    file = drop("dinas/pasar/a.csv", b"a" * size)
    read, changed = os.read, threading.Event()

    def meddle(handle: int, count: int) -> bytes:
        chunk = read(handle, count)
        if not changed.is_set():
            changed.set()
            time.sleep(0.02)  # past the tick of the kernel's clock
            with file.open("r+b") as other:
                if change == "shrink":
                    other.truncate(size // 2)
                else:
                    other.seek(size if change == "grow" else size - 1)
                    other.write(b"b")
        return chunk

    with monkeypatch.context() as patched:
        patched.setattr(taking.os, "read", meddle)
        receipt = receive(home, landing, [contract])
    assert changed.is_set()
    assert receipt.arrived == {}
    assert "masih ditulis" in receipt.findings["dinas.pasar"][0].pesan
    assert objects(home) == []
    assert manifests(home) == []
    assert arrived(receive(home, landing, [contract])) == ["a.csv"]


def test_a_file_that_grows_faster_than_it_is_copied_does_not_hold_the_run(
    home: Home, landing: Path, contract: Contract, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = drop("dinas/pasar/a.csv", b"a" * (2 * taking.CHUNK))
    read, reads = os.read, list[int]()

    def grow(handle: int, count: int) -> bytes:
        reads.append(count)
        assert len(reads) < 10
        with file.open("ab") as other:
            other.write(b"b" * taking.CHUNK)
        return read(handle, count)

    monkeypatch.setattr(taking.os, "read", grow)
    assert receive(home, landing, [contract]).arrived == {}
    assert len(reads) <= 2


def _seen(path: Path, name: str) -> Seen:
    return Seen(name, path.lstat())


def test_a_link_slipped_in_after_the_listing_is_not_followed(
    home: Home, landing: Path, drop: Drop, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "a.csv").write_text("rahasia")
    file = drop("dinas/pasar/sub/a.csv")
    seen = _seen(file, "sub/a.csv")
    now = datetime.now(UTC)

    def kind() -> str:
        with pytest.raises(taking.RefusedError) as caught:
            taking.take(home, landing, "dinas/pasar", seen, None, now)
        return caught.value.kind

    file.unlink()
    assert kind() == "masih_ditulis"
    file.symlink_to(secret / "a.csv")
    assert kind() == "tautan"
    file.unlink()
    os.mkfifo(file)
    assert kind() == "bukan_berkas"
    file.unlink()
    file.parent.rmdir()
    file.parent.symlink_to(secret)
    assert kind() == "tautan"
    file.parent.unlink()
    (landing / "dinas/pasar/sub").mkdir()
    (landing / "dinas/pasar/sub/a.csv").write_text("another file")
    assert kind() == "masih_ditulis"
    assert objects(home) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become a user who may not read")
def test_what_this_user_may_not_read_is_a_finding(home: Home, landing: Path, contract: Contract, drop: Drop) -> None:
    drop("dinas/pasar/a.csv")
    drop("dinas/pasar/b.csv", "b").chmod(0)
    drop("dinas/pasar/sub/c.csv", "c").parent.chmod(0o311)
    # Root reads everything, so be somebody else for a moment.
    for path in [home.root, *home.root.rglob("*")]:
        os.chown(path, 65534, 65534)
    above = [path for path in landing.parents if not path.stat().st_mode & 0o001]
    modes = {path: path.stat().st_mode for path in above}
    try:
        for path in above:
            path.chmod(modes[path] | 0o011)
        os.seteuid(65534)
        try:
            receipt = receive(home, landing, [contract])
        finally:
            os.seteuid(0)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert arrived(receipt) == ["a.csv"]
    findings = receipt.findings["dinas.pasar"]
    assert [(f.berkas, f.tingkat) for f in findings] == [("b.csv", "kritis"), ("sub", "kritis")]
    assert all("tidak dapat dibuka" in f.pesan and f.saran for f in findings)


def test_memory_does_not_grow_with_the_file(home: Home, landing: Path, contract: Contract) -> None:
    path = landing / "dinas/pasar/big.csv"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(64 << 20)
    tracemalloc.start()
    try:
        receive(home, landing, [contract])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20
    assert objects(home)[0].stat().st_size == 64 << 20
