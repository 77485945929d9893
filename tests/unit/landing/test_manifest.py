import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract.model import Contract
from pipelines.home import Home
from pipelines.landing import Delivery, Version, current, receive, shared, twins
from pipelines.landing.manifest import append, folder, history

from .conftest import Drop, MakeContract

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def _delivery(path: str, sha256: str, size: int = 1, arrived: datetime = NOON) -> Delivery:
    return Delivery(path, sha256, size, NOON, arrived, "opd", "/landing", 1, 2, 3)


files = st.dictionaries(st.text("abc/é ", min_size=1, max_size=6), st.text("0123", min_size=4, max_size=4), min_size=1)


@given(files, st.randoms(use_true_random=False))
def test_versi_does_not_depend_on_order_or_circumstance(content: dict[str, str], random: Random) -> None:
    ordered = [_delivery(path, sha256) for path, sha256 in content.items()]
    shuffled = [
        _delivery(file.path, file.sha256, arrived=NOON + timedelta(hours=random.randint(0, 99))) for file in ordered
    ]
    random.shuffle(shuffled)
    one, other = Version.of(ordered), Version.of(shuffled)
    assert one.versi == other.versi
    assert len(one.versi) == 12
    assert [file.path for file in other.files] == sorted(content)


@given(files, files)
def test_versi_tells_contents_apart(one: dict[str, str], other: dict[str, str]) -> None:
    versions = [Version.of([_delivery(*pair) for pair in content.items()]) for content in (one, other)]
    assert (versions[0].versi == versions[1].versi) == (one == other)


def test_deliveries_survive_the_file(home: Home, contract: Contract) -> None:
    jakarta = timezone(timedelta(hours=7))
    written = [
        _delivery("a – é.csv", "0" * 64, arrived=datetime(2025, 3, 1, 1, 2, 3, 456, tzinfo=jakarta)),
        _delivery("b.csv", "1" * 64),
    ]
    manifests = folder(home, contract)
    paths = [append(manifests, [delivery]) for delivery in written]
    assert [path.name for path in paths] == ["000001.json", "000002.json"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o400 for path in paths)
    assert history(manifests) == written
    assert history(manifests)[0].arrived.utcoffset() == timedelta()


def test_the_order_of_arrival_decides_even_when_the_clock_went_back(home: Home, contract: Contract) -> None:
    append(folder(home, contract), [_delivery("a.csv", "0" * 64)])
    append(folder(home, contract), [_delivery("a.csv", "1" * 64, arrived=NOON - timedelta(days=1))])
    version = current(home, contract)
    assert version is not None
    assert version.files[0].sha256 == "1" * 64


def test_arriving_in_any_order_gives_the_same_version(
    tmp_path: Path, landing: Path, contract: Contract, drop: Drop
) -> None:
    seen = []
    for number, order in enumerate(["abc", "cab", "bca"]):
        home = Home(tmp_path / f"home{number}").ensure()
        for name in order:
            drop(f"dinas/pasar/{name}.csv", name)
            receive(home, landing, [contract])
        version = current(home, contract)
        assert version is not None
        seen.append(version.versi)
        for file in (landing / "dinas/pasar").iterdir():
            file.unlink()
    assert len(set(seen)) == 1


def test_two_paths_with_the_same_bytes_both_stay_with_a_finding_every_night(
    home: Home, landing: Path, contract: Contract, drop: Drop
) -> None:
    drop("dinas/pasar/2022/Banyuwangi.csv", "same")
    drop("dinas/pasar/2022/Blitar.csv", "same")
    drop("dinas/pasar/2022/other.csv", "other")
    drop("dinas/pasar/empty1.csv", "")
    drop("dinas/pasar/empty2.csv", "")
    for _ in range(2):
        receive(home, landing, [contract])
        version = current(home, contract)
        assert version is not None
        assert len(version.files) == 5
        (finding,) = twins(version)
        assert (finding.berkas, finding.tingkat) == ("2022/Blitar.csv", "peringatan")
        assert "'2022/Banyuwangi.csv'" in finding.pesan
    drop("dinas/pasar/2022/Blitar.csv", "mended")
    receive(home, landing, [contract])
    version = current(home, contract)
    assert version is not None
    assert twins(version) == []


def test_two_datasets_with_the_same_bytes_are_told(home: Home, landing: Path, make: MakeContract, drop: Drop) -> None:
    contracts = [make("dinas.pasar"), make("badan.pasar"), make("badan.toko")]
    drop("dinas/pasar/a.csv", "same")
    drop("dinas/pasar/a2.csv", "same")
    drop("badan/pasar/b.csv", "same")
    drop("badan/toko/c.csv", "own")
    drop("badan/toko/c2.csv", "own")
    receipt = receive(home, landing, contracts)
    versions = {contract.key: current(home, contract) for contract in contracts}
    found = shared({key: version for key, version in versions.items() if version})
    assert found == {
        receipt.arrived["badan.pasar"][0].sha256: [
            ("badan.pasar", "b.csv"),
            ("dinas.pasar", "a.csv"),
            ("dinas.pasar", "a2.csv"),
        ]
    }


def test_swapping_contents_is_another_version() -> None:
    straight = Version.of([_delivery("a", "1"), _delivery("b", "2")])
    crossed = Version.of([_delivery("a", "2"), _delivery("b", "1")])
    assert straight.versi != crossed.versi
