"""What lies in a landing folder right now. Only looks: follows no link, opens no file, writes nothing."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract
from pipelines.landing.notes import note, printable, shown

_TEMPORARY = re.compile(
    r"^(\.|~\$)|~$|\.(tmp|temp|part|partial|filepart|crdownload|download|swp|lock)$"
    r"|^(thumbs\.db|desktop\.ini|__macosx|@eadir|\$recycle\.bin|system volume information)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Seen:
    """A regular file that a contract asks for; `path` is posix, relative to the dataset folder."""

    path: str
    stat: os.stat_result


@dataclass
class Listing:
    """One dataset folder: the files to take, what is wrong, and how many entries were passed over."""

    files: list[Seen] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ignored: int = 0


def look(landing: Path, contract: Contract) -> Listing:
    """List the dataset folder of a contract. A folder that does not exist is empty."""
    listing = Listing()
    patterns = []
    for pattern in contract.baca.file:
        if _climbs(pattern):
            listing.findings.append(note(pattern, "pola_keluar"))
        else:
            patterns.append(tuple(pattern.casefold().split("/")))
    top = landing
    for name in (contract.produsen, contract.dataset):
        top /= name
        problem = _folder_problem(top)
        if problem:
            if problem != "missing":
                listing.findings.append(note(top.relative_to(landing).as_posix(), problem))
            return listing
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = list(os.scandir(top / folder))
        except OSError:
            listing.findings.append(note(folder or ".", "tak_terbaca"))
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if temporary(entry.name):
                listing.ignored += 1
            elif not printable(entry.name):
                listing.findings.append(note(path, "nama"))
            elif entry.is_symlink():
                listing.findings.append(note(path, "tautan"))
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif not entry.is_file(follow_symlinks=False):
                listing.findings.append(note(path, "bukan_berkas"))
            elif not patterns:
                listing.ignored += 1  # the one finding is that no pattern can be used
            elif not matches(path, patterns):
                wanted = ", ".join(contract.baca.file)
                listing.findings.append(note(path, "tak_cocok", pola=wanted))
            else:
                _add(listing, path, entry)
    return listing


def strays(landing: Path, contracts: Iterable[Contract]) -> list[tuple[str, int]]:
    """Folders below landing that hold files but have no contract, and how many files; sorted.

    Files lying one level too high are named by the folder they lie in; '.' is the landing folder.
    """
    known = {(contract.produsen, contract.dataset) for contract in contracts}
    found: dict[str, int] = {}
    for first in _entries(landing):
        if not first.is_dir(follow_symlinks=False):
            found["."] = found.get(".", 0) + 1
            continue
        for second in _entries(Path(first.path)):
            if not second.is_dir(follow_symlinks=False):
                found[first.name] = found.get(first.name, 0) + 1
            elif (first.name, second.name) not in known:
                found[f"{first.name}/{second.name}"] = _count(Path(second.path))
    return sorted((shown(path), count) for path, count in found.items() if count)


def temporary(name: str) -> bool:
    """Whether a name is hidden, or that of a file some program keeps for itself or has not finished."""
    return _TEMPORARY.search(name) is not None


def matches(path: str, patterns: Sequence[tuple[str, ...]]) -> bool:
    """Whether a path fits one of the globs, given as their lower-cased parts. Upper and lower case are equal;
    `*` stays within one folder, `**` is any number of folders.
    """
    parts = tuple(path.casefold().split("/"))
    return any(_fits(parts, pattern) for pattern in patterns)


def _fits(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    # Every prefix at once: no backtracking, so that no glob can be slow.
    reached = {0}
    for piece in pattern:
        if piece == "**":
            reached = set(range(min(reached), len(parts) + 1)) if reached else set()
        else:
            reached = {i + 1 for i in reached if i < len(parts) and _same(parts[i], piece)}
    return len(parts) in reached


@cache
def _globless(piece: str) -> bool:
    return not set(piece) & set("*?[")


def _same(part: str, piece: str) -> bool:
    return part == piece if _globless(piece) else fnmatchcase(part, piece)


def _climbs(pattern: str) -> bool:
    parts = pattern.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":")


def _folder_problem(folder: Path) -> str | None:
    try:
        mode = folder.lstat().st_mode
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "tak_terbaca"
    if stat.S_ISLNK(mode):
        return "tautan"
    return None if stat.S_ISDIR(mode) else "missing"


def _add(listing: Listing, path: str, entry: os.DirEntry[str]) -> None:
    try:
        listing.files.append(Seen(path, entry.stat(follow_symlinks=False)))
    except OSError:
        listing.findings.append(note(path, "masih_ditulis"))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in os.scandir(folder) if not temporary(entry.name)]
    except OSError:
        return []


def _count(folder: Path) -> int:
    files, waiting = 0, [folder]
    while waiting:
        for entry in _entries(waiting.pop()):
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            else:
                files += 1
    return files
