"""The report of a draft: a page in Bahasa for the person who approves it, that opens without a network.

It is made from the draft itself and what came of it. No value of a person stands in it: the gate masks what it found.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2

from pipelines.catalogue import Dataset, DescriptorError, datasets
from pipelines.catalogue.dataset import DESCRIPTOR
from pipelines.check import report as quality_report
from pipelines.contract.finding import Finding
from pipelines.disclosure import REASONS, TOLD
from pipelines.gate import LOG as GATE_LOG
from pipelines.home import sha256_file, write_text
from pipelines.publish.in_bahasa import in_bahasa
from pipelines.publish.inputs import ReleaseResult
from pipelines.publish.protection import LOG as SHIELD_LOG
from pipelines.release import Manifest, read_manifest
from pipelines.release.manifest import HISTORY, MANIFEST
from pipelines.site.environment import day, size

REPORT = "laporan.html"
SHOWN = 10  # of a list; the rest is there to be unfolded, and is not printed
_FIRST = ("hilang", "ditarik", "kembali", "baru", "berubah")  # what cannot be undone comes first
_HERE = Path(__file__).parent


def write_report(result: ReleaseResult, draft: Path, previous: Path | None, out: Path) -> None:
    """Write the report of a finished release folder `draft`, to a file beside it.

    `previous` is the release that readers see now: it tells the former scores, and the titles of what is gone.
    Raises DescriptorError, ReleaseFault and OSError.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([_HERE, Path(quality_report.__file__).parent]), autoescape=True,
        trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.filters |= {
        "ribuan": quality_report.thousands,
        "hari": lambda iso: day(date.fromisoformat(iso)),
        "ukuran": size,
        "koma": lambda share: f"{share:.1f}".replace(".", ","),
    }
    page = environment.get_template("laporan_rilis.html.j2")
    write_text(out, page.render(d=_Draft(result, draft, previous), folder=draft.name, shown=SHOWN))


@dataclass
class Hidden:
    """The numbers of one dataset that are hidden: how many for which reason, in which columns, and those told before.

    `share` is the part of these columns' cells in per cent, None for a dataset that is not in the draft.
    """

    judul: str
    slug: str
    alasan: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sudah_terbit: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kolom: set[str] = field(default_factory=set)
    share: float | None = None

    @property
    def cells(self) -> int:
        """All hidden numbers."""
        return sum(self.alasan.values())


@dataclass(frozen=True)
class Score:
    """The quality of one dataset; `before` is its score in the release that readers see."""

    dataset: Dataset
    skor: float
    before: float | None
    kritis: int
    peringatan: int

    @property
    def fell(self) -> bool:
        """Whether it was better."""
        return self.before is not None and self.skor < self.before


@dataclass
class _Draft:
    """All that the page says, as the template asks for it."""

    result: ReleaseResult
    folder: Path
    previous: Path | None

    def __post_init__(self) -> None:
        self.manifest: Manifest = read_manifest(self.folder)
        self.sha256 = sha256_file(self.folder / MANIFEST)
        self.size = sum(f.bytes for f in self.manifest.berkas.values()) + (self.folder / MANIFEST).stat().st_size
        self.datasets = datasets(self.folder)
        self.before = {d.slug: d for d in _readable(self.previous)}
        self.gate = self._read(GATE_LOG)
        self.attack: dict[str, int] = self._read(SHIELD_LOG)["serangan"]

    @property
    def again(self) -> bool:
        """Whether the draft only restores the release that readers see, whose files are damaged."""
        return self.previous is not None and self.previous.name == self.manifest.versi

    @cached_property
    def changes(self) -> list[dict[str, Any]]:
        """The newest entry of the history, what cannot be undone first."""
        found = [] if self.again else self._read(HISTORY)[0]["dataset"]
        return sorted(found, key=lambda change: (_FIRST.index(change["jenis"]), change["slug"]))

    @property
    def unchanged(self) -> int:
        """Datasets of the draft that are as readers know them."""
        return len({d.slug for d in self.datasets} - {change["slug"] for change in self.changes})

    @cached_property
    def hidden(self) -> list[Hidden]:
        """Datasets with hidden numbers or such as should be, most first."""
        found: dict[str, Hidden] = {}
        for one in self._read(SHIELD_LOG)["kolom"]:
            slug, word = one["dataset"], REASONS[one["alasan"]]
            entry = found.setdefault(slug, Hidden(self.title(slug), slug))
            if one["alasan"] in TOLD:
                entry.sudah_terbit[word] += one["nilai"]
            elif one["nilai"]:
                entry.alasan[word] += one["nilai"]
                entry.kolom.add(one["kolom"])
        rows = {d.slug: d.satudata.baris for d in self.datasets}
        for slug, entry in found.items():
            if entry.cells and rows.get(slug):
                entry.share = 100 * entry.cells / (rows[slug] * len(entry.kolom))
        return sorted((e for e in found.values() if e.cells or e.sudah_terbit), key=lambda e: (-e.cells, e.slug))

    @property
    def told(self) -> int:
        """Numbers that should be hidden and are public for good."""
        return sum(sum(entry.sudah_terbit.values()) for entry in self.hidden)

    @property
    def examined(self) -> int:
        """Values that the gate looked at."""
        return sum(one["nilai_diperiksa"] for one in self.gate["dataset"].values())

    @property
    def refused(self) -> Iterator[tuple[str, str, Finding]]:
        """Key, title and finding of what the gate refused."""
        for key, findings in sorted(self.result.refused.items()):
            yield from ((key, self.title(key), finding) for finding in findings)

    @property
    def carried(self) -> list[tuple[str, str, str]]:
        """Key, title and reason of datasets that stay as readers know them though there may be something new."""
        return self._told(self.result.carried)

    @property
    def left_out(self) -> list[tuple[str, str, str]]:
        """The same of datasets that are not in the draft."""
        return self._told(self.result.left_out)

    @cached_property
    def scores(self) -> list[Score]:
        """The quality of each dataset that was checked, lowest first."""
        found = []
        for dataset in self.datasets:
            if quality := dataset.satudata.mutu:
                then = self.before.get(dataset.slug)
                former = then.satudata.mutu.skor if then and then.satudata.mutu else None
                count = {"kritis": 0, "peringatan": 0}
                for group in quality.temuan:
                    count[group.tingkat] += group.jumlah
                found.append(Score(dataset, quality.skor, former, **count))
        return sorted(found, key=lambda score: (score.skor, score.dataset.slug))

    @property
    def notes(self) -> dict[str, list[str]]:
        """What is incomplete, with the titles of the datasets."""
        found = defaultdict(list)
        for key, notes in sorted(self.result.notes.items()):
            for note in notes:
                found[in_bahasa(note)].append(self.title(key))
        return found

    def title(self, key: str) -> str:
        """The title of a dataset by its slug or its contract's key; the key where no release knows it."""
        return self._titles.get(key.replace(".", "-"), key)

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        return {
            **{slug: d.title for slug, d in self.before.items()},
            **{change["slug"]: change["judul"] for change in self.changes},
            **{d.slug: d.title for d in self.datasets},
        }

    def _told(self, reasons: Mapping[str, str]) -> list[tuple[str, str, str]]:
        return [(key, self.title(key), in_bahasa(reason)) for key, reason in sorted(reasons.items())]

    def _read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_bytes())


def _readable(release: Path | None) -> Iterator[Dataset]:
    """The datasets of a release without those that are damaged or of an earlier program."""
    for path in release.glob(f"*/{DESCRIPTOR}") if release else ():
        with suppress(DescriptorError):
            yield Dataset.read(path.parent)
