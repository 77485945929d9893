"""One dataset folder of a release: built fresh from the warehouse, or carried over from the last release."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.contract.finding import Finding
from pipelines.contract.load import Produsen
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.gate import Gate, Passage, check_columns, published
from pipelines.home import sha256_file, write_json
from pipelines.publish.claims import claims
from pipelines.publish.files import FileError, count, describe, relation, write_csv, write_parquet
from pipelines.publish.metadata import DESCRIPTOR, UnknownTypeError, datapackage, field_type

# Of these no dataset is the cause, so no release is made; any other error of DuckDB costs one dataset.
FATAL = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException, duckdb.InternalException)


@dataclass(frozen=True)
class Tools:
    """The warehouse (read-only), a DuckDB in memory, the standards, and the files of names that Gate.open takes."""

    warehouse: duckdb.DuckDBPyConnection
    scratch: duckdb.DuckDBPyConnection
    standards: Mapping[str, Standard]
    names: Path | None = None
    others: Path | None = None

    @cached_property
    def gate(self) -> Gate:
        """The gate over `scratch`; raises GateError."""
        return Gate.open(self.scratch, self.standards, self.names, self.others)


@dataclass(frozen=True)
class Outcome:
    """What became of one dataset.

    `rows` are in the release, from the last one if `carried`; None if it is in no release. Why it is not
    fresh say the gate's `findings` (for the produsen) and `reason` (for the engineer), as does `note`. `passage`
    is what the gate looked at, of the fresh one.
    """

    rows: int | None = None
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    note: str = ""
    carried: bool = False
    passage: Passage = field(default_factory=Passage)


def publish(
    tools: Tools, contract: Contract, agency: Produsen, modified: date | None, last: Path | None, folder: Path
) -> Outcome:
    """Make the folder of one dataset: fresh if possible, else as it was in `last`, else not at all.

    Its own trouble (a broken view, an odd type) stays its own. Raises the errors in FATAL.
    """
    fresh = _contained(lambda: build(tools, contract, agency, modified, folder))
    if fresh.rows is not None:
        return fresh
    shutil.rmtree(folder, ignore_errors=True)
    kept = Outcome(reason="it was never released")
    if last is not None:
        kept = _contained(lambda: carry(tools, contract, agency, last, folder))
    reason = fresh.reason or "refused by the gate"
    findings = fresh.findings + tuple(f for f in kept.findings if f not in fresh.findings)
    if kept.rows is None:
        shutil.rmtree(folder, ignore_errors=True)
        reason += "; " + (kept.reason or "its last release does not pass the gate")
    seen = fresh if fresh.passage.values else kept
    return Outcome(kept.rows, findings, reason, carried=kept.rows is not None, passage=seen.passage)


def build(tools: Tools, contract: Contract, agency: Produsen, modified: date | None, folder: Path) -> Outcome:
    """Make the folder from the warehouse. Where the outcome has no rows, what is in it must not be used."""
    source = f'open_data."{contract.produsen}__{contract.dataset}"'
    try:
        present = describe(tools.warehouse, source)
    except duckdb.CatalogException:
        return Outcome(reason=f"the warehouse has no {source}")
    if findings := check_columns(contract, tools.standards, present) + tools.gate.complete(contract, agency):
        return Outcome(findings=tuple(findings))
    columns = {name: present[name] for name in published(contract)}
    for name, kind in columns.items():
        field_type(name, kind)
    folder.mkdir()
    parquet = folder / f"{contract.slug}.parquet"
    written = write_parquet(tools.warehouse, source, columns, parquet)
    if not written.rows:
        return Outcome(reason=f"{source} has no rows")
    passage = tools.gate.data(contract, parquet)
    if passage.findings:
        return Outcome(findings=passage.findings, passage=passage)
    if modified is None:
        return Outcome(reason="its date is not known; pass it in `dates`")
    write_csv(tools.scratch, parquet, parquet.with_suffix(".csv"))
    kept = claims(tools.scratch, contract, columns, parquet)
    descriptor = datapackage(contract, tools.standards, agency, modified, columns, kept, folder)
    passage += tools.gate.metadata(contract, agency, descriptor)
    if passage.findings:
        return Outcome(findings=passage.findings, passage=passage)
    write_json(folder / DESCRIPTOR, descriptor)
    note = f"{written.blank} rows are empty in every published column and were left out" if written.blank else ""
    return Outcome(rows=written.rows, note=note, passage=passage)


def carry(tools: Tools, contract: Contract, agency: Produsen, last: Path, folder: Path) -> Outcome:
    """Take the folder over from the last release, unless it is damaged or would not pass today's gate."""
    if not intact(last):
        return Outcome(reason=f"its last release in {last} is missing or damaged")
    parquet = last / f"{contract.slug}.parquet"
    columns = describe(tools.scratch, relation(parquet))
    findings = check_columns(contract, tools.standards, columns, whole=False) + tools.gate.complete(contract, agency)
    passage = tools.gate.data(contract, parquet)
    passage += tools.gate.metadata(contract, agency, json.loads((last / DESCRIPTOR).read_bytes()))
    if findings or passage.findings:
        return Outcome(findings=(*findings, *passage.findings), passage=passage)
    folder.mkdir()
    for file in last.iterdir():
        try:
            os.link(file, folder / file.name)
        except OSError:
            shutil.copyfile(file, folder / file.name)
    return Outcome(rows=count(tools.scratch, parquet), passage=passage)


def intact(folder: Path) -> bool:
    """Whether a folder holds its descriptor and exactly the files in it, with the bytes it states."""
    try:
        stated = json.loads((folder / DESCRIPTOR).read_bytes())["resources"]
        files = {resource["path"]: (resource["bytes"], resource["hash"]) for resource in stated}
        found = {
            f.name: (f.stat().st_size, f"sha256:{sha256_file(f)}") for f in folder.iterdir() if f.name != DESCRIPTOR
        }
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return files == found


def _contained(make: Callable[[], Outcome]) -> Outcome:
    try:
        return make()
    except FATAL:
        raise
    except (duckdb.Error, FileError, UnknownTypeError) as error:
        # DuckDB quotes values that it cannot convert; no number of a person belongs into a log.
        return Outcome(reason=re.sub(r"\d{6,}", "******", str(error)))
