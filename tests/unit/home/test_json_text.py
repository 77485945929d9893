from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.home import as_json

TEXT = st.text(st.characters(exclude_categories=()), max_size=8)  # half a character too
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | TEXT | st.sampled_from(["\x00", "\x7f", '"\\\b', "\u2028", "é"])
NAMES = TEXT | st.none() | st.booleans() | NUMBERS
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(NAMES, inner, max_size=4)
    ),
)


@given(VALUES)
def test_it_is_the_text_of_the_library(value: object) -> None:
    assert as_json(value) == json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": {"b": -float("inf")}}])
def test_numbers_that_are_none_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json(value)


@pytest.mark.parametrize("value", [{1, 2}, [b"x"], {"a": object()}, {("a",): 1}])
def test_what_json_has_no_word_for_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        as_json(value)
