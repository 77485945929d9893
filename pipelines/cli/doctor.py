"""`satudata doctor`: is this machine, this checkout and this home fit for a night?"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipelines.cli.options import HomeOption, SourcesOption
from pipelines.cli.screen import console
from pipelines.contract.yaml_lines import DeclarationError
from pipelines.home import REPO, Home
from pipelines.home.key_files import INIT
from pipelines.home.keys import load
from pipelines.night import Night

LITTLE_SPACE = 5 * 2**30


def doctor(home: HomeOption = None, sources: SourcesOption = None) -> int:
    """Look for what would spoil a night, and say what to do. Exit 0 when nothing is wrong, else 1.

    Example:

      satudata doctor --home /srv/satudata
    """
    place = Home(home) if home else Home.default()
    night = Night(place, place.landing, sources or REPO / "sources")
    probes: list[tuple[str, Callable[[], str]]] = [
        ("Python", _python),
        ("packages", _packages),
        ("home", lambda: f"{place.ensure().root} can be written"),
        ("disk", lambda: _disk(place.root)),
        ("contracts", lambda: _contracts(night)),
        ("reference", lambda: _reference(night)),
        ("key", lambda: _key(place)),
        ("warehouse", lambda: _warehouse(place)),
    ]
    failed = 0
    for name, probe in probes:
        try:
            _say("ok", "green", f"{name}: {probe()}")
        except DeclarationError as error:
            failed += 1
            _say("bad", "red", "\n     ".join([f"{name}:", *map(str, error.problems)]))
        except Exception as error:
            failed += 1
            _say("bad", "red", f"{name}: {error}")
    return 1 if failed else 0


def _say(verdict: str, colour: str, text: str) -> None:
    console.print(f"{verdict:<4}", style=colour, end=" ")
    console.print(text, soft_wrap=True)


def _python() -> str:
    if sys.version_info[:2] != (3, 11):
        raise RuntimeError(f"Python 3.11 is needed, this is {sys.version.split()[0]}; remove .venv, run make again")
    return sys.version.split()[0]


def _packages() -> str:
    return ", ".join(f"{p} {version(p)}" for p in ("dagster", "dbt-core", "duckdb", "great-expectations"))


def _disk(folder: Path) -> str:
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        raise RuntimeError(f"only {free / 2**30:.1f} GiB free at {folder}; make room")
    return f"{free / 2**30:.0f} GiB free"


def _contracts(night: Night) -> str:
    if night.declared.problems:
        raise DeclarationError(list(night.declared.problems))
    return f"{len(night.library.contracts)} contracts, {len(night.library.standards)} standards"


def _reference(night: Night) -> str:
    with duckdb.connect(str(night.reference.base()), read_only=True) as con:
        rows = con.execute("SELECT (SELECT count(*) FROM wilayah), (SELECT count(*) FROM edisi)").fetchone() or (0, 0)
    borders = "with borders" if night.reference.map() else "no borders"
    return f"{rows[0]:,} places, {rows[1]} editions, {borders}"


def _key(home: Home) -> str:
    key = load(home)
    return f"id {key.id}, version {key.version}" if key else f"none; before personal data is loaded, run: {INIT}"


def _warehouse(home: Home) -> str:
    path = home.warehouse / "satudata.duckdb"
    if not path.exists():
        return "not built yet; run: satudata run"
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute("SELECT count(*) FROM ops.muatan").fetchone()
    return f"{path}, {rows[0] if rows else 0} loads"
