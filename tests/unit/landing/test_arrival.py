import hashlib
import os
import pwd
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.contract.model import Contract
from pipelines.home import Home
from pipelines.landing import (
    LandingError,
    Receipt,
    archive,
    arrival,
    blob,
    current,
    receive,
    verify,
)

from .conftest import Drop, MakeContract, arrived, manifests, objects

Files = dict[str, tuple[int, int, int, bytes]]


def _snapshot(folder: Path) -> Files:
    found: Files = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[str(path)] = (status.st_mode, status.st_mtime_ns, status.st_ctime_ns, content)
    return found


def test_a_file_is_archived_with_who_when_from_where(home: Home, landing: Path, contract: Contract, drop: Drop) -> None:
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
    assert len(manifests(home)) == 1


def test_the_same_bytes_again_are_no_new_delivery(home: Home, landing: Path, contract: Contract, drop: Drop) -> None:
    for _ in range(3):
        drop("dinas/pasar/a.csv").touch()
        receive(home, landing, [contract])
    assert len(manifests(home)) == 1


def test_a_new_content_is_a_new_version_and_the_old_one_stays(
    home: Home, landing: Path, contract: Contract, drop: Drop
) -> None:
    start = datetime(2025, 3, 1, tzinfo=UTC)
    versions = []
    for night, text in enumerate(["one", "two", "one"]):
        drop("dinas/pasar/a.csv", text)
        assert arrived(receive(home, landing, [contract], now=start + timedelta(days=night))) == ["a.csv"]
        versions.append(current(home, contract))
    assert [path.name for path in manifests(home)] == ["000001.json", "000002.json", "000003.json"]
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
    objects(home)[0].unlink()
    assert [finding.berkas[:6] for finding in verify(home)] == ["objek/"]
    assert receive(home, landing, [contract]) == Receipt()
    assert verify(home) == []


def test_only_the_named_contracts_are_received(home: Home, landing: Path, make: MakeContract, drop: Drop) -> None:
    contracts = [make("dinas.pasar"), make("dinas.toko")]
    drop("dinas/pasar/a.csv")
    drop("dinas/toko/a.csv")
    receipt = receive(home, landing, contracts, only={"dinas.toko"})
    assert list(receipt.arrived) == ["dinas.toko"]
    assert receipt.unknown == []


def test_a_missing_landing_folder_is_told(home: Home, landing: Path, contract: Contract) -> None:
    with pytest.raises(LandingError, match="--landing"):
        receive(home, landing / "typo", [contract])


def test_750_unchanged_files_take_a_moment(
    home: Home, landing: Path, contract: Contract, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(750):
        drop(f"dinas/pasar/{number % 30}/{number}.csv", str(number))
    with monkeypatch.context() as patched:
        patched.setattr(archive, "fsync", lambda _: None)  # only to be quick here
        assert len(arrived(receive(home, landing, [contract]))) == 750
    started = time.process_time()
    assert receive(home, landing, [contract]) == Receipt()
    assert time.process_time() - started < 0.3
