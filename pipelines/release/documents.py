"""Whether the documents of a release can be read, and every relative link in them leads to a file of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from pipelines.release.manifest import UNLISTED
from pipelines.release.problem import Problem

_LARGEST = 64 << 20
_AT_ROOT = (".json", ".jsonld", ".xml", ".atom")
_AT_ONCE = 50  # documents of one part: a tenth of a second of work
_FIX = "build the release anew; it was published from a defect"
# A comment, or a tag: of a script or style with all that stands in it, of another, always with its attributes.
_MARKUP = re.compile(
    r"""<(?:!--.*?(?:-->|\Z)|(?:(script|style)\b|[a-z][^\s>/]*)((?:[^'">]+|"[^"]*"|'[^']*')*+)>"""
    r"""(?(1).*?(?:</\1\s*>|\Z)))""",
    re.IGNORECASE | re.DOTALL,
)
_LINKED = re.compile("href|src", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_FILE = "downloadURL"
_LINKS = {_FILE, "accessURL", "landingPage", "describedBy"}


@dataclass(frozen=True)
class _Part:
    """Documents of a release that are read together, and all paths that a link may lead to."""

    folder: Path
    paths: Sequence[str]
    there: frozenset[str]


def documents(
    folder: Path,
    files: Collection[str],
    gone: Collection[str],
    each: Callable[..., Iterable[list[Problem]]] = map,
) -> Iterator[Problem]:
    """What does not parse (JSON and XML at the root), and relative links that lead to none of `files`.

    `gone` are paths that were here and have been taken away on purpose; a link to one is no fault. `each` (like map,
    over one list) may work on several at once.
    """
    there = frozenset({*files, *gone, *UNLISTED})
    read = [path for path in sorted(files) if path.endswith(".html") or ("/" not in path and path.endswith(_AT_ROOT))]
    parts = [_Part(folder, read[n : n + _AT_ONCE], there) for n in range(0, len(read), _AT_ONCE)]
    for problems in each(_check, parts):
        yield from problems


def _check(part: _Part) -> list[Problem]:
    found = []
    fault = cache(partial(_fault, part.there))  # pages lead to the same places, most of them
    for path in part.paths:
        suffix = path.rpartition(".")[2]
        try:
            targets = _targets(part.folder / path, suffix)
        except (OSError, ValueError, ElementTree.ParseError, RecursionError) as error:
            found.append(Problem(path, f"cannot be read as {suffix} ({type(error).__name__}: {error}); {_FIX}"))
            continue
        place = dirname(path)
        found += [
            Problem(path, f"the link {target!r:.200} {said}; {_FIX}")
            for target in sorted(targets) if (said := fault(place, target))
        ]  # fmt: skip
    return found


def _fault(there: Collection[str], folder: str, target: str) -> str:
    try:
        parts = urlsplit(target)
    except ValueError:
        return "is no address"
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    if parts.path.startswith("/"):
        return "begins with '/', so it leads nowhere in a copy"
    place = normpath(join(folder, unquote(parts.path)))
    if place.startswith(".."):
        return "leads out of the release"
    return "" if place in there else "leads to no file of the release"


def _targets(path: Path, suffix: str) -> set[str]:
    """All addresses in a document."""
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"larger than {_LARGEST >> 20} MiB")
    text = path.read_text(encoding="utf-8")
    if suffix == "html":
        return set(_links(text))
    if suffix in ("xml", "atom"):
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError("it declares entities")
        root = ElementTree.fromstring(text)
        located = [(e.text or "").strip() for e in root.iter() if e.tag.rpartition("}")[2] == "loc"]
        return {*located, *(e.attrib["href"] for e in root.iter() if "href" in e.attrib)}
    return _addresses(json.loads(text))


def _links(page: str) -> Iterator[str]:
    """What a page links to and loads; what stands in scripts, styles and comments is no markup.

    By regular expressions: the parser of the standard library takes nine times as long, seconds a release.
    """
    for _, attributes in _MARKUP.findall(page):
        if attributes and _LINKED.search(attributes):
            for name, value in _ATTRIBUTE.findall(attributes):
                if name.lower() in ("href", "src"):
                    yield unescape(value[1:-1] if value[0] in "\"'" else value).strip()


def _addresses(document: Any) -> set[str]:
    """Addresses of files in a catalogue (also `dcat:downloadURL` and `{"@id": ...}`), and paths of resources."""
    found: set[str] = set()
    waiting = [(document, "")]
    while waiting:
        value, role = waiting.pop()
        if isinstance(value, dict):
            for name, inner in value.items():
                key = role if name == "@id" else name.rpartition(":")[2]
                if name == "path" and role == "resources":
                    key = _FILE
                if key in _LINKS or not isinstance(inner, str):
                    waiting.append((inner, key))
        elif isinstance(value, list):
            waiting += [(inner, role) for inner in value]
        elif isinstance(value, str) and role in _LINKS:
            found.add(value)
    return found
