"""Names in CKAN's alphabet, the same every time, no two the same."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ckan.names import made_here, name, resource_id, tags


@pytest.mark.parametrize("slug", ["opd-tabel_satu", "a-b", "x" * 100])
def test_a_plain_slug_is_its_own_name(slug: str) -> None:
    assert name(slug) == slug


def test_what_had_to_be_changed_stays_apart() -> None:
    same = {name("opd-a b"), name("opd-a/b"), name("opd-a-b"), name("opd-" + "x" * 200), name("opd-" + "x" * 201)}
    assert len(same) == 5


@given(st.text(min_size=1))
def test_any_slug_becomes_a_name_that_ckan_takes(slug: str) -> None:
    assert re.fullmatch(r"[a-z0-9_-]{2,100}", name(slug))
    assert name(slug) == name(slug)


def test_ids_are_ours_and_depend_on_package_and_path_only() -> None:
    one = resource_id("opd-satu", "opd-satu.csv")
    assert one == resource_id("opd-satu", "opd-satu.csv")
    assert len({one, resource_id("opd-satu", "opd-satu.parquet"), resource_id("opd-dua", "opd-satu.csv")}) == 3
    assert made_here(one)
    assert not made_here(str(uuid.uuid4()))
    assert not made_here("halaman")


@given(st.lists(st.text()).map(tuple))
def test_any_keywords_become_tags_that_ckan_takes(keywords: tuple[str, ...]) -> None:
    made = tags(keywords)
    assert made == sorted(set(made))
    assert all(2 <= len(tag) <= 100 and re.fullmatch(r"[\w \-.]*", tag) for tag in made)


def test_tags_keep_their_letters() -> None:
    assert tags(("kelautan & perikanan", "É", "data, terbuka", "  air  ")) == [
        "air",
        "data terbuka",
        "kelautan perikanan",
    ]
