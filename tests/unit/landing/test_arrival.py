import hashlib
import os
import pwd
import stat
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.contract.model import Contract
from pipelines.home import REPO, Home
from pipelines.landing import (
    ArchiveError,
    LandingError,
    Receipt,
    archive,
    arrival,
    blob,
    current,
    receive,
    taking,
    verify,
)
from pipelines.landing.listing import Seen

from .conftest import Drop, MakeContract

Files = dict[str, tuple[int, int, int, bytes]]


def _snapshot(folder: Path) -> Files:
    found: Files = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[str(path)] = (status.st_mode, status.st_mtime_ns, status.st_ctime_ns, content)
    return found


def _objects(home: Home) -> list[Path]:
    return [path for path in (home.archive / "objek").rglob("*") if path.is_file()]


def _manifests(home: Home) -> list[Path]:
    return sorted((home.archive / "manifes").rglob("*.json"))


def _paths(receipt: Receipt, key: str = "dinas.pasar") -> list[str]:
    return [delivery.path for delivery in receipt.arrived.get(key, [])]


def test_a_file_is_archived_with_who_when_from_where(
    home: Home, landing: Path, contract: Contract, drop: Drop
) -> None:
    file = drop("dinas/pasar/2024/jan.csv", b"Nama\r\n\xff\x00")
    before = _snapshot(landing)
    now = datetime(2025, 3, 1, 1, 0, tzinfo=UTC)
    receipt = receive(home, landing, [contract], now=now)
    assert _snapshot(landing) == before, "landing is never written"
    assert receipt.findings == {}
    assert receipt.unknown == []
    (delivery,) = receipt.arrived["dinas.pasar"]
    assert delivery.path == "2024/jan.csv"
    assert delivery.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert delivery.bytes == 8
    assert delivery.arrived == now
    assert delivery.modified.timestamp() == pytest.approx(file.stat().st_mtime, abs=1e-3)
    assert delivery.owner == pwd.getpwuid(os.getuid()).pw_name
    assert delivery.source == str(landing)
    kept = blob(home, delivery.sha256)
    assert kept == home.archive / "objek" / delivery.sha256[:2] / delivery.sha256
    assert kept.read_bytes() == file.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o400
    version = current(home, contract)
    assert version is not None
    assert version.files == (delivery,)


def test_a_dataset_whose_folder_never_came_is_nothing(home: Home, landing: Path, contract: Contract) -> None:
    assert receive(home, landing, [contract]) == Receipt()
    assert current(home, contract) is None


def test_unchanged_files_are_not_read_again(
    home: Home, landing: Path, contract: Contract, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop("dinas/pasar/a.csv")
    receive(home, landing, [contract])

    def fail(*_: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(arrival, "take", fail)
    monkeypatch.setattr(time, "sleep", fail)
    assert receive(home, landing, [contract]) == Receipt()
    assert len(_manifests(home)) == 1


def test_the_same_bytes_again_are_no_new_delivery(
    home: Home, landing: Path, contract: Contract, drop: Drop
) -> None:
    for _ in range(3):
        drop("dinas/pasar/a.csv").touch()
        receive(home, landing, [contract])
    assert len(_manifests(home)) == 1


def test_a_new_content_is_a_new_version_and_the_old_one_stays(
    home: Home, landing: Path, contract: Contract, drop: Drop
) -> None:
    start = datetime(2025, 3, 1, tzinfo=UTC)
    versions = []
    for night, text in enumerate(["one", "two", "one"]):
        drop("dinas/pasar/a.csv", text)
        assert _paths(receive(home, landing, [contract], now=start + timedelta(days=night))) == ["a.csv"]
        versions.append(current(home, contract))
    assert [path.name for path in _manifests(home)] == ["000001.json", "000002.json", "000003.json"]
    for night, (version, text) in enumerate(zip(versions, ["one", "two", "one"], strict=True)):
        assert version is not None
        assert blob(home, version.files[0].sha256).read_text() == text
        assert current(home, contract, start + timedelta(days=night, hours=1)) == version
    assert current(home, contract, start - timedelta(seconds=1)) is None
    first, second, third = (version.versi for version in versions if version)
    assert first == third != second
    with pytest.raises(ValueError, match="time zone"):
        current(home, contract, datetime(2025, 3, 1))


def test_a_file_taken_out_of_landing_stays(home: Home, landing: Path, contract: Contract, drop: Drop) -> None:
    drop("dinas/pasar/a.csv", "a")
    receive(home, landing, [contract])
    (landing / "dinas/pasar/a.csv").unlink()
    drop("dinas/pasar/b.csv", "b")
    receive(home, landing, [contract])
    version = current(home, contract)
    assert version is not None
    assert [file.path for file in version.files] == ["a.csv", "b.csv"]


def test_a_file_missing_from_the_archive_is_healed_from_landing(
    home: Home, landing: Path, contract: Contract, drop: Drop
) -> None:
    drop("dinas/pasar/a.csv")
    receive(home, landing, [contract])
    _objects(home)[0].unlink()
    assert [finding.berkas[:6] for finding in verify(home)] == ["objek/"]
    assert receive(home, landing, [contract]) == Receipt()
    assert verify(home) == []


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
    assert _paths(receipt) == ["done.csv"]
    assert _paths(receipt, "dinas.toko") == ["done.csv"]
    (finding,) = receipt.findings["dinas.pasar"]
    assert (finding.berkas, finding.tingkat) == ("grows.csv", "peringatan")
    assert "masih ditulis" in finding.pesan
    assert _paths(receive(home, landing, contracts)) == ["grows.csv"]


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
    assert _objects(home) == []
    assert _manifests(home) == []
    assert _paths(receive(home, landing, [contract])) == ["a.csv"]


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
    assert _objects(home) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become a user who may not read")
def test_what_this_user_may_not_read_is_a_finding(
    home: Home, landing: Path, contract: Contract, drop: Drop
) -> None:
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
    assert _paths(receipt) == ["a.csv"]
    findings = receipt.findings["dinas.pasar"]
    assert [(f.berkas, f.tingkat) for f in findings] == [("b.csv", "kritis"), ("sub", "kritis")]
    assert all("tidak dapat dibuka" in f.pesan and f.saran for f in findings)


def test_only_the_named_contracts_are_received(
    home: Home, landing: Path, make: MakeContract, drop: Drop
) -> None:
    contracts = [make("dinas.pasar"), make("dinas.toko")]
    drop("dinas/pasar/a.csv")
    drop("dinas/toko/a.csv")
    receipt = receive(home, landing, contracts, only={"dinas.toko"})
    assert list(receipt.arrived) == ["dinas.toko"]
    assert receipt.unknown == []


def test_a_missing_landing_folder_is_told(home: Home, landing: Path, contract: Contract) -> None:
    with pytest.raises(LandingError, match="--landing"):
        receive(home, landing / "typo", [contract])


def test_killed_between_object_and_manifest_the_next_run_repeats(
    home: Home, landing: Path, contract: Contract, drop: Drop
) -> None:
    drop("dinas/pasar/a.csv")
    drop("dinas/pasar/b.csv", "b")
    code = (
        "import os, sys; from pathlib import Path\n"
        "from pipelines.contract.model import Contract; from pipelines.home import Home\n"
        "from pipelines.landing import arrival\n"
        "contract = Contract.model_validate_json(sys.argv[3]).model_copy(update={'dataset': 'pasar'})\n"
        "arrival.append = lambda *_: os._exit(9)\n"
        "arrival.receive(Home(Path(sys.argv[1])), Path(sys.argv[2]), [contract])"
    )
    command = [sys.executable, "-c", code, str(home.root), str(landing), contract.model_dump_json()]
    assert subprocess.run(command, cwd=REPO).returncode == 9
    assert len(_objects(home)) == 2
    assert current(home, contract) is None
    assert _paths(receive(home, landing, [contract])) == ["a.csv", "b.csv"]
    assert len(_objects(home)) == 2
    assert verify(home) == []


def test_killed_while_copying_leaves_no_object_and_is_cleaned(
    home: Home, landing: Path, contract: Contract, drop: Drop
) -> None:
    drop("dinas/pasar/a.csv")
    code = (
        "import os, sys; from pathlib import Path\n"
        "from pipelines.home import Home; from pipelines.landing.archive import store\n"
        "def chunks():\n"
        "    yield b'half'\n"
        "    os._exit(9)\n"
        "store(Home(Path(sys.argv[1])), chunks())"
    )
    assert subprocess.run([sys.executable, "-c", code, str(home.root)], cwd=REPO).returncode == 9
    assert len(_objects(home)) == 1, "the half is there, aside"
    assert verify(home) == []
    receive(home, landing, [contract])
    assert len(_objects(home)) == 1
    assert verify(home) == []


def test_a_full_disk_keeps_what_was_archived_and_nothing_half(
    landing: Path, make: MakeContract, drop: Drop, disk: Callable[[str], Path]
) -> None:
    home = Home(disk("256k")).ensure()
    contracts = [make("dinas.pasar"), make("dinas.toko")]
    drop("dinas/pasar/small.csv", b"s" * 20_000)
    drop("dinas/toko/a.csv", b"a" * 20_000)
    drop("dinas/toko/big.csv", os.urandom(400_000))
    with pytest.raises(ArchiveError, match="the disk is full") as caught:
        receive(home, landing, contracts)
    assert str(home.archive) in str(caught.value)
    assert [path.parent.name for path in _manifests(home)] == ["pasar"]
    assert len(_objects(home)) == 2
    assert verify(home) == []
    disk("2m,remount")
    assert _paths(receive(home, landing, contracts), "dinas.toko") == ["a.csv", "big.csv"]
    assert verify(home) == []


def test_a_full_disk_at_the_manifest_records_nothing(
    home: Home, landing: Path, contract: Contract, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop("dinas/pasar/a.csv")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(ArchiveError, match="the disk is full"):
            receive(home, landing, [contract])
    assert [path for path in (home.archive / "manifes").rglob("*") if path.is_file()] == []
    assert _paths(receive(home, landing, [contract])) == ["a.csv"]


def test_a_read_only_home_is_told(
    landing: Path, contract: Contract, drop: Drop, disk: Callable[[str], Path]
) -> None:
    home = Home(disk("256k")).ensure()
    receive(home, landing, [contract])
    disk("256k,remount,ro")
    drop("dinas/pasar/a.csv")
    with pytest.raises(ArchiveError, match="read-only"):
        receive(home, landing, [contract])


def test_a_damaged_manifest_stops_its_dataset_alone(
    home: Home, landing: Path, make: MakeContract, drop: Drop
) -> None:
    contracts = [make("dinas.pasar"), make("dinas.toko")]
    for name in ("pasar", "toko"):
        drop(f"dinas/{name}/a.csv", name)
    receive(home, landing, contracts)
    manifest = home.archive / "manifes/dinas/pasar/000001.json"
    manifest.chmod(0o600)
    manifest.write_text('{"deliveries": [{"path": "a.csv"')
    drop("dinas/pasar/b.csv")
    drop("dinas/toko/b.csv")
    receipt = receive(home, landing, contracts)
    assert list(receipt.arrived) == ["dinas.toko"]
    (finding,) = receipt.findings["dinas.pasar"]
    assert finding.berkas == "archive/manifes/dinas/pasar"
    assert finding.tingkat == "kritis"
    assert len(list(manifest.parent.iterdir())) == 1, "nothing is recorded after a damaged manifest"


def test_750_unchanged_files_take_a_moment(
    home: Home, landing: Path, contract: Contract, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(750):
        drop(f"dinas/pasar/{number % 30}/{number}.csv", str(number))
    with monkeypatch.context() as patched:
        patched.setattr(archive, "fsync", lambda _: None)  # only to be quick here
        assert len(_paths(receive(home, landing, [contract]))) == 750
    started = time.process_time()
    assert receive(home, landing, [contract]) == Receipt()
    assert time.process_time() - started < 0.3


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
    assert _objects(home)[0].stat().st_size == 64 << 20
