"""The expectation suites as Dagster asset checks: one check an expectation, on the data the run has just made.

An expectation of severity error blocks publication; warnings and infos are shown and kept, and block nothing.
The partition suite lets its own run go on, so that a backfill reads every partition; its results are kept beside
the figures and recorded in the candidate with those of the candidate's suites, and `publish` looks at them all.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

import dagster as dg

from orchestration import described
from orchestration.assets import AnyProgress, AnySettings, observations, snapshots
from orchestration.instance import WRITING
from orchestration.partitions import Partition, partition_of
from orchestration.progress import Progress, counted, working
from orchestration.settings import Settings
from orchestration.writer import become_writer
from sources.intake import verify
from sources.quarantine import Reason
from sources.snapshots import SnapshotStore
from warehouse.audit import audit
from warehouse.build import record_checks, release_id, staged_figures
from warehouse.expectations.declarations import suites_on
from warehouse.expectations.frames import FRAMES
from warehouse.expectations.results import ExpectationResult, stamped
from warehouse.expectations.suites import LOT, check_partitions
from warehouse.quality import keep_history, keep_results, kept_results, unchecked
from warehouse.staging import load_frames, staged_partitions


def _specs(checked_on: str, blocking: Collection[str] = ()) -> list[dg.AssetCheckSpec]:
    """A check an expectation, on the table that its frame says something of, or on the figures as staged."""
    return [
        dg.AssetCheckSpec(
            name=one.id,
            asset=FRAMES[one.frame].about or observations.key,
            description=f"{one.meaning_en} / {one.meaning_zh}",
            metadata={
                "severity": one.severity,
                "owner": one.owner,
                "action": one.action,
                "declared": f"{one.suite} {one.place}",
            },
            blocking=one.severity in blocking,
        )
        for suite in suites_on(checked_on)
        for one in suite.expectations
    ]


@dg.multi_asset_check(
    name="partition_suite",
    specs=_specs("partition"),
    can_subset=True,
)
def partition_suite(
    context: dg.AssetCheckExecutionContext, settings: AnySettings, progress: AnyProgress
) -> Iterator[dg.AssetCheckResult]:
    """The partition suites over the figures of all partitions of the run (of all staged ones without a choice).

    Whatever the run covers, it reports what is known of every staged partition, since Dagster takes one result a check:
    the run of the last rectangle must not hide what an earlier one has found.
    """
    partitions = _partitions_of_run(context, staged_partitions(settings.staging))
    check_staged(settings, partitions, context.run.run_id, progress)
    yield from _selected(context, kept_results(settings.staging))


@dg.multi_asset_check(
    name="candidate_suites",
    specs=_specs("candidate", blocking=("error",)),
    can_subset=True,
    pool=WRITING,
)
def candidate_suites(
    context: dg.AssetCheckExecutionContext, settings: AnySettings, progress: AnyProgress
) -> Iterator[dg.AssetCheckResult]:
    """The candidate's suites; their results and those of the partitions are recorded in it.

    Partitions whose figures were not checked as they are, or by other suites than today's, are checked first. What was
    found in other figures than the candidate's counts for nothing, and keeps it from being published.
    """
    become_writer(settings)
    candidate = settings.candidate
    if not candidate.exists():
        raise dg.Failure("There is no candidate: it was published, or never built. Materialise the star schema.")
    missing = unchecked(settings.staging, staged_figures(candidate))
    check_staged(settings, missing, context.run.run_id, progress)
    found = audit(candidate, folder=settings.great_expectations, run=context.run.run_id)
    results = stamped(found, context.run.run_id, datetime.now(UTC))
    keep_history(settings.quality_history, results, release_id=release_id(candidate))
    record_checks(candidate, settings.staging, results, settings.quality_history)
    yield from _selected(context, results)


@dg.asset_check(
    asset=snapshots,
    description="The bytes of every snapshot are those that were taken in / 快照字节与入库时一致",
)
def snapshots_unchanged(settings: AnySettings, progress: AnyProgress) -> dg.AssetCheckResult:
    """Part of the monthly audit, since it reads every byte. What is damaged goes to quarantine, and shows there."""
    store = SnapshotStore(settings.snapshots)
    kept = [record.snapshot_id for record in store.records() if record.reason != Reason.TOO_LARGE.value]
    damaged = verify(store, counted(kept, "verifying snapshots", len(kept), progress))
    return dg.AssetCheckResult(
        passed=not damaged,
        description=f"{len(damaged)} of {len(kept)} snapshots are damaged or gone",
        metadata={"snapshots": len(kept), "damaged": dg.MetadataValue.json(damaged)},
    )


def check_staged(settings: Settings, partitions: Collection[Partition], run_id: str, progress: Progress) -> None:
    """Check the staged figures of some partitions, and keep what was found; nothing where there are none."""
    if not partitions:
        return
    with working("checking figures", progress):
        figures: dict[Partition, str] = {}
        frames = load_frames(settings.staging, partitions, rows=LOT, loaded=figures)
        found = check_partitions(frames, folder=settings.great_expectations, run=run_id)
    results = stamped(found, run_id, datetime.now(UTC))
    keep_history(settings.quality_history, keep_results(settings.staging, figures, results))


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
