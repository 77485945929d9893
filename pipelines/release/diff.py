"""What changed from one release to the next: in words for the public, and in rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from pipelines.catalogue import Dataset, Withdrawn, withdrawn
from pipelines.catalogue.dataset import DESCRIPTOR
from pipelines.release.compare import Counts, Edition, Pair
from pipelines.release.manifest import MANIFEST
from pipelines.release.problem import ReleaseFault
from pipelines.release.words import number, of_description, of_rows


@dataclass(frozen=True)
class Change:
    """One dataset that is not as it was, as riwayat.json tells it.

    Rows before (None: it was not there) + `ditambah` - `dihapus` = rows now (None: it is gone); `diubah` are
    rows of the same key with other values.
    """

    slug: str
    judul: str
    jenis: Literal["baru", "berubah", "ditarik", "hilang", "kembali"]
    baris_lama: int | None
    baris_baru: int | None
    ditambah: int
    dihapus: int
    diubah: int
    kalimat: tuple[str, ...]


def diff(con: duckdb.DuckDBPyConnection, old: Path | None, new: Path) -> list[Change]:
    """Datasets of `new` (a release or a draft) that `old` has not or has otherwise, and those it lost, by slug.

    A dataset with the same descriptor, which holds the hashes of its files, is not read. An `old` without a
    manifest (of an earlier program) counts as none. Memory and spill folder are those of `con`. Raises
    DescriptorError, and duckdb.Error for a damaged file.
    """
    before = _before(old)
    one, other = _states(before), _states(new)
    found = (_change(con, one.get(slug), other.get(slug)) for slug in sorted(one.keys() | other.keys()))
    return [change for change in found if change]


def rows(
    con: duckdb.DuckDBPyConnection, old: Path | None, new: Path, slug: str, limit: int
) -> tuple[list[str], list[list[str]]]:
    """Header and at most `limit` rows of one dataset that differ, for people to read.

    Raises ReleaseFault where neither release has a table of this name, else as `diff`.
    """
    one, other = (_states(release).get(slug) for release in (_before(old), new))
    old_edition, new_edition = _edition(one), _edition(other)
    if not old_edition and not new_edition:
        raise ReleaseFault(f"neither release has a table '{slug}'; without --rows the datasets that changed are named")
    return Pair(con, old_edition, new_edition).rows(limit)


@dataclass(frozen=True)
class _Published:
    """A dataset in one release; its descriptor is parsed only when it is needed."""

    folder: Path

    def described(self) -> bytes:
        return (self.folder / DESCRIPTOR).read_bytes()

    def read(self) -> Dataset:
        return Dataset.read(self.folder)


_State = _Published | Withdrawn | None


def _change(con: duckdb.DuckDBPyConnection, before: _State, now: _State) -> Change | None:
    if isinstance(before, _Published) and isinstance(now, _Published):
        return None if before.described() == now.described() else _changed(con, before, now)
    if isinstance(now, _Published):
        new = now.read()
        rows_ = new.satudata.baris
        if isinstance(before, Withdrawn):
            said = f"Diterbitkan kembali setelah ditarik, dengan {number(rows_)} baris."
            return Change(new.slug, new.title, "kembali", None, rows_, rows_, 0, 0, (said,))
        return Change(
            new.slug, new.title, "baru", None, rows_, rows_, 0, 0, (f"Dataset baru dengan {number(rows_)} baris.",)
        )
    lost = before.read() if isinstance(before, _Published) else None
    rows_ = lost.satudata.baris if lost else 0
    if isinstance(now, Withdrawn):
        if isinstance(before, Withdrawn):
            return None
        said = f"Dataset ditarik pada {now.tanggal}: {now.alasan}"
        return Change(now.slug, now.judul, "ditarik", rows_ if lost else None, None, 0, rows_, 0, (said,))
    if lost:
        return Change(lost.slug, lost.title, "hilang", rows_, None, 0, rows_, 0, ("Dataset tidak lagi diterbitkan.",))
    return None  # a tombstone that nobody repeats: the dataset was gone before


def _changed(con: duckdb.DuckDBPyConnection, before: _Published, now: _Published) -> Change:
    """Rows are read only where the CSV is another one."""
    old, new = before.read(), now.read()
    text = list(of_description(old, new))
    one, other = _edition(before), _edition(now)
    same_table = old.csv and new.csv and old.csv.sha256 == new.csv.sha256
    if same_table or {r.hash for r in old.data_files} == {r.hash for r in new.data_files}:
        counts = Counts()
    elif one and other:
        counts = Pair(con, one, other).counts()
        text = [*of_rows(counts), *text]
    else:
        more = new.satudata.baris - old.satudata.baris
        counts = Counts(max(more, 0), max(-more, 0))
        text = [*of_rows(counts), "Berkas data diperbarui.", *text]
    return Change(
        new.slug,
        new.title,
        "berubah",
        old.satudata.baris,
        new.satudata.baris,
        counts.added,
        counts.removed,
        counts.changed,
        tuple(text) or ("Keterangan dataset diperbarui.",),
    )


def _edition(state: _State) -> Edition | None:
    return Edition.of(state.folder, state.read()) if isinstance(state, _Published) else None


def _states(release: Path | None) -> dict[str, _Published | Withdrawn]:
    if release is None:
        return {}
    found: dict[str, _Published | Withdrawn] = {
        p.parent.name: _Published(p.parent) for p in release.glob(f"*/{DESCRIPTOR}")
    }
    return found | {one.slug: one for one in withdrawn(release)}


def _before(old: Path | None) -> Path | None:
    return old if old and (old / MANIFEST).is_file() else None
