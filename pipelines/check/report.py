"""The quality report: one HTML page in Bahasa that opens without a network.

It goes to walidata and to every produsen, so it shows no value of a personal column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2

from pipelines.check.place_summary import PlaceSummary
from pipelines.check.store import State
from pipelines.contract.finding import Finding
from pipelines.contract.load import Produsen
from pipelines.contract.model import Contract
from pipelines.home import write_text
from pipelines.referensi.problems import ReferenceProblem

MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
          "November", "Desember")  # fmt: skip
MEANING = {
    "SESUAI": "Data memenuhi standar dan dipakai.",
    "DIKEMBALIKAN": "Kiriman dikembalikan untuk diperbaiki; data terakhir yang baik tetap dipakai.",
    "DUPLIKAT": "Isi sama persis dengan data milik instansi lain, jadi tidak dimuat lagi.",
    "BELUM ADA": "Belum pernah ada kiriman.",
    "GAGAL": "Pemeriksaan terhenti karena kesalahan program atau kontraknya; ditangani walidata, bukan oleh instansi.",
}
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Entry:
    """One dataset in the report. `refused` are the release gate's findings; `tempat` its newest delivery by place."""

    contract: Contract
    status: str
    late: bool
    state: State
    refused: tuple[Finding, ...] = ()
    tempat: PlaceSummary | None = None

    def total(self, part: str) -> int:
        """Rows of the newest delivery: dibaca, diterima, karantina or bukan_data."""
        loads = self.state.latest.loads if self.state.latest else []
        return sum(getattr(load, f"baris_{part}") for load in loads)

    def shares(self) -> list[tuple[str, float, int]]:
        """(css class, percent, rows) of the bar that shows what became of the rows."""
        whole = self.total("dibaca")
        parts = [("diterima", self.total("diterima")), ("karantina", self.total("karantina")),
                 ("bukan", self.total("bukan_data"))]  # fmt: skip
        return [(name, 100 * n / whole, n) for name, n in parts if whole and n]

    def findings_file(self) -> str | None:
        """The findings CSV, relative to the report."""
        if not self.state.latest or not self.state.latest.findings:
            return None
        return f"{self.contract.produsen}/{self.contract.dataset}/{self.state.latest.versi}.csv"


def thousands(number: int) -> str:
    """12785 -> 12.785, as Indonesians write it."""
    return f"{number:,}".replace(",", ".")


def day(iso: str) -> str:
    """An ISO time as a date in WIB: 21 November 2026."""
    local = datetime.fromisoformat(iso).astimezone(ZoneInfo("Asia/Jakarta"))
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def write_report(
    entries: list[Entry],
    opd: dict[str, Produsen],
    problems: list[str],
    now: datetime,
    out: Path,
    rujukan: Sequence[ReferenceProblem] = (),
) -> None:
    """Write the report of one night; datasets that need attention come first.

    `rujukan` is what is wrong with the reference files, for walidata.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.filters |= {"ribuan": thousands, "hari": day}
    order = ("GAGAL", "DIKEMBALIKAN", "DUPLIKAT", "SESUAI", "BELUM ADA")
    counted = {status: sum(e.status == status for e in entries) for status in order}
    text = environment.get_template("laporan.html.j2").render(
        entries=sorted(entries, key=lambda e: (order.index(e.status), e.contract.key)),
        counted={status: n for status, n in counted.items() if n},
        late=sum(e.late for e in entries),
        totals={
            part: sum(e.total(part) for e in entries) for part in ("dibaca", "diterima", "karantina", "bukan_data")
        },
        findings=sum(e.state.latest.findings for e in entries if e.state.latest),
        opd=opd,
        problems=problems,
        meaning=MEANING,
        rujukan=rujukan,
        no_borders=any(e.tempat and e.tempat.speaks and not e.tempat.borders for e in entries),
        now=now.isoformat(),
    )
    write_text(out, text)
