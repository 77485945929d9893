"""The files of one dataset.

The Parquet file is written first, in order, by a DuckDB in memory (see `limit`), and all others are made from it; their
bytes depend on the rows alone. What `release.verify` does not read is read back here: FileError says which one differs.
"""

from pipelines.formats.compare import FileError
from pipelines.formats.csv import write_csv
from pipelines.formats.geojson import write_geojson
from pipelines.formats.geoparquet import write_geoparquet
from pipelines.formats.parquet import check_parquet, count, describe, limit, relation, write_parquet
from pipelines.formats.place import Areas, Place, Points
from pipelines.formats.pmtiles import PMTILES_POINTS, write_pmtiles
from pipelines.formats.xlsx import XLSX_ROWS, write_xlsx

__all__ = [
    "PMTILES_POINTS",
    "XLSX_ROWS",
    "Areas",
    "FileError",
    "Place",
    "Points",
    "check_parquet",
    "count",
    "describe",
    "limit",
    "relation",
    "write_csv",
    "write_geojson",
    "write_geoparquet",
    "write_parquet",
    "write_pmtiles",
    "write_xlsx",
]
