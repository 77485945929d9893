"""What CKAN shall hold of a dataset, in CKAN's own fields, derived from its descriptor alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pipelines.catalogue import Dataset, Portal, Withdrawn
from pipelines.catalogue.parts import Column, Licence, Produsen, Resource
from pipelines.catalogue.portal import web
from pipelines.ckan.names import name, tags

Fields = dict[str, Any]
_LICENCES = {"CC-BY-4.0": "cc-by", "CC-BY-SA-4.0": "cc-by-sa", "CC0-1.0": "cc-zero", "ODbL-1.0": "odc-odbl"}
_TYPES = {"integer": "int8", "year": "int8", "number": "numeric", "boolean": "bool", "date": "date"}
_TYPES |= {"datetime": "timestamp"}
_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
EXTRAS = (
    "kode_produsen", "instansi", "kode_wilayah_produsen", "kategori", "prioritas_tahun", "klasifikasi", "jadwal",
    "diperbarui", "berikutnya", "baris", "cakupan_wilayah", "cakupan_tingkat", "cakupan_tahun", "konsep", "satuan",
    "standar", "mutu_skor", "nilai_disembunyikan", "lisensi", "asal", "statistik", "ditarik",
)  # fmt: skip
"""Extras that a release answers for; others on CKAN are a person's and stay as they are."""


def organisation(produsen: Produsen) -> Fields:
    """The organisation of an agency."""
    return {"name": name(produsen.kode), "title": produsen.nama, "state": "active"}


def package(dataset: Dataset, licences: Collection[str]) -> Fields:
    """The package of a dataset, without its files. `licences` are the ids that this CKAN knows."""
    about = dataset.satudata
    return {
        "name": name(dataset.slug),
        "title": dataset.title,
        "notes": dataset.description,
        "version": dataset.version,
        "license_id": _licence_id(dataset.licence, licences),
        "author": about.produsen.nama,
        "author_email": Portal().contact(about.produsen) or "",
        "url": web(about.produsen.situs) or "",
        "owner_org": name(about.produsen.kode),
        "tags": [{"name": tag} for tag in tags(dataset.keywords)],
        "extras": _extras(dataset),
        "private": False,
    }


def tombstone(gone: Withdrawn) -> Fields:
    """What is left of the package of a withdrawn dataset: its title, and why it is not there any more."""
    return {
        "name": name(gone.slug),
        "title": gone.judul,
        "notes": f"Dataset ini ditarik pada {gone.tanggal:%d-%m-%Y}. Alasan: {gone.alasan}",
        "version": "",
        "tags": [],
        "extras": {"ditarik": gone.tanggal.isoformat()},
    }


def resource(file: Resource) -> Fields:
    """One file. `hash` is its sha256 in hex; the algorithm stands beside it, as ckanext-dcat reads it."""
    licence = "; ".join(_said(one) for one in file.licenses)
    return {
        "name": file.label,
        "description": "\n".join(t for t in (file.description, f"Lisensi: {licence}" if licence else "") if t),
        "format": file.format.upper(),
        "mimetype": file.mediatype,
        "size": file.bytes,
        "hash": file.sha256,
        "hash_algorithm": _SHA256,
    }


def table(columns: Iterable[Column]) -> list[Fields]:
    """Columns of the datastore with the data dictionary. Codes are strings in the descriptor, so they stay text."""
    return [{"id": c.name, "type": _TYPES.get(c.type, "text"), "info": _info(c)} for c in columns]


def differences(wanted: Mapping[str, Any], held: Mapping[str, Any]) -> Fields:
    """The fields of `wanted` that CKAN holds otherwise, as they must be sent.

    CKAN strips titles, gives "" back as None, tags in its own order, and formats in its own spelling (GeoJSON);
    extras that are a person's are sent along.
    """
    found = {k: v for k, v in wanted.items() if k not in ("tags", "extras") and _as_held(k, v) != _held(k, held)}
    if "tags" in wanted and _named(wanted["tags"]) != _named(held.get("tags", [])):
        found["tags"] = wanted["tags"]
    if "extras" in wanted:
        extras = {e["key"]: e["value"] for e in held.get("extras", [])}
        kept = {k: v for k, v in extras.items() if k not in EXTRAS}
        if wanted["extras"] | kept != extras:
            found["extras"] = listed(wanted["extras"] | kept)
    return found


def ours(held: Mapping[str, Any]) -> bool:
    """Whether a package was made by a push: it names an agency by our code, or is a tombstone."""
    return any(extra["key"] in ("kode_produsen", "ditarik") for extra in held.get("extras", []))


def listed(extras: Mapping[str, str]) -> list[Fields]:
    """Extras as CKAN wants them."""
    return [{"key": key, "value": value} for key, value in extras.items()]


def _extras(dataset: Dataset) -> dict[str, str]:
    about, cover, columns = dataset.satudata, dataset.satudata.cakupan, dataset.columns
    values: dict[str, str | None] = {
        "kode_produsen": about.produsen.kode,
        "instansi": about.produsen.instansi,
        "kode_wilayah_produsen": about.produsen.kode_wilayah,
        "kategori": about.kategori,
        "prioritas_tahun": _joined(map(str, about.prioritas_tahun or ())),
        "klasifikasi": about.klasifikasi,
        "jadwal": about.jadwal,
        "diperbarui": about.diperbarui.isoformat(),
        "berikutnya": about.berikutnya.isoformat() if about.berikutnya else None,
        "baris": str(about.baris),
        "cakupan_wilayah": _joined(cover.wilayah),
        "cakupan_tingkat": cover.tingkat,
        "cakupan_tahun": "-".join(map(str, cover.tahun)) if cover.tahun else None,
        "konsep": _joined(sorted({c.title for c in columns if c.peran == "ukuran" and c.title})),
        "satuan": _joined(sorted({c.satuan for c in columns if c.satuan})),
        "standar": _joined(sorted({c.standar for c in columns if c.standar})),
        "mutu_skor": str(about.mutu.skor) if about.mutu else None,
        "nilai_disembunyikan": str(about.perlindungan.disembunyikan) if about.perlindungan else None,
        "lisensi": "; ".join(_said(one) for one in dataset.licenses),
        "asal": "\n".join(f"{step.langkah}: {step.keterangan}".removesuffix(": ") for step in about.asal),
        "statistik": json.dumps(about.statistik, ensure_ascii=False, sort_keys=True) if about.statistik else None,
    }
    return {key: value for key, value in values.items() if value}


def _info(column: Column) -> dict[str, str]:
    """What the data dictionary of CKAN shows of a column, and the rest that a release says of it."""
    said = {
        "label": column.label,
        "notes": column.description,
        "satuan": column.satuan or "",
        "standar": column.standar or "",
        "klasifikasi": column.klasifikasi or "",
    }
    return {key: value for key, value in said.items() if value}


def _licence_id(licence: Licence | None, known: Collection[str]) -> str:
    if licence is None:
        return ""
    return licence.name if licence.name in known else _LICENCES.get(licence.name, licence.name)


def _said(licence: Licence) -> str:
    return f"{licence.name} {licence.path}" if licence.path else licence.name


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words)


def _held(key: str, held: Mapping[str, Any]) -> Any:
    """What CKAN holds of a field; of the organisation its name, where CKAN has an id."""
    return _as_held(key, (held.get("organization") or {}).get("name") if key == "owner_org" else held.get(key))


def _as_held(key: str, value: Any) -> Any:
    """A value as CKAN may give it back: text without blanks around it, empty text for none."""
    if isinstance(value, bool):
        return value
    text = str(value).strip() if value else ""
    return text.lower() if key == "format" else text


def _named(given: Iterable[Mapping[str, Any]]) -> set[str]:
    return {tag["name"] for tag in given}
