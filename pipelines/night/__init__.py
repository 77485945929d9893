"""The night: landing -> archive -> check -> warehouse -> release, as stages that read their state from disk.

`satudata run` walks through all of them; the Dagster assets call the same stages. Each stage can be
repeated: what has not changed is not processed again, and a killed stage leaves the old state.
"""

from pipelines.night.inspection import FRESH, Say
from pipelines.night.result import BELUM_ADA, GAGAL, Line, NightResult
from pipelines.night.stages import Night

__all__ = ["BELUM_ADA", "FRESH", "GAGAL", "Line", "Night", "NightResult", "Say"]
