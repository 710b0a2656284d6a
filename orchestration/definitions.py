"""What Dagster loads: the assets, their checks, the jobs, schedules and sensors. Assembly only."""

import dagster as dg

from orchestration import assets, automation, checks, jobs
from orchestration.progress import Progress, silent
from orchestration.settings import Settings, load


def assemble(settings: Settings, progress: Progress = silent) -> dg.Definitions:
    """The definitions for a home folder; `progress` is told how far the long steps have come."""
    return dg.Definitions(
        assets=[
            assets.snapshots,
            assets.documents,
            assets.observations,
            assets.star_schema,
            assets.warehouse,
            assets.views,
            assets.exports,
            assets.data_docs,
        ],
        asset_checks=[checks.partition_suite, checks.candidate_suites, checks.snapshots_unchanged],
        jobs=jobs.JOBS,
        schedules=automation.SCHEDULED,
        sensors=automation.WATCHING,
        resources={"settings": settings, "progress": progress},
        executor=dg.in_process_executor,
    )


defs = assemble(load())
