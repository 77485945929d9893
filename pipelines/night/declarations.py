"""The declarations a night works with: a broken contract costs its own source, never the night."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.contract.load import Library, load_library
from pipelines.contract.model import Contract
from pipelines.contract.yaml_lines import DeclarationError, Problem
from pipelines.home import REPO, Home, write_bytes

REFERENSI = REPO / "sources" / "referensi"
STANDARDS = REPO / "expectations" / "standards"
REMEMBERED = "_kontrak"  # in staging; no produsen is called like that


@dataclass(frozen=True)
class Declared:
    """What can be used, and what is wrong.

    A source whose contract is broken stands in `library` as the home remembers it from the last night that
    could use it, so that its last good version stays in use; if there was none, it is not there.
    """

    library: Library
    problems: tuple[Problem, ...] = ()

    def wrong(self, contract: Contract) -> list[Problem]:
        """What is wrong with the present form of a contract."""
        return [problem for problem in self.problems if problem.path == Path(contract.path)]


def declare(home: Home, sources: Path) -> Declared:
    """Load the contracts in `sources`; writes nothing.

    Raises DeclarationError when something is wrong that is not one source's own: a standard, the list of
    agencies, a contract that others need, or all contracts.
    """
    try:
        return Declared(load_library(sources, REFERENSI, STANDARDS))
    except DeclarationError as error:
        broken = error
    paths = {problem.path for problem in broken.problems}
    if not all(path.is_relative_to(sources) for path in paths):
        raise broken
    with tempfile.TemporaryDirectory() as folder:
        usable = Path(folder)
        for path in _contracts(sources):
            link = usable / path.relative_to(sources)
            kept = home.staging / REMEMBERED / path.relative_to(sources) if path in paths else path
            if kept.exists():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(kept.resolve())
        try:
            library = load_library(usable, REFERENSI, STANDARDS)
        except DeclarationError:
            raise broken from None
    if not library.contracts:
        raise broken
    contracts = [
        c.model_copy(update={"path": str(sources / Path(c.path).relative_to(usable))}) for c in library.contracts
    ]
    return Declared(replace(library, contracts=tuple(contracts)), tuple(broken.problems))


def remember(home: Home, sources: Path, declared: Declared) -> None:
    """Keep what each contract says now, for nights in which it is broken."""
    for contract in declared.library.contracts:
        path = Path(contract.path)
        kept = home.staging / REMEMBERED / path.relative_to(sources)
        if not declared.wrong(contract) and not (kept.exists() and kept.read_bytes() == path.read_bytes()):
            write_bytes(kept, path.read_bytes())


def _contracts(sources: Path) -> list[Path]:
    return [*sources.glob("opd/*/*.yml"), *sources.glob("kabupaten/*/*.yml")]
