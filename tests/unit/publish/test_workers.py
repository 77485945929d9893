"""Many processes make what one makes; what one of them meets reaches the release."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.home import REPO, Home
from pipelines.publish import ReleaseError, workers
from pipelines.publish.workbench import Workbench

from .conftest import World, content, make_contract, persons, text_contract

pytestmark = pytest.mark.slow


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes for two datasets."""
    monkeypatch.setattr(workers, "DATASETS_EACH", 1)
    monkeypatch.setattr(workers.os, "cpu_count", lambda: 2)


def test_the_release_is_the_same(world: World, tmp_path: Path, many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    world.text("satu")
    world.persons({("33.02.01", "laki-laki"): 3, ("33.02.01", "perempuan"): 40, ("33.02.01", "Jumlah"): 43})
    contracts = make_contract(), text_contract(), persons()
    first = world.release(*contracts)
    other = World(Home(tmp_path / "lain").ensure(), world.standards, dates=world.dates)
    os.link(world.warehouse, other.warehouse)
    monkeypatch.setattr(workers, "DATASETS_EACH", 99)
    second = other.release(*contracts)
    assert first.hidden and (first.hidden, first.datasets) == (second.hidden, second.datasets)
    assert first.version == second.version and content(world.latest) == content(other.latest)


def pid(bench: Workbench, number: int) -> int:
    bench.con.execute("SELECT 1")
    return os.getpid()


def end(bench: Workbench, number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def query(bench: Workbench, number: int) -> None:
    bench.con.execute(f"SELECT {number}::TINYINT")


def test_each_process_has_its_workbench(world: World, tmp_path: Path, many: None) -> None:
    inputs = world.inputs(make_contract(), text_contract())
    with workers.workers(inputs, None, tmp_path) as hands:
        found = list(hands.each(pid, range(20)))
        assert len(found) == 20 and os.getpid() not in found
        with pytest.raises(duckdb.ConversionException, match="300"):
            list(hands.each(query, [1, 300]))
    with workers.workers(world.inputs(make_contract()), None, tmp_path) as hands:
        assert set(hands.each(pid, range(3))) == {os.getpid()}, "one dataset is not worth a process"
    with workers.workers(inputs, None, tmp_path) as hands, pytest.raises(ReleaseError, match="was killed"):
        list(hands.each(end, range(3)))


def test_what_a_process_lacks_to_begin_is_told(world: World, tmp_path: Path, many: None) -> None:
    inputs = world.inputs(make_contract(), text_contract())
    with workers.workers(inputs, None, tmp_path) as hands:
        inputs.warehouse.unlink()
        with pytest.raises(ReleaseError, match="there is no warehouse"):
            list(hands.each(pid, range(2)))


ALONE = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from publish import test_workers
from publish.conftest import World, make_contract, text_contract
from pipelines.contract.load import load_standards
from pipelines.home import REPO, Home
from pipelines.publish import workers

workers.DATASETS_EACH = 1
home = Home(Path(sys.argv[2]))
world = World(home, load_standards(REPO / "expectations" / "standards"))
with workers.workers(world.inputs(make_contract(), text_contract()), None, home.tmp) as hands:
    print(*set(hands.each(test_workers.pid, range(20))), flush=True)
    time.sleep(600)
"""


def test_they_end_with_the_one_that_started_them(world: World) -> None:
    command = [sys.executable, "-c", ALONE, str(Path(__file__).parents[1]), str(world.home.root)]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        found = [int(number) for number in first.stdout.readline().split()]
        first.kill()
    assert found and first.pid not in found
    end = time.monotonic() + 20
    while any(Path(f"/proc/{number}").exists() for number in found) and time.monotonic() < end:
        time.sleep(0.1)
    assert not [number for number in found if Path(f"/proc/{number}").exists()]
