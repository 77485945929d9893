"""Deliveries with personal data: archived under the key, or not read at all."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.home import REPO, Home, Key
from pipelines.home.keys import init
from pipelines.landing import ArchiveError, Delivery, current, needs_key, opened, receive, rekey, shared, twins, verify
from pipelines.landing import locked as locked_module
from pipelines.landing.archive import place

from .conftest import Drop, MakeContract, arrived, manifests, objects

NIK, NAME = "3302026543210002", "Wartini binti Sukarno"
ROWS = f"NIK;Nama\n{NIK};{NAME}\n"
KEY = "dinas.pasar"


@pytest.fixture
def key(home: Home) -> Key:
    return init(home)[0]


@pytest.fixture
def work(home: Home) -> Path:
    return home.identity_tmp


def locked_objects(home: Home) -> list[Path]:
    return [path for path in (home.archive / "terkunci").rglob("*") if path.is_file()]


def the_file(home: Home, contract: Contract) -> Delivery:
    version = current(home, contract)
    assert version is not None
    (file,) = version.files
    return file


def archived_bytes(home: Home) -> bytes:
    return b"\n".join(path.read_bytes() for path in home.archive.rglob("*") if path.is_file())


def holds_traces(home: Home, content: str = ROWS) -> list[str]:
    """Planted values, and plain hashes by which a guess could be confirmed, anywhere below the archive."""
    traces = [NIK, NAME, "Wartini", hashlib.sha256(content.encode()).hexdigest()]
    names = b"\n".join(str(path).encode() for path in home.archive.rglob("*"))
    return [trace for trace in traces if trace.encode() in archived_bytes(home) + names]


def test_no_byte_of_the_archive_tells_who_is_in_it(
    home: Home, landing: Path, contract: Contract, drop: Drop, key: Key, work: Path
) -> None:
    drop("dinas/pasar/a.csv", ROWS)
    receipt = receive(home, landing, [contract], personal={KEY}, key=key)
    assert arrived(receipt) == ["a.csv"]
    assert receipt.locked == set()
    assert holds_traces(home) == []
    assert objects(home) == []
    (path,) = locked_objects(home)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    plain = opened(home, the_file(home, contract), work, key)
    assert plain.read_text() == ROWS
    assert (plain.parent, stat.S_IMODE(plain.stat().st_mode)) == (work, 0o600)
    assert verify(home, key) == []


def test_without_a_key_nothing_is_read_and_the_others_go_on(
    home: Home, landing: Path, make: MakeContract, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    contracts = [make(KEY), make("dinas.toko")]
    secret = drop("dinas/pasar/a.csv", ROWS)
    drop("dinas/toko/b.csv")
    touched: list[str] = []
    real_open, real_scan = os.open, os.scandir

    def watch_open(path: object, *rest: object, **more: object) -> int:
        touched.append(str(path))
        return real_open(path, *rest, **more)  # type: ignore[arg-type]

    def watch_scan(path: object) -> object:
        touched.append(str(path))
        return real_scan(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "open", watch_open)
    monkeypatch.setattr(os, "scandir", watch_scan)
    receipt = receive(home, landing, contracts, personal={KEY}, key=None)
    monkeypatch.undo()
    assert receipt.locked == {KEY}
    assert arrived(receipt, "dinas.toko") == ["b.csv"]
    assert secret.name not in touched
    assert str(secret.parent) not in touched
    (finding,) = receipt.findings[KEY]
    assert finding.tingkat == "kritis"
    assert "satudata keys init" in (finding.saran or "")
    assert current(home, contracts[0]) is None
    assert holds_traces(home) == []


def test_with_only_a_locked_contract_left_out_is_not_told(home: Home, landing: Path, make: MakeContract) -> None:
    receipt = receive(home, landing, [make(KEY), make("dinas.toko")], personal={KEY}, only={"dinas.toko"})
    assert (receipt.locked, receipt.findings) == (set(), {})


def test_the_same_bytes_are_known_again(
    home: Home, landing: Path, make: MakeContract, drop: Drop, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    contracts = [make(KEY), make("badan.pasar")]
    both = {contract.key for contract in contracts}
    file = drop("dinas/pasar/a.csv", ROWS)
    drop("dinas/pasar/b.csv", ROWS)
    drop("badan/pasar/c.csv", ROWS)
    receive(home, landing, contracts, personal=both, key=key)
    assert len(locked_objects(home)) == 1
    versions = {c.key: current(home, c) for c in contracts}
    kept = {k: version for k, version in versions.items() if version}
    assert [finding.berkas for finding in twins(kept[KEY])] == ["b.csv"]
    assert list(shared(kept).values()) == [[("badan.pasar", "c.csv"), (KEY, "a.csv"), (KEY, "b.csv")]]
    before = kept[KEY].versi
    os.utime(file, (1, 1))
    assert receive(home, landing, contracts, personal=both, key=key).arrived == {}
    file.write_text(ROWS + "x\n")
    assert arrived(receive(home, landing, contracts, personal=both, key=key)) == ["a.csv"]
    file.write_text(ROWS)
    receive(home, landing, contracts, personal=both, key=key)
    after = current(home, contracts[0])
    assert after is not None
    assert after.versi == before


def test_memory_does_not_grow_with_the_file(
    home: Home, landing: Path, contract: Contract, key: Key, work: Path
) -> None:
    path = landing / "dinas/pasar/big.csv"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(32 << 20)
    tracemalloc.start()
    try:
        receive(home, landing, [contract], personal={KEY}, key=key)
        plain = opened(home, the_file(home, contract), work, key)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10 << 20
    assert plain.stat().st_size == 32 << 20


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "gone", "swapped", "other key", "no key"])
def test_what_is_not_as_it_was_written_is_never_handed_out(
    home: Home, landing: Path, contract: Contract, drop: Drop, key: Key, work: Path, damage: str
) -> None:
    drop("dinas/pasar/a.csv", ROWS)
    receive(home, landing, [contract], personal={KEY}, key=key)
    file = the_file(home, contract)
    path = place(home, file.sha256, True)
    content = bytearray(path.read_bytes())
    path.chmod(0o600)
    given: Key | None = key
    problem = "tidak lagi sama"
    if damage == "cut":
        path.write_bytes(content[:-1])
    elif damage == "flip":
        content[-20] ^= 4
        path.write_bytes(content)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "gone":
        path.unlink()
        problem = "tidak ada"
    elif damage == "swapped":
        drop("dinas/pasar/b.csv", "NIK;Nama\n1;X\n")
        receive(home, landing, [contract], personal={KEY}, key=key)
        (other,) = (p for p in locked_objects(home) if p != path)
        path.write_bytes(other.read_bytes())
    else:
        given = None if damage == "no key" else Key(secrets.token_bytes(32), key.naming, 2)
        problem = "kuncinya tidak diberikan"
    with pytest.raises(ArchiveError) as caught:
        opened(home, file, work, given)
    assert str(path) in str(caught.value)
    assert list(work.iterdir()) == []
    assert [problem in finding.pesan for finding in verify(home, given)] == [True]


def test_clear_deliveries_of_before_are_encrypted_and_leave_no_trace(
    home: Home, landing: Path, contract: Contract, drop: Drop, key: Key, work: Path
) -> None:
    first = drop("dinas/pasar/a.csv", ROWS)
    receive(home, landing, [contract], now=datetime(2025, 1, 1, tzinfo=UTC))
    first.write_text(ROWS + f"{NIK};baru\n")
    receive(home, landing, [contract], now=datetime(2025, 2, 1, tzinfo=UTC))
    assert holds_traces(home)
    assert receive(home, landing, [contract], personal={KEY}, key=key).arrived == {}
    assert holds_traces(home) == []
    assert holds_traces(home, ROWS + f"{NIK};baru\n") == []
    assert (objects(home), len(locked_objects(home))) == ([], 2)
    january = current(home, contract, datetime(2025, 1, 15, tzinfo=UTC))
    assert january is not None
    assert opened(home, january.files[0], work, key).read_text() == ROWS
    assert verify(home, key) == []
    assert {stat.S_IMODE(path.stat().st_mode) for path in manifests(home)} == {0o400}
    before = [path.stat().st_ino for path in manifests(home)]
    receive(home, landing, [contract], personal={KEY}, key=key)
    assert [path.stat().st_ino for path in manifests(home)] == before, "done once"


def test_what_another_dataset_delivered_in_clear_stays_for_it(
    home: Home, landing: Path, make: MakeContract, drop: Drop, key: Key, work: Path
) -> None:
    contracts = [make(KEY), make("dinas.toko")]
    drop("dinas/pasar/a.csv", ROWS)
    drop("dinas/toko/a.csv", ROWS)
    receive(home, landing, contracts)
    receive(home, landing, contracts, personal={KEY}, key=key)
    assert (len(objects(home)), len(locked_objects(home))) == (1, 1)
    for contract in contracts:
        assert opened(home, the_file(home, contract), work, key).read_text() == ROWS
    receive(home, landing, contracts, personal={KEY, "dinas.toko"}, key=key)
    assert objects(home) == []
    assert verify(home, key) == []


@pytest.mark.parametrize("step", ["flush", "unlink", "manifest.write"])
def test_killed_while_encrypting_earlier_deliveries_the_next_run_finishes(
    home: Home, landing: Path, contract: Contract, drop: Drop, key: Key, work: Path, step: str
) -> None:
    for text in ("satu", "dua"):
        drop("dinas/pasar/a.csv", text + ROWS)
        receive(home, landing, [contract])
    code = (
        "import os, sys; from pathlib import Path\n"
        "from pipelines.contract.model import Contract; from pipelines.home import Home\n"
        "from pipelines.home.keys import load; from pipelines.landing import earlier, receive\n"
        "contract = Contract.model_validate_json(sys.argv[3]).model_copy(update={'dataset': 'pasar'})\n"
        "home = Home(Path(sys.argv[1]))\n"
        "def die(*_): os._exit(9)\n"
        f"if '{step}' == 'flush': earlier.flush = die\n"
        f"if '{step}' == 'unlink': Path.unlink, keep = die, Path.unlink\n"
        f"if '{step}' == 'manifest.write': earlier.manifest.write = die\n"
        "earlier.lock_earlier(home, contract, load(home))\n"
    )
    if step == "unlink":  # scratch files are unlinked too: die at the first object only
        code = code.replace(
            "Path.unlink, keep = die, Path.unlink",
            "keep = Path.unlink; Path.unlink = lambda p, **k: die() if 'objek' in p.parts else keep(p, **k)",
        )
    command = [sys.executable, "-c", code, str(home.root), str(landing), contract.model_dump_json()]
    assert subprocess.run(command, cwd=REPO, check=False).returncode == 9
    receive(home, landing, [contract], personal={KEY}, key=key)
    assert holds_traces(home, "satu" + ROWS) == holds_traces(home, "dua" + ROWS) == []
    assert (objects(home), len(locked_objects(home))) == ([], 2)
    assert opened(home, the_file(home, contract), work, key).read_text() == "dua" + ROWS
    assert verify(home, key) == []


def test_a_damaged_manifest_elsewhere_delays_the_encryption_and_is_told(
    home: Home, landing: Path, make: MakeContract, drop: Drop, key: Key
) -> None:
    contracts = [make(KEY), make("dinas.toko")]
    drop("dinas/pasar/a.csv", ROWS)
    drop("dinas/toko/b.csv", "Nama\nx\n")
    receive(home, landing, contracts)
    broken = home.archive / "manifes/dinas/toko/000001.json"
    broken.chmod(0o600)
    whole = broken.read_text()
    broken.write_text(whole[:-9])
    receipt = receive(home, landing, contracts, personal={KEY}, key=key)
    assert ["belum dapat dienkripsi" in finding.pesan for finding in receipt.findings[KEY]] == [True]
    assert objects(home)
    broken.write_text(whole)
    assert receive(home, landing, contracts, personal={KEY}, key=key).findings == {}
    assert holds_traces(home) == []


def test_a_clear_object_that_is_damaged_is_left_for_the_engineer_and_its_file_taken_again(
    home: Home, landing: Path, contract: Contract, drop: Drop, key: Key, work: Path
) -> None:
    drop("dinas/pasar/a.csv", ROWS)
    receive(home, landing, [contract])
    (path,) = objects(home)
    path.chmod(0o600)
    path.write_bytes(b"other")
    assert arrived(receive(home, landing, [contract], personal={KEY}, key=key)) == ["a.csv"]
    assert opened(home, the_file(home, contract), work, key).read_text() == ROWS
    assert path.read_bytes() == b"other"
    assert [finding.pesan for finding in verify(home, key) if "tidak lagi sama" in finding.pesan]


def test_a_new_key_killed_half_way_and_again(
    home: Home, landing: Path, contract: Contract, drop: Drop, key: Key, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        drop(f"dinas/pasar/{number}.csv", ROWS + str(number))
    receive(home, landing, [contract], personal={KEY}, key=key)
    new = Key(secrets.token_bytes(32), key.naming, 2)
    before = sorted(path.name for path in locked_objects(home))
    settled: list[Path] = []
    settle = locked_module.settle

    def dying(unfinished: Path, path: Path) -> None:
        if len(settled) == 2:
            raise KeyboardInterrupt
        settle(unfinished, path)
        settled.append(path)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(locked_module, "settle", dying)
        rekey(home, key, new)
    assert rekey(home, key, new) == 2
    assert rekey(home, key, new) == 0
    assert sorted(path.name for path in locked_objects(home)) == before
    assert verify(home, new) == []
    assert {stat.S_IMODE(path.stat().st_mode) for path in locked_objects(home)} == {0o400}
    version = current(home, contract)
    assert version is not None
    for file in version.files:
        assert opened(home, file, work, new).read_text() == ROWS + file.path[0]
    with pytest.raises(ArchiveError, match=new.id):
        opened(home, version.files[0], work, key)
    assert receive(home, landing, [contract], personal={KEY}, key=new).arrived == {}


def test_one_damaged_object_does_not_keep_the_others_from_the_new_key(
    home: Home, landing: Path, contract: Contract, drop: Drop, key: Key
) -> None:
    for name in "abc":
        drop(f"dinas/pasar/{name}.csv", ROWS + name)
    receive(home, landing, [contract], personal={KEY}, key=key)
    damaged = sorted(locked_objects(home))[1]
    damaged.chmod(0o600)
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-1])
    new = Key(secrets.token_bytes(32), key.naming, 2)
    with pytest.raises(ArchiveError, match=damaged.name):
        rekey(home, key, new)
    damaged.write_bytes(whole)
    assert rekey(home, key, new) == 1
    assert verify(home, new) == []


def test_manifests_of_before_can_still_be_read(home: Home, landing: Path, contract: Contract, drop: Drop) -> None:
    drop("dinas/pasar/a.csv")
    receive(home, landing, [contract])
    (path,) = manifests(home)
    content = json.loads(path.read_text())
    del content["deliveries"][0]["locked"]
    path.chmod(0o600)
    path.write_text(json.dumps(content))
    assert the_file(home, contract).locked is False


def test_a_key_is_needed_for_personal_columns_and_for_copies_of_such_files(make: MakeContract) -> None:
    teks = Standard.model_validate({"konsep": "Teks", "definisi": "Teks", "ukuran": "huruf", "sumber": "uji"})
    standards = {"teks": teks, "nik": teks.model_copy(update={"pribadi": True})}

    def with_columns(contract: Contract, **update: object) -> Contract:
        return contract.model_copy(update=update)

    plain = make("dinas.toko")
    nik = plain.kolom["nama"].model_copy(update={"standar": "nik"})
    cleared = nik.model_copy(update={"pribadi": False})
    owner = with_columns(make("dinas.warga"), kolom={"nik": nik})
    copy = with_columns(make("badan.warga"), salinan_dari="dinas.warga")
    public = with_columns(make("dinas.usaha"), kolom={"nik": cleared})
    declared = with_columns(
        make("dinas.gaji"), kolom={"gaji": plain.kolom["nama"].model_copy(update={"pribadi": True})}
    )
    library = Library((plain, owner, copy, public, declared), standards, {})
    found = {contract.key for contract in library.contracts if needs_key(library, contract)}
    assert found == {"dinas.warga", "badan.warga", "dinas.gaji"}
    flipped = Library((make("dinas.warga"), with_columns(copy, kolom={"nik": nik})), standards, {})
    assert all(needs_key(flipped, contract) for contract in flipped.contracts)
