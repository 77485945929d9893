"""Write the night's dbt project: what people wrote in dbt_project/, and what follows from the contracts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from pyarrow import ArrowException

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.home import REPO
from pipelines.warehouse import handwritten, identity, models, points, properties
from pipelines.warehouse.columns import FactColumn, fact_columns, published_columns
from pipelines.warehouse.reference import COLUMNS, reference

TEMPLATE = REPO / "dbt_project"
_RESIDUE = shutil.ignore_patterns("target", "logs", "dbt_packages", ".user.yml")


class ProjectError(Exception):
    """The project cannot be written. The message says which dataset or file, why, and what to do."""


@dataclass(frozen=True)
class Inputs:
    """What the models read.

    staged: contract key -> Parquet (or a link to it) of the accepted rows in use, or None when nothing good ever came.
    muatan: the rows of ops.muatan, a JSON list of objects (*.json) or Parquet.
    The others are Parquet with the columns of `reference.COLUMNS`; None is an empty table:
    wilayah: every version of every place; a file with only kode, tingkat, nama, jenis and kode_induk is one edition.
    edisi: the editions of codes that are loaded. perubahan: what changed between one and the next.
    jembatan: codes of BPS. batas: borders, with `geom` as GEOMETRY (written by DuckDB).
    identitas: the folder of pipelines/identity/export.py.
    """

    staged: Mapping[str, Path | None]
    muatan: Path
    wilayah: Path
    edisi: Path | None = None
    perubahan: Path | None = None
    jembatan: Path | None = None
    batas: Path | None = None
    identitas: Path | None = None


@dataclass(frozen=True)
class _Dataset:
    contract: Contract
    columns: list[FactColumn]
    published: list[FactColumn]
    relation: str
    present: set[str]


def generate(
    contracts: Sequence[Contract],
    standards: Mapping[str, Standard],
    inputs: Inputs,
    out: Path,
    template: Path = TEMPLATE,
) -> Path:
    """Write a complete dbt project to the folder `out` (replaced if it is there) and return `out`.

    It is a copy of `template` with one conformed table per contract and one published view per open
    dataset. A model of the same name in `template` takes the place of the generated one, and so do
    properties (YAML) of that name; each on its own, so that a hand-written open_data model keeps its
    enforced columns. Models of `template` that ask for facts of no contract here are left out. Raises ProjectError.
    """
    _refuse_shared_tables(contracts)
    datasets = [_dataset(c, standards, inputs) for c in contracts]
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(template, out, ignore=_RESIDUE)
    folder = out / "models"
    handwritten.leave_out(folder, {d.contract.table: [c.name for c in d.columns] for d in datasets})
    own_sql = {path.stem for path in folder.rglob("*.sql")}
    own_yaml = properties.handwritten(folder)

    facts, views = [], []
    for d in datasets:
        facts.append(properties.fact(d.contract, d.columns, d.present))
        rows = identity.joined(d.contract, d.present)
        _write(folder / "conformed", d.contract.table, own_sql, models.fact_sql(d.contract, d.columns, d.present, rows))
        for name, kind in identity.bridges(d.contract).items():
            facts.append(properties.bridge(d.contract, name, identity.bridge_columns(kind)))
            _write(folder / "conformed", name, own_sql, identity.bridge_sql(d.contract, kind))
        if d.published:
            views.append(properties.open_data(d.contract, d.published))
            name = models.open_data_name(d.contract)
            _write(folder / "open_data", name, own_sql, models.open_data_sql(d.contract, d.published))
    pointed = [
        points.Pointed(d.contract, d.columns, d.present)
        for d in datasets
        if d.contract.wilayah and d.contract.wilayah.titik
    ]
    _write(folder / "spasial", "titik", own_sql, points.points_sql(pointed))
    _write(folder / "spasial", "sel_h3", own_sql, points.cells_sql(pointed))
    _write(folder / handwritten.MARTS, handwritten.SUMMARY, own_sql, handwritten.summary_sql(folder))
    relations = [
        *(("satudata", table, reference(columns, getattr(inputs, table))) for table, columns in COLUMNS.items()),
        *identity.relations(inputs.identitas, contracts),
        ("satudata", "muatan", models.loads(inputs.muatan)),
        *((d.contract.produsen, d.contract.dataset, d.relation) for d in datasets),
    ]
    generated = [node for node in (*facts, *views) if node["name"] not in own_yaml]
    described = properties.dump(sources=properties.sources(relations), models=generated)
    (folder / "generated.yml").write_text(described, encoding="utf-8")
    return out


def _dataset(contract: Contract, standards: Mapping[str, Standard], inputs: Inputs) -> _Dataset:
    staged, ids = inputs.staged.get(contract.key), identity.rows_file(inputs.identitas, contract)
    columns = fact_columns(contract, standards)
    if not columns:
        raise ProjectError(
            f"{contract.key}: every column is personal, so the warehouse has nothing to hold; "
            "say in the contract where the rows belong (wilayah) or add a column that is not personal"
        )
    published = published_columns(contract, standards)
    if staged is None:
        names = {c.name for c in columns} - set(identity.id_columns(contract))
        return _Dataset(contract, columns, published, models.nothing(columns), names)
    try:
        present = set(pq.read_schema(staged).names)
        if ids and "_no" in present:
            present |= set(pq.read_schema(ids).names)
    except (OSError, ArrowException) as error:
        raise ProjectError(
            f"{contract.key}: cannot read its accepted rows in {staged.resolve()}: {error}; "
            "remove that folder so that the next run checks the dataset again"
        ) from error
    return _Dataset(contract, columns, published, models.parquet(staged), present)


def _refuse_shared_tables(contracts: Sequence[Contract]) -> None:
    owners: dict[str, str] = {}
    for contract in contracts:
        owner = owners.setdefault(contract.table, contract.key)
        if owner != contract.key:
            raise ProjectError(
                f"{owner} and {contract.key} both claim the table {contract.table}; write 'fakta:' in one"
            )


def _write(folder: Path, name: str, own: set[str], sql: str) -> None:
    if name not in own:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.sql").write_text(sql, encoding="utf-8")
