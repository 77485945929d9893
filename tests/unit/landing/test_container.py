"""The encrypted form of a file: what goes in comes out, and nothing else ever does."""

from __future__ import annotations

import io
import secrets
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.home import Key
from pipelines.landing import container
from pipelines.landing.container import HEADER, DamagedError, OtherKeyError, opened_chunks, sealed

KEY = Key(secrets.token_bytes(32), secrets.token_bytes(32), 1)
SMALL = 7


@pytest.fixture(autouse=True, scope="module")
def _small_chunks() -> object:
    """Chunks of seven bytes, so that every boundary is met; one test uses the real size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(container, "CHUNK", SMALL)
        yield


def lock(plain: bytes, cuts: list[int] | None = None) -> bytes:
    edges = sorted({0, len(plain), *(cut % (len(plain) + 1) for cut in cuts or [])})
    pieces = [plain[a:b] for a, b in pairwise(edges)]
    return b"".join(sealed(pieces, KEY))


def unlock(content: bytes, key: Key = KEY) -> bytes:
    return b"".join(opened_chunks(io.BytesIO(content), key))


@given(st.binary(max_size=5 * SMALL), st.lists(st.integers(0, 100), max_size=6))
def test_what_goes_in_comes_out_however_it_was_cut(plain: bytes, cuts: list[int]) -> None:
    content = lock(plain, cuts)
    assert unlock(content) == plain
    chunks = max(1, -(-len(plain) // SMALL))
    assert len(content) == HEADER + len(plain) + 16 * chunks


@given(st.binary(max_size=4 * SMALL), st.integers(0, 10**6))
def test_any_bit_flipped_is_refused(plain: bytes, where: int) -> None:
    content = bytearray(lock(plain))
    where %= 8 * len(content)
    content[where // 8] ^= 1 << where % 8
    with pytest.raises((DamagedError, OtherKeyError)):
        unlock(bytes(content))


def test_every_single_bit_and_every_length_of_one_container() -> None:
    content = lock(b"3302026543210002 Wartini"[: 2 * SMALL])
    for where in range(8 * len(content)):
        changed = bytearray(content)
        changed[where // 8] ^= 1 << where % 8
        with pytest.raises((DamagedError, OtherKeyError)):
            unlock(bytes(changed))
    for length in range(len(content)):
        with pytest.raises(DamagedError):
            unlock(content[:length])


@given(st.binary(min_size=1, max_size=5 * SMALL), st.binary(min_size=1, max_size=3 * SMALL))
def test_nothing_may_follow_the_end(plain: bytes, more: bytes) -> None:
    with pytest.raises(DamagedError):
        unlock(lock(plain) + more)


@given(st.binary(min_size=2 * SMALL, max_size=6 * SMALL), st.data())
def test_chunks_cannot_be_swapped_doubled_or_left_out(plain: bytes, data: st.DataObject) -> None:
    content = lock(plain)
    size = SMALL + 16
    pieces = [content[at : at + size] for at in range(HEADER, len(content), size)]
    order = data.draw(st.lists(st.integers(0, len(pieces) - 1), max_size=len(pieces) + 1))
    assume([pieces[i] for i in order] != pieces)
    with pytest.raises(DamagedError):
        unlock(content[:HEADER] + b"".join(pieces[i] for i in order))


@given(st.binary(min_size=SMALL, max_size=3 * SMALL))
def test_chunks_of_another_file_do_not_fit(plain: bytes) -> None:
    one, other = lock(plain), lock(plain)
    assert one[HEADER:] != other[HEADER:], "the same bytes twice are two ciphertexts"
    with pytest.raises(DamagedError):
        unlock(one[:HEADER] + other[HEADER:])


@given(st.binary(max_size=3 * SMALL))
def test_another_key_is_told_before_anything_is_read(plain: bytes) -> None:
    other = Key(secrets.token_bytes(32), KEY.naming, 2)
    with pytest.raises(OtherKeyError) as caught:
        next(opened_chunks(io.BytesIO(lock(plain)), other))
    assert caught.value.id == KEY.id


@pytest.mark.parametrize("content", [b"", b"SATUDAT1", b"nik,nama\n3302,Siti\n" * 9, b"\0" * 200])
def test_what_is_no_container_is_refused(content: bytes) -> None:
    with pytest.raises(DamagedError):
        unlock(content)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_the_real_chunk_size(monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    monkeypatch.setattr(container, "CHUNK", 1 << 20)
    plain = secrets.token_bytes((2 << 20) + more)
    pieces = list(opened_chunks(io.BytesIO(lock(plain)), KEY))
    assert b"".join(pieces) == plain
    assert [len(piece) for piece in pieces[:-1]] == [1 << 20] * (1 + (more > 0))
