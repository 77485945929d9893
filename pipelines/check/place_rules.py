"""The rules of a contract's pair of coordinates, and what findings about places name."""

from __future__ import annotations

from pipelines.contract.load import Library
from pipelines.contract.model import Contract, Keparahan
from pipelines.sql import ident
from pipelines.wilayah import label

POINT = "titik"  # the standard of a pair of coordinates and its place
# Of a rule: kolom, standar, nama, tingkat, sah, pesan, saran.
Found = tuple[str, str, str, Keparahan, str, str, str]


def details(column: str, place: bool) -> dict[str, str]:
    """What a message may name beside its cell: placeholder -> SQL text over m (`mentah`), p (`periksa`), t (`tempat`).

    `place`: the column holds a code or a name of a place.
    """
    named = {
        "{tempat}": label("p._wilayah_kini"),
        "{titik}": label("p._titik_kode"),
        "{jarak}": "replace(format('{:,}', greatest(1, round(p._titik_jarak))::BIGINT), ',', '.')",
    }
    if place:
        named["{usul}"] = label(f"t.{ident(column + '__usul')}.kode")
        named["{calon}"] = f"array_to_string(t.{ident(column + '__calon')}[:5], ', ')"
        named["{kode_tempat}"] = label(f"t.{ident(column + '__kode')}")
        named["{nama_tempat}"] = label("t.wilayah_nama")
    return named


def point_rules(library: Library, contract: Contract) -> list[Found]:
    """The rules of the standard POINT, found at the first column of the pair.

    Those about the place of the point are findings of that standard, the others of the column's own.
    """
    if not (contract.wilayah and contract.wilayah.titik):
        return []
    latitude, longitude = contract.wilayah.titik
    cells = {
        "{lintang}": ident(latitude),
        "{bujur}": ident(longitude),
        "{titik_kode}": "_titik_kode",
        "{titik_jarak}": "_titik_jarak",
        "{kode_baris}": "_wilayah_kini",
        "{titik_dicari}": "_titik_dicari",
    }
    found: list[Found] = []
    for rule in library.standards[POINT].aturan:
        sah = rule.sah
        for mark, cell in cells.items():
            sah = sah.replace(mark, cell)
        standard = POINT if "{titik_" in rule.sah else contract.kolom[latitude].standar
        found.append((latitude, standard, rule.nama, rule.tingkat, f"coalesce({sah}, true)", rule.pesan, rule.saran))
    return found
