import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.contract.model import Contract
from pipelines.home import Home
from pipelines.landing import Receipt, arrival

MakeContract = Callable[..., Contract]
Drop = Callable[..., Path]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file of a test is fresh; only the tests about growing files wait."""
    monkeypatch.setattr(arrival, "LOOK_AGAIN_SECONDS", 0.0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    path = tmp_path / "landing"
    path.mkdir()
    return path


@pytest.fixture
def make() -> MakeContract:
    """Make a contract: make("dinas.pasar", "*.csv", ...)."""

    def build(key: str, *patterns: str) -> Contract:
        produsen, dataset = key.split(".")
        contract = Contract.model_validate(
            {
                "judul": "Contoh",
                "produsen": produsen,
                "jadwal": "harian",
                "klasifikasi": "terbuka",
                "baca": {"file": list(patterns) or ["**/*"]},
                "kolom": {"nama": {"dari": ["Nama"], "standar": "teks"}},
            }
        )
        return contract.model_copy(update={"dataset": dataset})

    return build


@pytest.fixture
def contract(make: MakeContract) -> Contract:
    return make("dinas.pasar")


@pytest.fixture
def drop(landing: Path) -> Drop:
    """Put a file into landing: drop("dinas/pasar/a.csv", "text")."""

    def put(path: str | bytes, content: str | bytes = "Nama\nPasar Gede\n") -> Path:
        file = landing / os.fsdecode(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return put


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Make a small disk of its own: disk("256k"), disk("512k,remount"). Only root can mount; others skip."""
    path = tmp_path / "disk"
    path.mkdir()

    def mount(options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={options}", "tmpfs", str(path)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("this user cannot mount a disk")
        return path

    yield mount
    if path.is_mount():
        subprocess.run(["umount", str(path)], check=True)


def objects(home: Home) -> list[Path]:
    return [path for path in (home.archive / "objek").rglob("*") if path.is_file()]


def manifests(home: Home) -> list[Path]:
    return sorted((home.archive / "manifes").rglob("*.json"))


def arrived(receipt: Receipt, key: str = "dinas.pasar") -> list[str]:
    return [delivery.path for delivery in receipt.arrived.get(key, [])]
