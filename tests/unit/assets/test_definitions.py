from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from pipelines import definitions
from pipelines.definitions import JOB, assemble, checkout
from pipelines.home import REPO
from pipelines.night import Night


@pytest.fixture
def here(tmp_path: Path, night: Night, monkeypatch: pytest.MonkeyPatch) -> Night:
    """The environment that names the test's home and contracts."""
    monkeypatch.setenv("SATUDATA_HOME", str(night.home.root))
    monkeypatch.setenv("SATUDATA_SOURCES", str(night.sources))
    monkeypatch.delenv("SATUDATA_LANDING", raising=False)
    return night


def test_loading_writes_nothing(here: Night) -> None:
    assert checkout().resolve_job_def(JOB)
    assert not here.home.root.exists()


def test_the_night_is_scheduled_and_in_one_process(night: Night) -> None:
    defs = assemble(night)
    schedule = defs.resolve_schedule_def("malam_pukul_satu")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 1 * * *", "Asia/Jakarta")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    job = defs.resolve_job_def(JOB)
    assert job.executor_def.name == dg.in_process_executor.name
    assert {node.name for node in job.nodes} == {"pemeriksaan", "identitas", "gudang", "rilis"}
    assert all(node.definition.retry_policy == definitions.RETRY for node in job.nodes)


def test_one_wrong_contract_is_said_and_costs_only_itself(
    here: Night, declare: Callable[..., None], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    declare("dinsos.rusak", {"tahun": {"dari": "Tahun", "standar": "tahuun"}})
    keys = {key.to_user_string() for key in checkout().resolve_asset_graph().get_all_asset_keys()}
    assert "staging/dinkes/kasus" in keys and "staging/dinsos/rusak" not in keys
    said = caplog.text + capfd.readouterr().err
    assert "rusak.yml:" in said and "did you mean 'tahun'" in said


def test_nothing_usable_is_one_clear_error(here: Night) -> None:
    for path in here.sources.glob("opd/*/*.yml"):
        path.write_text("judul: x")
    with pytest.raises(dg.DagsterInvalidDefinitionError, match=r"kasus\.yml:1: .*is missing; add it"):
        checkout()


@pytest.mark.parametrize("sources", ["sources", "sources/_contoh"])
def test_the_contracts_of_the_checkout_load(here: Night, sources: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUDATA_SOURCES", str(REPO / sources))
    assert len(checkout().resolve_asset_graph().get_all_asset_keys()) > 40
