"""Whether the documents of a release can be read, and every relative link in them leads to a file of it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from pipelines.release.manifest import UNLISTED
from pipelines.release.problem import Problem

_LARGEST = 64 << 20
_FIX = "build the release anew; it was published from a defect"
_INSIDE = r"""(?:[^'">]|"[^"]*"|'[^']*')*"""
_TAG = re.compile(rf"<[a-z][^\s>/]*({_INSIDE})>", re.IGNORECASE)
_NO_MARKUP = re.compile(
    rf"<!--.*?(?:-->|\Z)|(<(script|style)\b{_INSIDE}>).*?(?:</\2\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_LINKS = ("downloadURL", "accessURL", "landingPage", "describedBy")


def documents(folder: Path, files: Collection[str], gone: Collection[str]) -> Iterator[Problem]:
    """What does not parse (JSON and XML at the root), and relative links that lead to none of `files`.

    `gone` are paths that were here and have been taken away on purpose; a link to one is no fault.
    """
    there = {*files, *gone, *UNLISTED}
    for path in sorted(files):
        suffix = path.rpartition(".")[2]
        if suffix == "html" or ("/" not in path and suffix in ("json", "jsonld", "xml", "atom")):
            try:
                targets = _targets(folder / path, suffix)
            except (OSError, ValueError, ElementTree.ParseError, RecursionError) as error:
                yield Problem(path, f"cannot be read as {suffix} ({type(error).__name__}: {error}); {_FIX}")
                continue
            for target in sorted(targets):
                if fault := _fault(path, target, there):
                    yield Problem(path, f"the link {target!r:.200} {fault}; {_FIX}")


def _fault(path: str, target: str, there: Collection[str]) -> str:
    try:
        parts = urlsplit(target)
    except ValueError:
        return "is no address"
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    if parts.path.startswith("/"):
        return "begins with '/', so it leads nowhere in a copy"
    place = normpath(join(dirname(path), unquote(parts.path)))
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
    return set(_addresses(json.loads(text)))


def _links(page: str) -> Iterator[str]:
    """What a page links to and loads; what stands in scripts, styles and comments is no markup.

    By regular expressions: the parser of the standard library takes five times as long, seconds a release.
    """
    for tag in _TAG.finditer(_NO_MARKUP.sub(lambda found: found[1] or "", page)):
        for name, value in _ATTRIBUTE.findall(tag[1]):
            if name.lower() in ("href", "src"):
                yield unescape(value.strip("\"'")).strip()


def _addresses(value: Any, key: str = "") -> Iterator[str]:
    """Addresses of files in a catalogue (also `dcat:downloadURL` and `{"@id": ...}`), and paths of resources."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "path" and key == "resources":
                yield from _addresses(inner, _LINKS[0])
            else:
                yield from _addresses(inner, key if name == "@id" else name.rpartition(":")[2])
    elif isinstance(value, list):
        for inner in value:
            yield from _addresses(inner, key)
    elif isinstance(value, str) and key in _LINKS:
        yield value
