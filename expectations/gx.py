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
from great_expectations.compatibility.pydantic import Field
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

DECIMALS = 9  # of a share; 1 - 0.18 is 0.8200000000000001, which 82 of 100 would miss


class BrokenCheck(Exception):  # noqa: N818 - it reads as what it says
    """Great Expectations could not evaluate an expectation; says which and why."""


class _MeetsStandard(TableMetricProvider):  # type: ignore[misc]
    """How many values a column has and how many of them break the predicate, as [values, broken].

    GX asks aggregates of the table in one query. Of a column it would also look up types and, for a map
    expectation, examples of what is broken: for each rule twice to four times the work.
    """

    metric_name = "column_values.meet_standard"
    value_keys = ("column", "predicate")

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(
        cls,  # noqa: N805
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, str],
        **kwargs: object,
    ) -> Any:
        column, predicate = sa.column(metric_value_kwargs["column"]), metric_value_kwargs["predicate"]
        # A CASE, unlike a FILTER, spares the empty values a predicate that cannot take them.
        breaks = sa.case((sa.and_(column.is_not(None), sa.literal_column(f"NOT ({predicate})")), sa.true()))
        return sa.func.list_value(sa.func.count(column), sa.func.count(breaks)), metric_domain_kwargs, {}


class ExpectColumnValuesToMeetStandard(BatchExpectation):  # type: ignore[misc]
    """Every non-empty value meets one rule of a data standard, or at least the share `mostly` of them does.

    `predicate` is the rule's SQL as the row check runs it (pipelines/check/compile.py); a value for which it is
    NULL meets it. Without values there is nothing to break it.
    """

    column: str
    standard: str
    rule: str
    predicate: str
    mostly: float = Field(1, ge=0, le=1)
    metric_dependencies = (_MeetsStandard.metric_name,)
    success_keys = ("column", "predicate", "mostly")

    def _validate(self, metrics: dict[str, Any], **kwargs: object) -> dict[str, Any]:
        values, broken = metrics[_MeetsStandard.metric_name]
        return {
            "success": not values or (values - broken) / values >= self.mostly,
            "result": {"unexpected_count": broken, "unexpected_percent": broken / values * 100 if values else None},
        }


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

    def judge(self, database: Path, config: dict[str, str], table: str, expectations: list[Any]) -> list[Outcome]:
        """Run a suite over `table` of a DuckDB file opened with `config`.

        Raises BrokenCheck when an expectation raised.
        """
        source = SQLDatasource(
            name="kiriman",
            connection_string=f"duckdb:///{quote(str(database))}",
            kwargs={
                "isolation_level": "AUTOCOMMIT",
                "skip_autocommit_rollback": True,
                "connect_args": {"config": config},
            },
        )
        try:
            # The context writes itself out as YAML at every change, so it is shown the finished source, and only once.
            definition = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("semua")
            self._context.data_sources.add_or_update_sql(source)
            suite = gx.ExpectationSuite(name=table, expectations=expectations)
            batch = definition.get_batch()
            result = batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
            return [_outcome(r) for r in result.results]
        finally:
            # DuckDB lets nobody else open the file while a connection of another make is alive.
            source.get_execution_engine().close()
            source.get_engine().dispose()


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
