"""Which datasets of a release a command is about."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pipelines.catalogue import Dataset, Withdrawn, datasets, withdrawn
from pipelines.ckan.errors import CkanError


def choose(release: Path, only: Collection[str] | None) -> tuple[list[Dataset], list[Withdrawn]]:
    """Datasets and tombstones of a release, by slug; with `only`, those of these slugs.

    Raises CkanError for a release without any, or a slug that is not in it; DescriptorError.
    """
    chosen, gone = datasets(release), withdrawn(release)
    if not chosen and not gone:
        raise CkanError(f"{release} holds no dataset: give the folder of a finished release")
    if only is None:
        return chosen, gone
    known = {d.slug for d in chosen} | {w.slug for w in gone}
    if missing := sorted(set(only) - known):
        raise CkanError(f"{release} has no dataset {', '.join(missing)}: give slugs, as its folders are called")
    return [d for d in chosen if d.slug in only], [w for w in gone if w.slug in only]
