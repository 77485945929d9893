"""What is wrong with a release, said so that somebody can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: the file below the release (or the folder itself, as '.'), what is wrong, and what to do.

    No value of a table is quoted: a copy may hold what should never have been in it.
    """

    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.text}"


class ReleaseFault(Exception):  # noqa: N818 - it says what it is
    """A release cannot be read, put in place or signed as asked. Says what, where and what to do next."""
