"""A release, put together from today's warehouse and the last release.

Examine, protect all tables together, write the files, and tell of them in every catalogue.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pipelines import site
from pipelines.catalogue import FEED, datasets, feed, root
from pipelines.catalogue.dataset import DESCRIPTOR
from pipelines.contract.model import Contract
from pipelines.disclosure import Earlier, Table, restored
from pipelines.formats import relation
from pipelines.gate import LOG as GATE_LOG
from pipelines.gate import Passage
from pipelines.gate import log as gate_log
from pipelines.home import Home, as_json, put_text
from pipelines.publish import closed, references
from pipelines.publish.dataset import Built, build
from pipelines.publish.edition import carry, last_edition, last_table
from pipelines.publish.examine import Fresh, Refusal, examine
from pipelines.publish.inputs import ReleaseError, ReleaseResult
from pipelines.publish.protection import LOG as SHIELD_LOG
from pipelines.publish.protection import Shield, shield
from pipelines.publish.workbench import Workbench
from pipelines.publish.workers import Workers
from pipelines.release import (
    content_version,
    diff,
    hashes,
    history,
    title,
    tombstone,
    unchanged,
    verify,
    write_manifest,
)
from pipelines.release import withdrawn as decisions
from pipelines.release.manifest import HISTORY


def assemble(home: Home, hands: Workers, out: Path, untold: Path, held: Collection[str]) -> ReleaseResult:
    """Make the folder `out` of a release, and `untold` of what it does not tell; contracts in `held` stay as they were.

    Raises ReleaseError, DisclosureError, GateError, FileError and those of DuckDB in FATAL.
    """
    return _Assembly(home, hands, out, untold, held).run()


@dataclass(frozen=True)
class _Job:
    """A dataset to build: from which rows, with how many numbers hidden, into which folder."""

    fresh: Fresh
    source: str
    hidden: Mapping[str, int] | None
    folder: Path


def _build(bench: Workbench, job: _Job) -> Built:
    return build(bench, job.fresh, job.source, job.hidden, job.folder)


def _largest_first(jobs: Iterable[_Job]) -> list[_Job]:
    """So that no large one is left for the end."""
    return sorted(jobs, key=lambda job: -job.fresh.passage.values)


class _Assembly:
    """One release in the making."""

    def __init__(self, home: Home, hands: Workers, work: Path, untold: Path, held: Collection[str]) -> None:
        self.home, self.bench, self.hands, self.held = home, hands.bench, hands, held
        self.work, self.closed = work, untold
        self.work.mkdir()
        self.result = ReleaseResult()
        self.editions: dict[str, Passage | Refusal] = {}
        self.passages: dict[str, Passage] = {}
        self.fresh: dict[str, Fresh] = {}
        self.kept: dict[str, Contract] = {}
        self.before = closed.folder(home, hands.bench.last.name) if hands.bench.last else None
        self.earlier: dict[str, Earlier] = closed.earlier(self.before) if self.before else {}

    def run(self) -> ReleaseResult:
        """All steps in their order."""
        contracts = self.bench.inputs.open()
        held = [c for c in contracts if c.key in self.held]
        self.editions = dict(zip((c.slug for c in held), self.hands.each(last_edition, held), strict=True))
        for contract, found in zip(contracts, self.hands.each(examine, contracts), strict=True):
            self._examined(contract, found)
        self._leave_out_the_gone()
        plain = _largest_first(self._job(f, f.relation, None) for f in self.fresh.values() if not f.table.protected)
        built = self.hands.each(_build, plain)  # by other processes, while this one protects the rest
        shielded = self._shield()
        closed.write(self.bench.con, shielded.done, self.closed, self.before)
        told = closed.earlier(self.closed)  # as files, which every process can read
        guarded = _largest_first(
            self._job(f, told[slug].published, shielded.hidden(slug))
            for slug, f in self.fresh.items()
            if f.table.protected
        )
        self._keep([*plain, *guarded], chain(built, self.hands.each(_build, guarded)))
        self._carry()
        for slug, (day, reason) in self.bench.inputs.withdrawn.items():
            self._bury(slug)
            self.result.left_out[slug] = f"withdrawn on {day}: {reason}"
        references.write(self.bench, self.work)
        put_text(self.work / GATE_LOG, as_json(self._gate_log()))
        put_text(self.work / SHIELD_LOG, as_json(shielded.log()))
        self._tell()
        return self.result

    def _examined(self, contract: Contract, found: Fresh | Refusal) -> None:
        if contract.key in self.held:
            self._hold(contract, found)
            return
        self.passages[contract.slug] = found.passage
        if isinstance(found, Fresh):
            self.fresh[contract.slug] = found
            return
        if found.findings:
            self.result.refused[contract.key] = list(found.findings)
        self._keep_last(contract, found.reason or "refused by the gate")

    def _hold(self, contract: Contract, found: Fresh | Refusal) -> None:
        """A dataset whose releases a person approves: the last one stays; say so if there is something new."""
        if isinstance(found, Fresh):
            self.result.held += [] if self._told_already(found) else [contract.key]
        elif found.findings:
            self.result.refused[contract.key] = list(found.findings)
            self.passages[contract.slug] = found.passage
        self._keep_last(contract, "its releases wait for a person: satudata publish")

    def _told_already(self, fresh: Fresh) -> bool:
        last = self.bench.last
        path = last / fresh.contract.slug / DESCRIPTOR if last else None
        if path is None or not path.is_file():
            return False
        told = json.loads(path.read_bytes())
        return bool(told.get("satudata", {}).get("diperbarui") == fresh.delivery.tanggal.isoformat())

    def _keep_last(self, contract: Contract, reason: str) -> None:
        edition = self._edition(contract)
        if isinstance(edition, Passage):
            self.kept[contract.slug] = contract
            self.result.carried[contract.key] = reason
            if not self.passages.get(contract.slug, Passage()).values:
                self.passages[contract.slug] = edition
            return
        known = self.result.refused.setdefault(contract.key, [])
        known += [f for f in edition.findings if f not in known]
        if not known:
            del self.result.refused[contract.key]
        self.result.left_out[contract.key] = f"{reason}; {edition.reason}"

    def _edition(self, contract: Contract) -> Passage | Refusal:
        if contract.slug not in self.editions:
            self.editions[contract.slug] = last_edition(self.bench, contract)
        return self.editions[contract.slug]

    def _leave_out_the_gone(self) -> None:
        """Datasets of the last release that no contract publishes any more."""
        last = self.bench.last
        if last is None:
            return
        now = {c.slug for c in self.bench.inputs.open()} | set(self.bench.inputs.withdrawn)
        for path in sorted(last.glob(f"*/{DESCRIPTOR}")):
            slug = path.parent.name
            if slug not in now and not slug.startswith(f"{references.PREFIX}-"):
                self.result.left_out[slug] = "no contract publishes it any more"

    def _shield(self) -> Shield:
        tables = [f.table for f in self.fresh.values()]
        tables += [t for contract in self.kept.values() if (t := self._kept_table(contract))]
        shielded = shield(self.bench.con, tables, self.earlier, self._instead)
        for slug, reason in shielded.given_up.items():
            if fresh := self.fresh.pop(slug, None):
                self._keep_last(fresh.contract, reason)
        return shielded

    def _instead(self, slug: str) -> Table | None:
        """The last edition of a dataset if it may stay; asked also of those that are published in the end."""
        if contract := self.kept.get(slug):
            return self._kept_table(contract)
        contract = self.fresh[slug].contract
        return None if isinstance(self._edition(contract), Refusal) else self._kept_table(contract)

    def _kept_table(self, contract: Contract) -> Table | None:
        """The table of a dataset that stays as it was released, with its true numbers where these are known."""
        slug, last = contract.slug, self.bench.last
        assert last is not None
        if slug not in self.earlier:
            told = last_table(self.bench, contract, relation(last / slug / f"{slug}.parquet"))
            return None if told.protected else told
        then = last_table(self.bench, contract, self.earlier[slug].published)
        return last_table(self.bench, contract, restored(then, self.earlier[slug]))

    def _job(self, fresh: Fresh, source: str, hidden: Mapping[str, int] | None) -> _Job:
        return _Job(fresh, source, hidden, self.work / fresh.contract.slug)

    def _keep(self, jobs: Sequence[_Job], built: Iterator[Built]) -> None:
        """Take note of what was built; what disclosure control has given up since is removed."""
        for job, made in zip(jobs, built, strict=True):
            contract = job.fresh.contract
            if contract.slug not in self.fresh:
                shutil.rmtree(job.folder)
                continue
            self.result.datasets[contract.key] = made.rows
            if job.hidden:
                self.result.hidden[contract.slug] = dict(job.hidden)
            self._note(job.fresh, made.blank)

    def _carry(self) -> None:
        for slug, contract in self.kept.items():
            self.result.datasets[contract.key] = carry(self.bench, slug, self.work / slug)
        self.result.datasets = dict(sorted(self.result.datasets.items()))

    def _gate_log(self) -> dict[str, Any]:
        """The log of the gate; a dataset that stays as it was keeps its entry, so that nothing changes with it."""
        found, last = gate_log(self.bench.gate, self.passages), self.bench.last
        before = json.loads((last / GATE_LOG).read_bytes()).get("dataset", {}) if last and self.kept else {}
        for slug in self.kept.keys() & before.keys():
            if not (found["dataset"][slug]["ditemukan"] or before[slug]["ditemukan"]):
                found["dataset"][slug] = before[slug]
        return found

    def _note(self, fresh: Fresh, blank: int) -> None:
        contract, notes = fresh.contract, []
        if blank:
            notes.append(f"{blank} rows are empty in every published column and were left out")
        agency = self.bench.inputs.agency(contract)
        if not (agency.surel or self.bench.inputs.portal.email):
            notes.append(f"data.json: contactPoint.hasEmail is missing; fill surel of {contract.produsen}")
        if notes:
            self.result.notes[contract.key] = notes

    def _bury(self, slug: str) -> None:
        tombstone(self.work / slug, decisions(self.home)[slug], title(self.home, slug))

    def _tell(self) -> None:
        """The catalogue, the site, the history and the manifest; then everything is read again."""
        portal, last = self.bench.inputs.portal, self.bench.last
        told = datasets(self.work)
        for name, text in root(told, portal).items():
            put_text(self.work / name, text)
        site.build(self.work, portal, self.hands.map, told)
        same = unchanged(self.work, last)
        known = hashes(self.work, same | {f"{d.slug}/{r.path}": r.sha256 for d in told for r in d.resources})
        self.result.version = content_version(known)
        days = [d.satudata.diperbarui for d in told] + [day for day, _ in self.bench.inputs.withdrawn.values()]
        changes = diff(self.bench.con, last, self.work)
        past = history(last, self.result.version, max(days).isoformat() if days else None, changes)
        put_text(self.work / HISTORY, as_json(past))
        put_text(self.work / FEED, feed(past, portal))
        site.write_history(self.work, past)
        before = past[0]["sebelum"]
        manifest = write_manifest(self.work, before, known)
        if problems := verify(self.work, draft=True, known=same, read=self.fresh, each=self.hands.map):
            first = "; ".join(map(str, problems[:5]))
            raise ReleaseError(f"the draft {manifest.versi} does not verify ({len(problems)} problems): {first}")
