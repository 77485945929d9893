"""Names and ids in CKAN. They depend on nothing but the release, so that a push finds again what another one made."""

from __future__ import annotations

import hashlib
import re
import uuid

LENGTH = 100
"""CKAN's limit for names and tags."""
_FAMILY = uuid.uuid5(uuid.NAMESPACE_URL, "urn:satudata:ckan")


def name(slug: str) -> str:
    """A slug as CKAN allows it: lower case, letters, digits, '-' and '_', 2 to 100 characters.

    A slug that has to be changed by more than its case gets a mark of its own, so that no two become the same.
    """
    clean = re.sub(r"[^a-z0-9_-]+", "-", slug.lower())
    if clean == slug.lower() and 2 <= len(clean) <= LENGTH:
        return clean
    mark = hashlib.sha256(slug.encode()).hexdigest()[:8]
    return f"{clean[: LENGTH - len(mark) - 1]}-{mark}"


def resource_id(package: str, path: str) -> str:
    """The id of a file. CKAN keeps ids apart, so a file that is sent twice by accident cannot become two."""
    return str(uuid.uuid5(_FAMILY, f"{package}/{path}"))


def made_here(resource: str) -> bool:
    """Whether an id is of resource_id's kind; CKAN itself draws random ones (version 4)."""
    try:
        return uuid.UUID(resource).version == 5
    except ValueError:
        return False


def tags(keywords: tuple[str, ...]) -> list[str]:
    """Keywords as CKAN's tags: letters, digits, space, '-', '_' and '.'; what is too short for a tag is left out."""
    clean = {" ".join(re.sub(r"[^\w \-.]", " ", word).split())[:LENGTH].strip() for word in keywords}
    return sorted(word for word in clean if len(word) >= 2)
