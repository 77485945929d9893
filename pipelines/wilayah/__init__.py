"""A name, a code or a point becomes `kode_wilayah` here and nowhere else (design section 7)."""

from pipelines.wilayah.codes import label
from pipelines.wilayah.points import decidable, decided_by_points, place_points
from pipelines.wilayah.proposals import proposals
from pipelines.wilayah.resolve import join_condition, place_columns, resolve
from pipelines.wilayah.systems import Misfit, misfits

__all__ = [
    "Misfit",
    "decidable",
    "decided_by_points",
    "join_condition",
    "label",
    "misfits",
    "place_columns",
    "place_points",
    "proposals",
    "resolve",
]
