"""How good the linkage is: precision and recall, from what people answered about the sample, and from its scores.

From answers: the share of links answered `sama`, each stratum by how many links it has (a stratified sample). The
interval is Wilson's (1927) with the effective number of answers in place of n (Korn and Graubard 1998, with
Wilson's interval for theirs): n* = p(1 - p) / v, v = sum of W_h^2 p_h(1 - p_h) / n_h over the strata. In v and n*
p_h is (x_h + 1) / (n_h + 2), or a stratum without an error seen would count as one without error. The missed
links are estimated in the same way among the pairs in doubt and the records that stand alone; recall is
links right / (links right + missed). Its limits take the one bad where the other is bad, so they are wide
rather than narrow. Strata with too few answers are unknown: the limits take all of it as wrong and as right, and
where that is over UNKNOWN of the pairs there is no estimate. It is about what can be found: a miss counts only
where it is in doubt or nearest to its record.

From scores: a score is the model's own odds that a pair is one person. Nobody has checked them, and they tend
to be too sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt

import duckdb

from pipelines.identity.decisions import DIFFERENT, FIRST, SAME, SECOND
from pipelines.identity.review.sample import ALONE, LINK, MACHINE, UNSURE

ENOUGH = 5  # answers that a stratum needs, unless it has fewer pairs
UNKNOWN = 0.05
Z = 1.959964  # 95 %


@dataclass(frozen=True)
class Stratum:
    """One stratum: how many there are tonight, drawn, answered `sama` or `beda`, and answered `sama`."""

    jenis: str
    lapis: str
    banyak: int
    ditarik: int
    dijawab: int
    sama: int

    @property
    def enough(self) -> bool:
        """Whether its answers can speak for it."""
        return self.dijawab >= max(1, min(ENOUGH, self.ditarik))


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval."""

    nilai: float
    bawah: float
    atas: float


@dataclass(frozen=True)
class Estimate:
    """From answers both are None while there are too few; from scores where there are no links."""

    presisi: Share | None
    recall: Share | None
    presisi_skor: float | None
    recall_skor: float | None
    lapisan: list[Stratum]

    def to_dict(self) -> dict[str, object]:
        """The same as plain values, for JSON."""
        return asdict(self)


def estimate(con: duckdb.DuckDBPyConnection) -> Estimate:
    """Estimate from the tables that review.draw left in the current schema, and the temporary table `jawaban`."""
    strata = _strata(con)
    links = [s for s in strata if s.jenis == LINK]
    others = [s for s in strata if s.jenis in (UNSURE, ALONE)]
    reviewed = _count(con, "SELECT count(*) FROM xref WHERE metode = 'tinjau' AND rid <> wakil")
    right, missed = weigh(links), weigh(others) if others else Share(0.0, 0.0, 0.0)
    recall = None
    if right and missed:
        whole, among = (sum(s.banyak for s in kind) for kind in (links, others))
        limits = ((right.nilai, missed.nilai), (right.bawah, missed.atas), (right.atas, missed.bawah))
        recall = Share(*(_over(whole * found + reviewed, among * lost) for found, lost in limits))
    sure = _sum(con, f"SELECT sum(skor), count(*) FROM xref WHERE {MACHINE}")
    doubt = _sum(con, "SELECT sum(skor), count(*) FROM tinjau")
    by_score = sure[0] / sure[1] if sure[1] else None
    return Estimate(right, recall, by_score, _over(sure[0] + reviewed, doubt[0]) if sure[1] else None, strata)


def weigh(strata: Sequence[Stratum]) -> Share | None:
    """The share of `sama` over strata, each weighing as many pairs as it has; None where too much is unknown."""
    whole = sum(s.banyak for s in strata)
    known = [s for s in strata if s.enough]
    among = sum(s.banyak for s in known)
    if not known or among < (1 - UNKNOWN) * whole:
        return None
    seen, share = sum(s.banyak * s.sama / s.dijawab for s in known) / among, among / whole
    smooth = variance = 0.0
    for s in known:
        weight, p = s.banyak / among, (s.sama + 1) / (s.dijawab + 2)
        smooth += weight * p
        variance += weight**2 * p * (1 - p) / s.dijawab
    low, high = wilson(seen, smooth * (1 - smooth) / variance)
    return Share(seen, share * low, share * high + 1 - share)


def wilson(p: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a share `p` seen in `n` independent answers."""
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def _strata(con: duckdb.DuckDBPyConnection) -> list[Stratum]:
    # A record that stands alone and has nothing near it needs no answer.
    rows = con.execute(
        f"""
        WITH j AS (SELECT {FIRST} AS x, {SECOND} AS y, jawaban FROM temp.main.jawaban),
        c AS (SELECT jenis, lapis, CASE WHEN sumber_b IS NULL THEN '{DIFFERENT}' ELSE jawaban END AS jawaban
            FROM contoh LEFT JOIN j ON x = {FIRST} AND y = {SECOND})
        SELECT jenis, lapis, banyak, count(c.lapis),
            count(*) FILTER (jawaban IN ('{SAME}', '{DIFFERENT}')), count(*) FILTER (jawaban = '{SAME}')
        FROM lapisan LEFT JOIN c USING (jenis, lapis) GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    return [Stratum(*row) for row in rows]


def _over(right: float, missed: float) -> float:
    return right / (right + missed) if right + missed else 0.0


def _sum(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[float, int]:
    total, count = con.execute(sql).fetchone() or (None, 0)
    return float(total or 0), int(count)


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
