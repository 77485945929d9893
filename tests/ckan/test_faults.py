"""Cuts, lost answers, overload: a real CKAN behind a proxy that plays them, and pushes that end well."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from pipelines.ckan import CkanError, patience, table
from tests.ckan.conftest import Portal
from tests.ckan.faults import Fault, Kind
from tests.ckan.release import ROWS, Release

pytestmark = pytest.mark.slow
ROWS_OF_TWO_BATCHES = [("33.02", f"baris {n}", str(n), "", "") for n in range(4)]
WRITES = [
    "organization_create", "package_create", "resource_create", "datastore_create", "datastore_upsert",
    "datastore_upsert", "resource_create", "package_patch",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "BATCH_ROWS", 2)


def test_the_writes_of_a_new_dataset(portal: Portal, release: Release) -> None:
    """What the tests below cut at every point."""
    release.add(rows=ROWS_OF_TWO_BATCHES)
    portal.push(release)
    assert portal.proxy.writes == WRITES


@pytest.mark.parametrize("kind", ["cut", "lost"])
@pytest.mark.parametrize("point", range(len(WRITES)))
def test_one_fault_at_any_point_does_not_show(portal: Portal, release: Release, kind: Kind, point: int) -> None:
    slug = release.add(rows=ROWS_OF_TWO_BATCHES)
    portal.proxy.play(Fault("write", kind, after=point))
    result = portal.push(release)
    assert (result.failed, result.created + result.updated) == ({}, [slug])
    assert [row["jumlah"] for row in portal.rows(slug)] == [0, 1, 2, 3]
    assert portal.verify(release) == {}
    assert portal.push(release).writes == 0


@pytest.mark.parametrize("point", range(len(WRITES)))
def test_after_an_end_at_any_point_the_next_push_finishes(portal: Portal, release: Release, point: int) -> None:
    slug = release.add(rows=ROWS_OF_TWO_BATCHES)
    portal.proxy.dead_after = point
    with pytest.raises(CkanError, match="push again when it is back"):
        portal.push(release)
    if point:
        organisation = portal.act("organization_show", "", id=release.produsen)
        assert organisation["package_count"] == 0, "readers see a dataset that is not whole"
    portal.proxy.play()
    result = portal.push(release)
    assert (result.created, result.failed) == ([slug], {})
    assert portal.verify(release) == {}
    assert portal.push(release).writes == 0


@pytest.mark.parametrize("point", range(6))
def test_after_an_end_within_an_update_the_next_push_finishes(portal: Portal, release: Release, point: int) -> None:
    slug = release.add(rows=ROWS_OF_TWO_BATCHES)
    portal.push(release)
    release.add(rows=[*ROWS[:1], *ROWS_OF_TWO_BATCHES[1:]], extra=b"PAR2")  # as many rows as before
    portal.proxy.play()
    portal.proxy.dead_after = point
    with pytest.raises(CkanError, match="push again when it is back"):
        portal.push(release)
    portal.proxy.play()
    assert portal.push(release).failed == {}
    assert [row["jumlah"] for row in portal.rows(slug)] == [12, 1, 2, 3]
    assert portal.verify(release) == {}


@pytest.mark.parametrize("point", range(5))
def test_after_an_end_within_a_withdrawal_the_next_push_finishes(portal: Portal, release: Release, point: int) -> None:
    release.add()
    portal.push(release)
    slug = release.withdraw("satu")
    portal.proxy.play()
    portal.proxy.dead_after = point
    with pytest.raises(CkanError, match="push again when it is back"):
        portal.push(release)
    portal.proxy.play()
    assert portal.push(release).withdrawn == [slug]
    assert portal.package(slug)["resources"] == []
    assert portal.verify(release) == {}


def test_an_answer_that_takes_too_long_is_not_waited_for(
    portal: Portal, release: Release, impatient: Callable[[], None]
) -> None:
    slug = release.add(rows=ROWS_OF_TWO_BATCHES)
    portal.proxy.play(Fault("datastore_upsert", "slow"), Fault("resource_create", "slow"))
    impatient()
    result = portal.push(release)
    assert result.failed == {}
    assert [row["jumlah"] for row in portal.rows(slug)] == [0, 1, 2, 3]
    assert any("did not answer (ReadTimeout)" in line for line in portal.said)


def test_what_fails_for_ever_fails_alone(portal: Portal, release: Release) -> None:
    one, two = release.add("satu"), release.add("tiga")
    portal.proxy.play(Fault("package_create", "500", times=4))
    result = portal.push(release)
    assert "HTTP 500" in result.failed[one]
    assert result.created == [two]


def test_a_limit_of_the_web_server_is_said(portal: Portal, release: Release) -> None:
    slug = release.add()
    portal.proxy.play(Fault("resource_create", "413"))
    assert "client_max_body_size" in portal.push(release).failed[slug]


def test_ckan_may_ask_for_patience(portal: Portal, release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(patience.time, "sleep", waited.append)
    slug = release.add()
    portal.proxy.play(Fault("package_create", "429"))
    assert portal.push(release).created == [slug]
    assert waited == [1.0]


def test_another_server_in_its_place_is_told_apart(portal: Portal, release: Release) -> None:
    release.add()
    portal.proxy.play(Fault("any", "html", times=99))
    with pytest.raises(CkanError, match="does not answer as CKAN does"):
        portal.push(release)
    portal.proxy.play(Fault("any", "moved"))
    with pytest.raises(CkanError, match="has moved to https://baru"):
        portal.push(release)


@pytest.mark.parametrize("kind", ["500", "cut", "lost", "413", "html"])
def test_the_key_is_in_no_message_and_no_log(
    portal: Portal, release: Release, kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    release.add()
    portal.proxy.play(Fault("write", kind, times=99))
    with caplog.at_level(logging.DEBUG):
        try:
            said = str(portal.push(release))
        except CkanError as error:
            said = f"{error!r} {error.__cause__!r}"
    assert portal.server.admin not in said + " ".join(portal.said) + caplog.text
