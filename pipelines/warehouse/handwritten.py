"""The models that people wrote in dbt_project/models: which of them a home can build, and what the marts count.

A mart asks for facts that some homes have no contract for. There it is left out, with all that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pipelines.warehouse.columns import PLACE

MARTS = "mart"  # folder and schema
CASES = "mart_"  # tables there that begin so hold one case a row
SUMMARY = "mart_ringkasan"
_FACT = "fct_"
_REF = re.compile(r"""\bref\(\s*['"](\w+)['"]""")
_NAMED = {"models": "name", "unit_tests": "model"}  # part of a YAML -> which key of its entries names the model
_HEADER = f"-- Written from the marts that this home can build; change models/{MARTS}, not this file.\n"
_COUNT = f"""\
select
    '{{mart}}' as mart,
    {PLACE}[1:5] as {PLACE},
    count(*) as jumlah
from {{{{{{{{ ref('{{mart}}') }}}}}}}}
group by all"""
_NO_CASE = f"""\
select
    cast(null as varchar) as mart,
    cast(null as varchar) as {PLACE},
    cast(null as bigint) as jumlah
where false"""


def documents(models: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The properties below a folder, file by file; read as dbt reads them, in C."""
    for path in sorted([*models.rglob("*.yml"), *models.rglob("*.yaml")]):
        yield path, yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}


def refs(text: str) -> set[str]:
    """The tables that a model, or the `input` of a unit test, names in ref()."""
    return set(_REF.findall(text))


def columns_read(models: Path) -> dict[tuple[str, str], set[str]]:
    """(model, table) -> the columns of that table that the model reads: those that its unit tests give."""
    columns: dict[tuple[str, str], set[str]] = {}
    for _, document in documents(models):
        for test in document.get("unit_tests") or []:
            for given in test["given"]:
                rows = given.get("rows")
                for table in refs(given["input"]):
                    columns.setdefault((test["model"], table), set()).update(*(rows if isinstance(rows, list) else []))
    return columns


def left_out(models: Path, facts: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The models below a folder that cannot be built, each with what it lacks, in English.

    facts: table of a contract -> its columns. A model is left out when it reads a fact (fct_*) that neither a
    contract nor a file makes, a fact without one of the `columns_read`, or a model that is left out. Any other
    ref() that leads nowhere is a mistake, which dbt reports.
    """
    read = {path.stem: refs(path.read_text(encoding="utf-8")) for path in models.rglob("*.sql")}
    asked = columns_read(models)
    lacking: dict[str, str] = {}
    for name, tables in sorted(read.items()):
        for table in sorted(t for t in tables - read.keys() if t.startswith(_FACT)):
            without = sorted(asked.get((name, table), set()).difference(facts.get(table, ())))
            if table not in facts:
                lacking.setdefault(name, f"no contract makes {table}")
            elif without:
                lacking.setdefault(name, f"{table} has no column {', '.join(without)}")
    while more := {
        name: f"it reads {min(tables & lacking.keys())}, which is left out"
        for name, tables in read.items()
        if name not in lacking and tables & lacking.keys()
    }:
        lacking |= more
    return lacking


def leave_out(models: Path, facts: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Remove what is `left_out` from a copy of the models: SQL, properties and unit tests. Returns the same."""
    gone = left_out(models, facts)
    for path in [*models.rglob("*.sql")]:
        if path.stem in gone:
            path.unlink()
    for path, document in [*documents(models)]:
        kept = {
            part: [node for node in nodes or [] if node[_NAMED[part]] not in gone] if part in _NAMED else nodes
            for part, nodes in document.items()
        }
        if kept == document:
            continue
        if any(kept[part] for part in kept if part != "version"):
            path.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False), encoding="utf-8")
        else:
            path.unlink()
    return gone


def summary_sql(models: Path) -> str:
    """The table `SUMMARY`: cases of every mart in the folder, counted by kabupaten or kota."""
    marts = sorted(path.stem for path in (models / MARTS).glob(f"{CASES}*.sql") if path.stem != SUMMARY)
    counts = "\nunion all\n".join(_COUNT.format(mart=mart) for mart in marts)
    return f"{_HEADER}{counts or _NO_CASE}\norder by mart, {PLACE}\n"
