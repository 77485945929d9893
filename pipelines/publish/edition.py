"""The last release of a dataset: whether it may stay, and its folder taken over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pipelines.catalogue import Dataset
from pipelines.catalogue.dataset import DESCRIPTOR
from pipelines.contract.model import Contract
from pipelines.disclosure import Table
from pipelines.formats import count, describe, relation
from pipelines.gate import PLACE, Passage, check_columns
from pipelines.home import sha256_file
from pipelines.publish.examine import Refusal, contained
from pipelines.publish.tables import OCCURRENCE, as_table
from pipelines.publish.workbench import Workbench
from pipelines.sql import ident


def last_edition(bench: Workbench, contract: Contract) -> Passage | Refusal:
    """Whether the dataset of the last release may stay: it is whole, and passes today's gate."""
    return contained(lambda: _last_edition(bench, contract))


def _last_edition(bench: Workbench, contract: Contract) -> Passage | Refusal:
    last = bench.last
    if last is None or not (last / contract.slug / DESCRIPTOR).is_file():
        return Refusal("it was never released")
    folder, standards = last / contract.slug, bench.inputs.library.standards
    if not _intact(bench, contract.slug):
        return Refusal(f"its last release in {folder} is missing or damaged")
    told = Dataset.read(folder)
    own = [f["name"] for f in told.descriptor["resources"][0]["schema"]["fields"] if not f.get("tambahan")]
    agency = bench.inputs.agency(contract)
    findings = check_columns(contract, standards, own, whole=False) + bench.gate.complete(contract, agency)
    chosen = ", ".join(map(ident, own))
    passage = bench.gate.data(contract, f"(SELECT {chosen} FROM {relation(folder / f'{contract.slug}.parquet')})")
    passage += bench.gate.metadata(contract, agency, told.descriptor)
    if findings or passage.findings:
        return Refusal("its last release does not pass the gate", (*findings, *passage.findings), passage)
    return passage


def last_table(bench: Workbench, contract: Contract, source: str) -> Table:
    """The last edition of a dataset as disclosure control sees it; `source` has its true rows."""
    known = {*contract.kolom, PLACE, OCCURRENCE} - set(contract.contributors())
    columns = {k: v for k, v in describe(bench.con, source).items() if k in known}
    return as_table(bench.con, bench.inputs.library, contract, columns, source)


def carry(bench: Workbench, slug: str, folder: Path) -> int:
    """Take the folder of a dataset over from the last release; returns its rows."""
    assert bench.last is not None
    last = bench.last / slug
    folder.mkdir()
    for file in last.iterdir():
        try:
            os.link(file, folder / file.name)
        except OSError:
            shutil.copyfile(file, folder / file.name)
    return count(bench.con, folder / f"{slug}.parquet")


def _intact(bench: Workbench, slug: str) -> bool:
    """Whether a dataset of the last release has exactly the files of the manifest, with their bytes."""
    assert bench.last is not None
    try:
        files = {p: f for p, f in bench.listed.items() if p.startswith(f"{slug}/")}
        there = {f"{slug}/{p.name}" for p in (bench.last / slug).iterdir()}
        return there == files.keys() and all(sha256_file(bench.last / p) == f.sha256 for p, f in files.items())
    except OSError:
        return False
