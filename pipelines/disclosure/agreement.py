"""Which tables can be published together: all of them, or those that give away nothing of each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from pipelines.disclosure.audit import KNOWN, AuditResult, Recovered, audit
from pipelines.disclosure.output import Earlier, edition
from pipelines.disclosure.protect import Protected, protect
from pipelines.disclosure.table import DisclosureError, Table, clear, linked

Instead = Callable[[str], Table | None]


@dataclass(frozen=True)
class Agreed:
    """The protected tables, and the attack on them. `given_up` are tables that stay out, with what they would tell."""

    done: Protected
    attacked: AuditResult
    given_up: Mapping[str, tuple[Recovered, ...]] = field(default_factory=dict)


def agree(
    con: duckdb.DuckDBPyConnection, tables: Sequence[Table], earlier: Mapping[str, Earlier], instead: Instead
) -> Agreed:
    """Protect the tables of a release together, and attack what would be published.

    Where the attack succeeds, tables are given up: those that tell on themselves, and those that tell what a last
    edition hides, which nothing can take back. `instead` gives the last edition of a table if it may stay in the
    release, else None; it is also asked of tables that are published in the end. The relations of the result live in
    `con`. Raises DisclosureError where a published number is not the true one.
    """
    done, attacked = _attack(con, tables, earlier)
    broken = {table for table, *_ in _broken(attacked)}
    if not broken:
        return Agreed(done, attacked)
    entry = _Entry(con, linked(tables, broken), earlier, instead)
    entry.let_in(sorted((t for t in entry.all if t != entry.standing.get(t.name)), key=lambda t: t.protected))
    others = [t for t in tables if t not in entry.all]
    done, attacked = _attack(con, [*others, *entry.inside()], earlier)
    # What can be worked out now the last editions tell by themselves.
    recovered = tuple(replace(r, how=KNOWN) for r in attacked.recovered)
    return Agreed(entry.without_gone(done), replace(attacked, recovered=recovered), entry.given_up)


class _Entry:
    """Lets tables in beside the last editions, as long as these alone tell as much as all together.

    An edition that may not stay in the release is attacked as well: it is known. Each table that is let in takes the
    place of its own edition, which the attack knows anyway.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, tables: Sequence[Table], earlier: Mapping[str, Earlier], instead: Instead
    ) -> None:
        self.con, self.all, self.earlier = con, tables, earlier
        self.given_up: dict[str, tuple[Recovered, ...]] = {}
        staying = {t.name: last for t in tables if (last := instead(t.name))}
        known = {t.name: edition(con, t, earlier[t.name]) for t in tables if t.name in earlier.keys() - staying.keys()}
        self.gone = {name: last for name, last in known.items() if last}
        self.standing = staying | self.gone
        self.told = _broken(_attack(con, self.inside(), earlier)[1])

    def inside(self, *new: Table) -> list[Table]:
        """What has been let in so far and the new tables, in the order of all."""
        named = self.standing | {t.name: t for t in new}
        return [named[t.name] for t in self.all if t.name in named]

    def let_in(self, new: Sequence[Table]) -> None:
        """Let all of the tables in, or those of either half that can be: the first ones before the others."""
        attacked = _attack(self.con, self.inside(*new), self.earlier)[1]
        broken, names = _broken(attacked), {t.name for t in new}
        if not broken - self.told and names.isdisjoint(table for table, *_ in broken):
            self.standing |= {t.name: t for t in new}
            self.gone = {name: last for name, last in self.gone.items() if name not in names}
        elif len(new) > 1:
            self.let_in(new[: len(new) // 2])
            self.let_in(new[len(new) // 2 :])
        else:
            self.given_up |= {name: tuple(r for r in attacked.recovered if r.how != KNOWN) for name in names}

    def without_gone(self, done: Protected) -> Protected:
        """The result without the editions that do not stay."""
        rows = {name: of for name, of in done.rows.items() if name not in self.gone}
        secret = {name: of for name, of in done.secret.items() if name not in self.gone}
        return replace(done, rows=rows, secret=secret, log=tuple(r for r in done.log if r.table not in self.gone))


def _attack(
    con: duckdb.DuckDBPyConnection, tables: Sequence[Table], earlier: Mapping[str, Earlier]
) -> tuple[Protected, AuditResult]:
    clear(con)
    done = protect(con, tables, earlier)
    published = [replace(t, relation=done.rows.get(t.name, t.relation)) for t in tables]
    attacked = audit(con, published, {t.name: t.relation for t in tables}, earlier)
    if attacked.wrong:
        raise DisclosureError(f"{attacked.wrong} published numbers are not the true ones: a defect; report it")
    return done, attacked


def _broken(attacked: AuditResult) -> Counter[tuple[str, str, str]]:
    """How many numbers of which column are found out in which way, and were not before."""
    return Counter({(r.table, r.measure, r.how): r.cells for r in attacked.recovered if r.how != KNOWN})
