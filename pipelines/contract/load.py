"""Load the declarations of `sources/` and `expectations/standards/`, or say exactly what is wrong.

What may NOT live here: anything about formats, SQL or stages. This is the bottom of the tree.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from pipelines.contract.model import PSEUDO_COLUMNS, Contract, Part
from pipelines.contract.standard import Standard
from pipelines.contract.yaml_lines import DeclarationError, Document, KeyPath, Problem, read_yaml

P = TypeVar("P", bound=Part)
PLACE_STANDARDS = ("kode_wilayah", "nama_wilayah")


@dataclass(frozen=True)
class Produsen:
    """One agency of sources/referensi/opd.csv."""

    kode: str
    nama: str
    instansi: str
    kode_wilayah: str
    surel: str
    situs: str


@dataclass(frozen=True)
class Library:
    """Everything declared: contracts, standards and agencies, checked against each other."""

    contracts: tuple[Contract, ...]
    standards: dict[str, Standard]
    opd: dict[str, Produsen]
    empty: tuple[str, ...] = ()

    def find(self, key: str) -> Contract:
        """The contract named `<produsen>.<dataset>`; KeyError with the nearest names when there is none."""
        for contract in self.contracts:
            if contract.key == key:
                return contract
        near = difflib.get_close_matches(key, [c.key for c in self.contracts], n=3)
        raise KeyError(f"no contract {key}" + (f"; did you mean {', '.join(near)}?" if near else ""))

    def is_personal(self, contract: Contract, column: str) -> bool:
        """Whether a column holds personal data: the contract's word, else the standard's."""
        spec = contract.kolom[column]
        return spec.pribadi if spec.pribadi is not None else self.standards[spec.standar].pribadi

    def empty_texts(self, standard: str) -> tuple[str, ...]:
        """Texts that mean 'no value' under a standard, lower case."""
        own = self.standards[standard].kosong
        return self.empty if own is None else tuple(text.lower() for text in own)


def load_library(sources: Path, referensi: Path, standards: Path) -> Library:
    """Load and cross-check all declarations; raises DeclarationError listing every problem found."""
    opd = load_opd(referensi / "opd.csv")
    loaded = load_standards(standards)
    empty = TypeAdapter(list[str]).validate_python(_mapping(read_yaml(standards / "_umum.yml"))["kosong"])
    problems: list[Problem] = []
    contracts: list[Contract] = []
    tables: dict[str, Contract] = {}
    for path in sorted([*sources.glob("opd/*/*.yml"), *sources.glob("kabupaten/*/*.yml")]):
        try:
            document, contract = _load_contract(path, sources)
        except DeclarationError as error:
            problems += error.problems
            continue
        found = _cross_check(document, contract, loaded, opd)
        if other := tables.get(contract.table):
            found.append(
                document.problem(
                    ("fakta",),
                    f"table {contract.table} belongs to {other.key}; write e.g. "
                    f"'fakta: {contract.dataset}_{contract.produsen}'",
                )
            )
        tables.setdefault(contract.table, contract)
        problems += found
        contracts.append(contract)
    keys = {c.key for c in contracts}
    problems += [
        Problem(Path(c.path), 1, "salinan_dari", f"there is no contract {c.salinan_dari}")
        for c in contracts
        if c.salinan_dari and c.salinan_dari not in keys
    ]
    if problems:
        raise DeclarationError(problems)
    return Library(tuple(contracts), loaded, opd, tuple(text.lower() for text in empty))


def load_standards(folder: Path) -> dict[str, Standard]:
    """All data standards by name, from `<folder>/<name>.yml`."""
    problems: list[Problem] = []
    result: dict[str, Standard] = {}
    for path in sorted(folder.glob("[a-z]*.yml")):
        try:
            document = read_yaml(path)
            result[path.stem] = _validate(Standard, document).model_copy(
                update={"nama": path.stem, "path": str(path)}
            )
        except DeclarationError as error:
            problems += error.problems
    if problems:
        raise DeclarationError(problems)
    return result


def load_opd(path: Path) -> dict[str, Produsen]:
    """Agencies by key."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["kode"]: Produsen(**row) for row in csv.DictReader(stream)}


def _load_contract(path: Path, sources: Path) -> tuple[Document, Contract]:
    document = read_yaml(path)
    contract = _validate(Contract, document)
    return document, contract.model_copy(
        update={
            "dataset": path.stem,
            "path": str(path),
            "sidik": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
    )


def _cross_check(
    document: Document, contract: Contract, standards: dict[str, Standard], opd: dict[str, Produsen]
) -> list[Problem]:
    """What one file alone cannot know: folders, agencies, standards, what may be published."""
    wrong: list[tuple[KeyPath, str]] = []
    kind, folder = document.path.parent.parent.name, document.path.parent.name
    agency = opd.get(contract.produsen)
    if agency is None:
        wrong.append((("produsen",), f"'{contract.produsen}' is not in sources/referensi/opd.csv; add a line"))
    elif kind == "kabupaten" and agency.kode_wilayah != folder:
        wrong.append((("produsen",), f"belongs to {agency.kode_wilayah}, but the folder is kabupaten/{folder}"))
    if kind == "opd" and contract.produsen != folder:
        wrong.append((("produsen",), f"is '{contract.produsen}', but the folder is opd/{folder}"))
    for name, column in contract.kolom.items():
        key: KeyPath = ("kolom", name)
        standard = standards.get(column.standar)
        if standard is None:
            near = difflib.get_close_matches(column.standar, standards, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; there are: {', '.join(sorted(standards))}"
            wrong.append(((*key, "standar"), f"there is no standard '{column.standar}'{hint}"))
            continue
        if column.standar in PLACE_STANDARDS and column.tingkat is None:
            wrong.append((key, "say the level: tingkat: provinsi | kabupaten_kota | kecamatan | desa_kelurahan"))
        if column.standar == "kode_wilayah" and column.sistem is None:
            wrong.append((key, "say whose codes these are: sistem: kemendagri | bps (they look alike)"))
        personal = column.pribadi if column.pribadi is not None else standard.pribadi
        if column.terbit and (personal or contract.klasifikasi == "dikecualikan"):
            wrong.append(((*key, "terbit"), "personal or excluded data cannot be published; remove terbit"))
        for header in column.dari:
            if header.startswith("_") and header not in PSEUDO_COLUMNS:
                wrong.append(((*key, "dari"), f"'{header}': only {', '.join(PSEUDO_COLUMNS)} start with _"))
    if contract.wilayah:
        places = [("kode", contract.wilayah.kode, "kode_wilayah")] if contract.wilayah.kode else []
        places += [(f"nama.{k}", v, "nama_wilayah") for k, v in contract.wilayah.nama.items()]
        wrong += [
            (("wilayah",), f"{where}: column '{name}' must have standar {needed}")
            for where, name, needed in places
            if contract.kolom[name].standar != needed
        ]
    return [document.problem(key, message) for key, message in wrong]


def _mapping(document: Document) -> dict[str, object]:
    assert isinstance(document.value, dict)
    return document.value


def _validate(model: type[P], document: Document) -> P:
    hidden = {n for n, f in model.model_fields.items() if f.exclude} & _mapping(document).keys()
    if hidden:
        raise DeclarationError([document.problem((n,), "is known from the file's place; remove it") for n in hidden])
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        raise DeclarationError([_explain(model, document, e) for e in error.errors()]) from None


def _explain(model: type[BaseModel], document: Document, error: object) -> Problem:
    """Turn one pydantic error into a Problem that says what to write instead."""
    assert isinstance(error, dict)
    key: KeyPath = tuple(error["loc"])
    while key and key not in document.lines and key[:-1] in document.lines and error["type"] != "missing":
        if error["type"] == "extra_forbidden":
            break
        key = key[:-1]  # pydantic adds the branch of a union to the path
    match error["type"]:
        case "missing":
            message = "is missing; add it"
        case "extra_forbidden":
            known = _known_keys(model, key)
            near = difflib.get_close_matches(str(key[-1]), known, n=1)
            message = f"unknown key; did you mean '{near[0]}'?" if near else f"unknown key; known: {', '.join(known)}"
        case "string_type" if key in document.texts:
            text = document.texts[key]
            message = f"write it in quotes: '{text}' (without quotes YAML does not keep it as text)"
        case "literal_error":
            message = f"'{document.texts.get(key, '')}' is not possible; write {error['ctx']['expected']}"
        case _:
            message = str(error["msg"]).removeprefix("Value error, ")
    return document.problem(key, message)


def _known_keys(model: type[BaseModel], key: KeyPath) -> list[str]:
    """Keys that the model at the parent of `key` knows."""
    for part in key[:-1]:
        field = model.model_fields.get(str(part))
        nested = _models(field.annotation) if field else []
        if nested:
            model = nested[0]
    return [n for n, f in model.model_fields.items() if not f.exclude]


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for a in getattr(annotation, "__args__", ()) for m in _models(a)]
