"""Watch the landing folder: a night starts when files came or changed and have been quiet for a while."""

from __future__ import annotations

import hashlib
import os
import time

import dagster as dg
from dagster import JobDefinition
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipelines.night import Night

QUIET_SECONDS = 60


def landing_sensor(night: Night, job: JobDefinition | UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """A sensor that asks for one run per state of the landing folder."""

    @dg.sensor(name="berkas_datang", job=job, minimum_interval_seconds=60)
    def arrived(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        """Compare names, sizes and times with the last look; contents are the archive's business."""
        digest, newest = hashlib.sha256(), 0.0
        for folder, _, names in sorted(os.walk(night.landing)):
            for name in sorted(names):
                stat = os.stat(os.path.join(folder, name), follow_symlinks=False)  # noqa: PTH116, PTH118
                newest = max(newest, stat.st_mtime)
                digest.update(f"{folder}/{name} {stat.st_size} {stat.st_mtime_ns}\n".encode(errors="replace"))
        state = digest.hexdigest()
        if not newest or state == context.cursor:
            return dg.SkipReason("nothing new in the landing folder")
        if time.time() - newest < QUIET_SECONDS:
            return dg.SkipReason("files are still arriving")
        context.update_cursor(state)
        return dg.RunRequest(run_key=state)

    return arrived
