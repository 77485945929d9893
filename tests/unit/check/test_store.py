"""The last good delivery stays in use until a better one is in place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from check.conftest import Examine, Result, contract_of
from pipelines.check.store import Attempt, State, data_file, fingerprint, folder_of, keep, read_state
from pipelines.home import Home

CONTRACT = contract_of({"cacah": "bilangan"})
GOOD, BAD, EMPTY = "cacah\n1\n", "cacah\n1\nx\n", "cacah\nx\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.ensure()
    return home


def store(home: Home, result: Result, versi: str, mark: str = "0123456789") -> tuple[Attempt, State]:
    checked = result.checked
    moment = "2026-01-01T00:00:00+00:00"
    attempt = Attempt(versi, mark, checked.status, None, checked.loads, checked.reasons, checked.groups,
                      checked.tidied, checked.findings, moment, moment)  # fmt: skip
    return attempt, keep(home, CONTRACT, attempt, checked, result.work)


def folders(home: Home) -> set[str]:
    return {p.name for p in folder_of(home, CONTRACT).iterdir() if p.is_dir()}


def test_nothing_yet(home: Home) -> None:
    assert read_state(home, CONTRACT) == State()
    assert data_file(home, CONTRACT) is None


def test_what_is_kept_is_read_back(home: Home, examine: Examine) -> None:
    attempt, state = store(home, examine(CONTRACT, GOOD), "aaa")
    assert read_state(home, CONTRACT) == state == State(attempt, attempt)
    data = data_file(home, CONTRACT)
    assert data == folder_of(home, CONTRACT) / "aaa-01234567" / "data.parquet"
    assert data is not None and data.exists() and data.with_name("karantina.parquet").exists()
    assert len(state.loads()) == 1


def test_groups_and_loads_survive_the_disk(home: Home, examine: Examine) -> None:
    attempt, _ = store(home, examine(CONTRACT, BAD), "aaa")
    again = read_state(home, CONTRACT).latest
    assert again == attempt
    assert again is not None and again.groups[0].contoh == ("x",)
    assert json.loads((folder_of(home, CONTRACT) / "state.json").read_text())["good"] is None


def test_the_good_one_stays_after_a_returned_one(home: Home, examine: Examine) -> None:
    good, _ = store(home, examine(CONTRACT, GOOD), "aaa")
    bad, state = store(home, examine(CONTRACT, BAD), "bbb")
    assert (bad.status, state.latest, state.good) == ("DIKEMBALIKAN", bad, good)
    assert data_file(home, CONTRACT) == folder_of(home, CONTRACT) / "aaa-01234567" / "data.parquet"
    assert folders(home) == {"aaa-01234567", "bbb-01234567"}
    assert [versi for versi, _ in state.loads()] == ["bbb", "aaa"]

    worse, state = store(home, examine(CONTRACT, EMPTY), "ccc")
    assert (state.latest, state.good) == (worse, good)
    assert folders(home) == {"aaa-01234567", "ccc-01234567"}, "what nothing points at is removed"


def test_a_delivery_that_cannot_even_be_read(home: Home, examine: Examine) -> None:
    good, _ = store(home, examine(CONTRACT, GOOD), "aaa")
    attempt, state = store(home, examine(CONTRACT, b""), "bbb")
    assert (attempt.folder, state.good) == (None, good)
    assert folders(home) == {"aaa-01234567"}


def test_a_better_one_takes_its_place(home: Home, examine: Examine) -> None:
    store(home, examine(CONTRACT, GOOD), "aaa")
    store(home, examine(CONTRACT, BAD), "bbb")
    new, state = store(home, examine(CONTRACT, "cacah\n2\n3\n"), "ccc")
    assert state == State(new, new)
    assert folders(home) == {"ccc-01234567"}


def test_the_same_version_under_another_check(home: Home, examine: Examine) -> None:
    store(home, examine(CONTRACT, GOOD), "aaa", "1111111111")
    store(home, examine(CONTRACT, GOOD), "aaa", "2222222222")
    assert folders(home) == {"aaa-22222222"}
    store(home, examine(CONTRACT, GOOD), "aaa", "2222222222")
    assert folders(home) == {"aaa-22222222"}


def test_killed_before_the_state_was_written(home: Home, examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power fails after the folder is in place: the old state holds, the next attempt cleans up."""
    good, _ = store(home, examine(CONTRACT, GOOD), "aaa")

    def off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("pipelines.check.store.write_json", off)
        store(home, examine(CONTRACT, GOOD), "bbb")
    assert read_state(home, CONTRACT) == State(good, good)
    data = data_file(home, CONTRACT)
    assert data is not None and data.exists()
    store(home, examine(CONTRACT, GOOD), "ccc")
    assert folders(home) == {"ccc-01234567"}


def test_a_fingerprint_sees_names_bytes_and_order(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    one = tmp_path / "d" / "a.sql"
    one.write_text("x")
    marks = [fingerprint([tmp_path / "d"])]
    (tmp_path / "d" / "README.md").write_text("a note")
    assert fingerprint([tmp_path / "d"]) == marks[0], "notes and caches do not count"
    one.write_text("y")
    marks.append(fingerprint([tmp_path / "d"]))
    one.rename(tmp_path / "d" / "b.sql")
    marks += [fingerprint([tmp_path / "d"]), fingerprint(["a", "b"]), fingerprint(["ab"]), fingerprint(["b", "a"])]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("text", ["{", '{"latest": {"old": "shape"}}', ""])
def test_a_damaged_state_is_as_good_as_none(home: Home, examine: Examine, text: str) -> None:
    store(home, examine(CONTRACT, GOOD), "aaa")
    (folder_of(home, CONTRACT) / "state.json").write_text(text)
    assert read_state(home, CONTRACT) == State()
    _, state = store(home, examine(CONTRACT, GOOD), "aaa")
    assert state.good and data_file(home, CONTRACT)
