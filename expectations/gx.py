"""Great Expectations on DuckDB, pushed down, and the expectation that applies a data standard.

The connection is the one known to work (docs/adr): driver duckdb-sqlalchemy, AUTOCOMMIT, and no
rollback in autocommit, because GX closes the connection before it fetches. A result that raised is a
broken check, never bad data, and is raised here as BrokenCheck.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
import great_expectations.expectations as gxe
import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics import ColumnMapMetricProvider, column_condition_partial

DECIMALS = 9  # of a share; 1 - 0.18 is 0.8200000000000001, which 82 of 100 would miss


class BrokenCheck(Exception):  # noqa: N818 - it reads as what it says
    """Great Expectations could not evaluate an expectation; says which and why."""


class _MeetsStandard(ColumnMapMetricProvider):  # type: ignore[misc]
    condition_metric_name = "column_values.meet_standard"
    condition_value_keys = ("standard", "rule", "predicate")

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(cls, column: Any, predicate: str, **kwargs: object) -> Any:  # noqa: N805
        return sa.literal_column(f"({predicate})")


class ExpectColumnValuesToMeetStandard(ColumnMapExpectation):  # type: ignore[misc]
    """Every non-empty value meets one rule of a data standard.

    `predicate` is the rule's SQL as the row check runs it (pipelines/check/compile.py).
    """

    standard: str
    rule: str
    predicate: str
    map_metric = "column_values.meet_standard"
    success_keys = ("standard", "rule", "predicate", "mostly")


@dataclass(frozen=True)
class Outcome:
    """One expectation of a suite after it ran; `limit` is the share that may break it."""

    kind: str
    column: str | None
    standard: str | None
    rule: str | None
    success: bool
    observed: int | float | None
    unexpected: int
    unexpected_share: float
    limit: float


class Judge:
    """One GX context for a whole run (its import and start cost seconds); judges batch after batch."""

    def __init__(self, temp: Path) -> None:
        # A context leaves temp folders behind; below the home the next run clears them away.
        with temporary_folder(temp):
            self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = {"globally": False}
        self._count = 0

    def judge(self, database: Path, config: dict[str, str], table: str, expectations: list[Any]) -> list[Outcome]:
        """Run a suite over `table` of a DuckDB file opened with `config`.

        Raises BrokenCheck when an expectation raised.
        """
        self._count += 1
        name = f"batch{self._count}"
        source = self._context.data_sources.add_sql(
            name,
            connection_string=f"duckdb:///{quote(str(database))}",
            kwargs={
                "isolation_level": "AUTOCOMMIT",
                "skip_autocommit_rollback": True,
                "connect_args": {"config": config},
            },
        )
        try:
            definition = source.add_table_asset(name, table_name=table).add_batch_definition_whole_table("all")
            suite = gx.ExpectationSuite(name=name, expectations=expectations)
            batch = definition.get_batch()
            result = batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
            return [_outcome(r) for r in result.results]
        finally:
            # DuckDB lets nobody else open the file while a connection of another make is alive.
            source.get_execution_engine().close()
            source.get_engine().dispose()
            self._context.data_sources.delete(name)


def _outcome(result: Any) -> Outcome:
    config, values = result.expectation_config, result.result
    raised = result.exception_info
    infos = [raised] if "raised_exception" in raised else list(raised.values())
    if any(info.get("raised_exception") for info in infos):
        why = next(i.get("exception_message") for i in infos if i.get("raised_exception"))
        raise BrokenCheck(f"{config.type} {config.kwargs.get('column', '')}: {why}")
    return Outcome(
        kind=config.type,
        column=config.kwargs.get("column"),
        standard=config.kwargs.get("standard"),
        rule=config.kwargs.get("rule"),
        success=bool(result.success),
        observed=values.get("observed_value"),
        unexpected=int(values.get("unexpected_count") or 0),
        unexpected_share=float(values.get("unexpected_percent") or 0) / 100,
        limit=round(1 - config.kwargs.get("mostly", 1), DECIMALS),
    )


@contextmanager
def temporary_folder(folder: Path) -> Iterator[None]:
    """Keep GX's temp folders below `folder`."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


__all__ = ["DECIMALS", "BrokenCheck", "ExpectColumnValuesToMeetStandard", "Judge", "Outcome", "gxe", "temporary_folder"]
