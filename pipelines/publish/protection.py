"""Disclosure control over all tables of one release, and what of it is told to its readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.disclosure import REASONS, TOLD, AuditResult, Earlier, Protected, Recovered, Table, agree

LOG = "pengungkapan.json"


@dataclass(frozen=True)
class Shield:
    """The protected rows of a release. `given_up` are tables that may not be published, with the reason."""

    done: Protected
    attacked: AuditResult
    given_up: Mapping[str, str] = field(default_factory=dict)

    def hidden(self, slug: str) -> dict[str, int] | None:
        """How many numbers of a dataset are hidden, by reason; None where it has none to protect."""
        if slug not in self.done.rows:
            return None
        found: Counter[str] = Counter()
        for reason in self.done.log:
            if reason.table == slug and reason.why not in TOLD and reason.cells:
                found[reason.why] += reason.cells
        return dict(sorted(found.items()))

    def log(self) -> dict[str, Any]:
        """For readers of the release: what was hidden and why, and what the attack found. No value, no clock."""
        return {
            "alasan": REASONS,
            "kolom": [
                {"dataset": r.table, "kolom": r.measure, "alasan": r.why, "nilai": r.cells}
                for r in sorted(self.done.log, key=lambda r: (r.table, r.measure, r.why))
            ],
            "serangan": {
                "nilai_dilindungi": self.attacked.protected,
                "nilai_disembunyikan": self.attacked.hidden,
                "nilai_dapat_dihitung_kembali": sum(r.cells for r in self.attacked.recovered if r.how not in TOLD),
                "nilai_sudah_terbit_sebelumnya": sum(r.cells for r in self.attacked.recovered if r.how in TOLD),
            },
        }


def shield(
    con: duckdb.DuckDBPyConnection, tables: Sequence[Table], earlier: Mapping[str, Earlier],
    instead: Callable[[str], Table | None],
) -> Shield:  # fmt: skip
    """Protect the tables of a release together, attack what would be published, and give up what does not hold.

    `instead` gives the last edition of a table if it may stay in the release, else None; it is also asked of tables
    that are published in the end. The relations of the result live in `con`. Raises DisclosureError.
    """
    agreed = agree(con, tables, earlier, instead)
    given_up = {name: _why_not(name, told) for name, told in agreed.given_up.items()}
    return Shield(agreed.done, agreed.attacked, given_up)


def _why_not(name: str, told: Sequence[Recovered]) -> str:
    """For the engineer: why a table may not be published."""
    whose, how = sorted({r.table for r in told}), ", ".join(sorted({r.how for r in told}))
    if name in whose:
        return f"disclosure control cannot protect its numbers ({how}); see docs/disclosure.md"
    return f"its numbers would tell what was hidden in {', '.join(whose)} ({how}); see docs/disclosure.md"
