"""Who is who: the stage of a night between the checks and the warehouse."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from pipelines.check.store import data_file, fingerprint, read_state
from pipelines.contract.load import Library
from pipelines.home import REPO, Home, Key, aside, promote_dir
from pipelines.home.store import attach
from pipelines.identity import decisions, export, pseudonym
from pipelines.identity.institution import answers as institution_answers
from pipelines.identity.institution.history import golden_institutions, note_history
from pipelines.identity.institution.link import link_institutions
from pipelines.identity.institution.pairs import note_pairs
from pipelines.identity.name_marks import export_names
from pipelines.identity.people import update_people
from pipelines.identity.records import InUse, gather_institutions, gather_people
from pipelines.identity.vault import institutions_file, names_file, register_file
from pipelines.landing import needs_key
from pipelines.sql import literal

MEMORY_LIMIT = "4GB"
_MARK = "tanda"
_IDENTITY = REPO / "pipelines" / "identity"
# What decides which records are one person: if it changes, all are linked anew.
_LINKS = (_IDENTITY / "linkage", _IDENTITY / "records.py", _IDENTITY / "subject" / "corrections.py")


@dataclass(frozen=True)
class Identity:
    """The registers of one home, and what the warehouse reads of them: staging/_identitas.

    Without `key` persons stay as the last night with it left them.
    """

    home: Home
    library: Library
    key: Key | None
    say: Callable[[str], None]

    @property
    def folder(self) -> Path:
        """What identity gave out last; see pipelines/identity/export.py."""
        return self.home.staging / "_identitas"

    @property
    def mark(self) -> str:
        """What the files in `folder` were made from; empty when there are none."""
        path = self.folder / _MARK
        return path.read_text() if path.is_file() else ""

    def update(self) -> bool:
        """Bring registers and `folder` up to date with the datasets in use; says whether there was work."""
        versions = list(self._versions())
        mark = fingerprint(self._inputs(versions))
        if mark == self.mark or not (versions or self.mark):
            return False
        self.say("identity")
        with tempfile.TemporaryDirectory(dir=self.home.tmp, ignore_cleanup_errors=True) as work:
            out = Path(work) / "identitas"
            out.mkdir()
            self._institutions(versions, out)
            locked = [v for v in versions if needs_key(self.library, v.contract)]
            if self.key is not None:
                self._people(locked, out, self.key)
            else:
                export.copy_over(self.folder, out, locked)
            (out / _MARK).write_text(mark)
            promote_dir(out, self.folder)
        return True

    def _versions(self) -> Iterator[InUse]:
        for contract in self.library.contracts:
            good = read_state(self.home, contract).good
            rows = data_file(self.home, contract)
            # Rows that an older version of this program accepted have no numbers; the next good delivery has.
            if contract.identitas and good and good.folder and rows and "_no" in pq.read_schema(rows).names:
                yield InUse(contract, good.folder, rows, datetime.fromisoformat(good.modified).date())

    def _inputs(self, versions: list[InUse]) -> Iterator[str]:
        yield fingerprint([_IDENTITY, REPO / "pipelines" / "night" / "identity.py"])
        yield f"key {self.key.version if self.key else 'none'}"
        if self.key is not None:
            yield decisions.mark(self.home)
        yield institution_answers.mark(self.home)
        for version in versions:
            yield f"{version.contract.key} {version.contract.sidik} {version.folder}"

    @contextmanager
    def _connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that spills where personal data may lie."""
        with tempfile.TemporaryDirectory(dir=self.home.identity_tmp, ignore_cleanup_errors=True) as spill:
            settings = {"memory_limit": MEMORY_LIMIT, "temp_directory": spill}
            with duckdb.connect(config=settings) as con:
                yield con

    def _institutions(self, versions: list[InUse], out: Path) -> None:
        path = institutions_file(self.home)
        with self._connect() as con:
            gather_institutions(con, versions)
            institution_answers.load(con, self.home, "jawaban_lembaga")
            with aside(path) as unfinished:
                if path.is_file():
                    shutil.copyfile(path, unfinished)
                con.execute(f"ATTACH {literal(str(unfinished))} AS institusi")
                con.execute("USE institusi")
                link_institutions(con, "lembaga", "jawaban_lembaga")
                note_pairs(con, "lembaga")
                golden_institutions(con, "lembaga")
                note_history(con, max((v.day for v in versions), default=date.min))
                con.execute("USE memory")
                export.export_institutions(con, "institusi", out)
                for version in versions:
                    if not needs_key(self.library, version.contract):
                        export.link_nobody(con, version)
                        export.export_rows(con, version, "institusi.xref", out)
                con.execute("DETACH institusi")

    def _people(self, versions: list[InUse], out: Path, key: Key) -> None:
        path, institutions = register_file(self.home), institutions_file(self.home)
        with self._connect() as con:
            decisions.load(con, self.home, key)
            gather_people(con, self.home, key, versions)
            with aside(names_file(self.home)) as unfinished:
                export_names(con, "SELECT nama FROM rekaman UNION ALL SELECT nama_ibu FROM rekaman", key, unfinished)
            with aside(path) as unfinished:
                if path.is_file():
                    shutil.copyfile(path, unfinished)
                attach(con, unfinished, key, "register")
                update_people(con, "register", fingerprint(_LINKS), datetime.now(UTC).replace(tzinfo=None))
                con.execute(f"ATTACH {literal(str(institutions))} AS institusi (READ_ONLY)")
                con.execute("USE register")
                pseudonym.install(con, key)
                export.export_people(con, key, out)
                for version in versions:
                    export.link_people(con, version)
                    export.export_rows(con, version, "institusi.xref", out)
                con.execute("USE memory")
                con.execute("DETACH register")
