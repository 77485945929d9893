from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from pipelines.contract.protection import Lindungi, default_protection, scale

PERSONS, RATIOS = {"orang", "jiwa", "kasus"}, {"persen"}


class Column(BaseModel):
    lindungi: Lindungi


@pytest.mark.parametrize(
    ("written", "kind", "threshold"),
    [
        ("orang", "orang", 5),
        ("khusus", "khusus", 10),
        ("turunan", "turunan", 0),
        ({"tidak": "Jumlah gedung, bukan orang"}, "tidak", 0),
        ({"besaran": {"penyumbang": "n", "terbesar": "x1"}}, "besaran", 0),
    ],
)
def test_short_forms(written: object, kind: str, threshold: int) -> None:
    read = Column.model_validate({"lindungi": written}).lindungi
    assert (read.jenis, read.threshold) == (kind, threshold)


@pytest.mark.parametrize(
    "written", ["ya", "besaran", "tidak", {"tidak": ""}, {"besaran": {"penyumbang": "n"}}, 5, True]
)
def test_wrong_forms_are_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        Column.model_validate({"lindungi": written})


@pytest.mark.parametrize(
    ("unit", "kind", "factor"),
    [
        ("orang", "orang", 1),
        ("Ribu  Jiwa", "orang", 1000),
        ("kasus", "orang", 1),
        ("persen", "turunan", 1),
        ("kasus per 100.000 penduduk", "turunan", 1),
        ("rupiah per orang", None, 1),
        ("unit", None, 1),
        ("ribu", None, 1),
        (None, None, 1),
    ],
)
def test_default_follows_the_unit(unit: str | None, kind: str | None, factor: float) -> None:
    found = default_protection(unit, PERSONS, RATIOS)
    assert (found.jenis if found else None, scale(unit)) == (kind, factor)
