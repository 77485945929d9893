"""Build a release as a draft: examine, protect all tables together, write the files, and tell of it in every catalogue.

A draft is a whole release folder that nobody has approved; it lies in draft/<version> of the home with, beside it,
what it knows and does not tell, and what came of it (hasil.json).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from pipelines import site
from pipelines.catalogue import FEED, datasets, feed, root
from pipelines.contract.model import Contract
from pipelines.disclosure import Earlier, Table, restored
from pipelines.formats import relation
from pipelines.gate import LOG as GATE_LOG
from pipelines.gate import Passage
from pipelines.gate import log as gate_log
from pipelines.home import Home, promote_dir, sweep, write_json, write_text
from pipelines.home.atomic import scratch
from pipelines.publish import closed, references
from pipelines.publish.dataset import build, carry, last_edition, last_table
from pipelines.publish.examine import Fresh, Refusal, examine
from pipelines.publish.inputs import Inputs, ReleaseError, ReleaseResult
from pipelines.publish.protection import LOG as SHIELD_LOG
from pipelines.publish.protection import Shield, shield
from pipelines.publish.report import REPORT, write_report
from pipelines.publish.workbench import Workbench, workbench
from pipelines.release import (
    content_version,
    current,
    diff,
    hashes,
    history,
    read_manifest,
    title,
    tombstone,
    unchanged,
    verify,
    write_manifest,
)
from pipelines.release import withdrawn as decisions
from pipelines.release.manifest import HISTORY

FOLDER, CLOSED, RESULT = "draft", "tertutup", "hasil.json"
_RESULT = TypeAdapter(ReleaseResult)


def folder(home: Home) -> Path:
    """Where drafts lie; there is one at most."""
    return home.root / FOLDER


def make(home: Home, inputs: Inputs, held: Collection[str] = ()) -> ReleaseResult:
    """Build the release that today's warehouse gives; `path` of the result is its folder.

    Contracts in `held` keep their last release. `changed` is False where the version is that of the last release: no
    draft is kept then. Raises ReleaseError, DisclosureError, GateError, FileError and those of DuckDB in FATAL.
    """
    place, last = folder(home), current(home)
    place.mkdir(mode=0o700, exist_ok=True)
    sweep(place)
    with scratch(home.tmp) as spill, scratch(place) as work:
        work.mkdir()
        with workbench(inputs, last, spill) as bench:
            result = _Assembly(home, bench, work, held).run()
        for other in place.iterdir():
            if other != work:
                shutil.rmtree(other)
        if last is not None and result.version == last.name and not verify(last, draft=True, deep=False):
            result.path = last
            return result
        result.changed = True
        result.path = place / result.version / "rilis"
        write_json(work / RESULT, _RESULT.dump_python(result, mode="json"))
        write_report(result, work / "rilis", last, work / REPORT)
        promote_dir(work, place / result.version)
    return result


def waiting(home: Home) -> ReleaseResult | None:
    """The draft that waits for a person, or None."""
    for one in sorted(folder(home).glob(f"*/{RESULT}")):
        return _RESULT.validate_json(one.read_bytes())
    return None


class _Assembly:
    """One draft in the making."""

    def __init__(self, home: Home, bench: Workbench, work: Path, held: Collection[str]) -> None:
        self.home, self.bench, self.held = home, bench, held
        self.work, self.closed = work / "rilis", work / CLOSED
        self.work.mkdir()
        self.result = ReleaseResult()
        self.passages: dict[str, Passage] = {}
        self.fresh: dict[str, Fresh] = {}
        self.kept: dict[str, Contract] = {}
        self.before = closed.folder(home, bench.last.name) if bench.last else None
        self.earlier: dict[str, Earlier] = closed.earlier(self.before) if self.before else {}

    def run(self) -> ReleaseResult:
        """All steps in their order."""
        for contract in self.bench.inputs.open():
            self._examine(contract)
        self._leave_out_the_gone()
        shielded = self._shield()
        self._write(shielded)
        for slug, (day, reason) in self.bench.inputs.withdrawn.items():
            self._bury(slug)
            self.result.left_out[slug] = f"withdrawn on {day}: {reason}"
        references.write(self.bench, self.work)
        closed.write(self.bench.con, shielded.done, self.closed, self.before)
        write_json(self.work / GATE_LOG, self._gate_log())
        write_json(self.work / SHIELD_LOG, shielded.log())
        self._tell()
        return self.result

    def _examine(self, contract: Contract) -> None:
        found = examine(self.bench, contract)
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
        path = last / fresh.contract.slug / "datapackage.json" if last else None
        if path is None or not path.is_file():
            return False
        told = json.loads(path.read_bytes())
        return bool(told.get("satudata", {}).get("diperbarui") == fresh.delivery.tanggal.isoformat())

    def _keep_last(self, contract: Contract, reason: str) -> None:
        edition = last_edition(self.bench, contract)
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

    def _leave_out_the_gone(self) -> None:
        """Datasets of the last release that no contract publishes any more."""
        last = self.bench.last
        if last is None:
            return
        now = {c.slug for c in self.bench.inputs.open()} | set(self.bench.inputs.withdrawn)
        for path in sorted(last.glob("*/datapackage.json")):
            slug = path.parent.name
            if slug not in now and not slug.startswith(f"{references.PREFIX}-"):
                self.result.left_out[slug] = "no contract publishes it any more"

    def _shield(self) -> Shield:
        tables = [f.table for f in self.fresh.values()]
        tables += [t for slug in self.kept if (t := self._kept_table(slug))]
        shielded = shield(self.bench.con, tables, self.earlier, self._instead)
        for slug, reason in shielded.given_up.items():
            if fresh := self.fresh.pop(slug, None):
                self._keep_last(fresh.contract, reason)
        return shielded

    def _instead(self, slug: str) -> Table | None:
        """The last edition of a fresh table that cannot be protected."""
        fresh = self.fresh.get(slug)
        if fresh is None or slug not in self.earlier or isinstance(last_edition(self.bench, fresh.contract), Refusal):
            return None
        self.kept[slug] = fresh.contract
        return self._kept_table(slug)

    def _kept_table(self, slug: str) -> Table | None:
        """The table of a dataset that stays as it was released, with its true numbers where these are known."""
        contract, last = self.kept[slug], self.bench.last
        assert last is not None
        if slug not in self.earlier:
            told = last_table(self.bench, contract, relation(last / slug / f"{slug}.parquet"))
            return None if told.protected else told
        then = last_table(self.bench, contract, self.earlier[slug].published)
        return last_table(self.bench, contract, restored(then, self.earlier[slug]))

    def _write(self, shielded: Shield) -> None:
        by_slug = sorted({*self.fresh, *self.kept})
        for slug in by_slug:
            place = self.work / slug
            if fresh := self.fresh.get(slug):
                key, hidden = fresh.contract.key, shielded.hidden(slug)
                source = shielded.rows(slug, fresh.relation)
                built = build(self.bench, fresh, source, hidden, place)
                self.result.datasets[key] = built.rows
                if hidden:
                    self.result.hidden[slug] = hidden
                self._note(fresh, built.blank)
            else:
                self.result.datasets[self.kept[slug].key] = carry(self.bench, slug, place)

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
            write_text(self.work / name, text)
        site.build(self.work, portal)
        known = hashes(self.work, unchanged(self.work, last))
        self.result.version = content_version(known)
        days = [d.satudata.diperbarui for d in told] + [day for day, _ in self.bench.inputs.withdrawn.values()]
        changes = diff(self.bench.con, last, self.work)
        past = history(last, self.result.version, max(days).isoformat() if days else None, changes)
        write_json(self.work / HISTORY, past)
        write_text(self.work / FEED, feed(past, portal))
        site.write_history(self.work, past)
        before = past[0]["sebelum"]
        manifest = write_manifest(self.work, before, known)
        if problems := verify(self.work, draft=True, known=unchanged(self.work, last)):
            first = "; ".join(map(str, problems[:5]))
            raise ReleaseError(f"the draft {manifest.versi} does not verify ({len(problems)} problems): {first}")


def before(release: Path) -> str | None:
    """The version that a draft follows."""
    return read_manifest(release).sebelum
