"""The Dagster code location: assembly only. `make dev` opens it.

SATUDATA_HOME and SATUDATA_LANDING say where things lie, SATUDATA_SOURCES which contracts; without
them var/, var/landing and sources/.
"""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg

from pipelines.assets.factory import build_assets, landing_assets
from pipelines.assets.sensor import landing_sensor
from pipelines.home import REPO, Home
from pipelines.night import Night

home = Home.default()
night = Night(
    home,
    Path(os.environ.get("SATUDATA_LANDING") or home.landing),
    Path(os.environ.get("SATUDATA_SOURCES") or REPO / "sources"),
)
job = dg.define_asset_job(
    "malam", selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor,
    description="The whole night: the same stages as `satudata run`.",
)  # fmt: skip
schedule = dg.ScheduleDefinition(
    name="malam_pukul_satu", job=job, cron_schedule="0 1 * * *", execution_timezone="Asia/Jakarta",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)  # fmt: skip

defs = dg.Definitions(
    assets=[*landing_assets(night.library), *build_assets(night)],
    jobs=[job],
    schedules=[schedule],
    sensors=[landing_sensor(night, job)],
    executor=dg.in_process_executor,
)
