"""The SQL of the generated dbt models, and of what they read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from pipelines.contract.model import Contract
from pipelines.sql import ident, literal
from pipelines.warehouse.columns import FactColumn

LOADS = ("produsen", "dataset", "versi", "berkas", "status")
LOAD_COUNTS = ("baris_dibaca", "baris_diterima", "baris_karantina", "baris_bukan_data")
LOAD_TIMES = ("mulai", "selesai")
_HEADER = "-- Written from {path}; change the contract, not this file.\n"


def open_data_name(contract: Contract) -> str:
    """Name of the published view of a dataset in the schema open_data."""
    return f"{contract.produsen}__{contract.dataset}"


def parquet(path: Path) -> str:
    """The relation of one Parquet file."""
    return f"read_parquet({literal(str(path))})"


def loads(path: Path) -> str:
    """The relation of the loads: a JSON list of objects (*.json) or a Parquet file.

    The columns are those of ops.muatan; times are ISO 8601 text with an offset, or empty.
    """
    if path.suffix != ".json":
        return parquet(path)
    types = dict.fromkeys((*LOADS, *LOAD_TIMES), "VARCHAR") | dict.fromkeys(LOAD_COUNTS, "BIGINT")
    columns = ", ".join(f"{name}: {literal(kind)}" for name, kind in types.items())
    return f"read_json({literal(str(path))}, format = 'array', columns = {{{columns}}})"


def nothing(columns: Sequence[FactColumn]) -> str:
    """A relation with the columns of a dataset and no row: nothing good ever came."""
    return f"(select {', '.join(_cast(c, present=False) for c in columns)} where false)"


def fact_sql(contract: Contract, columns: Sequence[FactColumn], present: Collection[str], source: str) -> str:
    """The conformed table of a dataset; `source` is the SELECT of its rows.

    A column that the rows in use lack (they were accepted under an older contract) is empty.
    """
    lines = ",\n".join(f"        {_cast(c, present=c.name in present)}" for c in columns)
    return (
        f"{_HEADER.format(path=contract.key)}"
        f"with source as (\n{source}),\n\n"
        f"renamed as (\n    select\n{lines}\n    from source\n)\n\n"
        "select * from renamed\n"
    )


def open_data_sql(contract: Contract, columns: Sequence[FactColumn]) -> str:
    """The published view of a dataset: the columns that may leave, and no other."""
    lines = ",\n".join(f"        {ident(c.name)}" for c in columns)
    return (
        f"{_HEADER.format(path=contract.key)}"
        f"with source as (\n    select * from {{{{ ref({literal(contract.table)}) }}}}\n),\n\n"
        f"renamed as (\n    select\n{lines}\n    from source\n)\n\n"
        "select * from renamed\n"
    )


def _cast(column: FactColumn, *, present: bool) -> str:
    value = ident(column.name) if present else "null"
    return f"cast({value} as {column.type}) as {ident(column.name)}"
