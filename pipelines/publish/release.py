"""Assemble a release aside, verify it, put it into place, and let `latest` point to it last.

Readers follow `releases/latest`; until the one rename of that link they see the release before, whole. What
a killed run leaves behind is removed by the next one. The same inputs give the same bytes, and so the same
version: nothing new is made when nothing has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contract.finding import Finding
from pipelines.contract.load import Produsen
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.gate import LOG, GateError, Passage, log
from pipelines.home import Home, HomeError, promote_dir, sha256_file, sweep, write_json
from pipelines.home.atomic import scratch
from pipelines.publish import catalogue
from pipelines.publish.catalogue import CATALOGUE, Portal
from pipelines.publish.dataset import FATAL, Tools, intact, publish
from pipelines.publish.files import limit
from pipelines.sql import literal

LATEST = "latest"


class ReleaseError(Exception):
    """No release was made and `latest` stays as it was. The message says why."""


@dataclass
class ReleaseResult:
    """What is now `latest`.

    `changed`: readers see another release than before. `datasets`: rows by contract key, of fresh and
    carried ones. `refused`: what the gate found, by key (findings for the produsen). `carried`: keys whose
    last release stays in use, and `left_out`: keys or slugs that are not in this release, each with the
    reason; `notes`: what is incomplete (reasons and notes are for the engineer).
    """

    version: str = ""
    path: Path = Path()
    changed: bool = False
    datasets: dict[str, int] = field(default_factory=dict)
    refused: dict[str, list[Finding]] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)


def release(
    home: Home,
    contracts: list[Contract],
    standards: Mapping[str, Standard],
    opd: Mapping[str, Produsen],
    warehouse: Path,
    dates: Mapping[str, date],
    portal: Portal = Portal(),  # noqa: B008  (frozen)
    names: Path | None = None,
) -> ReleaseResult:
    """Publish every open dataset of the warehouse as one release in `home.releases`.

    `dates` holds the day of the data by contract key; `names` is a file of marks of persons' names
    (pipelines/identity/name_marks.py). A dataset that cannot be published keeps its last
    release. The caller holds the home's lock. Raises ReleaseError or HomeError with nothing changed.
    """
    try:
        sweep(home.releases)
        with scratch(home.tmp) as spill, scratch(home.releases) as work, duckdb.connect() as helper:
            work.mkdir()
            with _open(warehouse) as store:
                for con in (store, helper):
                    limit(con, spill)
                tools = Tools(store, helper, standards, names, _no_persons(store, spill) if names else None)
                result = _assemble(home, tools, contracts, opd, dates, portal, work)
            result.version = _version(work)
            result.path = home.releases / result.version
            if not (result.path.is_dir() and _version(result.path) == result.version):
                promote_dir(work, result.path)
        result.changed = _switch(home, result.version)
    except OSError as error:
        raise HomeError.of(error, home.releases) from error
    except (*FATAL, GateError) as error:
        raise ReleaseError(f"no release was made, the last one stays: {error}") from error
    return result


def _open(warehouse: Path) -> duckdb.DuckDBPyConnection:
    if not warehouse.is_file():
        raise ReleaseError(f"there is no warehouse {warehouse}; build it first")
    return duckdb.connect(str(warehouse), read_only=True)


def _no_persons(store: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Names in the warehouse that are of no person, as a Parquet file: places, and institutions where there are any."""
    tables = {row[0] for row in store.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    named = [f"SELECT nama FROM conformed.{t}" for t in ("dim_wilayah", "dim_institusi") if t in tables]
    folder.mkdir(exist_ok=True)
    out = folder / "bukan_orang.parquet"
    rows = " UNION ".join(named) or "SELECT NULL::VARCHAR AS nama WHERE false"
    store.execute(f"COPY ({rows}) TO {literal(str(out))} (FORMAT parquet)")
    return out


def _assemble(
    home: Home,
    tools: Tools,
    contracts: list[Contract],
    opd: Mapping[str, Produsen],
    dates: Mapping[str, date],
    portal: Portal,
    work: Path,
) -> ReleaseResult:
    result = ReleaseResult()
    passages: dict[str, Passage] = {}
    entries: list[dict[str, Any]] = []
    last = (home.releases / LATEST).resolve()
    old = _entries(last)
    openly = [c for c in contracts if c.klasifikasi == "terbuka" and any(k.terbit for k in c.kolom.values())]
    for contract in sorted(openly, key=lambda c: c.slug):
        key, slug = contract.key, contract.slug
        agency = opd.get(contract.produsen) or Produsen(contract.produsen, contract.produsen, "", "", "", "")
        before = last / slug if slug in old else None
        outcome = publish(tools, contract, agency, dates.get(key), before, work / slug)
        passages[slug] = outcome.passage
        if outcome.findings:
            result.refused[key] = list(outcome.findings)
        if outcome.rows is None:
            result.left_out[key] = outcome.reason
            continue
        result.datasets[key] = outcome.rows
        if outcome.carried:
            result.carried[key] = outcome.reason
            entries.append(old[slug])
            continue
        entries.append(catalogue.entry(contract, agency, dates[key], portal))
        notes = [outcome.note] if outcome.note else []
        if not catalogue.email(agency, portal):
            notes.append(f"{CATALOGUE}: contactPoint.hasEmail is missing; fill surel of {contract.produsen}")
        if notes:
            result.notes[key] = notes
    gone = old.keys() - {c.slug for c in openly}
    result.left_out |= dict.fromkeys(sorted(gone), "no contract publishes it any more")
    write_json(work / CATALOGUE, catalogue.catalogue(entries))
    write_json(work / LOG, log(tools.gate, passages))
    if damaged := [e["identifier"] for e in entries if not intact(work / e["identifier"])]:
        raise ReleaseError(f"files of {', '.join(damaged)} changed while they were written; check the disk")
    return result


def _entries(last: Path) -> dict[str, dict[str, Any]]:
    """Catalogue entries of a release by slug; none where there is no readable catalogue."""
    try:
        return {e["identifier"]: e for e in json.loads((last / CATALOGUE).read_bytes())["dataset"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _version(folder: Path) -> str:
    """First 12 hex digits of the sha256 over the sorted (relative path, sha256) of all files."""
    lines = sorted(f"{p.relative_to(folder).as_posix()}\0{sha256_file(p)}\n" for p in folder.rglob("*") if p.is_file())
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


def _switch(home: Home, version: str) -> bool:
    """Let `latest` point to a version; False if it did already."""
    link = home.releases / LATEST
    if link.is_symlink() and link.readlink() == Path(version):
        return False
    with scratch(home.releases) as new:
        new.symlink_to(version, target_is_directory=True)
        new.replace(link)
    return True
