from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.home import Home, HomeError, write_json
from pipelines.home.sample import settle_in


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def test_real_data_finds_no_trace_of_the_sample(home: Home) -> None:
    assert not settle_in(home, sample=True)
    write_json(home.archive / "manifes" / "a" / "b" / "000001.json", {})
    (home.landing / "kept").write_text("a real file")
    assert settle_in(home, sample=False)
    assert not any(home.archive.iterdir())
    assert (home.landing / "kept").exists()
    assert not settle_in(home, sample=False)


def test_the_sample_stays_out_of_a_real_home(home: Home) -> None:
    settle_in(home, sample=False)
    write_json(home.archive / "manifes" / "a" / "b" / "000001.json", {})
    with pytest.raises(HomeError, match="--home DIR"):
        settle_in(home, sample=True)


def test_the_sample_may_come_again(home: Home) -> None:
    settle_in(home, sample=True)
    write_json(home.archive / "manifes" / "a" / "b" / "000001.json", {})
    assert not settle_in(home, sample=True)
    assert any(home.archive.rglob("*.json"))
