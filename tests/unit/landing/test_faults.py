import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.contract.model import Contract
from pipelines.home import REPO, Home
from pipelines.landing import (
    ArchiveError,
    current,
    receive,
    verify,
)

from .conftest import Drop, MakeContract, arrived, manifests, objects


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
    assert len(objects(home)) == 2
    assert current(home, contract) is None
    assert arrived(receive(home, landing, [contract])) == ["a.csv", "b.csv"]
    assert len(objects(home)) == 2
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
    assert len(objects(home)) == 1, "the half is there, aside"
    assert verify(home) == []
    receive(home, landing, [contract])
    assert len(objects(home)) == 1
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
    assert [path.parent.name for path in manifests(home)] == ["pasar"]
    assert len(objects(home)) == 2
    assert verify(home) == []
    disk("2m,remount")
    assert arrived(receive(home, landing, contracts), "dinas.toko") == ["a.csv", "big.csv"]
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
    assert arrived(receive(home, landing, [contract])) == ["a.csv"]


def test_a_read_only_home_is_told(landing: Path, contract: Contract, drop: Drop, disk: Callable[[str], Path]) -> None:
    home = Home(disk("256k")).ensure()
    receive(home, landing, [contract])
    disk("256k,remount,ro")
    drop("dinas/pasar/a.csv")
    with pytest.raises(ArchiveError, match="read-only"):
        receive(home, landing, [contract])


def test_a_damaged_manifest_stops_its_dataset_alone(home: Home, landing: Path, make: MakeContract, drop: Drop) -> None:
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
