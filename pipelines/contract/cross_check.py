"""What one contract alone cannot know: folders, agencies, standards, other contracts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from pipelines.contract.identity import named_columns
from pipelines.contract.model import IDENTIFIER, PSEUDO_COLUMNS, Contract
from pipelines.contract.standard import PLACE_STANDARDS, Standard, is_personal
from pipelines.contract.yaml_lines import Document, KeyPath, Problem

Wrong = Iterator[tuple[KeyPath, str]]


def misplaced(sources: Path) -> list[Problem]:
    """Contracts that no loader would ever find, or whose name can be no table."""
    problems = []
    for path in sorted(p for kind in ("opd", "kabupaten") for p in (sources / kind).rglob("*.y*ml")):
        if path.suffix != ".yml" or len(path.relative_to(sources).parts) != 3:
            message = "move it: contracts stand at opd/<produsen>/<dataset>.yml, kabupaten/<kode>/<dataset>.yml"
        elif not IDENTIFIER.match(path.stem):
            message = f"'{path.stem}' names the dataset; rename it with lower case letters, digits and _"
        else:
            continue
        problems.append(Problem(path, 1, "", message))
    return problems


def copy_problems(document: Document, copy: Contract, contracts: dict[str, Contract]) -> list[Problem]:
    """A copy needs an owner that loads its own rows, or nobody loads them."""
    owner = contracts.get(copy.salinan_dari or "")
    if owner is None:
        near = difflib.get_close_matches(copy.salinan_dari or "", contracts, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else "; write <produsen>.<dataset>"
        return [document.problem(("salinan_dari",), f"there is no contract {copy.salinan_dari}{hint}")]
    if owner.salinan_dari:
        message = f"{owner.key} is a copy itself, so nobody would load the rows; name the one owner"
        return [document.problem(("salinan_dari",), message)]
    return []


def cross_check(
    document: Document, contract: Contract, standards: dict[str, Standard], homes: dict[str, str]
) -> list[Problem]:
    """Check one contract against its folder, the agencies (`homes`: their kode_wilayah) and the standards."""
    wrong = [
        *_home(document.path, contract, homes),
        *_columns(contract, standards),
        *_sums(contract, standards),
        *_places(contract),
        *_institutions(contract, standards),
    ]
    return [document.problem(key, message) for key, message in wrong]


def _home(path: Path, contract: Contract, homes: dict[str, str]) -> Wrong:
    kind, folder = path.parent.parent.name, path.parent.name
    home = homes.get(contract.produsen)
    if home is None:
        yield ("produsen",), f"'{contract.produsen}' is not in sources/referensi/opd.csv; add a line there"
    elif kind == "kabupaten" and home != folder:
        yield ("produsen",), f"belongs to {home}, but the folder is kabupaten/{folder}; move the file"
    if kind == "opd" and contract.produsen != folder:
        yield ("produsen",), f"is '{contract.produsen}', but the folder is opd/{folder}; move the file"


def _columns(contract: Contract, standards: dict[str, Standard]) -> Wrong:
    for name, column in contract.kolom.items():
        key: KeyPath = ("kolom", name)
        standard = standards.get(column.standar)
        if standard is None:
            near = difflib.get_close_matches(column.standar, standards, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sorted(standards))}"
            yield (*key, "standar"), f"there is no standard '{column.standar}'; {hint}"
            continue
        if column.standar in PLACE_STANDARDS and column.tingkat is None:
            yield key, "say the level: tingkat: provinsi | kabupaten_kota | kecamatan | desa_kelurahan"
        if column.standar == "kode_wilayah" and column.sistem is None:
            yield key, "say whose codes these are: sistem: kemendagri | bps (they look alike)"
        if column.satuan_asal and "{kali}" not in standard.normalkan:
            scaled = ", ".join(sorted(n for n, s in standards.items() if "{kali}" in s.normalkan))
            message = f"standar '{column.standar}' applies no scale; use {scaled}, or remove it"
            yield (*key, "satuan_asal"), message
        if column.terbit and (is_personal(contract, standards, name) or contract.klasifikasi == "dikecualikan"):
            yield (*key, "terbit"), "personal or excluded data cannot be published; remove terbit"
        for header in column.dari:
            if header.startswith("_") and header not in PSEUDO_COLUMNS:
                yield (*key, "dari"), f"'{header}': only {', '.join(PSEUDO_COLUMNS)} start with _"


def _sums(contract: Contract, standards: dict[str, Standard]) -> Wrong:
    for i, extra in enumerate(contract.baca.bukan_data):
        for name in extra.jumlah:
            standard = standards.get(contract.kolom[name].standar)
            if standard and not standard.numeric:
                message = f"column '{name}' (standar {standard.nama}) is no number that adds up; remove it"
                yield ("baca", "bukan_data", i, "jumlah"), message


def _places(contract: Contract) -> Wrong:
    place = contract.wilayah
    if place is None:
        return
    if place.kode and contract.kolom[place.kode].standar != "kode_wilayah":
        yield ("wilayah", "kode"), f"column '{place.kode}' must have standar kode_wilayah"
    for level, name in place.nama.items():
        column = contract.kolom[name]
        if column.standar != "nama_wilayah":
            yield ("wilayah", "nama", level), f"column '{name}' must have standar nama_wilayah"
        elif column.tingkat not in (None, level):
            message = f"column '{name}' has tingkat {column.tingkat}; write {column.tingkat}: {name}"
            yield ("wilayah", "nama", level), message


def _institutions(contract: Contract, standards: dict[str, Standard]) -> Wrong:
    """Institutions are known to everybody, so nothing personal may tell them apart."""
    for role, entity in contract.institutions().items():
        for key, name in named_columns(entity):
            if contract.kolom[name].standar in standards and is_personal(contract, standards, name):
                yield ("identitas", role, key), f"column '{name}' is personal; an institution needs another"
