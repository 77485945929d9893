"""The four steps of the night as Dagster assets. Each only calls a stage of `Night` and reports.

Few steps that carry many assets: a process or a step per source costs more than the work itself. Every
asset of a stage is reported, also an unchanged one (its data version stays the same): a missing one
would make Dagster skip all that follows. Results are handed over after the home is released, so that
an error of Dagster's own cannot keep it locked.
"""

# No postponed annotations: Dagster looks at the type of `context` itself.
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.assets import events, specs
from pipelines.assets.keys import landing_key, staging_key
from pipelines.check.store import data_file
from pipelines.contract.model import Contract
from pipelines.home import Busy, HomeError
from pipelines.landing import ArchiveError, current
from pipelines.night import Night
from pipelines.publish import ReleaseError
from pipelines.warehouse import ProjectError, fact_columns

# A run from the command line may hold the home: try again after 1, 2, 4, 8 and 16 minutes.
RETRY = dg.RetryPolicy(max_retries=5, delay=60, backoff=dg.Backoff.EXPONENTIAL)


def build_assets(night: Night, retry: dg.RetryPolicy = RETRY) -> list[dg.AssetsDefinition]:
    """Assets over one home; `night` knows the landing folder and the contracts."""
    library = night.library
    tables = specs.warehouse_specs(library)

    @dg.multi_asset(
        name="pemeriksaan",
        description="Archive what came and check it: the first stage of `satudata run`.",
        specs=specs.staging_specs(library),
        check_specs=specs.check_specs(library),
        can_subset=True,
        retry_policy=retry,
    )
    def inspect(context: dg.AssetExecutionContext) -> Iterator[events.Event]:
        asked = context.selected_asset_keys | {key.asset_key for key in context.selected_asset_check_keys}
        results: list[events.Event] = []
        with _stage(night, context):
            receipt = night.receive()
            for path, files in receipt.unknown:
                context.log.warning(f"no contract: {path} ({files} files); see docs/add-a-source.md")
            for contract in library.contracts:
                if staging_key(contract) in asked:
                    line = night.inspect(contract, receipt.findings.get(contract.key, []))
                    _record_delivery(context, night, contract)
                    rows = data_file(night.home, contract)
                    results += events.inspected(contract, line, rows, fact_columns(contract, library.standards))
        yield from _selected(context, results)

    @dg.multi_asset(
        name="identitas",
        description="Find who is who in the rows that were accepted, and give out pseudonyms.",
        specs=[specs.register_spec(library)],
        retry_policy=retry,
    )
    def identify(context: dg.AssetExecutionContext) -> Iterator[events.Event]:
        with _stage(night, context):
            problems, worked = night.identify()
            if problems:
                raise dg.Failure("; ".join(problems), allow_retries=False)
            result = events.identified(night.identity.folder, night.identity.mark, worked)
        yield result

    @dg.multi_asset(
        name="gudang",
        description="Build the warehouse beside the old one and rename it into place when all is green.",
        specs=tables,
        can_subset=True,
        retry_policy=retry,
    )
    def warehouse(context: dg.AssetExecutionContext) -> Iterator[events.Event]:
        with _stage(night, context):
            problems, built = night.build()
            if problems:
                night.report([night.look(c) for c in library.contracts], {}, problems)
                said = "not promoted; the last good warehouse stays in use:\n" + "\n".join(problems)
                raise dg.Failure(said, allow_retries=False)
            context.log.info("built" if built else "unchanged since the last night")
            asked = [key for key in specs.in_order(tables) if key in context.selected_asset_keys]
            results = list(events.built(night.warehouse_file, asked))
        yield from results

    @dg.multi_asset(
        name="rilis",
        description="Gate, files, metadata and catalogue; `latest` is switched last.",
        specs=specs.release_specs(library),
        check_specs=specs.gate_specs(library),
        can_subset=True,
        retry_policy=retry,
    )
    def release(context: dg.AssetExecutionContext) -> Iterator[events.Event]:
        with _stage(night, context):
            result = night.publish()
            night.report([night.look(c) for c in library.contracts], result.refused, [])
        for name, reason in result.left_out.items():
            context.log.info(f"{name} is not in the release: {reason}")
        results = [event for c in specs.published(library) for event in events.published(c, result)]
        yield from _selected(context, [*results, events.released(result)])

    return [inspect, identify, warehouse, release]


def _selected(context: dg.AssetExecutionContext, results: Iterable[events.Event]) -> Iterator[events.Event]:
    """Of what a stage did only what this run was asked for: Dagster takes no other."""
    for result in results:
        if isinstance(result, dg.MaterializeResult):
            asked = result.asset_key in context.selected_asset_keys
        else:
            check = dg.AssetCheckKey(result.asset_key, result.check_name)
            asked = check in context.selected_asset_check_keys
        if asked:
            yield result


@contextmanager
def _stage(night: Night, context: dg.AssetExecutionContext) -> Iterator[None]:
    """Hold the home for one stage; what an engineer can mend fails the step in one sentence, without a trace."""
    night.say = context.log.info
    try:
        with night.exclusive():
            yield
    except (Busy, HomeError, ArchiveError, ProjectError, ReleaseError) as error:
        raise dg.Failure(str(error)) from None


def _record_delivery(context: dg.AssetExecutionContext, night: Night, contract: Contract) -> None:
    """Tell Dagster of a version that it does not know yet, also when another run archived it."""
    try:
        version = current(night.home, contract)
    except ArchiveError:
        return  # said by the check of this dataset
    last = context.instance.get_latest_materialization_event(landing_key(contract))
    known = last.asset_materialization.metadata[events.VERSI].value if last and last.asset_materialization else None
    if version and version.versi != known:
        context.log_event(events.delivered(contract, version))
