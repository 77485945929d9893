"""A draft: a whole release folder that nobody has approved yet.

That of a person waits in draft/<version> of the home with, beside it, what it knows and does not tell, what came of it
(hasil.json), and a page to decide by. That of the night is approved as soon as it is built, and never waits.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import TypeAdapter

from pipelines.home import Home, promote_dir, sweep, write_json
from pipelines.home.atomic import scratch
from pipelines.publish.assembly import assemble
from pipelines.publish.inputs import Inputs, ReleaseError, ReleaseResult
from pipelines.publish.report import REPORT, write_report
from pipelines.publish.workers import workers
from pipelines.release import current, read_manifest, verify
from pipelines.release.switch import LATEST

FOLDER, RELEASE, CLOSED, RESULT = "draft", "rilis", "tertutup", "hasil.json"
_RESULT = TypeAdapter(ReleaseResult)


@contextmanager
def built(home: Home, inputs: Inputs, held: Collection[str] = ()) -> Iterator[ReleaseResult]:
    """The release that today's warehouse gives, not approved; `path` of the result is its folder.

    Contracts in `held` keep their last release. `changed` is False where the version is that of the last release, and
    `path` is that. What is not moved away is removed in the end. Raises ReleaseError, DisclosureError, GateError,
    FileError and those of DuckDB in FATAL.
    """
    place, last = _folder(home), current(home)
    if last is None and (home.releases / LATEST).is_symlink():
        raise ReleaseError(
            f"{home.releases / LATEST} leads to a release that is not there, and what it hid cannot be guarded without "
            "it: bring it back from a backup, or remove the link to begin anew"
        )
    place.mkdir(mode=0o700, exist_ok=True)
    sweep(place)
    with scratch(home.tmp) as spill, scratch(place) as work:
        work.mkdir()
        with workers(inputs, last, spill) as hands:
            result = assemble(home, hands, work / RELEASE, work / CLOSED, held)
        same = last is not None and result.version == last.name and not verify(last, draft=True, deep=False)
        result.changed, result.path = not same, last if last and same else work / RELEASE
        yield result


def keep(home: Home, found: ReleaseResult) -> None:
    """Let a draft that was built wait for a person, with its report; the one that waited before is removed."""
    work, last = found.path.parent, current(home)
    write_json(work / RESULT, _RESULT.dump_python(found, mode="json", exclude={"path"}))
    write_report(found, found.path, last, work / REPORT)
    place = _folder(home) / found.version
    promote_dir(work, place)
    found.path = place / RELEASE
    forget(home, but=found.version)


def waiting(home: Home) -> ReleaseResult | None:
    """The draft that waits for a person, or None."""
    for one in sorted(_folder(home).glob(f"*/{RESULT}")):
        found = _RESULT.validate_json(one.read_bytes())
        found.path = one.parent / RELEASE
        return found
    return None


def forget(home: Home, but: str | None = None) -> None:
    """Remove the drafts that wait, but one version."""
    for other in _folder(home).iterdir():
        if other.name != but:
            shutil.rmtree(other)


def before(release: Path) -> str | None:
    """The version that a draft follows."""
    return read_manifest(release).sebelum


def _folder(home: Home) -> Path:
    return home.root / FOLDER
