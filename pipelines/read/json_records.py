"""Records out of JSON text, one at a time, in bounded memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

import ijson

from pipelines.read.error import ReadError, Reading

RECORD_MAX = 32 << 20
DEPTH_MAX = 64
DIGITS_MAX = 1000  # ijson crashes the process on a number of more than 4,300 digits
_LONG_NUMBER = re.compile(rb"\d{%d}" % DIGITS_MAX)
_BOM = b"\xef\xbb\xbf"
_EXPLAIN_MAX = 16 << 20

Event = tuple[str, Any]


def json_records(reading: Reading) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the records at `baca.rekaman` (a list of objects, or one object) with their ordinals from 1.

    Raises ReadError for broken JSON (with its place), a key twice in one object, a record that is no object,
    more than DEPTH_MAX levels, a record over RECORD_MAX bytes, or where there is nothing at that path.
    """
    path = reading.contract.baca.rekaman
    with reading.source.open("rb") as file:
        meter = _Meter(reading, file)
        try:
            events: Iterator[Event] = iter(ijson.basic_parse(meter))
            single = _go_to(reading, events, path.split(".") if path else [])
            starts = iter([("start_map", None)]) if single else events
            for ordinal, (event, _) in enumerate(starts, 1):
                if event == "end_array":
                    break
                if event != "start_map":
                    raise reading.refusal(
                        f"Rekaman ke-{ordinal} bukan objek JSON {{...}}.",
                        "Setiap rekaman harus berupa objek dengan nama isian dan nilainya.",
                        baris=ordinal,
                    )
                yield ordinal, _build(reading, events, ordinal)
                meter.since = 0
            for _ in events:  # what follows the records must be sound JSON too
                meter.since = 0
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            raise _broken(reading, meter.total, error) from None


def _go_to(reading: Reading, events: Iterator[Event], target: list[str]) -> bool:
    """Move to the list (or, returning True, into the object) at the path `target`."""
    keys: list[str | None] = []  # of every open container: the key we are at, None in a list
    for event, value in events:
        if event == "map_key":
            keys[-1] = value
        elif event in ("end_map", "end_array"):
            keys.pop()
        elif event in ("start_map", "start_array"):
            if keys == target:
                return event == "start_map"
            keys.append(None)
            _refuse_depth(reading, len(keys))
    raise reading.refusal(
        f"Tidak ada daftar rekaman di '{'.'.join(target) or 'puncak berkas'}'.",
        "Periksa susunan JSON; bila memang berubah, minta walidata memperbarui `baca.rekaman` di kontrak.",
    )


def _build(reading: Reading, events: Iterator[Event], ordinal: int) -> dict[str, Any]:
    """Build the object whose start has just been read."""
    record: dict[str, Any] = {}
    stack: list[Any] = [record]
    keys: list[str] = [""]
    for event, value in events:
        if event == "map_key":
            if value in stack[-1]:
                raise reading.refusal(
                    f"Rekaman ke-{ordinal}: nama isian '{value}' muncul dua kali.",
                    "Sisakan satu saja, lalu kirim kembali.",
                    baris=ordinal,
                    kolom=value,
                )
            keys[-1] = value
            continue
        if event in ("end_map", "end_array"):
            stack.pop()
            keys.pop()
            if not stack:
                break
            continue
        opens = event in ("start_map", "start_array")
        below = ({} if event == "start_map" else []) if opens else value
        if isinstance(stack[-1], dict):
            stack[-1][keys[-1]] = below
        else:
            stack[-1].append(below)
        if opens:
            stack.append(below)
            keys.append("")
            _refuse_depth(reading, len(stack))
    return record


def _refuse_depth(reading: Reading, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise reading.refusal(
            f"JSON bersarang lebih dari {DEPTH_MAX} tingkat.", "Kirim daftar rekaman yang lebih datar."
        )


def _broken(reading: Reading, near: int, error: Exception) -> ReadError:
    """Say where the JSON breaks: line and column for a file that fits in memory, else about which byte."""
    place, line = f"sekitar bait ke-{near}", None
    if reading.source.stat().st_size <= _EXPLAIN_MAX:
        data = reading.source.read_bytes().removeprefix(_BOM)
        try:
            json.loads(data.decode("utf-8"))
        except json.JSONDecodeError as where:
            place, line = f"baris {where.lineno} kolom {where.colno}", where.lineno
        except UnicodeDecodeError as where:
            line = data.count(b"\n", 0, where.start) + 1
            place = f"baris {line} (huruf di sana bukan UTF-8)"
        except (ValueError, RecursionError):
            pass
    cut = " Berkas tampaknya terpotong." if isinstance(error, ijson.IncompleteJSONError) else ""
    return reading.refusal(
        f"JSON rusak pada {place}.{cut}",
        "Ekspor ulang berkasnya dari aplikasi asal, atau perbaiki di tempat itu, lalu kirim kembali.",
        baris=line,
    )


class _Meter:
    """A file without its byte order mark that counts what is read, and refuses what a parser chokes on."""

    def __init__(self, reading: Reading, file: BufferedReader) -> None:
        self._reading = reading
        self._file = file
        self._tail = b""
        self.total = self.since = 0
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.total += len(data)
        self.since += len(data)
        if self.since > RECORD_MAX:
            raise self._reading.refusal(
                f"Satu rekaman lebih panjang dari {RECORD_MAX >> 20} MiB (sampai bait ke-{self.total}).",
                "Periksa bahwa berkas berupa daftar rekaman dan tidak ada isian yang rusak.",
            )
        if _LONG_NUMBER.search(self._tail + data):
            raise self._reading.refusal(
                f"Ada bilangan lebih panjang dari {DIGITS_MAX} angka (sebelum bait ke-{self.total}).",
                "Periksa isian yang rusak itu, lalu kirim kembali.",
            )
        self._tail = data[-DIGITS_MAX:]
        return data
