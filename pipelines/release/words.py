"""What changed in a dataset, as sentences for the public (Bahasa Indonesia)."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Column
from pipelines.release.compare import Counts


def number(count: int) -> str:
    """1234 as '1.234'."""
    return f"{count:,}".replace(",", ".")


def of_rows(counts: Counts) -> Iterator[str]:
    """What became of the rows and of hidden cells; nothing where nothing changed."""
    kinds = ((counts.added, "baru"), (counts.changed, "berubah"), (counts.removed, "dihapus"))
    if parts := [f"{number(count)} baris {word}" for count, word in kinds if count]:
        yield ", ".join(parts) + "."
    if (counts.added or counts.removed) and not counts.keyed:
        yield "Baris dataset ini tidak berkunci, sehingga baris yang berubah dihitung sebagai dihapus dan baru."
    if counts.columns:
        cells = ", ".join(f"{name} ({number(count)} baris)" for name, count in counts.columns.items())
        yield f"Kolom yang isinya berubah: {cells}."
    for name, count in counts.hidden.items():
        yield f"{number(count)} nilai kolom {name} kini disembunyikan."
    for name, count in counts.opened.items():
        yield f"{number(count)} nilai kolom {name} yang dahulu disembunyikan kini dibuka."


def of_description(old: Dataset, new: Dataset) -> Iterator[str]:
    """What changed in the descriptor beside the rows."""
    one, other = old.satudata, new.satudata
    for what, before, now in (
        ("Judul", old.title, new.title),
        ("Lisensi", _licence(old), _licence(new)),
        ("Produsen data", one.produsen.nama, other.produsen.nama),
        ("Jadwal", one.jadwal, other.jadwal),
        ("Kategori", one.kategori, other.kategori),
        ("Tingkat wilayah", one.cakupan.tingkat, other.cakupan.tingkat),
        ("Kunci baris", ", ".join(old.primary_key), ", ".join(new.primary_key)),
        ("Tanggal data", one.diperbarui.isoformat(), other.diperbarui.isoformat()),
    ):
        if before != now:
            yield _became(what, before, now)
    if old.description != new.description:
        yield "Deskripsi dataset diperbarui."
    before_, now_ = {c.name: c for c in old.columns}, {c.name: c for c in new.columns}
    for name in now_:
        if name not in before_:
            yield f"Kolom {name} ditambahkan."
        else:
            yield from _column(before_[name], now_[name])
    yield from (f"Kolom {name} dihapus." for name in before_ if name not in now_)
    formats = [[r.format for r in d.data_files] for d in (old, new)]
    yield from (f"Berkas {_format(f)} ditambahkan." for f in formats[1] if f not in formats[0])
    yield from (f"Berkas {_format(f)} tidak lagi disediakan." for f in formats[0] if f not in formats[1])


def _column(old: Column, new: Column) -> Iterator[str]:
    for what, before, now in (
        ("Jenis nilai", old.type, new.type),
        ("Konsep", old.title, new.title),
        ("Satuan", old.satuan, new.satuan),
        ("Klasifikasi", old.klasifikasi, new.klasifikasi),
    ):
        if before != now:
            yield _became(f"{what} kolom {new.name}", before, now)
    if old.description != new.description:
        yield f"Definisi kolom {new.name} diperbarui."
    if old.constraints != new.constraints:
        yield f"Aturan isian kolom {new.name} diperbarui."


def _became(what: str, before: str | None, now: str | None) -> str:
    if not before:
        return f"{what} kini {now}."
    return f"{what} berubah dari {before} menjadi {now}." if now else f"{what} tidak lagi disebutkan (dahulu {before})."


def _licence(dataset: Dataset) -> str | None:
    return dataset.licence.name if dataset.licence else None


def _format(name: str) -> str:
    return {"geojson": "GeoJSON", "parquet": "Parquet"}.get(name, name.upper())
