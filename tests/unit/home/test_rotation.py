"""A new key for a home, and for its stores; stopped at every step and started again."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home, Key, KeyFault, rotation, store
from pipelines.home.key_files import FILE_VARIABLE, VARIABLE, key_file, next_file, record_file
from pipelines.home.keys import init, load
from pipelines.home.rotation import NEXT_VARIABLE, rotate

NAME = "Wartini binti Sukarno"


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in (VARIABLE, FILE_VARIABLE, NEXT_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path / "home").ensure()


def nothing(old: Key, new: Key) -> None:
    """There is nothing to encrypt anew."""


def test_the_next_key_is_another_and_names_stay(home: Home) -> None:
    old, _ = init(home)
    seen: list[tuple[Key, Key]] = []
    new = rotate(home, lambda *keys: seen.append(keys))
    assert seen == [(old, new)]
    assert load(home) == new
    assert (new.version, new.naming) == (2, old.naming)
    assert new.id != old.id
    assert key_file(home).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in home.identity.iterdir()) == ["kunci", "kunci.json", "tmp"]


def test_without_a_key_there_is_none_to_change(home: Home) -> None:
    with pytest.raises(KeyFault, match="satudata keys init"):
        rotate(home, nothing)


STEPS = ["write_key_file", "write_record", "rewrite", "write_record 2", "settle"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_anywhere_it_is_finished_with_the_same_key(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    old, _ = init(home)
    calls: list[str] = []
    written_under = [old.id]

    def rewrite(before: Key, new: Key) -> None:
        assert before == old
        written_under[0] = new.id

    def stopping(name: str, real: object) -> object:
        def run(*arguments: object) -> object:
            calls.append(name)
            number = calls.count(name)
            here = step in ((name,) if number == 1 else (f"{name} {number}",))
            if here and not after:
                raise Killed
            result = real(*arguments)  # type: ignore[operator]
            if here:
                raise Killed
            return result

        return run

    with monkeypatch.context() as patched:
        for name in ("write_key_file", "write_record", "settle"):
            patched.setattr(rotation, name, stopping(name, getattr(rotation, name)))
        with pytest.raises(Killed):
            rotate(home, stopping("rewrite", rewrite))  # type: ignore[arg-type]
    waiting = base64.b64decode(next_file(home).read_bytes()) if next_file(home).exists() else None
    if 'baru": {' in record_file(home).read_text():
        with pytest.raises(KeyFault, match="satudata keys rotate"):
            load(home)
    if (step, after) == ("settle", True):
        assert load(home) is not None, "this was the last step"
        return
    new = rotate(home, rewrite)
    assert load(home) == new
    assert new.version == 2
    assert written_under == [new.id]
    assert waiting in (None, new.secret)
    assert not next_file(home).exists()


def test_a_lost_next_key_is_not_made_up(home: Home) -> None:
    init(home)

    def killed(old: Key, new: Key) -> None:
        raise Killed

    with pytest.raises(Killed):
        rotate(home, killed)
    next_file(home).unlink()
    with pytest.raises(KeyFault, match=r"kunci\.baru is missing.*restore it"):
        rotate(home, nothing)


def test_a_key_in_a_variable_is_replaced_by_the_one_given(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    monkeypatch.setenv(VARIABLE, one)
    init(home)
    with pytest.raises(KeyFault, match=NEXT_VARIABLE):
        rotate(home, nothing)
    monkeypatch.setenv(NEXT_VARIABLE, one)
    with pytest.raises(KeyFault, match="the present key"):
        rotate(home, nothing)
    monkeypatch.setenv(NEXT_VARIABLE, two)
    rotate(home, nothing)
    with pytest.raises(KeyFault, match="not the one of this home"):
        load(home)
    monkeypatch.setenv(VARIABLE, two)
    key = load(home)
    assert key is not None
    assert key.version == 2
    assert {path.name for path in home.identity.iterdir()} == {"kunci.json", "tmp"}


def make_store(home: Home, key: Key) -> Path:
    path = home.identity / "register.duckdb"
    with duckdb.connect() as con:
        store.attach(con, path, key, "r")
        con.execute("USE r; CREATE SEQUENCE s; CREATE TABLE t (i INTEGER PRIMARY KEY DEFAULT nextval('s'), nama TEXT)")
        con.execute("CREATE VIEW v AS SELECT nama FROM t; CREATE INDEX x ON t (nama)")
        con.execute("INSERT INTO t (nama) SELECT ? || range FROM range(5000)", [NAME])
        con.execute("USE memory; DETACH r")
    return path


def names(home: Home, key: Key) -> int:
    with duckdb.connect() as con:
        store.attach(con, home.identity / "register.duckdb", key, "r", read_only=True)
        return len(con.execute("SELECT * FROM r.v").fetchall())


def test_a_store_holds_nothing_in_clear_and_opens_with_its_key_only(home: Home) -> None:
    key, _ = init(home)
    path = make_store(home, key)
    assert path.stat().st_mode & 0o777 == 0o600
    assert not [file for file in home.root.rglob("*") if file.is_file() and NAME[:7].encode() in file.read_bytes()]
    assert names(home, key) == 5000
    other = Key(secrets.token_bytes(32), key.naming, 1)
    with pytest.raises(KeyFault, match=r"register\.duckdb") as caught:
        names(home, other)
    assert base64.b64encode(other.derive("store")).decode() not in str(caught.value)


def test_what_a_store_spills_is_encrypted(home: Home) -> None:
    key, _ = init(home)
    with duckdb.connect() as con:
        store.attach(con, home.identity / "register.duckdb", key, "r")
        assert con.execute("SELECT current_setting('temp_file_encryption')").fetchall() == [(True,)]


def test_a_store_follows_the_key_and_works_on(home: Home) -> None:
    old, _ = init(home)
    path = make_store(home, old)
    counts: list[int] = []
    new = rotate(home, lambda *keys: counts.append(store.rekey(home, *keys)))
    assert counts == [1]
    assert store.rekey(home, old, new) == 0, "repeated, nothing is left to do"
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(home, new) == 5000
    with pytest.raises(KeyFault):
        names(home, old)
    with duckdb.connect() as con:
        store.attach(con, path, new, "r")
        con.execute("USE r; INSERT INTO t (nama) VALUES ('x')")
        assert con.execute("SELECT max(i), count(*) FROM t").fetchall() == [(5001, 5001)]


def test_rows_that_a_killed_run_left_in_the_log_are_kept(home: Home) -> None:
    old, _ = init(home)
    path = make_store(home, old)
    child = os.fork()
    if child == 0:
        con = duckdb.connect()
        store.attach(con, path, old, "r")
        con.execute("INSERT INTO r.t (i, nama) VALUES (9999, 'late')")
        os._exit(0)
    os.waitpid(child, 0)
    assert path.with_name(path.name + ".wal").exists()
    new = rotate(home, lambda *keys: store.rekey(home, *keys) and None)
    assert names(home, new) == 5001
    assert {file.name for file in home.identity.iterdir()} == {"kunci", "kunci.json", "register.duckdb", "tmp"}
