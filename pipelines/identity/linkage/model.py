"""How much each level of agreement weighs: learnt from the data (Fellegi and Sunter), kept as JSON.

A pair is the same person (m), two persons of one household (f: they share KK, address, place and often the
mother, and twins the birth date), or two persons taken at random (u). m is learnt from records that share a
NIK, by expectation-maximisation, because some share it wrongly; u and f from pairs of the register, where
every row is another person; where there is none, from records whose NIK differ. Few labels: the prior
below, which counts as much as PRIOR pairs, decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import log2

import duckdb

from pipelines.identity.linkage.compare import COMPARISONS, levels

PRIOR = 50.0
SAMPLE = 50_000
FLOOR = 1e-7
Table = dict[str, dict[int, float]]

_NIK_M = {3: 0.93, 2: 0.035, 1: 0.01, 0: 0.025}
_TWIN = {3: 0.005, 2: 1e-4, 1: 0.5, 0: 0.5}
# KK, address, desa: digit by digit, as if they were independent; joined by _homes.
_HOME_M: list[dict[int, float]] = [{1: 0.15, 2: 0.85}, {1: 0.2, 2: 0.2, 3: 0.6}, {1: 0.04, 2: 0.04, 3: 0.04, 4: 0.88}]
_HOME_U: list[dict[int, float]] = [{1: 1.0, 2: 1e-5}, {1: 0.99, 2: 1e-2, 3: 1e-4}, {1: 0.95, 2: 4e-2, 3: 5e-3, 4: 1e-3}]


def _homes(digits: list[dict[int, float]]) -> dict[int, float]:
    """The levels of `rumah`; they sum to 1 for each set of digits that are known."""
    kk, address, desa = ({0: 1.0} | digit for digit in digits)
    return {100 * i + 10 * j + k: kk[i] * address[j] * desa[k] for i in kk for j in address for k in desa}


def _niks(apart: dict[int, float], same_day: dict[int, float], same_kab: dict[int, float]) -> dict[int, float]:
    """The levels of `nik`: with another birth date, with the same one, with the same in one kabupaten."""
    parts = enumerate((apart, same_day, same_kab))
    return {10 * i + k: p for i, part in parts for k, p in part.items()}


M: Table = {
    "nama": {4: 0.93, 3: 0.03, 2: 0.025, 1: 0.008, 0: 0.007},
    "lahir": {4: 0.97, 3: 0.008, 2: 0.008, 1: 0.01, 0: 0.004},
    "jk": {1: 0.99, 0: 0.01},
    "nik": _niks(_NIK_M, _NIK_M, _NIK_M),
    "ibu": {3: 0.9, 2: 0.06, 0: 0.04},
    "rumah": _homes(_HOME_M),
}
U: Table = {
    "nama": {4: 2e-4, 3: 5e-3, 2: 2e-3, 1: 2e-2, 0: 0.97},
    "lahir": {4: 4e-5, 3: 2e-5, 2: 3e-4, 1: 6e-3, 0: 0.99},
    "jk": {1: 0.5, 0: 0.5},
    "nik": _niks(
        {3: 1e-7, 2: 1e-6, 1: 1e-6, 0: 1.0}, {3: 1e-6, 2: 1e-4, 1: 5e-3, 0: 0.99}, {3: 1e-6, 2: 1e-4, 1: 0.15, 0: 0.85}
    ),
    "ibu": {3: 2e-4, 2: 8e-3, 0: 0.99},
    "rumah": _homes(_HOME_U),
}
F: Table = {
    "nama": {4: 2e-3, 3: 0.02, 2: 0.02, 1: 0.08, 0: 0.88},
    "lahir": {4: 8e-3, 3: 1e-4, 2: 2e-3, 1: 0.02, 0: 0.97},
    "jk": {1: 0.5, 0: 0.5},
    # A child under the NIK of a parent, a twin under that of the other.
    "nik": _niks({3: 0.005, 2: 1e-4, 1: 1e-3, 0: 0.99}, _TWIN, _TWIN),
    "ibu": {3: 0.45, 2: 0.02, 0: 0.53},
}


@dataclass(frozen=True)
class Model:
    """Probabilities of each level for the same person (m), random persons (u), one household (f); all sum to 1."""

    m: Table
    u: Table
    f: Table

    def to_json(self) -> str:
        """The whole model as JSON; the same model gives the same text."""
        return json.dumps({"m": self.m, "u": self.u, "f": self.f}, sort_keys=True, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Model:
        """The model that `to_json` wrote."""
        raw = json.loads(text)
        return cls(*({c: {int(k): p for k, p in t.items()} for c, t in raw[part].items()} for part in "muf"))

    @property
    def version(self) -> str:
        """Twelve hex digits of the hash of the model."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:12]

    def odds(self, scored: str, targets: int) -> str:
        """SELECT of all columns of a table of levels, and `bit`: log2 of the odds that a and b are one person.

        `targets`: among how many persons the other one is sought. A household has about three others.
        """
        random, household = [], []
        for name in COMPARISONS:
            random.append(_case(name, self.m[name], self.u[name], _RARE.get(name)))
            if name in self.f:  # a home is shared: it does not tell its members apart
                household.append(_case(name, self.m[name], self.f[name], None))
        return f"""SELECT *, -log2({max(targets, 2)} * pow(2, -({" + ".join(random)}))
            + 3 * pow(2, -({" + ".join(household)}))) AS bit FROM ({scored})"""


# Levels whose u is how rare the value itself is.
_RARE = {"nama": (4, 3, 1), "lahir": (4,), "ibu": (3,)}


def _case(name: str, m: dict[int, float], u: dict[int, float], rare: tuple[int, ...] | None) -> str:
    branches = []
    for level in m:
        weight = log2(m[level]) - log2(u[level])
        branches.append(
            f"WHEN {level} THEN {log2(m[level]):.4f} + {name}_bit"
            if rare and level in rare
            else f"WHEN {level} THEN {weight:.4f}"
        )
    return f"(CASE {name} {' '.join(branches)} ELSE 0 END)"


def learn(con: duckdb.DuckDBPyConnection, labels: str) -> Model:
    """Learn from `rekam` and a table of pairs (a, b) that share a NIK; the same rows give the same model."""
    register = con.execute("SELECT bool_or(daftar) FROM rekam").fetchone() == (True,)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _orang AS SELECT rid, kk, nik, lahir FROM rekam WHERE
            {"daftar" if register else "nik IS NOT NULL"}"""
    )
    random, household, same_day = (_counts(con, _others(column, register)) for column in (None, "kk", "lahir"))
    u = {name: _share(name, _tally(name, random), U[name]) for name in COMPARISONS if name != "rumah"}
    u["rumah"] = _homes(
        [
            _smooth(_digit(_tally("rumah", random), place), prior)
            for place, prior in zip((100, 10, 1), _HOME_U, strict=True)
        ]
    )
    if not register:  # who has a NIK one edit away may be the same person, or the twin: not to be learnt here
        household, same_day = [(p | {"nik": -1}, n) for p, n in household], []
    u["nik"] |= {k: p for k, p in _share("nik", _tally("nik", same_day), U["nik"]).items() if k >= 10}
    f = {name: _share(name, _tally(name, household), F[name]) for name in F}
    m, share = _em(_counts(con, f"SELECT a, b FROM {labels} ORDER BY hash(a, b) LIMIT {SAMPLE}"), u, f)
    # Nor is a NIK on two persons seen there; in a household of four each has three others it may be mixed up with.
    f["nik"] |= {k: min(0.05, max(1e-5, share / 3)) for k in (3, 13, 23)}
    # The NIK cannot be learnt from pairs found by it: from pairs equal in name, birth date, and KK or mother.
    seen = _counts(
        con,
        f"""SELECT a.rid AS a, b.rid AS b FROM (FROM rekam ORDER BY hash(rid, 2) LIMIT {SAMPLE}) a
        JOIN rekam b ON a.nama = b.nama AND a.lahir = b.lahir AND (a.kk = b.kk OR a.ibu = b.ibu)
        WHERE {"a.daftar <> b.daftar" if register else "a.rid <> b.rid"}""",
    )
    tally = _tally("nik", seen)
    base = _smooth({k: tally.get(10 + k, 0.0) + tally.get(20 + k, 0.0) for k in _NIK_M}, _NIK_M)
    m["nik"] = _niks(base, base, base)
    con.execute("DROP TABLE _orang")
    return Model(m, u, f)


def _others(column: str | None, register: bool) -> str:
    """SQL of pairs of different persons: taken at random, or with the same value in `column`. The same every time."""
    some = f"FROM _orang WHERE {column} IS NOT NULL ORDER BY hash({column}, 3), rid LIMIT {SAMPLE}" if column else (
        f"FROM _orang ORDER BY hash(rid, 1) LIMIT {SAMPLE}"
    )  # fmt: skip
    window = f"({f'PARTITION BY {column} ' if column else ''}ORDER BY hash(rid, 1))"
    after = ", ".join(f"lead({{rid: rid, nik: nik}}, {k}) OVER w" for k in (1, 2, 3))
    # Without a register one person has many rows, and in two registers two with one NIK.
    apart = "coalesce(nik <> b.nik, true)" if register else "nik <> b.nik AND damerau_levenshtein(nik, b.nik) > 2"
    return f"""SELECT a, b.rid AS b FROM (SELECT rid AS a, nik, unnest([{after}]) AS b FROM ({some}) WINDOW w AS
        {window})
        WHERE b IS NOT NULL AND {apart}"""


Counts = list[tuple[dict[str, int], int]]


def _counts(con: duckdb.DuckDBPyConnection, pairs: str) -> Counts:
    """How many of these pairs have each pattern of levels."""
    names = ", ".join(COMPARISONS)
    con.execute(f"CREATE OR REPLACE TEMP TABLE _label AS SELECT a, b FROM ({pairs})")
    rows = con.execute(
        f"SELECT {names}, count(*) FROM ({levels('_label', hopeless=True)}) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    con.execute("DROP TABLE _label")
    return [(dict(zip(COMPARISONS, row, strict=False)), row[-1]) for row in rows]


def _tally(name: str, counts: Iterable[tuple[dict[str, int], float]]) -> dict[int, float]:
    tally: dict[int, float] = {}
    for pattern, n in counts:
        tally[pattern[name]] = tally.get(pattern[name], 0.0) + n
    return tally


def _digit(tally: dict[int, float], place: int) -> dict[int, float]:
    """A tally of `rumah` as a tally of one of its digits."""
    digits: dict[int, float] = {}
    for code, n in tally.items():
        digits[code // place % 10] = digits.get(code // place % 10, 0.0) + n
    return digits


def _smooth(tally: dict[int, float], prior: dict[int, float]) -> dict[int, float]:
    """Shares of the levels of `prior`, which weighs as PRIOR observations."""
    known = sum(tally.get(k, 0.0) for k in prior)
    whole = sum(prior.values())
    return {k: max((tally.get(k, 0.0) + PRIOR * p / whole) / (known + PRIOR), FLOOR) for k, p in prior.items()}


def _share(name: str, tally: dict[int, float], prior: dict[int, float]) -> dict[int, float]:
    """Like _smooth; levels that are known under different circumstances sum to 1 for each of these."""

    def circumstance(level: int) -> object:
        if name == "nik":
            return level // 10
        return (level >= 100, level // 10 % 10 > 0, level % 10 > 0) if name == "rumah" else None

    groups: dict[object, dict[int, float]] = {}
    for level, p in prior.items():
        groups.setdefault(circumstance(level), {})[level] = p
    return {level: p for group in groups.values() for level, p in _smooth(tally, group).items()}


def _em(counts: Counts, u: Table, f: Table, rounds: int = 20) -> tuple[Table, float]:
    """m of each comparison but the NIK, from pairs that share one, and which share of these is two of one household."""
    m: Table = {name: dict(table) for name, table in M.items()}
    named = [name for name in M if name != "nik"]
    share = [0.97, 0.02, 0.01]
    total = sum(n for _, n in counts)
    if not total:
        return m, 3 * F["nik"][3]
    for _ in range(rounds):
        expected: dict[str, dict[int, float]] = {name: {} for name in named}
        weight = [0.0, 0.0, 0.0]
        for pattern, n in counts:
            chance = list(share)
            for name in named:
                level = pattern[name]
                if level in m[name]:
                    chance[0] *= m[name][level]
                    chance[1] *= f[name][level] if name in f else m[name][level]
                    chance[2] *= u[name][level]
            whole = sum(chance)
            for i in range(3):
                weight[i] += n * chance[i] / whole
            for name in named:
                expected[name][pattern[name]] = expected[name].get(pattern[name], 0.0) + n * chance[0] / whole
        share = [max(w / total, FLOOR) for w in weight]
        m |= {name: _share(name, expected[name], M[name]) for name in named}
    return m, (share[1] * total + 3 * F["nik"][3] * PRIOR) / (total + PRIOR)
