"""The Dagster code location: assembly only. `make dev` opens it.

SATUDATA_HOME and SATUDATA_LANDING say where things lie, SATUDATA_SOURCES which contracts; without
them var/, landing/ of the home, and sources/.
"""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg

from pipelines.assets.factory import RETRY, build_assets
from pipelines.assets.sensor import landing_sensor
from pipelines.assets.specs import landing_specs
from pipelines.contract.yaml_lines import DeclarationError
from pipelines.home import REPO, Home
from pipelines.night import Night

JOB = "malam"


def assemble(night: Night, retry: dg.RetryPolicy = RETRY) -> dg.Definitions:
    """Everything Dagster knows of one home. Reads the contracts, writes nothing; raises DeclarationError."""
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="The whole night: the same stages as `satudata run`.",
    )
    schedule = dg.ScheduleDefinition(
        name="malam_pukul_satu",
        job=job,
        cron_schedule="0 1 * * *",
        execution_timezone="Asia/Jakarta",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    return dg.Definitions(
        assets=[*landing_specs(night.library), *build_assets(night, retry)],
        jobs=[job],
        schedules=[schedule],
        sensors=[landing_sensor(night, JOB)],
        executor=dg.in_process_executor,
    )


def checkout() -> dg.Definitions:
    """The code location of this checkout.

    A contract that is wrong is said in the log, with file, line and key, and costs only its own source; raises
    DagsterInvalidDefinitionError when nothing can be used.
    """
    home = Home.default()
    landing = Path(os.environ.get("SATUDATA_LANDING") or home.landing)
    sources = Path(os.environ.get("SATUDATA_SOURCES") or REPO / "sources")
    night = Night(home, landing, sources)
    try:
        for problem in night.declared.problems:
            dg.get_dagster_logger().error(f"{problem} (the source stays as it was)")
        return assemble(night)
    except DeclarationError as error:
        raise dg.DagsterInvalidDefinitionError(f"the contracts cannot be used:\n{error}") from None


# Called when Dagster asks, so that importing this module reads no contract.
defs = dg.definitions(checkout)
