from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.contract.statistics import Indicator, StatisticalActivity


def test_all_of_it_is_optional() -> None:
    assert StatisticalActivity().model_dump(exclude_none=True) == {}
    assert Indicator().model_dump(exclude_defaults=True) == {}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"sektor": "KESEHATAN"}, "Input should be"),
        ({"tahun": "2024"}, "valid integer"),
        ({"lapangan": {"enumerator": -1}}, "greater than or equal to 0"),
        ({"penanggung_jawab": "Budi"}, "Extra inputs"),
        ({"cara_pengumpulan": "pencacahan_lengkap", "sampel": {"fraksi": "10 persen"}}, "sampel belongs to"),
        ({"sampel": {"fraksi": "10 persen"}}, "sampel belongs to"),
    ],
)
def test_what_is_no_answer_is_refused(said: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        StatisticalActivity.model_validate(said)


def test_an_indicator_is_made_of_one_kind() -> None:
    with pytest.raises(ValidationError, match="keep one of them"):
        Indicator(variabel_pembangun=["a"], indikator_pembangun=["b"])
