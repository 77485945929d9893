"""What the gate looks for, compiled from `gerbang` of the data standards into SQL.

What a NIK, a phone number or an address is stands in its standard; here stands only where digits may hide:
a run is a list of digit groups with marks between them, and a candidate is any stretch of the right length
that begins and ends where groups do, or either end of a longer group.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipelines.contract.standard import Recognition, Standard
from pipelines.gate.plain import ASCII_MARKS, MARK
from pipelines.sql import literal

_WORD = r"(?is)(?:^|[^a-z])"
# Nothing shorter than a telephone number is looked for.
FEWEST = 9
_LETTERS, _READ = "OoIl", "0011"


class GateError(Exception):
    """The gate itself cannot work, so nothing may pass it."""


def _run(digits: int, one: str = r"\d", mark: str = MARK) -> str:
    """RE2: at least so many digits with marks between them."""
    return rf"{one}(?:{mark}{one}){{{digits - 1},}}"


def _spelled(mark: str = MARK) -> str:
    """RE2: a number that may be written with letters."""
    return _run(FEWEST, rf"[\d{_LETTERS}]", mark)


def _mixed() -> str:
    """RE2: a letter that may stand for a digit, beside a digit."""
    return rf"\d{MARK}[{_LETTERS}]|[{_LETTERS}]{MARK}\d"


def _has(text: str, pattern: str) -> str:
    """SQL: whether a text has a match. DuckDB compiles the pattern of a regexp_matches four times over."""
    return f"len(regexp_extract_all({text}, {literal(pattern)})) > 0"


@dataclass(frozen=True)
class Rule:
    """One recognition of one standard; `number` is its place in the list, the first that fits is told."""

    number: int
    standard: Standard
    how: Recognition

    @property
    def weak(self) -> bool:
        """Whether only chance decides where digits are joined to others."""
        return "{utuh}" in self.how.sah

    def pattern(self, mark: str = MARK) -> str:
        """RE2 of `pola`."""
        return (self.how.pola or "").replace("{tanda}", mark)

    def holds(self, digits: str, whole: str) -> str:
        """SQL: whether a candidate is one."""
        return f"({self.how.sah})".replace("{x}", digits).replace("{utuh}", whole)


@dataclass(frozen=True)
class Rules:
    """All recognitions of all standards, in the order of the standards' names."""

    all: tuple[Rule, ...]

    @classmethod
    def of(cls, standards: Mapping[str, Standard]) -> Rules:
        """Compile; raises GateError where no standard says how anything personal is recognised."""
        pairs = [(standards[name], how) for name in sorted(standards) for how in standards[name].gerbang]
        if not any(s.nama == "nik" and not how.aman for s, how in pairs):
            raise GateError("the standard 'nik' says no way to recognise one (gerbang): add it, the gate judges by it")
        return cls(tuple(Rule(i, s, how) for i, (s, how) in enumerate(pairs)))

    @cached_property
    def version(self) -> str:
        """12 hex digits that change with what is looked for, and how."""
        said = [self.announced, self.safe, MARK, *(f"{r.standard.nama} {r.how.model_dump_json()}" for r in self.all)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]

    @cached_property
    def digits(self) -> list[Rule]:
        """Those that count digits."""
        return [r for r in self.all if r.how.angka and not r.how.aman]

    @cached_property
    def patterns(self) -> list[Rule]:
        """Those that match text."""
        return [r for r in self.all if r.how.pola and not r.how.aman]

    @cached_property
    def lengths(self) -> list[int]:
        """Digit counts that are looked for without a word that announces them."""
        return sorted({n for r in self.digits if r.how.sah != "false" for n in r.how.angka})

    @cached_property
    def safe(self) -> str:
        """RE2: a word that is a code of no person."""
        return "|".join(f"(?:{r.how.pola})" for r in self.all if r.how.aman) or "^$"

    @cached_property
    def announced(self) -> str:
        """RE2: a word that announces a number of one of these kinds."""
        return rf"{_WORD}(?:{'|'.join(r.how.sebutan for r in self.digits if r.how.sebutan)})(?:[^a-z]|no|$)"

    def loosely(self, text: str) -> str:
        """SQL: a weaker `suspect`, true of every text of which that is true, and planned in a tenth of the time.

        Every text that is not ASCII counts, and digits however far apart; nothing that counts digits needs fewer.
        """
        digits = min(FEWEST, *self.lengths)
        patterns = (f"(?:{r.pattern(ASCII_MARKS)})" for r in self.patterns)
        found = "|".join([_run(digits, mark=r"\D*"), _spelled(ASCII_MARKS), *patterns])
        return f"(strlen({text}) <> length({text}) OR contains({text}, '%2') OR {_has(text, found)})"

    def suspect(self, text: str) -> str:
        """SQL: whether an SQL text may hold what is looked for; false only where it holds nothing."""
        patterns = (f"(?:{r.pattern()})" for r in self.patterns)
        found = "|".join([_run(min(self.lengths)), rf"(?:{self.announced}(?:[^0-9]*[0-9]){{{FEWEST}}})", *patterns])
        return (
            f"(gerbang_asing({text}) OR contains({text}, '%2') OR {_has(text, found)} "
            f"OR ({_has(text, _spelled())} AND {_has(text, _mixed())}))"
        )

    def candidates(self, source: str) -> str:
        """SQL over `source`(id, teks): id, x, utuh, aturan (the number of a rule that needs no more proof, or null)."""
        run = literal(_run(min(self.lengths)))
        spelled = literal(rf"\b{_spelled()}\b")
        windows = " || ".join(
            f"""[regexp_extract(array_to_string(g[i:i+{n - 1}], ' '), '^(\\d(?: ?\\d){{{n - 1}}})(?: |$)', 1)
                for i in range(1, len(g) + 1)]
            || flatten([[left(d, {n}), right(d, {n})] for d in g if len(d) > {n}])"""
            for n in self.lengths
        )
        parts = [
            f"SELECT id, array_to_string(g, '') AS x, true AS utuh, NULL::INTEGER AS aturan FROM grup"
            f" WHERE list_sum([len(d) for d in g]) IN ({', '.join(map(str, self.lengths))})",
            f"SELECT id, replace(unnest({windows}), ' ', '') AS x, false, NULL FROM grup",
        ]
        for rule in self.digits:
            if not rule.how.sebutan:
                continue
            word = rf"{_WORD}(?:{rule.how.sebutan})"
            for n in rule.how.angka:
                near = rf"{word}(?:[^0-9a-z]|no|nomor|number){{0,8}}(\d(?:{MARK}\d){{{n - 1}}})(?:\D|$)"
                parts.append(
                    f"""SELECT id, regexp_replace(unnest(regexp_extract_all(t, {literal(near)}, 1)), '\\D', '', 'g'),
                    true, {rule.number} FROM polos"""
                )
                if rule.how.sah == "false":
                    continue
                parts.append(  # words between the groups
                    f"""SELECT id, left(regexp_replace(regexp_extract(t, {literal(word + "([^a-z].*)")}, 1),
                    '\\D', '', 'g'), {n}), true, NULL FROM polos"""
                )
        for rule in self.patterns:
            group = 1 if re.compile(rule.how.pola or "").groups else 0
            parts.append(
                f"SELECT id, unnest(regexp_extract_all(teks, {literal(rule.pattern())}, {group})), true, "
                f"{rule.number} FROM baca"
            )
        return f"""
        WITH polos AS MATERIALIZED (
            SELECT id, teks, array_to_string([CASE WHEN regexp_full_match(w, {literal(self.safe)}) THEN '#'
                ELSE w END FOR w IN string_split(teks, ' ')], ' ') AS t
            FROM (SELECT id, regexp_replace(gerbang_polos(teks), '(\\d{{9,}})[.,]0{{1,2}}\\b', '\\1', 'g') AS teks
                FROM {source})
        ),
        eja AS MATERIALIZED (
            SELECT id, translate(unnest(regexp_extract_all(t, {spelled})), '{_LETTERS}', '{_READ}') AS teks
            FROM polos WHERE regexp_matches(t, {literal(_mixed())})
        ),
        baca AS (SELECT id, teks FROM polos UNION ALL SELECT id, teks FROM eja),
        grup AS MATERIALIZED (
            SELECT id, regexp_extract_all(run, '\\d+') AS g FROM (
                SELECT id, unnest(regexp_extract_all(t, {run})) AS run FROM polos
                UNION ALL SELECT id, unnest(regexp_extract_all(teks, {run})) FROM eja)
        )
        {" UNION ALL ".join(parts)}"""

    def verdict(self, digits: str = "x", whole: str = "utuh", proven: str = "aturan") -> str:
        """SQL: the number of the first rule that a candidate fulfils, or null.

        The length is tried in a CASE of its own: only there does DuckDB leave out the rest for those that fail.
        """
        cases = [
            f"WHEN CASE WHEN {proven} IS NULL AND len({digits}) IN ({', '.join(map(str, r.how.angka))}) "
            f"THEN {r.holds(digits, whole)} ELSE false END THEN {r.number}"
            for r in self.digits
            if r.how.sah != "false"
        ]
        proofs = [f"WHEN {proven} = {r.number} AND NOT {r.holds(digits, whole)} THEN NULL" for r in self.patterns]
        return f"CASE {' '.join(proofs)} WHEN {proven} IS NOT NULL THEN {proven} {' '.join(cases)} END"
