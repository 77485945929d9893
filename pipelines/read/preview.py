"""The first rows of a table, where its header is looked for."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.error import Reading
from pipelines.read.header import SEARCH_ROWS, STACKED_MAX, Header, Known, Row, find_header


def preview_length(reading: Reading) -> int:
    """How many rows to look at: enough for the declared header, or for the search, and what stands below."""
    tajuk = reading.contract.baca.tajuk
    last = SEARCH_ROWS if tajuk == "auto" else tajuk if isinstance(tajuk, int) else int(tajuk[-1])
    return last + STACKED_MAX + 2


def require_header(reading: Reading, known: Known, preview: Sequence[Row]) -> Header:
    """Return the header. Raises ReadError when nothing near the top (or in the declared row) is known."""
    tajuk = reading.contract.baca.tajuk
    header = find_header(known, preview, tajuk)
    if header:
        return header
    wanted = [column.dari[0] for column in reading.contract.kolom.values() if column.dari][:10]
    where = f"{SEARCH_ROWS} baris pertama" if tajuk == "auto" else f"baris tajuk {tajuk}"
    raise reading.refusal(
        f"Tajuk tidak ditemukan di {where}. Yang dicari antara lain: {', '.join(map(repr, wanted))}.",
        "Periksa bahwa berkas ini memang untuk kumpulan data ini dan baris tajuknya masih ada.",
        baris=preview[0][0] if preview else None,
    )
