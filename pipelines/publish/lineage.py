"""From whom a dataset came, and what was done to it on the way, in plain Bahasa."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.contract.model import Contract
from pipelines.publish.examine import Fresh
from pipelines.publish.inputs import Inputs


def steps(inputs: Inputs, fresh: Fresh, hidden: Mapping[str, int] | None) -> list[dict[str, str]]:
    """The steps in their order: `langkah` and `keterangan`."""
    contract, delivery = fresh.contract, fresh.delivery
    files = "1 berkas" if delivery.berkas == 1 else f"{delivery.berkas} berkas"
    found = [(f"Kiriman {inputs.agency(contract).nama}", f"{files}; keadaan {delivery.tanggal.isoformat()}")]
    if told := delivery.mutu:
        refused = f"; {told.ditolak} ditahan dan dikembalikan ke produsen data" if told.ditolak else ""
        notes = f"; {told.bukan_data} baris jumlah atau catatan disisihkan" if told.bukan_data else ""
        found.append(("Pemeriksaan standar data", f"{told.diterima} dari {told.dibaca} baris diterima{refused}{notes}"))
    if contract.wilayah:
        found.append(("Penyelarasan kode wilayah", _place(contract)))
    if contract.institutions():
        found.append(("Penyelarasan institusi", "Institusi yang sama diberi satu kunci di gudang data"))
    found.append(("Gerbang rilis", "Tidak ditemukan data pribadi dalam nilai maupun metadata"))
    if hidden is not None:
        number = sum(hidden.values())
        what = f"{number} nilai disembunyikan" if number else "Tidak ada nilai yang perlu disembunyikan"
        found.append(("Pengendalian pengungkapan", what))
    return [{"langkah": step, "keterangan": text} for step, text in found]


def _place(contract: Contract) -> str:
    place = contract.wilayah
    ways = {
        "kode": bool(place and place.kode),
        "nama": bool(place and place.nama),
        "titik koordinat": bool(place and place.titik),
        "tempat yang tetap untuk seluruh berkas": bool(place and place.tetap),
    }
    return f"Kode Kemendagri ditentukan dari {', '.join(way for way, used in ways.items() if used)}"
