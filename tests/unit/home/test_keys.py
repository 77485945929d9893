from __future__ import annotations

import base64
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.home import Home, Key, KeyFault
from pipelines.home.key_files import FILE_VARIABLE, VARIABLE, decode, key_file, record_file
from pipelines.home.keys import init, load
from pipelines.home.paths import HomeError

Env = pytest.MonkeyPatch


@pytest.fixture
def home(tmp_path: Path, monkeypatch: Env) -> Home:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    return Home(tmp_path / "home").ensure()


def text(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


def test_a_home_has_no_key_until_one_is_made(home: Home) -> None:
    assert load(home) is None
    key, made = init(home)
    assert made == home.identity / "kunci"
    assert load(home) == key
    assert (key.version, len(base64.b64decode(made.read_text()))) == (1, 32)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (made, home.identity)] == [0o600, 0o700]


def test_making_one_again_changes_nothing(home: Home) -> None:
    key, made = init(home)
    assert made
    before = made.read_bytes(), record_file(home).read_bytes()
    assert init(home) == (key, None)
    assert (made.read_bytes(), record_file(home).read_bytes()) == before


def test_killed_between_the_two_files_the_same_key_is_taken(home: Home) -> None:
    _, made = init(home)
    assert made
    secret = made.read_bytes()
    record_file(home).unlink()
    with pytest.raises(KeyFault, match="satudata keys init"):
        load(home)
    key, again = init(home)
    assert again is None
    assert made.read_bytes() == secret
    assert load(home) == key


@pytest.mark.parametrize("trace", ["identity/register.duckdb", "archive/terkunci/ab/abcd"])
def test_what_was_encrypted_is_not_given_another_key(home: Home, trace: str) -> None:
    path = home.root / trace
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with pytest.raises(KeyFault, match=r"kunci\.json is missing.*restore it"):
        init(home)
    assert not key_file(home).exists()


def test_the_key_may_be_given_in_a_variable_or_a_file_of_its_own(home: Home, tmp_path: Path, monkeypatch: Env) -> None:
    elsewhere = tmp_path / "etc" / "kunci"
    monkeypatch.setenv(FILE_VARIABLE, str(elsewhere))
    with pytest.raises(KeyFault, match=r"names .*etc/kunci, which is not there"):
        load(home)
    key, made = init(home)
    assert made == elsewhere
    assert not (home.identity / "kunci").exists()
    monkeypatch.delenv(FILE_VARIABLE)
    with pytest.raises(KeyFault, match=f"{key.id}.* is missing"):
        load(home)
    monkeypatch.setenv(VARIABLE, elsewhere.read_text())
    assert load(home) == key


def test_a_home_can_be_set_up_with_a_key_from_outside(home: Home, monkeypatch: Env) -> None:
    secret = secrets.token_bytes(32)
    monkeypatch.setenv(VARIABLE, text(secret))
    with pytest.raises(KeyFault, match="satudata keys init"):
        load(home)
    key, made = init(home)
    assert (key.secret, made) == (secret, None)
    assert not key_file(home).exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_key_that_others_may_read_is_refused(home: Home, mode: int) -> None:
    init(home)
    key_file(home).chmod(mode)
    with pytest.raises(KeyFault, match="chmod 600"):
        load(home)
    with pytest.raises(KeyFault, match="chmod 600"):
        init(home)


@pytest.mark.parametrize("content", ["", "rahasia", "=" * 44, "é" * 44, text(b"1" * 31), text(b"1" * 33), "A" * 2000])
def test_what_is_no_key_is_refused_and_not_shown(home: Home, content: str) -> None:
    init(home)
    key_file(home).write_text(content)
    with pytest.raises(KeyFault, match="44 characters") as caught:
        load(home)
    assert not content or content not in str(caught.value)


@given(st.binary(max_size=64), st.text(" \n\t", max_size=3))
def test_only_32_bytes_are_a_key(secret: bytes, space: str) -> None:
    if len(secret) == 32:
        assert decode(space + text(secret) + space, "x") == secret
    else:
        with pytest.raises(KeyFault):
            decode(text(secret), "x")


def test_another_key_is_refused_by_name(home: Home) -> None:
    key, _ = init(home)
    key_file(home).write_text(text(secrets.token_bytes(32)))
    with pytest.raises(KeyFault, match=f"not the one of this home .id {key.id}, version 1"):
        load(home)


def test_a_lost_key_is_not_replaced(home: Home) -> None:
    key, made = init(home)
    assert made
    made.unlink()
    for action in (load, init):
        with pytest.raises(KeyFault, match=f"{key.id}.* is missing; put it back"):
            action(home)
    assert not made.exists()


Damage = Callable[[str], str]


@pytest.mark.parametrize(
    "damage",
    [
        lambda old: old[:-20],
        lambda old: "[]",
        lambda old: "{}",
        lambda old: old.replace('"cek"', '"cok"'),
        lambda old: old.replace('"nama": "', '"nama": "AAAA'),
    ],
)
def test_a_damaged_record_is_told(home: Home, damage: Damage) -> None:
    init(home)
    record_file(home).write_text(damage(record_file(home).read_text()))
    with pytest.raises(KeyFault, match=r"kunci\.json.*restore it from the backup"):
        load(home)


def test_nothing_shows_the_key(home: Home) -> None:
    key, _ = init(home)
    shown = repr(key) + str(key) + record_file(home).read_text() + key.id
    for part in (key.secret, key.naming, *(key.derive(p) for p in ("archive", "store", "pseudonym"))):
        for form in (part.hex(), text(part), repr(part)):
            assert form not in shown
    assert len({key.secret, key.naming, *(key.derive(p) for p in ("archive", "store", "pseudonym"))}) == 5


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_names_follow_the_content_and_outlive_the_key(one: bytes, other: bytes) -> None:
    first = Key(secrets.token_bytes(32), secrets.token_bytes(32), 1)
    second = Key(secrets.token_bytes(32), first.naming, 2)
    assert first.name(one) == second.name(one)
    assert (first.name(one) == first.name(other)) == (one == other)
    assert first.name(one) != one.hex()
    assert first.derive("pseudonym") != second.derive("pseudonym")
    assert Key.of(second.entry(), second.secret) == second


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount")
def test_a_full_disk_leaves_no_half_of_a_key(disk: Callable[..., Path], monkeypatch: Env) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    home = Home(disk("64k") / "home").ensure()
    full = home.root / "full"
    with pytest.raises(OSError, match="space"), full.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    with pytest.raises(HomeError, match="the disk is full"):
        init(home)
    assert [path.name for path in home.identity.iterdir()] == ["tmp"]
    full.unlink()
    key, _ = init(home)
    assert load(home) == key
