"""The night: landing -> archive -> check -> warehouse -> release, as stages that read their state from disk.

`satudata run` walks through all of them; the Dagster assets call the same stages. Each stage can be
repeated: what has not changed is not processed again, and a killed stage leaves the old state.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.check.report import Entry, write_report
from pipelines.check.run import DIKEMBALIKAN, DUPLIKAT, Load, Source, check, export_places, prepare
from pipelines.check.store import Attempt, State, data_file, fingerprint, keep, read_state
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library, load_library
from pipelines.contract.model import Contract
from pipelines.home import REPO, Home, exclusive, sweep, write_json, write_text
from pipelines.landing import Receipt, Version, blob, current, receive, shared, twins
from pipelines.publish import ReleaseResult, release
from pipelines.warehouse import Inputs, generate
from pipelines.warehouse import build as build_warehouse

if TYPE_CHECKING:
    from expectations.gx import Judge

BELUM_ADA = "BELUM ADA"
GAGAL = "GAGAL"
FRESH = {"harian": 2, "mingguan": 10, "bulanan": 41, "triwulanan": 107, "tahunan": 397}  # days
Say = Callable[[str], None]


@dataclass
class Line:
    """What the night did with one dataset."""

    key: str
    status: str
    worked: bool
    late: bool
    state: State
    error: str | None = None

    @property
    def troubled(self) -> bool:
        """Whether somebody has to look: returned (as a whole or one file), late, or failed."""
        loads = self.state.latest.loads if self.state.latest else []
        returned = any(load.status == DIKEMBALIKAN for load in loads)
        return self.late or returned or self.status in (DIKEMBALIKAN, GAGAL)


@dataclass
class Night:
    """One night over one home. `sources` is the folder of contracts; `only` limits the check."""

    home: Home
    landing: Path
    sources: Path = REPO / "sources"
    only: str | None = None
    say: Say = field(default=lambda _: None)

    @cached_property
    def library(self) -> Library:
        """All declarations; raises DeclarationError."""
        return load_library(self.sources, REPO / "sources" / "referensi", REPO / "expectations" / "standards")

    @cached_property
    def judge(self) -> Judge:
        """Great Expectations, started when the first batch needs it."""
        from expectations.gx import Judge

        return Judge(self.home.tmp)

    @cached_property
    def check_code(self) -> str:
        """Fingerprint of all that decides a check besides the contract and the bytes."""
        code = [REPO / "pipelines" / p for p in ("contract", "read", "wilayah", "check")]
        return fingerprint([*code, REPO / "expectations", REPO / "sources" / "referensi"])

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the home; raises Busy or HomeError. What killed runs left aside is removed."""
        self.home.ensure()
        with exclusive(self.home):
            for child in self.home.tmp.iterdir():
                shutil.rmtree(child, ignore_errors=True) if child.is_dir() else child.unlink()
            sweep(self.home.warehouse)
            yield

    def chosen(self, contract: Contract) -> bool:
        """Whether `only` includes a contract."""
        return self.only is None or self.only in (contract.produsen, contract.key)

    # -- landing ---------------------------------------------------------------------------------

    def receive(self) -> Receipt:
        """Copy what arrived into the archive."""
        return receive(self.home, self.landing, self.library.contracts)

    # -- check -----------------------------------------------------------------------------------

    def inspect(self, contract: Contract, notes: list[Finding]) -> Line:
        """Check the newest version of one dataset unless nothing changed. Never raises for one source."""
        try:
            return self._inspect(contract, notes)
        except Exception as error:
            where = self._log(error, contract.key)
            state = read_state(self.home, contract)
            return Line(contract.key, GAGAL, True, self._late(contract), state, f"{type(error).__name__}, {where}")

    def _inspect(self, contract: Contract, notes: list[Finding]) -> Line:
        version = current(self.home, contract)
        state = read_state(self.home, contract)
        if version is None:
            return Line(contract.key, BELUM_ADA, False, False, state)
        copies = self._copies(contract, version)
        notes = [*notes, *twins(version), *self._same_bytes(contract, version, copies)]
        mark = fingerprint([version.versi, contract.sidik, self.check_code, *map(repr, notes)])
        late = self._late(contract)
        if state.latest and state.latest.fingerprint == mark:
            return Line(contract.key, state.latest.status, False, late, state)
        self.say(contract.key)
        with tempfile.TemporaryDirectory(dir=self.home.tmp, ignore_cleanup_errors=True) as folder:
            state = self._check(contract, version, copies, notes, mark, Path(folder))
        return Line(contract.key, state.latest.status if state.latest else GAGAL, True, late, state)

    def _check(
        self,
        contract: Contract,
        version: Version,
        copies: set[str],
        notes: list[Finding],
        mark: str,
        work: Path,
    ) -> State:
        sources = [Source(f.path, blob(self.home, f.sha256)) for f in version.files if f.path not in copies]
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        duplicates = [Load(path, DUPLIKAT, mulai=now, selesai=now) for path in sorted(copies)]
        checked = check(self.library, contract, sources, self._base(), work, lambda: self.judge, notes)
        attempt = Attempt(
            versi=version.versi,
            fingerprint=mark,
            status=checked.status if sources else DUPLIKAT,
            folder=None,
            loads=[*checked.loads, *duplicates],
            reasons=checked.reasons if sources else [],
            groups=checked.groups,
            tidied=checked.tidied,
            findings=checked.findings,
            arrived=max(f.arrived for f in version.files).isoformat(),
            modified=max(f.modified for f in version.files).isoformat(),
        )
        folder = self.home.findings / contract.produsen / contract.dataset
        folder.mkdir(parents=True, exist_ok=True)
        (work / "temuan.csv").replace(folder / f"{version.versi}.csv")
        return keep(self.home, contract, attempt, checked, work)

    def _copies(self, contract: Contract, version: Version) -> set[str]:
        """Files whose bytes belong to the contract's declared owner."""
        if not contract.salinan_dari:
            return set()
        owner = current(self.home, self.library.find(contract.salinan_dari))
        owned = {f.sha256 for f in owner.files} if owner else set()
        return {f.path for f in version.files if f.sha256 in owned}

    def _same_bytes(self, contract: Contract, version: Version, copies: set[str]) -> list[Finding]:
        """One finding a file that another dataset delivered too."""
        found = []
        for file in version.files:
            others = sorted({k for k, _ in self._owners.get(file.sha256, []) if k != contract.key})
            others = [o for o in others if self.library.find(o).salinan_dari != contract.key]
            if others:
                advice = (
                    "Cukup pemilik data yang mengirim."
                    if file.path in copies
                    else "Sepakati pemiliknya; walidata menulis salinan_dari pada kontrak yang lain."
                )
                message = f"Berkas ini sama persis dengan kiriman {', '.join(others)}."
                found.append(
                    Finding(file.path, None, None, None, None, "landing", "peringatan", message, advice)
                )
        return found

    @cached_property
    def _owners(self) -> dict[str, list[tuple[str, str]]]:
        versions = {c.key: current(self.home, c) for c in self.library.contracts}
        return shared({k: v for k, v in versions.items() if v})

    def _base(self) -> Path:
        base = self.home.tmp / "dasar.duckdb"
        return base if base.exists() else self.prepare_base(base)

    def prepare_base(self, out: Path) -> Path:
        """Make the DuckDB file with place tables and functions that checks start from."""
        prepare(REPO / "sources" / "referensi", REPO / "expectations" / "standards" / "_fungsi.sql", out)
        return out

    def _late(self, contract: Contract) -> bool:
        version = current(self.home, contract)
        if version is None:
            return False
        newest = max(f.arrived for f in version.files)
        return datetime.now(UTC) - newest > timedelta(days=FRESH[contract.jadwal])

    def _log(self, error: Exception, key: str) -> str:
        """Write where it failed to the log, never what the data said."""
        frames = "".join(traceback.format_tb(error.__traceback__))
        text = re.sub(r"'[^']*'|\"[^\"]*\"|\d{4,}", "…", str(error))
        path = self.home.log / "galat.log"
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat()} {key} {type(error).__name__}: {text}\n{frames}\n")
        return f"see {path}"

    def look(self, contract: Contract) -> Line:
        """The present state of one dataset, without doing anything."""
        state = read_state(self.home, contract)
        status = state.latest.status if state.latest else BELUM_ADA
        return Line(contract.key, status, False, self._late(contract), state)

    # -- warehouse -------------------------------------------------------------------------------

    @property
    def warehouse_file(self) -> Path:
        """What analysts open, read-only."""
        return self.home.warehouse / "satudata.duckdb"

    def build(self) -> tuple[list[str], bool]:
        """Build and promote the warehouse unless nothing changed; returns (problems, whether it was built)."""
        states = {c.key: read_state(self.home, c) for c in self.library.contracts}
        marks = [
            f"{c.key} {c.sidik} {a.versi if a else ''} {a.fingerprint if a else ''}"
            for c in self.library.contracts
            for a in (states[c.key].latest, states[c.key].good)
        ]
        code = [REPO / "pipelines" / "warehouse", REPO / "dbt_project"]
        mark = fingerprint([*marks, self.check_code, *code])
        note = self.home.warehouse / "fingerprint"
        if self.warehouse_file.exists() and note.exists() and note.read_text() == mark:
            return [], False
        self.say("warehouse")
        with tempfile.TemporaryDirectory(dir=self.home.tmp, ignore_cleanup_errors=True) as folder:
            work = Path(folder)
            loads = [
                {"produsen": c.produsen, "dataset": c.dataset, "versi": versi, **asdict(load)}
                for c in self.library.contracts
                for versi, load in states[c.key].loads()
            ]
            write_json(work / "muatan.json", loads)
            export_places(self._base(), work / "wilayah.parquet")
            staged = {c.key: data_file(self.home, c) for c in self.library.contracts}
            inputs = Inputs(staged, work / "muatan.json", work / "wilayah.parquet")
            generate(self.library.contracts, self.library.standards, inputs, work / "dbt")
            result = build_warehouse(self.home, work / "dbt")
        if result.ok:
            write_text(note, mark)
        return result.failures, result.ok

    # -- release ---------------------------------------------------------------------------------

    def publish(self) -> ReleaseResult:
        """Release what may leave; `latest` is switched last, and only when something changed."""
        self.say("release")
        states = {c.key: read_state(self.home, c) for c in self.library.contracts}
        dates = {
            key: datetime.fromisoformat(state.good.modified).date()
            for key, state in states.items()
            if state.good
        }
        return release(
            self.home, self.library.contracts, self.library.standards, self.library.opd, self.warehouse_file, dates
        )

    # -- all -------------------------------------------------------------------------------------

    def report(self, lines: list[Line], refused: dict[str, list[Finding]], problems: list[str]) -> Path:
        """Write the quality report of the present state."""
        entries = [
            Entry(contract, line.status, line.late, line.state, tuple(refused.get(contract.key, ())))
            for contract, line in zip(self.library.contracts, lines, strict=True)
        ]
        out = self.home.findings / "laporan.html"
        write_report(entries, self.library.opd, problems, datetime.now(UTC), out)
        return out

    def run(self, publish: bool = True) -> NightResult:
        """The whole night; the caller holds the home."""
        self.say("landing")
        receipt = self.receive()
        lines = [
            self.inspect(c, receipt.findings.get(c.key, [])) if self.chosen(c) else self.look(c)
            for c in self.library.contracts
        ]
        result = NightResult(lines, list(receipt.unknown))
        problems, built = self.build()
        result.problems += problems
        result.worked = built or any(line.worked for line in lines)
        refused: dict[str, list[Finding]] = {}
        if publish and not problems:
            released = self.publish()
            refused = released.refused
            result.release = released.path
            result.refused = sorted(refused)
            result.worked |= released.changed
        result.promoted = not problems
        report = self.home.findings / "laporan.html"
        if result.worked or not report.exists():
            self.report(lines, refused, problems)
        return result


@dataclass
class NightResult:
    """What the night did. `exit_code`: 0 well, 3 somebody has to look, 1 nothing was promoted."""

    lines: list[Line]
    unknown: list[tuple[str, int]]
    problems: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    release: Path | None = None
    worked: bool = False
    promoted: bool = False

    @property
    def exit_code(self) -> int:
        """As documented for `satudata run`."""
        if not self.promoted:
            return 1
        return 3 if self.refused or any(line.troubled for line in self.lines) else 0
