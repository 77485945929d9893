"""The stages of a night, each repeatable, each reading its state from disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from pipelines.check.report import Entry, write_report
from pipelines.check.run import export_places
from pipelines.check.store import data_file, fingerprint, read_state
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.contract.yaml_lines import Problem
from pipelines.home import REPO, Home, exclusive, machine_faults, sweep, write_json, write_text
from pipelines.home.sample import settle_in
from pipelines.landing import Receipt, receive
from pipelines.night.declarations import Declared, declare, remember
from pipelines.night.inspection import Inspection, Say
from pipelines.night.reference import Reference
from pipelines.night.result import GAGAL, Line, NightResult
from pipelines.publish import ReleaseError, ReleaseResult, release
from pipelines.warehouse import Inputs, ProjectError, generate
from pipelines.warehouse import build as build_warehouse


@dataclass
class Night:
    """One night over one home.

    `sources` is the folder of contracts; `referensi` are reference folders besides the repository's and the
    home's own; `only` limits the check; `sample`: these are invented data.
    """

    home: Home
    landing: Path
    sources: Path = REPO / "sources"
    only: str | None = None
    sample: bool = False
    referensi: tuple[Path, ...] = ()
    say: Say = field(default=lambda _: None)
    _inspection: Inspection | None = field(default=None, init=False, repr=False)

    @cached_property
    def declared(self) -> Declared:
        """All declarations, and what is wrong with some; raises DeclarationError when none can be used."""
        return declare(self.home, self.sources)

    @property
    def library(self) -> Library:
        """The declarations that can be used."""
        return self.declared.library

    @cached_property
    def reference(self) -> Reference:
        """The places that rows are resolved to."""
        return Reference(self.home, self.referensi, self.say)

    @property
    def inspection(self) -> Inspection:
        """The checks of this run."""
        if self._inspection is None:
            self._inspection = Inspection(self.home, self.library, self.reference, self.say)
        return self._inspection

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the home; raises Busy or HomeError. What killed runs left aside is removed."""
        self.home.ensure()
        with exclusive(self.home), machine_faults(self.home):
            self._clear()
            sweep(self.home.warehouse)
            if settle_in(self.home, self.sample):
                self.say("the sample province that was here is removed")
            self._inspection = None  # it remembers what other datasets delivered: true for this run only
            try:
                yield
            finally:
                self._clear()

    def _clear(self) -> None:
        for child in self.home.tmp.iterdir():
            shutil.rmtree(child, ignore_errors=True) if child.is_dir() else child.unlink()

    def chosen(self, contract: Contract) -> bool:
        """Whether `only` includes a contract."""
        return self.only is None or self.only in (contract.produsen, contract.key)

    # -- landing ---------------------------------------------------------------------------------

    def receive(self) -> Receipt:
        """Copy what arrived into the archive, and remember the contracts of this night."""
        remember(self.home, self.sources, self.declared)
        return receive(self.home, self.landing, self.library.contracts)

    # -- check -----------------------------------------------------------------------------------

    def inspect(self, contract: Contract, notes: list[Finding]) -> Line:
        """Check the newest version of one dataset unless nothing changed. Never raises for one source."""
        return self.look(contract) if self.declared.wrong(contract) else self.inspection.inspect(contract, notes)

    def look(self, contract: Contract) -> Line:
        """The present state of one dataset, without doing anything; GAGAL where the contract is broken."""
        line = self.inspection.look(contract)
        if problems := self.declared.wrong(contract):
            return replace(line, status=GAGAL, error=f"contract is wrong, line {problems[0].line}")
        return line

    # -- warehouse -------------------------------------------------------------------------------

    @property
    def warehouse_file(self) -> Path:
        """What analysts open, read-only."""
        return self.home.warehouse / "satudata.duckdb"

    def build(self) -> tuple[list[str], bool]:
        """Build and promote the warehouse unless nothing changed; returns (problems, was it built)."""
        states = {c.key: read_state(self.home, c) for c in self.library.contracts}
        marks = [
            f"{c.key} {c.sidik} {a.versi if a else ''} {a.fingerprint if a else ''}"
            for c in self.library.contracts
            for a in (states[c.key].latest, states[c.key].good)
        ]
        code = [REPO / "pipelines" / "warehouse", REPO / "dbt_project"]
        mark = fingerprint([*marks, self.inspection.code, *code])
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
            export_places(self.reference.base(), work / "wilayah.parquet")
            staged = {c.key: data_file(self.home, c) for c in self.library.contracts}
            inputs = Inputs(staged, work / "muatan.json", work / "wilayah.parquet")
            try:
                generate(self.library.contracts, self.library.standards, inputs, work / "dbt")
            except ProjectError as error:
                return [str(error)], False
            result = build_warehouse(self.home, work / "dbt")
        if result.ok:
            write_text(note, mark)
        return result.failures, result.ok

    # -- release ---------------------------------------------------------------------------------

    def publish(self) -> ReleaseResult:
        """Release what may leave; `latest` is switched last, and only when something changed."""
        self.say("release")
        states = {c.key: read_state(self.home, c) for c in self.library.contracts}
        dates = {key: datetime.fromisoformat(state.good.modified).date() for key, state in states.items() if state.good}
        library = self.library
        return release(self.home, list(library.contracts), library.standards, library.opd, self.warehouse_file, dates)

    # -- all -------------------------------------------------------------------------------------

    def report(self, lines: list[Line], refused: dict[str, list[Finding]], problems: list[str]) -> Path:
        """Write the quality report of the present state."""
        entries = [
            Entry(contract, line.status, line.late, line.state, tuple(refused.get(contract.key, ())))
            for contract, line in zip(self.library.contracts, lines, strict=True)
        ]
        out = self.home.findings / "laporan.html"
        said = [*map(_in_bahasa, self.declared.problems), *problems]
        write_report(entries, self.library.opd, said, datetime.now(UTC), out)
        return out

    def run(self, publish: bool = True) -> NightResult:
        """The whole night; the caller holds the home."""
        self.say("landing")
        receipt = self.receive()
        lines = []
        for number, c in enumerate(self.library.contracts, start=1):
            self.inspection.position = f"[{number}/{len(self.library.contracts)}] "
            lines.append(self.inspect(c, receipt.findings.get(c.key, [])) if self.chosen(c) else self.look(c))
        result = NightResult(lines, list(receipt.unknown), wrong=list(map(str, self.declared.problems)))
        problems, built = self.build()
        result.worked = built or any(line.worked for line in lines)
        refused: dict[str, list[Finding]] = {}
        if publish and not problems:
            try:
                released = self.publish()
            except ReleaseError as error:
                problems.append(str(error))
            else:
                refused = released.refused
                result.release = released.path
                result.refused = sorted(refused)
                result.worked |= released.changed
        result.problems = problems
        result.promoted = not problems
        report = self.home.findings / "laporan.html"
        if result.worked or result.wrong or not report.exists():
            self.report(lines, refused, problems)
        return result


def _in_bahasa(problem: Problem) -> str:
    where = "/".join(problem.path.parts[-3:])
    return f"Kontrak {where} salah di baris {problem.line}, jadi belum dapat dipakai. Walidata: {problem.message}."
