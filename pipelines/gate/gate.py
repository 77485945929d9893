"""The gate at work on one dataset: its columns, its values, its metadata, and what was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contract.finding import Finding
from pipelines.contract.load import Produsen
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.gate import metadata, names, plain, points, values
from pipelines.gate.columns import subject
from pipelines.gate.finding import Hit
from pipelines.gate.rules import GateError, Rules

FUNCTIONS = "_fungsi.sql"


@dataclass(frozen=True)
class Passage:
    """What became of one dataset at the gate: what was looked at, and what was found (masked)."""

    values: int = 0
    texts: int = 0
    hits: tuple[Hit, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def __add__(self, other: Passage) -> Passage:
        return Passage(
            self.values + other.values, self.texts + other.texts, self.hits + other.hits, self.findings + other.findings
        )


@dataclass(frozen=True)
class Gate:
    """The rules of the standards over a DuckDB in memory.

    `names`: whether persons' names are looked for too.
    """

    con: duckdb.DuckDBPyConnection
    standards: Mapping[str, Standard]
    rules: Rules
    names: bool

    @classmethod
    def open(
        cls, con: duckdb.DuckDBPyConnection, standards: Mapping[str, Standard], marks: Path | None = None,
        others: Path | None = None,
    ) -> Gate:  # fmt: skip
        """Compile the rules and load what they need into `con`.

        `marks` is what `pipelines.identity.name_marks` wrote; `others` a Parquet file with a column `nama` of what
        is no person (places, institutions). Raises GateError where the standards say nothing to look for.
        """
        rules = Rules.of(standards)
        functions = [Path(s.path).parent / FUNCTIONS for s in standards.values() if s.path]
        for file in sorted({f for f in functions if f.exists()}):  # the macros lie beside the standards
            con.execute(file.read_text(encoding="utf-8"))
        plain.install(con)
        try:
            values.install(con, rules)
        except duckdb.Error as error:
            raise GateError(f"a pattern ('pola') in 'gerbang' of a standard cannot be compiled: {error}") from error
        if marks is not None:
            try:
                names.install(con, standards, marks, others)
            except (duckdb.Error, KeyError) as error:
                raise GateError(f"the marks of names cannot be read: {error}") from error
        return cls(con, standards, rules, marks is not None)

    def data(self, contract: Contract, source: str, kinds: Mapping[str, str] | None = None) -> Passage:
        """Look at every value of a relation (a table, a view, a file as SQL); `kinds`: types of its columns, if known.

        Raises GateError where a rule cannot be evaluated.
        """
        if kinds is None:
            kinds = {row[0]: row[1] for row in self.con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        about = subject(contract, self.standards)
        columns = values.profile(self.con, contract, source, kinds)
        hits = values.in_columns(self.con, self.rules, contract, about, source, columns)
        hits += points.in_columns(self.con, self.standards, contract, about, source, kinds)
        if self.names:
            hits += names.in_columns(self.con, self.standards, contract, source, columns)
        return _passage(contract, hits, values=sum(c.values for c in columns))

    def metadata(self, contract: Contract, agency: Produsen, descriptor: Mapping[str, Any]) -> Passage:
        """Look at every text of a descriptor: title, description, names of columns and files; the contact may stay."""
        said = metadata.texts(descriptor, (agency.surel, agency.situs))
        if not said:
            return Passage()
        about = subject(contract, self.standards)
        hits = values.in_texts(self.con, self.rules, contract, about, said)
        if self.names:
            hits += names.in_texts(self.con, self.standards, said)
        return _passage(contract, hits, texts=len(said))

    def complete(self, contract: Contract, agency: Produsen) -> list[Finding]:
        """Findings for metadata that is missing, each with the line of the contract to fill."""
        return metadata.incomplete(contract, self.standards, agency)


def _passage(contract: Contract, hits: list[Hit], values: int = 0, texts: int = 0) -> Passage:
    return Passage(values, texts, tuple(hits), tuple(hit.told(contract) for hit in hits))
