"""What Dagster loads: the assets, their checks, one job, the sensors. Assembly only."""

import dagster as dg

from orchestration import assets, automation, checks, instance
from orchestration.progress import Progress, silent
from orchestration.settings import Settings, load

JOB = instance.JOB


def assemble(settings: Settings, progress: Progress = silent) -> dg.Definitions:
    """The definitions for a home folder; `progress` is told how far the long steps have come."""
    flow = [assets.snapshots, assets.observations, assets.warehouse_candidate, assets.warehouse, assets.data_docs]
    return dg.Definitions(
        assets=flow,
        asset_checks=[checks.partition_suite, checks.candidate_suites],
        jobs=[dg.define_asset_job(JOB, selection=flow, description="From the reports to the warehouse / 全流程")],
        sensors=[automation.alerts, automation.failed_runs],
        resources={"settings": settings, "progress": progress},
        executor=dg.in_process_executor,
    )


defs = assemble(load())
