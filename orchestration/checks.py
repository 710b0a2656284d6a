"""The expectation suites as Dagster asset checks: one check an expectation, on the data the run has just made.

An expectation of severity error blocks publication; warnings and infos are shown and kept, and block nothing.
The partition suite lets its own run go on, so that a backfill reads every partition; its results are kept beside
the figures and recorded in the candidate with those of the warehouse suite, and `publish` looks at them all.
"""

from collections.abc import Collection, Iterable, Iterator

import dagster as dg

from orchestration import described
from orchestration.assets import AnyProgress, AnySettings, observations, warehouse_candidate
from orchestration.partitions import Partition, partition_of
from orchestration.progress import working
from warehouse.audit import audit
from warehouse.build import record_results
from warehouse.expectations.declarations import suite
from warehouse.expectations.suites import ExpectationResult, check_frame
from warehouse.quality import keep_results, kept_results
from warehouse.staging import load_frame, staged_partitions


def _specs(suite_name: str, asset: dg.AssetsDefinition, blocking: Collection[str] = ()) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            name=one.id,
            asset=asset.key,
            description=f"{one.meaning_en} / {one.meaning_zh}",
            metadata={"severity": one.severity, "action": one.action, "declared": f"{one.suite} {one.place}"},
            blocking=one.severity in blocking,
        )
        for one in suite(suite_name).expectations
    ]


@dg.multi_asset_check(
    name="partition_suite",
    specs=_specs("partition", observations),
    can_subset=True,
)
def partition_suite(
    context: dg.AssetCheckExecutionContext, settings: AnySettings, progress: AnyProgress
) -> Iterator[dg.AssetCheckResult]:
    """The partition suite, once over the figures of all partitions of the run (of all staged ones without a choice).

    Reported is what is now known of every staged partition: the run of the last rectangle must not hide what an
    earlier one has found.
    """
    partitions = _partitions_of_run(context, staged_partitions(settings.staging))
    with working("checking figures", progress):
        results = check_frame("partition", load_frame(settings.staging, partitions))
    keep_results(settings.staging, partitions, results)
    yield from _selected(context, kept_results(settings.staging) or results)


@dg.multi_asset_check(
    name="warehouse_suite",
    specs=_specs("warehouse", warehouse_candidate, blocking=("error",)),
    can_subset=True,
)
def warehouse_suite(context: dg.AssetCheckExecutionContext, settings: AnySettings) -> Iterator[dg.AssetCheckResult]:
    """The warehouse suite on the candidate; its results and those of the partitions are recorded in it."""
    if not settings.candidate.exists():
        raise dg.Failure("There is no candidate: it was published, or never built. Materialise warehouse_candidate.")
    results = audit(settings.candidate)
    record_results(settings.candidate, [*kept_results(settings.staging), *results])
    yield from _selected(context, results)


def _partitions_of_run(context: dg.AssetCheckExecutionContext, staged: set[Partition]) -> set[Partition]:
    run = context.op_execution_context
    if not (run.has_partition_key or run.has_partition_key_range):
        return staged
    return staged & {partition_of(key) for key in run.partition_keys}


def _selected(
    context: dg.AssetCheckExecutionContext, results: Iterable[ExpectationResult]
) -> Iterator[dg.AssetCheckResult]:
    by_name = {key.name: key for key in context.selected_asset_check_keys}
    for result in results:
        if key := by_name.get(result.expectation_id):
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=result.success,
                severity=dg.AssetCheckSeverity.ERROR if result.severity == "error" else dg.AssetCheckSeverity.WARN,
                description=described.outcome(result),
                metadata=described.expectation(result),
            )
