from __future__ import annotations

import os
import time
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets import sensor
from pipelines.night import Night

SENT = Path("dinkes/kasus/data.csv")


@pytest.fixture
def sent(night: Night) -> Path:
    path = night.landing / SENT
    path.parent.mkdir(parents=True)
    path.write_text("Tahun\n2024\n")
    return path


def look(night: Night, cursor: str | None = None) -> tuple[dg.RunRequest | dg.SkipReason, str | None]:
    context = dg.build_sensor_context(cursor=cursor)
    result = sensor.landing_sensor(night, "malam")(context)
    assert isinstance(result, dg.RunRequest | dg.SkipReason)
    return result, context.cursor


def pass_the_time(monkeypatch: pytest.MonkeyPatch, seconds: float = sensor.QUIET_SECONDS + 1) -> None:
    now = time.time() + seconds
    monkeypatch.setattr(sensor.time, "time", lambda: now)


def reason(result: dg.RunRequest | dg.SkipReason) -> str:
    assert isinstance(result, dg.SkipReason), "a run was asked for"
    return result.skip_message or ""


def test_a_new_file_starts_one_night(night: Night, sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pass_the_time(monkeypatch)
    first, cursor = look(night)
    assert isinstance(first, dg.RunRequest) and first.run_key
    again, cursor = look(night, cursor)
    assert "nothing new" in reason(again)
    sent.write_text("Tahun\n2024\n2025\n")
    changed, _ = look(night, cursor)
    assert isinstance(changed, dg.RunRequest) and changed.run_key != first.run_key


def test_a_file_that_is_still_arriving_waits(night: Night, sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(sent, (0, 0))  # a copying program gives the file its old time, but it came just now
    waiting, cursor = look(night)
    assert "still arriving" in reason(waiting) and cursor is None
    pass_the_time(monkeypatch)
    assert isinstance(look(night, cursor)[0], dg.RunRequest)


@pytest.mark.parametrize("name", ["dinkes/kasus/.data.csv.part", "dinkes/lain/data.csv", "catatan.txt"])
def test_what_no_contract_asks_for_starts_nothing(night: Night, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = night.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    pass_the_time(monkeypatch)
    assert "no file of any contract" in reason(look(night)[0])


def test_a_missing_landing_folder_is_quiet(night: Night) -> None:
    assert "no file of any contract" in reason(look(night)[0])
