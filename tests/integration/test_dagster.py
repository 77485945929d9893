"""The nightly job of Dagster, in process, over small sources: the same night as `satudata run`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.definitions import JOB, assemble
from pipelines.home import REPO, Home
from pipelines.home.keys import init
from pipelines.night import Night
from tests.integration.small import COLUMNS, Small, rows, table

pytestmark = pytest.mark.slow
GOOD, RETURNED, ABSENT, PERSONS = "dinkes.baik", "dinsos.salah", "bps.tiada", "dukcapil.warga"
NIK = "3302014412990003"
SOON = dg.RetryPolicy(max_retries=20, delay=0.5)
HOLD = (
    "import sys, time; from pathlib import Path; from pipelines.home import Home, exclusive\n"
    "with exclusive(Home(Path(sys.argv[1]))): print('held', flush=True); time.sleep(5)"
)


@dataclass(frozen=True)
class Run:
    """One run of the job, and what it told Dagster."""

    result: dg.ExecuteInProcessResult

    @property
    def materialised(self) -> dict[str, dict[str, Any]]:
        """Metadata by asset."""
        events = [
            e.step_materialization_data.materialization for e in self.result.all_events if e.is_step_materialization
        ]
        return {e.asset_key.to_user_string(): {k: v.value for k, v in e.metadata.items()} for e in events}

    @property
    def checks(self) -> dict[str, dg.AssetCheckEvaluation]:
        """Evaluations by asset and check."""
        found = self.result.get_asset_check_evaluations()
        return {f"{e.asset_key.to_user_string()}:{e.check_name}": e for e in found}

    def failure(self, step: str) -> str:
        """What a failed step says."""
        return str(self.result.failure_data_for_node(step).error)  # type: ignore[union-attr]

    def events(self, kind: str) -> list[str]:
        """Steps with an event of a kind."""
        return [str(e.step_key) for e in self.result.all_events if e.event_type_value == kind]


@dataclass(frozen=True)
class Place:
    """The sources, one instance of Dagster, and the job over them."""

    small: Small
    instance: dg.DagsterInstance

    def job(self) -> dg.JobDefinition:
        """The job of a new night."""
        root = self.small.root
        night = Night(Home(self.small.home), root / "landing", root / "sources")
        return assemble(night, retry=SOON).resolve_job_def(JOB)

    def run(self, *selection: str, job: dg.JobDefinition | None = None) -> Run:
        """Run a job to its end, whole or only some assets."""
        job = job or self.job()
        keys = [dg.AssetKey(key.split("/")) for key in selection] or None
        return Run(job.execute_in_process(instance=self.instance, raise_on_error=False, asset_selection=keys))

    @property
    def latest(self) -> Path:
        """The release that readers see."""
        return (self.small.home / "releases" / "latest").readlink()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    small = Small(tmp_path_factory.mktemp("dagster"))
    init(Home(small.home).ensure())
    for key in (GOOD, RETURNED, ABSENT):
        small.declare(key)
    columns = {**COLUMNS, "nik": {"dari": "NIK", "standar": "nik"}}
    small.declare(PERSONS, columns, batas={"ditolak_maks": 0.6})
    small.deliver(GOOD)
    small.deliver(RETURNED, table(rows(RETURNED), header="Tahun;Tempat;Banyak"))
    persons = [("2024", "Kabupaten Cilacap", "1", NIK), ("2024", "Kota Tegal", "2", NIK[:-1])]
    small.deliver(PERSONS, table(persons, header="Tahun;Kabupaten;Kasus;NIK"))
    with dg.DagsterInstance.ephemeral() as instance:
        yield Place(small, instance)


@pytest.fixture(scope="module")
def first(place: Place) -> Run:
    return place.run()


@pytest.fixture(scope="module")
def second(place: Place, first: Run) -> Run:
    return place.run()


def test_the_night_succeeds_and_reports_every_stage(first: Run, place: Place) -> None:
    assert first.result.success
    told = first.materialised
    for key in ("staging/dinkes/baik", "conformed/fct_baik", "open_data/dinkes__baik"):
        assert told[key]["dagster/row_count"] == 3, key
    assert told["landing/dinkes/baik"]["berkas"] == 1
    assert told["conformed/dim_wilayah"]["dagster/row_count"] > 80_000
    assert told["rilis/latest"]["versi"] == str(place.latest)
    assert place.small.released(GOOD).startswith(b"kode_wilayah,")


def test_columns_of_staging_are_those_of_the_file(first: Run) -> None:
    columns = [c.name for c in first.materialised["staging/dukcapil/warga"]["dagster/column_schema"].columns]
    assert {"kode_wilayah", "tahun", "kasus"} < set(columns) and "nik" not in columns


def test_a_returned_source_fails_its_check_and_nothing_else(first: Run) -> None:
    verdict = first.checks["staging/dinsos/salah:pemeriksaan"]
    assert (verdict.passed, verdict.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert verdict.metadata["status"].value == "DIKEMBALIKAN" and verdict.description
    assert first.checks["staging/dinkes/baik:pemeriksaan"].passed
    assert first.checks["open_data/dinkes__baik:gerbang"].passed
    assert first.materialised["staging/dinsos/salah"]["dagster/row_count"] == 0


def test_a_source_that_never_came_has_no_verdict(first: Run) -> None:
    assert first.materialised["staging/bps/tiada"]["status"] == "BELUM ADA"
    assert not {"staging/bps/tiada:pemeriksaan", "landing/bps/tiada"} & {*first.checks, *first.materialised}


def test_no_value_of_a_person_reaches_dagster(first: Run, place: Place) -> None:
    assert NIK[:-1] in (place.small.root / "landing" / "dukcapil" / "warga" / "data.csv").read_text()
    assert first.materialised["staging/dukcapil/warga"]["karantina"] == 1
    logs = place.instance.all_logs(first.result.run_id)
    assert not [entry for entry in logs if NIK[:12] in entry.to_json()]


def test_a_second_night_does_no_work(first: Run, second: Run, place: Place) -> None:
    assert second.result.success
    told = second.materialised
    assert not any(told[key]["dikerjakan"] for key in told if key.startswith("staging/"))
    assert not [key for key in told if key.startswith("landing/")]
    assert told["rilis/latest"] == {**first.materialised["rilis/latest"], "berubah": False}
    said = [entry.user_message for entry in place.instance.all_logs(second.result.run_id)]
    assert "unchanged since the last night" in said


def test_the_command_line_finds_the_same_night_done(second: Run, place: Place) -> None:
    done = place.small.run()
    assert done.code == 3 and "no work done" in done.out


def test_a_check_can_run_alone(second: Run, place: Place) -> None:
    root = place.small.root
    night = Night(Home(place.small.home), root / "landing", root / "sources")
    only = dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey(["staging", "dinkes", "baik"]), "pemeriksaan"))
    defs = dg.Definitions.merge(assemble(night), dg.Definitions(jobs=[dg.define_asset_job("satu", only)]))
    run = Run(defs.resolve_job_def("satu").execute_in_process(instance=place.instance))
    assert set(run.checks) == {"staging/dinkes/baik:pemeriksaan"} and not run.materialised


def test_a_home_in_use_is_waited_for(second: Run, place: Place) -> None:
    command, job = [sys.executable, "-c", HOLD, str(place.small.home)], place.job()
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        run = place.run("staging/dinkes/baik", job=job)
    assert run.result.success and set(run.materialised) == {"staging/dinkes/baik"}
    retries = [e for e in run.result.all_events if e.event_type_value == "STEP_UP_FOR_RETRY"]
    assert retries and f"is in use by process {holder.pid}" in str(retries[0].step_retry_data.error)


def test_a_red_warehouse_fails_the_run_and_stops_the_release(second: Run, place: Place) -> None:
    """A load whose rows do not add up is a defect that dbt's tests must find."""
    state = place.small.home / "staging" / "dinkes" / "baik" / "state.json"
    before, kept, released = state.read_text(), place.small.figures(GOOD), place.latest
    broken = json.loads(before)
    for attempt in (broken["latest"], broken["good"]):
        attempt["loads"][0]["baris_dibaca"] = 99
    state.write_text(json.dumps(broken))
    (place.small.home / "warehouse" / "fingerprint").unlink()
    try:
        run = place.run()
    finally:
        state.write_text(before)
    assert not run.result.success
    assert (run.events("STEP_FAILURE"), run.events("STEP_UP_FOR_RETRY")) == (["gudang"], [])
    assert "not promoted" in run.failure("gudang") and "baris_seimbang" in run.failure("gudang")
    assert "rilis/latest" not in run.materialised
    assert (place.small.figures(GOOD), place.latest) == (kept, released)
