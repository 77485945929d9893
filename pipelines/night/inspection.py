"""The check of one dataset in the course of a night: what is new, whose copy it is, what was kept."""

from __future__ import annotations

import re
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.check.run import DIKEMBALIKAN, DUPLIKAT, SESUAI, Checked, Load, Source, check
from pipelines.check.store import Attempt, State, fingerprint, keep, read_state
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home import REPO, Home, HomeError, Key, machine_faults
from pipelines.identity.subject.erasure import prune
from pipelines.landing import ArchiveError, Version, current, needs_key, opened, shared, twins
from pipelines.night.reference import Reference
from pipelines.night.result import BELUM_ADA, GAGAL, Line

if TYPE_CHECKING:
    from expectations.gx import Judge

FRESH = {"harian": 2, "mingguan": 10, "bulanan": 41, "triwulanan": 107, "tahunan": 397}  # days
Say = Callable[[str], None]


@dataclass
class Inspection:
    """Checks datasets one by one in one home; every check starts from the same prepared DuckDB file.

    `position` stands before the dataset in what `say` is told; `key` opens the archive of personal data.
    """

    home: Home
    library: Library
    reference: Reference
    say: Say = field(default=lambda _: None)
    position: str = ""
    key: Key | None = None

    @cached_property
    def judge(self) -> Judge:
        """Great Expectations, started when the first batch needs it."""
        from expectations.gx import Judge

        return Judge(self.home.tmp)

    @cached_property
    def code(self) -> str:
        """Fingerprint of all that decides a check besides the contract and the bytes."""
        packages = [REPO / "pipelines" / p for p in ("contract", "read", "wilayah", "check", "night")]
        return fingerprint([self.reference.mark, *packages, REPO / "pipelines" / "sql.py", REPO / "expectations"])

    def inspect(self, contract: Contract, notes: list[Finding]) -> Line:
        """Check the newest version of one dataset unless nothing changed.

        Raises HomeError when the machine fails; what fails for one source alone is in the line.
        """
        try:
            with machine_faults(self.home):
                return self._inspect(contract, notes)
        except Exception as error:
            if isinstance(error, HomeError) and not isinstance(error, ArchiveError):
                raise
            where = self.log(error, contract.key)
            state = read_state(self.home, contract)
            return Line(contract.key, GAGAL, True, self._late(contract), state, f"{type(error).__name__}, {where}")

    def _inspect(self, contract: Contract, notes: list[Finding]) -> Line:
        # Files that came but could not be taken are said even when nothing else ever came.
        version = current(self.home, contract) or (Version.of([]) if notes else None)
        state = read_state(self.home, contract)
        if version is None:
            return Line(contract.key, BELUM_ADA, False, False, state)
        copies = self._copies(contract, version)
        notes = [*notes, *twins(version), *self._same_bytes(contract, version, copies)]
        mark = fingerprint([version.versi, contract.sidik, self.code, *map(repr, notes)])
        late = self._late(contract)
        if state.latest and state.latest.fingerprint == mark:
            return Line(contract.key, state.latest.status, False, late, state)
        self.say(f"{self.position}{contract.key}")
        # What a check has on disk while it runs lies apart too; a killed run's is removed by the next.
        below = self.home.identity_tmp if needs_key(self.library, contract) else self.home.tmp
        with tempfile.TemporaryDirectory(dir=below, ignore_cleanup_errors=True) as folder:
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
        plain = work / "datang"
        plain.mkdir()
        files = [f for f in version.files if f.path not in copies]
        sources = [Source(f.path, opened(self.home, f, plain, self.key)) for f in files]
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        duplicates = [Load(path, DUPLIKAT, mulai=now, selesai=now) for path in sorted(copies)]
        checked = check(
            self.library,
            contract,
            sources,
            self.reference.base(),
            work,
            lambda: self.judge,
            notes,
            self._map(contract),
            self.key,
        )
        _spare_the_good(checked, read_state(self.home, contract))
        status = checked.status
        if not sources:
            refused = any(note.tingkat == "kritis" for note in notes)
            status = DUPLIKAT if copies else DIKEMBALIKAN if refused else BELUM_ADA
        attempt = Attempt(
            versi=version.versi,
            fingerprint=mark,
            status=status,
            folder=None,
            loads=[*checked.loads, *duplicates],
            reasons=checked.reasons if sources else [],
            groups=checked.groups,
            tidied=checked.tidied,
            findings=checked.findings,
            arrived=max((f.arrived.isoformat() for f in version.files), default=now),
            modified=max((f.modified.isoformat() for f in version.files), default=now),
        )
        folder = self.home.findings / contract.produsen / contract.dataset
        folder.mkdir(parents=True, exist_ok=True)
        (work / "temuan.csv").replace(folder / f"{version.versi}.csv")
        state = keep(self.home, contract, attempt, checked, work)
        if self.key is not None:
            prune(self.home, self.key, contract)
        return state

    def _map(self, contract: Contract) -> Path | None:
        """Borders, where a dataset has points to look up in them."""
        return self.reference.map() if contract.wilayah and contract.wilayah.titik else None

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
                found.append(Finding(file.path, None, None, None, None, "landing", "peringatan", message, advice))
        return found

    @cached_property
    def _owners(self) -> dict[str, list[tuple[str, str]]]:
        versions = {}
        for contract in self.library.contracts:
            # A damaged manifest is that dataset's own trouble, and said when its turn comes.
            with suppress(ArchiveError):
                if version := current(self.home, contract):
                    versions[contract.key] = version
        return shared(versions)

    def _late(self, contract: Contract) -> bool:
        try:
            version = current(self.home, contract)
        except ArchiveError:
            return False
        if version is None:
            return False
        newest = max(f.arrived for f in version.files)
        return datetime.now(UTC) - newest > timedelta(days=FRESH[contract.jadwal])

    def log(self, error: Exception, key: str) -> str:
        """Write where it failed to the log, never what the data said; returns where to look."""
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


def _spare_the_good(checked: Checked, state: State) -> None:
    """Return the whole delivery when a file in use came again and is bad: its rows must not just vanish."""
    used = {load.berkas for load in (state.good.loads if state.good else ()) if load.status == SESUAI}
    lost = sorted(load.berkas for load in checked.loads if load.status == DIKEMBALIKAN and load.berkas in used)
    if checked.status == SESUAI and lost:
        checked.status = DIKEMBALIKAN
        more = f" dan {len(lost) - 3} berkas lain" if len(lost) > 3 else ""
        checked.reasons.append(
            f"Berkas yang tadinya baik kini dikembalikan: {', '.join(lost[:3])}{more}. Supaya isinya tidak hilang, "
            "seluruh kiriman menunggu perbaikannya."
        )
        for load in checked.loads:
            load.status = DIKEMBALIKAN
