"""From a draft to `latest`: approved by a name with a reason, signed, verified, switched by one rename."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from pipelines.catalogue.dataset import DESCRIPTOR
from pipelines.disclosure import DisclosureError
from pipelines.formats import FileError
from pipelines.gate import GateError
from pipelines.home import Home, HomeError
from pipelines.publish import closed, draft, mark
from pipelines.publish.inputs import Inputs, ReleaseError, ReleaseResult
from pipelines.publish.workbench import FATAL
from pipelines.release import (
    Approval,
    ReleaseFault,
    approval,
    approve,
    current,
    promote,
    public_file,
    signing_key,
    sweep,
    verify,
    withdrawn,
)

BY_CONTRACT = ("satudata", "persetujuan otomatis menurut kontrak")


def prepare(home: Home, inputs: Inputs) -> ReleaseResult:
    """Build a draft of everything, for a person to approve. The caller holds the home's lock.

    Raises ReleaseError or HomeError with nothing changed.
    """
    with _told(home):
        with draft.built(home, inputs) as found:
            if found.changed:
                draft.keep(home, found)
            else:
                draft.forget(home)
        return found


def confirm(home: Home, oleh: str, alasan: str, waktu: datetime) -> ReleaseResult:
    """Make the draft that waits the release that readers see, signed in the name of `oleh`.

    Raises ReleaseError without a draft, or where another release was made since it was built; else as `prepare`.
    """
    with _told(home):
        found = draft.waiting(home)
        if found is None:
            raise ReleaseError("there is no draft; build one with: satudata publish")
        last = current(home)
        seen = last.name if last else None
        if seen not in (draft.before(found.path), found.version):
            raise ReleaseError("another release was made since this draft; look at a new one: satudata publish")
        if gone := sorted(slug for slug in withdrawn(home) if (found.path / slug / DESCRIPTOR).exists()):
            raise ReleaseError(f"{', '.join(gone)} was withdrawn since this draft; look at a new one: satudata publish")
        if problems := verify(found.path, draft=True, deep=False):
            raise ReleaseError(f"the draft does not verify, build it anew: {problems[0]}")
        _approve(home, found, Approval(oleh, alasan, waktu.isoformat(timespec="seconds")))
        draft.forget(home)
        return found


def release(home: Home, inputs: Inputs, waktu: datetime) -> ReleaseResult:
    """What the night does alone: release the datasets whose contracts say so; the others keep their last release.

    Nothing is done where no input changed since the last release. Raises ReleaseError or HomeError with nothing
    changed. The caller holds the home's lock.
    """
    with _told(home):
        sweep(home)
        seen = mark.of(inputs)
        if known := mark.last(home, seen):
            return known
        held = {c.key for c in inputs.open() if c.persetujuan != "otomatis"}
        with draft.built(home, inputs, held) as found:
            if found.changed:
                _approve(home, found, Approval(*BY_CONTRACT, waktu.isoformat(timespec="seconds")))
        mark.write(home, seen, found)
        return found


def _approve(home: Home, found: ReleaseResult, said: Approval) -> None:
    last = current(home)
    approve(found.path, signing_key(home), said)
    approval(found.path, public_file(home))
    keep = closed.folder(home, found.version)
    hidden = found.path.with_name(draft.CLOSED)
    if hidden.is_dir():
        keep.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(keep, ignore_errors=True)
        hidden.rename(keep)
    place = promote(home, found.path)
    closed.forget(home, found.version)
    found.path, found.changed = place, last is None or last.name != found.version


@contextmanager
def _told(home: Home) -> Iterator[None]:
    """Put errors of which no dataset is the cause into words."""
    try:
        yield
    except OSError as error:
        raise HomeError.of(error, home.releases) from error
    except (*FATAL, GateError, DisclosureError, FileError, ReleaseFault) as error:
        raise ReleaseError(f"no release was made, the last one stays: {error}") from error
