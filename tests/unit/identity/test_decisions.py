"""Decisions of people: only ever added, encrypted, the last one counts, and two processes never lose one."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home, HomeError, Key, KeyFault
from pipelines.home.keys import init, load
from pipelines.home.store import attach
from pipelines.identity import decisions
from pipelines.identity.decisions import append, erasure_mark

NOON = datetime(2026, 1, 2, 12, 0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def key(home: Home) -> Key:
    return init(home)[0]


def answer(a: str, b: str, said: str, when: datetime = NOON) -> dict[str, str | datetime | None]:
    return {
        "sumber_a": "x.y", "kunci_a": a, "sumber_b": "z.w", "kunci_b": b, "jawaban": said, "oleh": "Siti",
        "waktu": when, "alasan": None,
    }  # fmt: skip


def standing(home: Home, key: Key) -> dict[tuple[str, str], str]:
    with duckdb.connect() as con:
        decisions.load(con, home, key)
        rows = con.execute("SELECT kunci_a, kunci_b, jawaban FROM jawaban").fetchall()
    return {(a, b): said for a, b, said in rows}


def test_without_a_file_the_tables_are_empty(home: Home, key: Key) -> None:
    with duckdb.connect() as con:
        decisions.load(con, home, key)
        for table in decisions.TABLES:
            assert con.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert not (home.identity / "jawaban.duckdb").exists()


def test_the_last_answer_about_a_pair_counts_whichever_side_comes_first(home: Home, key: Key) -> None:
    append(home, key, "jawaban", [answer("1", "2", "sama"), answer("3", "4", "beda")])
    turned = answer("1", "2", "beda", NOON.replace(hour=1))  # a clock that went back changes nothing
    turned |= {"sumber_a": "z.w", "kunci_a": "2", "sumber_b": "x.y", "kunci_b": "1"}
    append(home, key, "jawaban", [turned])
    assert standing(home, key) == {("2", "1"): "beda", ("3", "4"): "beda"}


def test_an_answer_taken_back_is_gone_and_still_on_record(home: Home, key: Key) -> None:
    append(home, key, "jawaban", [answer("1", "2", "sama")])
    append(home, key, "jawaban", [answer("1", "2", "batal")])
    assert standing(home, key) == {}
    with duckdb.connect() as con:
        attach(con, home.identity / "jawaban.duckdb", key, "j", read_only=True)
        assert con.execute("SELECT count(*) FROM j.main.jawaban").fetchone() == (2,)


def test_corrections_and_erasures_are_kept(home: Home, key: Key) -> None:
    kept = {
        "sumber": "x.y",
        "kunci": "1",
        "kolom": "nama",
        "semula": "Anna",
        "oleh": "Siti",
        "waktu": NOON,
        "alasan": "salah ketik",
    }
    append(home, key, "koreksi", [kept | {"nilai": "Ani"}, kept | {"nilai": "Ana"}])
    mark = erasure_mark(key, "3301")
    append(home, key, "hapus", [{"sumber": "x.y", "sidik": mark, "oleh": "S", "waktu": NOON, "alasan": "diminta"}])
    with duckdb.connect() as con:
        decisions.load(con, home, key)
        assert con.execute("SELECT nilai FROM koreksi").fetchall() == [("Ana",)]
        assert con.execute("SELECT sidik FROM hapus").fetchall() == [(mark,)]


def test_the_mark_of_an_erasure_depends_on_the_key(home: Home, key: Key, tmp_path: Path) -> None:
    other, _ = init(Home(tmp_path / "other").ensure())
    assert erasure_mark(key, "1") == erasure_mark(key, "1") != erasure_mark(other, "1")
    assert len(erasure_mark(key, "1")) == 32


def test_rows_that_are_not_whole_are_refused(home: Home, key: Key) -> None:
    with pytest.raises(ValueError, match="columns"):
        append(home, key, "jawaban", [{"sumber_a": "x"}])
    with pytest.raises(ValueError, match="one of sama, beda, ragu, batal"):
        append(home, key, "jawaban", [answer("1", "2", "ya")])
    assert standing(home, key) == {}


def test_the_file_is_encrypted_and_for_this_user_alone(home: Home, key: Key, tmp_path: Path) -> None:
    append(home, key, "jawaban", [answer("kunci rahasia", "2", "sama")])
    for path in home.identity.glob("jawaban*"):
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"rahasia" not in path.read_bytes()
    other, _ = init(Home(tmp_path / "other").ensure())
    with pytest.raises(KeyFault):
        append(home, other, "jawaban", [answer("1", "2", "sama")])


def test_a_file_held_by_another_is_waited_for_and_then_told(
    home: Home, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "PATIENCE", 0.2)
    with decisions.alone(home), pytest.raises(HomeError, match=r"in use by another process .* try again"):
        append(home, key, "jawaban", [answer("1", "2", "sama")])


WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from pipelines.home import Home
from pipelines.home.keys import load
from pipelines.identity import decisions
from pipelines.identity.decisions import append
decisions.PATIENCE = 120  # the machine may be busy; that waiting ends is another test
home, who = Home(Path(sys.argv[1])), sys.argv[2]
key = load(home)
for n in range(6):
    append(home, key, "jawaban", [dict(sumber_a="a", kunci_a=f"{who}{n}", sumber_b="b", kunci_b="1", jawaban="sama",
        oleh=who, waktu=datetime(2026, 1, 1), alasan=None)])
    print(n, flush=True)
"""


def writer(home: Home, who: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(home.root), who], text=True, stdout=subprocess.PIPE)


def test_two_processes_at_once_lose_nothing_and_a_kill_only_what_was_not_promised(home: Home, key: Key) -> None:
    one, other, killed = writer(home, "p"), writer(home, "q"), writer(home, "r")
    assert killed.stdout
    promised = [killed.stdout.readline().strip() for _ in range(3)]
    killed.kill()
    killed.wait()
    assert one.wait() == other.wait() == 0
    reloaded = load(home)
    assert reloaded
    kept = {a for a, _ in standing(home, reloaded)}
    assert {f"{who}{n}" for who in "pq" for n in range(6)} | {f"r{n}" for n in promised} <= kept
