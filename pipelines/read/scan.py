"""One look at the bytes of a text file: is it safe to read, in which encoding, and is it regular?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipelines.read.error import Reading

CHUNK = 8 << 20
LINE_MAX = 1 << 20
BOM = b"\xef\xbb\xbf"
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_LF, _CR, _QUOTE = b'\n\r"'


@dataclass
class Scan:
    """What the bytes showed.

    `regular`: valid UTF-8, one kind of line end, no blank line, and every quote opens or closes a whole cell
    on one line, so that any CSV parser must see the same cells.
    """

    lines: int = 0
    bom: bool = False
    line_end: str = ""
    regular: bool = True
    terminated: bool = True
    not_utf8: int | None = None  # first line that is not UTF-8
    not_cp1252: int | None = None  # first line with a byte that cp1252 does not have


def scan(reading: Reading, delimiter: str) -> Scan:
    """Look at the whole file once, in pieces. Raises ReadError for NUL bytes and lines over LINE_MAX."""
    result = Scan()
    shape = _Shape(delimiter.encode())
    for block, ends in _blocks(reading, result):
        _refuse_nul(reading, block, result.lines)
        if not block.isascii():
            _decode(block, result)
        result.regular = shape.regular(block) and result.regular
        result.lines += ends
        result.terminated = block.endswith((b"\n", b"\r"))
    result.lines += not result.terminated
    result.line_end = shape.line_end or "\n"
    result.regular = result.regular and result.not_utf8 is None
    return result


def _blocks(reading: Reading, result: Scan) -> Iterator[tuple[bytes, int]]:
    """Yield blocks that end where a line ends (the last one where the file ends), and their line ends."""
    lines = 0
    with reading.source.open("rb") as file:
        rest = file.read(len(BOM))
        result.bom = rest == BOM
        rest = b"" if result.bom else rest
        while chunk := file.read(CHUNK):
            block = rest + chunk
            end = block.rfind(b"\n") + 1 or block.rfind(b"\r", 0, len(block) - 1) + 1
            whole, rest = block[:end], block[end:]
            ends, longest, line = _measure(whole)
            if max(longest, len(rest)) > LINE_MAX:
                at = lines + (line if longest > LINE_MAX else ends + 1)
                _refuse_nul(reading, block, lines)
                raise reading.refusal(
                    f"Baris {at} lebih panjang dari {LINE_MAX >> 20} MiB; ini bukan tabel CSV yang wajar.",
                    "Periksa bahwa ekspor memakai satu baris per data, lalu kirim kembali.",
                    baris=at,
                )
            lines += ends
            if whole:
                yield whole, ends
    if rest:
        yield rest, _line_ends(rest)


def _line_ends(block: bytes) -> int:
    lone = block.count(b"\r") - block.count(b"\r\n") if b"\r" in block else 0
    return block.count(b"\n") + lone


def _measure(block: bytes) -> tuple[int, int, int]:
    """Return how many lines end in a block, the length of the longest, and its number from 1."""
    data = np.frombuffer(block, np.uint8)
    breaks = data == _LF
    if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
        lone = data == _CR
        lone[:-1] &= ~breaks[1:]
        breaks |= lone
    ends = np.flatnonzero(breaks)
    if not len(ends):
        return 0, len(block), 1
    lengths = np.diff(ends, prepend=-1)
    return len(ends), int(lengths.max()), int(lengths.argmax()) + 1


def _refuse_nul(reading: Reading, block: bytes, lines: int) -> None:
    at = block.find(b"\0")
    if at < 0:
        return
    line = lines + _line_ends(block[:at]) + 1
    raise reading.refusal(
        f"Baris {line} berisi bait NUL; berkas rusak atau bukan teks.",
        "Ekspor ulang dari aplikasi asal sebagai CSV UTF-8 dan kirim kembali.",
        baris=line,
    )


def _decode(block: bytes, result: Scan) -> None:
    if result.not_utf8 is None:
        try:
            block.decode("utf-8")
        except UnicodeDecodeError as error:
            result.not_utf8 = result.lines + _line_ends(block[: error.start]) + 1
    found = _NOT_CP1252.search(block)
    if result.not_cp1252 is None and found:
        result.not_cp1252 = result.lines + _line_ends(block[: found.start()]) + 1


class _Shape:
    """Whether all blocks of one file are regular."""

    def __init__(self, delimiter: bytes) -> None:
        self._around = frozenset(delimiter + b'\n\r"')
        self._blank = re.compile(rb'\n["\s' + re.escape(delimiter) + rb"]*(?:\n|\Z)")
        self._outside = np.ones(256, bool)
        self._outside[list(self._around)] = False
        self.line_end = ""

    def regular(self, block: bytes) -> bool:
        line_end = "\r\n" if b"\r" in block else "\n"
        self.line_end = self.line_end or line_end
        if line_end != self.line_end:
            return False
        if line_end == "\r\n" and not block.count(b"\r\n") == block.count(b"\n") == block.count(b"\r"):
            return False
        if self._blank.search(b"\n" + block.removesuffix(b"\n")):
            return False
        return b'"' not in block or self._quotes(block)

    def _quotes(self, block: bytes) -> bool:
        """Every quote opens after, or closes before, a delimiter, a line end or (doubled) another quote."""
        data = np.frombuffer(block, np.uint8)
        quotes = np.flatnonzero(data == _QUOTE)
        if len(quotes) % 2:
            return False
        # At either end of the block a quote has itself for a neighbour, which is allowed.
        before = data[np.maximum(quotes[0::2] - 1, 0)]
        after = data[np.minimum(quotes[1::2] + 1, len(data) - 1)]
        if self._outside[before].any() or self._outside[after].any() or (before == _CR).any():
            return False
        return not (np.searchsorted(quotes, np.flatnonzero(data == _LF)) % 2).any()
