"""The reference folders of a night, and what is prepared from them once for each state of their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pipelines.check.run import prepare
from pipelines.check.store import fingerprint
from pipelines.home import REPO, Home
from pipelines.home.atomic import scratch, settle
from pipelines.night.declarations import REFERENSI, STANDARDS

FUNCTIONS = STANDARDS / "_fungsi.sql"


@dataclass(frozen=True)
class Reference:
    """Codes, names, history and borders of places, ready for the check.

    The repository's folder comes first, then the home's own `referensi/`, then `extra`.
    """

    home: Home
    extra: tuple[Path, ...] = ()
    say: Callable[[str], None] = field(default=lambda _: None, compare=False)

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """Every reference folder, in the order in which they are looked through."""
        own = (self.home.referensi,) if self.home.referensi.is_dir() else ()
        return (REFERENSI, *own, *self.extra)

    @cached_property
    def mark(self) -> str:
        """Fingerprint of the files and of the code that reads them."""
        return fingerprint([*self.folders, REPO / "pipelines" / "referensi", FUNCTIONS])

    def base(self) -> Path:
        """The DuckDB file that every check starts from: place tables and the standards' functions."""
        path = self.home.cache / f"dasar-{self.mark[:16]}.duckdb"
        if not path.exists():
            self.say("reference data")
            with scratch(self.home.cache, ".duckdb") as unfinished:
                prepare(self.folders[0], FUNCTIONS, unfinished)
                settle(unfinished, path)
            _drop_others(path)
        return path

    def map(self) -> Path | None:
        """The DuckDB file of borders; None when no folder has any."""
        return None


def _drop_others(path: Path) -> None:
    for old in path.parent.glob("dasar-*.duckdb"):
        if old != path:
            old.unlink(missing_ok=True)
