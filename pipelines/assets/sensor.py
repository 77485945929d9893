"""Watch the landing folder: a night starts when files came or changed and have been quiet for a while."""

from __future__ import annotations

import hashlib
import time

import dagster as dg

from pipelines.landing.listing import look
from pipelines.night import Night

QUIET_SECONDS = 60


def landing_sensor(night: Night, job_name: str) -> dg.SensorDefinition:
    """A sensor that asks for one run per state of the landing folder."""

    @dg.sensor(
        name="berkas_datang",
        job_name=job_name,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts a night when files that a contract asks for came or changed.",
    )
    def arrived(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        """Compare names, sizes and times with the last look; contents are the archive's business."""
        digest, newest = hashlib.sha256(), 0.0
        for contract in night.library.contracts:
            for seen in sorted(look(night.landing, contract).files, key=lambda seen: seen.path):
                # A copying program may set mtime back; ctime is the kernel's.
                newest = max(newest, seen.stat.st_ctime)
                line = f"{contract.key} {seen.path} {seen.stat.st_size} {seen.stat.st_mtime_ns}\n"
                digest.update(line.encode(errors="surrogateescape"))
        state = digest.hexdigest()
        if not newest:
            return dg.SkipReason(f"no file of any contract in {night.landing}")
        if state == context.cursor:
            return dg.SkipReason("nothing new in the landing folder")
        if time.time() - newest < QUIET_SECONDS:
            return dg.SkipReason("files are still arriving")
        context.update_cursor(state)
        return dg.RunRequest(run_key=state)

    return arrived
