"""Whether anything that decides about a release changed since the last one was made."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError

import pipelines
from pipelines.check.store import fingerprint
from pipelines.home import Home, write_json
from pipelines.publish import closed
from pipelines.publish.inputs import Inputs, ReleaseResult
from pipelines.release import current, verify

MARK = "masukan.json"
_CODE = (
    "publish", "gate", "disclosure", "formats", "catalogue", "site", "release", "contract", "referensi",
    "spreadsheet.py", "sql.py",
)  # fmt: skip


class _Marked(BaseModel):
    """The inputs of a release, and what came of them."""

    masukan: str
    hasil: ReleaseResult


def of(inputs: Inputs) -> str:
    """One hash of all inputs. The warehouse counts by its size and time: every build writes it anew."""
    library, store = inputs.library, inputs.warehouse
    state = (store.stat().st_size, store.stat().st_mtime_ns) if store.is_file() else None
    declared = [repr(one) for one in (library.contracts, library.standards, library.opd, library.general)]
    said = repr((state, sorted(inputs.deliveries.items()), inputs.portal, sorted(inputs.withdrawn.items())))
    code = [Path(pipelines.__path__[0]) / name for name in _CODE]
    return fingerprint([*declared, said, *([inputs.names] if inputs.names else []), *code])


def last(home: Home, mark: str) -> ReleaseResult | None:
    """What came of the same inputs, if the last release was made of them and its files are all there."""
    here = current(home)
    if here is None:
        return None
    try:
        found = _Marked.model_validate_json((closed.folder(home, here.name) / MARK).read_bytes())
    except (OSError, ValidationError):
        return None
    if found.masukan != mark or found.hasil.version != here.name or verify(here, draft=True, deep=False):
        return None
    found.hasil.changed, found.hasil.path = False, here
    return found.hasil


def write(home: Home, mark: str, result: ReleaseResult) -> None:
    """Remember of what the last release was made."""
    folder = closed.folder(home, result.version)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_json(folder / MARK, _Marked(masukan=mark, hasil=result).model_dump(mode="json"))
