"""Disclosure control over all tables of one release: hide, then attack the result, and give up what does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from pipelines.disclosure import (
    REASONS,
    AuditResult,
    DisclosureError,
    Earlier,
    Protected,
    Table,
    audit,
    clear,
    protect,
)

LOG = "pengungkapan.json"
TOLD = ("sudah_terbit", "tidak_terlindungi")  # of numbers that are public already, which nothing can take back
_WHY_NOT = "disclosure control cannot protect its numbers ({how}); see docs/disclosure.md"


@dataclass(frozen=True)
class Shield:
    """The protected rows of a release. `given_up` are tables that may not be published, with the reason."""

    tables: tuple[Table, ...]
    done: Protected
    attacked: AuditResult
    given_up: Mapping[str, str] = field(default_factory=dict)

    def rows(self, slug: str, otherwise: str) -> str:
        """The relation to publish of a dataset; `otherwise` where nothing in it needs protection."""
        return self.done.rows.get(slug, otherwise)

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
    """Protect the tables of a release together, and attack what would be published.

    Where the attack succeeds, the table is given up: `instead` gives its last edition, or None if it has none, and
    all is done again. The relations of the result live in `con`.
    """
    current, given_up = {t.name: t for t in tables}, dict[str, str]()
    while True:
        done, attacked = _once(con, tuple(current.values()), earlier)
        broken = {r.table: r.how for r in attacked.recovered if r.how not in TOLD}
        if attacked.wrong:
            raise DisclosureError(f"{attacked.wrong} published numbers are not the true ones: a defect; report it")
        if not broken:
            return Shield(tuple(current.values()), done, attacked, given_up)
        for name, how in broken.items():
            again = name in given_up
            given_up[name] = _WHY_NOT.format(how=how)
            other = None if again else instead(name)
            if other:
                current[name] = other
            else:
                del current[name]


def _once(
    con: duckdb.DuckDBPyConnection, tables: Sequence[Table], earlier: Mapping[str, Earlier]
) -> tuple[Protected, AuditResult]:
    clear(con)
    done = protect(con, tables, earlier)
    published = [replace(t, relation=done.rows.get(t.name, t.relation)) for t in tables]
    return done, audit(con, published, {t.name: t.relation for t in tables}, earlier)
