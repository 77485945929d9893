"""Compression whose bytes depend on the data alone.

The zlib in the wheel of pyarrow does it, whose version the lock names: a machine's own (zlib, zlib-ng, by the
build of Python) packs the same data differently.
"""

from __future__ import annotations

import struct
import zlib

import pyarrow as pa

_HEADER = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255))  # no time, no name, no system
_FOOTER = 8
_LEVEL = 4


def deflated(data: bytes, level: int) -> bytes:
    """The bytes as a raw deflate stream, as ZIP keeps them; levels go from 1 (quick) to 9 (small)."""
    packed: bytes = pa.Codec("gzip", compression_level=level).compress(data, asbytes=True)
    return packed[len(_HEADER) : -_FOOTER]


def gzipped(data: bytes) -> bytes:
    """The bytes as gzip."""
    return _HEADER + deflated(data, _LEVEL) + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
