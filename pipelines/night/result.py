"""What a night did: one line a dataset, and the exit code that sums them up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pipelines.check.run import DIKEMBALIKAN
from pipelines.check.store import State

BELUM_ADA = "BELUM ADA"
GAGAL = "GAGAL"


@dataclass
class Line:
    """What the night did with one dataset."""

    key: str
    status: str
    worked: bool
    late: bool
    state: State
    error: str | None = None

    @property
    def troubled(self) -> bool:
        """Whether somebody has to look: returned (as a whole or one file), not taken, late, or failed."""
        latest = self.state.latest
        returned = any(load.status == DIKEMBALIKAN for load in (latest.loads if latest else ()))
        not_taken = any((g.standar, g.tingkat) == ("berkas", "kritis") for g in (latest.groups if latest else ()))
        return self.late or returned or not_taken or self.status in (DIKEMBALIKAN, GAGAL)


@dataclass
class NightResult:
    """What the night did. `exit_code`: 0 well, 3 somebody has to look, 1 nothing was promoted.

    `wrong`: broken contracts; their sources stay as they are. `problems`: why nothing was promoted.
    `held`: datasets of which something new waits for a person's approval.
    """

    lines: list[Line]
    unknown: list[tuple[str, int]]
    problems: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    release: Path | None = None
    worked: bool = False
    promoted: bool = False

    @property
    def exit_code(self) -> int:
        """As documented for `satudata run`."""
        if not self.promoted:
            return 1
        return 3 if self.refused or self.wrong or any(line.troubled for line in self.lines) else 0
