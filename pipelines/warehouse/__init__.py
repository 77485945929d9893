"""The warehouse: a dbt project written from the contracts, and one DuckDB file built aside and renamed."""

from pipelines.warehouse.build import BuildResult, build
from pipelines.warehouse.columns import FactColumn, fact_columns, published_columns
from pipelines.warehouse.identity import bridges
from pipelines.warehouse.models import open_data_name
from pipelines.warehouse.project import Inputs, ProjectError, generate

__all__ = [
    "BuildResult",
    "FactColumn",
    "Inputs",
    "ProjectError",
    "bridges",
    "build",
    "fact_columns",
    "generate",
    "open_data_name",
    "published_columns",
]
