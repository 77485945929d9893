"""Load the declarations of `sources/` and `expectations/standards/`, or say exactly what is wrong.

What may NOT live here: anything about formats, SQL or stages. This is the bottom of the tree.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
from dataclasses import dataclass, fields
from pathlib import Path

from pipelines.contract.cross_check import copy_problems, cross_check, misplaced
from pipelines.contract.explain import validate
from pipelines.contract.model import Contract
from pipelines.contract.part import Part
from pipelines.contract.protection import Protection, default_protection
from pipelines.contract.standard import Standard, is_personal
from pipelines.contract.yaml_lines import DeclarationError, Document, Problem, read_yaml


@dataclass(frozen=True)
class Produsen:
    """One agency of sources/referensi/opd.csv."""

    kode: str
    nama: str
    instansi: str
    kode_wilayah: str
    surel: str
    situs: str


class General(Part):
    """What all standards share (expectations/standards/_umum.yml).

    `kosong`: texts that mean 'no value'. `satuan_orang`: units that count persons; `satuan_turunan`: those of rates,
    shares and means.
    """

    kosong: list[str]
    satuan_orang: list[str]
    satuan_turunan: list[str]


_NOTHING = General(kosong=[], satuan_orang=[], satuan_turunan=[])


@dataclass(frozen=True)
class Library:
    """Everything declared: contracts, standards and agencies, checked against each other."""

    contracts: tuple[Contract, ...]
    standards: dict[str, Standard]
    opd: dict[str, Produsen]
    general: General = _NOTHING

    def protection(self, contract: Contract, column: str) -> Protection | None:
        """How a published number is protected: the contract's word, else what follows from its unit."""
        spec = contract.kolom[column]
        standard = self.standards[spec.standar]
        if spec.lindungi or not standard.numeric or spec.nilai:
            return spec.lindungi
        return default_protection(
            spec.satuan or standard.satuan, self.general.satuan_orang, self.general.satuan_turunan
        )

    def find(self, key: str) -> Contract:
        """The contract named `<produsen>.<dataset>`; KeyError with the nearest names when there is none."""
        for contract in self.contracts:
            if contract.key == key:
                return contract
        near = difflib.get_close_matches(key, [c.key for c in self.contracts], n=3)
        raise KeyError(f"no contract {key}" + (f"; did you mean {', '.join(near)}?" if near else ""))

    def is_personal(self, contract: Contract, column: str) -> bool:
        """Whether a column holds personal data: the contract's word, else the standard's."""
        return is_personal(contract, self.standards, column)

    def empty_texts(self, standard: str) -> tuple[str, ...]:
        """Texts that mean 'no value' under a standard, lower case."""
        own = self.standards[standard].kosong
        return tuple(text.lower() for text in (self.general.kosong if own is None else own))


def load_library(sources: Path, referensi: Path, standards: Path) -> Library:
    """Load and cross-check all declarations; raises DeclarationError listing every problem found."""
    opd = load_opd(referensi / "opd.csv")
    loaded = load_standards(standards)
    homes = {key: agency.kode_wilayah for key, agency in opd.items()}
    general = validate(General, read_yaml(standards / "_umum.yml"))
    problems = misplaced(sources)
    contracts: dict[str, Contract] = {}
    copies: list[tuple[Document, Contract]] = []
    tables: dict[str, Contract] = {}
    for path in sorted([*sources.glob("opd/*/*.yml"), *sources.glob("kabupaten/*/*.yml")]):
        try:
            document, contract = _load_contract(path)
        except DeclarationError as error:
            problems += error.problems
            continue
        problems += cross_check(document, contract, loaded, homes)
        if same := contracts.get(contract.key):
            problems.append(document.problem((), f"{contract.key} stands in {same.path} too; remove one"))
        elif tables.setdefault(contract.table, contract) is not contract:
            owner, advice = tables[contract.table].key, f"{contract.dataset}_{contract.produsen}"
            message = f"table {contract.table} belongs to {owner}; write e.g. 'fakta: {advice}'"
            problems.append(document.problem(("fakta",), message))
        contracts[contract.key] = contract
        if contract.salinan_dari:
            copies.append((document, contract))
    if not problems:
        problems = [p for document, copy in copies for p in copy_problems(document, copy, contracts)]
    if problems:
        raise DeclarationError(problems)
    return Library(tuple(contracts.values()), loaded, opd, general)


def load_standards(folder: Path) -> dict[str, Standard]:
    """All data standards by name, from `<folder>/<name>.yml`."""
    problems: list[Problem] = []
    result: dict[str, Standard] = {}
    for path in sorted(folder.glob("[a-z]*.yml")):
        try:
            document = read_yaml(path)
            result[path.stem] = validate(Standard, document).model_copy(update={"nama": path.stem, "path": str(path)})
        except DeclarationError as error:
            problems += error.problems
    if problems:
        raise DeclarationError(problems)
    return result


def load_opd(path: Path) -> dict[str, Produsen]:
    """Agencies by key. Raises DeclarationError for another header, a short line or a key given twice."""
    header = [f.name for f in fields(Produsen)]
    result: dict[str, Produsen] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        if next(lines, None) != header:
            raise DeclarationError([Problem(path, 1, "", f"the header must be {','.join(header)}")])
        for cells in lines:
            if len(cells) != len(header) or cells[0] in result:
                what = "write one line for each kode, with the cells " + ",".join(header)
                raise DeclarationError([Problem(path, lines.line_num, ",".join(cells[:1]), what)])
            result[cells[0]] = Produsen(*cells)
    return result


def _load_contract(path: Path) -> tuple[Document, Contract]:
    document = read_yaml(path)
    contract = validate(Contract, document)
    return document, contract.model_copy(
        update={
            "dataset": path.stem,
            "path": str(path),
            "sidik": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
    )
