"""What the warehouse knows of who is who: pseudonyms of persons and families, and institutions.

It reads the folder that pipelines/identity/export.py describes. A file that is not there is an empty table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pipelines.contract.identity import Kind
from pipelines.contract.model import Contract
from pipelines.sql import literal
from pipelines.warehouse.columns import FactColumn
from pipelines.warehouse.reference import reference

_TEXT = "VARCHAR"
_PERIOD = {"berlaku_mulai": "DATE", "berlaku_sampai": "DATE"}
COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "penduduk": {
            "id_penduduk": _TEXT,
            "kunci_versi": "INTEGER",
            "id_keluarga": _TEXT,
            "tahun_lahir": "INTEGER",
            "tahun_lahir_sumber": _TEXT,
            "jenis_kelamin": _TEXT,
            "jenis_kelamin_sumber": _TEXT,
            "kode_wilayah": _TEXT,
            "kode_wilayah_sumber": _TEXT,
            **_PERIOD,
            "hidup": "BOOLEAN",
            "meninggal": "DATE",
            "meninggal_sumber": _TEXT,
            "dalam_register": "BOOLEAN",
        },
        "keluarga": {
            "id_keluarga": _TEXT,
            "kunci_versi": "INTEGER",
            "kode_wilayah": _TEXT,
            "anggota": "INTEGER",
            "dalam_register": "BOOLEAN",
        },
        "institusi": {
            "id_institusi": _TEXT,
            "jenis": _TEXT,
            "kode": _TEXT,
            "nama": _TEXT,
            "kode_wilayah": _TEXT,
            "lintang": "DOUBLE",
            "bujur": "DOUBLE",
            **_PERIOD,
            "sumber": _TEXT,
        },
        "alih_penduduk": {"dari": _TEXT, "ke": _TEXT},
    }
)
"""Table -> column -> type of DuckDB."""

_ROWS = "baris"
_LINKS = {"id_baris": _TEXT, "jenis": _TEXT, "peran": _TEXT, "id": _TEXT, "metode": _TEXT, "skor": "DOUBLE",
          "model_versi": _TEXT}  # fmt: skip


def relations(folder: Path | None, contracts: Sequence[Contract]) -> Iterator[tuple[str, str, str]]:
    """(source, table, SQL) of everything that the models read."""
    for table, columns in COLUMNS.items():
        yield "satudata", table, reference(columns, _file(folder, f"{table}.parquet"))
    for contract in contracts:
        if contract.identitas:
            rows = {"_no": "BIGINT", **dict.fromkeys(id_columns(contract), _TEXT)}
            yield "identitas", f"{contract.table}_{_ROWS}", reference(rows, rows_file(folder, contract))
            yield (
                "identitas",
                f"{contract.table}_taut",
                reference(_LINKS, _file(folder, f"{contract.key}.taut.parquet")),
            )


def rows_file(folder: Path | None, contract: Contract) -> Path | None:
    """Parquet of the ids of a dataset's rows, or None."""
    return _file(folder, f"{contract.key}.baris.parquet")


def _file(folder: Path | None, name: str) -> Path | None:
    path = folder / name if folder else None
    return path if path and path.is_file() else None


def bridges(contract: Contract) -> dict[str, Kind]:
    """The bridges of a dataset: name of the table -> what it leads to."""
    kinds = sorted({entity.kind for entity in contract.identitas.values()})
    return {f"bridge_{contract.table.removeprefix('fct_')}_{kind}": kind for kind in kinds}


def bridge_columns(kind: Kind) -> list[FactColumn]:
    """The columns of a bridge, in order."""
    said = {
        "id_baris": "Baris pada tabel fakta.",
        "peran": "Peran dalam baris itu, menurut kontraknya.",
        f"id_{kind}": f"Kunci pada dim_{kind}.",
        "metode": "Cara tautannya ditemukan; lihat docs/identity.md.",
        "skor": "Keyakinan atas tautan, 0 sampai 1.",
        "model_versi": "Versi model atau aturan yang memutuskan.",
    }
    types = {"skor": "DOUBLE"}
    return [FactColumn(name, types.get(name, _TEXT), text, terbit=False) for name, text in said.items()]


def bridge_sql(contract: Contract, kind: Kind) -> str:
    """One row for each role that a row of the fact gives to somebody who is known."""
    return (
        f"-- Written from {contract.key}; change the contract, not this file.\n"
        f"select\n    id_baris,\n    peran,\n    id as id_{kind},\n    metode,\n    skor,\n    model_versi\n"
        f"from {{{{ source('identitas', {literal(contract.table + '_taut')}) }}}}\nwhere jenis = {literal(kind)}\n"
    )


def id_columns(contract: Contract) -> list[str]:
    """The columns of a conformed table that say which row it is and whom it is about."""
    return ["id_baris", *(f"id_{role}" for role in contract.identitas)] if contract.identitas else []


def joined(contract: Contract, present: Collection[str]) -> str:
    """SQL of the CTE `source` of a conformed table: the accepted rows with their ids."""
    source = f"{{{{ source({literal(contract.produsen)}, {literal(contract.dataset)}) }}}}"
    if not set(id_columns(contract)) & set(present):
        return f"    select * from {source}\n"
    ids = f"{{{{ source('identitas', {literal(f'{contract.table}_{_ROWS}')}) }}}}"
    return f"    select *\n    from {source}\n    left join {ids} using (_no)\n"
