"""The stages of a night, each repeatable, each reading its state from disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.check.store import data_file, fingerprint, read_state
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.contract.yaml_lines import Problem
from pipelines.home import REPO, Home, Key, KeyFault, exclusive, machine_faults, sweep, write_json, write_text
from pipelines.home.keys import init, load
from pipelines.home.sample import settle_in
from pipelines.landing import Receipt, needs_key, receive
from pipelines.night.declarations import Declared, declare, remember
from pipelines.night.identity import Identity
from pipelines.night.inspection import Inspection, Say
from pipelines.night.reference import Reference, code_pairs
from pipelines.night.release import inputs
from pipelines.night.reporting import write_night_report, write_proposals
from pipelines.night.result import GAGAL, Line, NightResult
from pipelines.publish import ReleaseError, ReleaseResult, confirm, prepare, release
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
    _reference: Reference | None = field(default=None, init=False, repr=False)
    _key: Key | None = field(default=None, init=False, repr=False)
    _no_key: str = field(default="", init=False, repr=False)

    @cached_property
    def declared(self) -> Declared:
        """All declarations, and what is wrong with some; raises DeclarationError when none can be used."""
        return declare(self.home, self.sources)

    @property
    def library(self) -> Library:
        """The declarations that can be used."""
        return self.declared.library

    @property
    def reference(self) -> Reference:
        """The places that rows are resolved to, as the reference files say in this run."""
        if self._reference is None:
            self._reference = Reference(self.home, self.referensi, self.say)
        return self._reference

    @property
    def inspection(self) -> Inspection:
        """The checks of this run."""
        if self._inspection is None:
            self._inspection = Inspection(self.home, self.library, self.reference, self.say, key=self._key)
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
            self._take_key()
            # What other datasets delivered, and the state of the reference files, are true for this run only.
            self._inspection = self._reference = None
            try:
                yield
            finally:
                self._clear()

    def _clear(self) -> None:
        for child in (*self.home.tmp.iterdir(), *self.home.identity_tmp.iterdir()):
            shutil.rmtree(child, ignore_errors=True) if child.is_dir() else child.unlink()

    def _take_key(self) -> None:
        """Take the home's key, or remember why there is none; the sample province makes itself one."""
        self._key, self._no_key = None, "no key for personal data; make one with: satudata keys init"
        try:
            if self.sample:
                self._key, made = init(self.home)
                if made:
                    self.say(f"a key for the sample's personal data is made: {made}")
            else:
                self._key = load(self.home)
        except KeyFault as fault:
            self._no_key = f"personal data is locked: {fault} (satudata keys init makes a home's first key)"

    @cached_property
    def _personal(self) -> set[str]:
        """Contracts whose files hold personal data."""
        return {c.key for c in self.library.contracts if needs_key(self.library, c)}

    def locked(self, contract: Contract) -> bool:
        """Whether a contract needs a key that this run has not; the caller holds the home."""
        return contract.key in self._personal and self._key is None

    def chosen(self, contract: Contract) -> bool:
        """Whether `only` includes a contract."""
        return self.only is None or self.only in (contract.produsen, contract.key)

    # -- landing ---------------------------------------------------------------------------------

    def receive(self) -> Receipt:
        """Copy what arrived into the archive, and remember the contracts of this night."""
        remember(self.home, self.sources, self.declared)
        contracts = self.library.contracts
        return receive(self.home, self.landing, contracts, personal=self._personal, key=self._key)

    # -- check -----------------------------------------------------------------------------------

    def inspect(self, contract: Contract, notes: list[Finding]) -> Line:
        """Check the newest version of one dataset unless nothing changed. Never raises for one source."""
        stays = self.declared.wrong(contract) or self.locked(contract)
        return self.look(contract) if stays else self.inspection.inspect(contract, notes)

    def look(self, contract: Contract) -> Line:
        """The present state of one dataset, without doing anything; GAGAL where the contract is broken."""
        line = self.inspection.look(contract)
        if problems := self.declared.wrong(contract):
            return replace(line, status=GAGAL, error=f"contract is wrong, line {problems[0].line}")
        return replace(line, status=GAGAL, error=self._no_key) if self.locked(contract) else line

    # -- identity --------------------------------------------------------------------------------

    @property
    def identity(self) -> Identity:
        """Who is who, as of the checks of this run; the caller holds the home."""
        return Identity(self.home, self.library, self._key, self.say)

    def identify(self) -> tuple[list[str], bool]:
        """Bring the registers up to date; returns (problems, was there work). Raises HomeError."""
        try:
            with machine_faults(self.home):
                return [], self.identity.update()
        except duckdb.Error as error:
            return [f"who is who: {type(error).__name__}, {self.inspection.log(error, 'identity')}"], False

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
        mark = fingerprint([*marks, self.inspection.code, self.identity.mark, *code])
        note = self.home.warehouse / "fingerprint"
        if self.warehouse_file.exists() and note.exists() and note.read_text() == mark:
            return [], False
        self.say("warehouse")
        # Always the same place, and the same names for what changes every night: so the project stays the same.
        work = self.home.tmp / "gudang"
        try:
            work.mkdir()
            loads = [
                {"produsen": c.produsen, "dataset": c.dataset, "versi": versi, **asdict(load)}
                for c in self.library.contracts
                for versi, load in states[c.key].loads()
            ]
            write_json(work / "muatan.json", loads)
            staged = {c.key: data_file(self.home, c) for c in self.library.contracts}
            pairs = {key: sql for c in self.library.contracts if (sql := code_pairs(c, staged[(key := c.key)]))}
            tables = self.reference.export(work, pairs)
            linked = {key: _linked(work / f"{key}.parquet", file) for key, file in staged.items()}
            inputs = Inputs(linked, work / "muatan.json", **tables, identitas=self.identity.folder)
            try:
                generate(self.library.contracts, self.library.standards, inputs, work / "dbt")
            except ProjectError as error:
                return [str(error)], False
            result = build_warehouse(self.home, work / "dbt")
        finally:
            shutil.rmtree(work, ignore_errors=True)
        if result.ok:
            write_text(note, mark)
        return result.failures, result.ok

    # -- release ---------------------------------------------------------------------------------

    def publish(self) -> ReleaseResult:
        """Release what may leave; `latest` is switched last, and only when something changed."""
        self.say("release")
        return release(self.home, inputs(self.home, self.library), datetime.now(UTC))

    def draft(self) -> ReleaseResult:
        """Build a draft of everything that may leave, for a person to approve."""
        self.say("draft of the release")
        return prepare(self.home, inputs(self.home, self.library))

    def approve(self, oleh: str, alasan: str) -> ReleaseResult:
        """Make the draft that waits the release that readers see."""
        return confirm(self.home, oleh, alasan, datetime.now(UTC))

    # -- all -------------------------------------------------------------------------------------

    def report(self, lines: list[Line], refused: dict[str, list[Finding]], problems: list[str]) -> Path:
        """Write the quality report of the present state, and the spellings for a person to look at."""
        locked = [_locked_in_bahasa(c) for c in self.library.contracts if self.locked(c)]
        said = [*map(_in_bahasa, self.declared.problems), *locked, *problems]
        write_proposals(self.home, lines, self.library)
        return write_night_report(self.home, self.library, self.reference, lines, refused, said)

    def run(self, publish: bool = True) -> NightResult:
        """The whole night; the caller holds the home."""
        self.say("landing")
        receipt = self.receive()
        lines = []
        for number, c in enumerate(self.library.contracts, start=1):
            self.inspection.position = f"[{number}/{len(self.library.contracts)}] "
            lines.append(self.inspect(c, receipt.findings.get(c.key, [])) if self.chosen(c) else self.look(c))
        result = NightResult(lines, list(receipt.unknown), wrong=list(map(str, self.declared.problems)))
        problems, linked = self.identify()
        built = False
        if not problems:
            problems, built = self.build()
        result.worked = built or linked or any(line.worked for line in lines)
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
                result.held = sorted(released.held)
                result.worked |= released.changed
        result.problems = problems
        result.promoted = not problems
        report = self.home.findings / "laporan.html"
        locked = any(map(self.locked, self.library.contracts))
        if result.worked or result.wrong or locked or not report.exists():
            self.report(lines, refused, problems)
        return result


def _linked(name: Path, file: Path | None) -> Path | None:
    if file is None:
        return None
    name.symlink_to(file)
    return name


def _locked_in_bahasa(contract: Contract) -> str:
    return (
        f"Dataset {contract.key} memuat data pribadi, sedangkan kuncinya belum siap, jadi kirimannya tidak dibuka. "
        "Walidata: jalankan 'satudata keys status', lalu 'satudata keys init' bila kunci memang belum ada."
    )


def _in_bahasa(problem: Problem) -> str:
    where = "/".join(problem.path.parts[-3:])
    return f"Kontrak {where} salah di baris {problem.line}, jadi belum dapat dipakai. Walidata: {problem.message}."
