"""The jobs: slices of the flow that are started by name, by people, schedules and sensors."""

import dagster as dg

from orchestration.tables import STAR

PIPELINE, INTAKE, READING, PUBLICATION, AUDIT = "fazhi_pipeline", "intake", "reading", "publication", "audit"

_VERIFIED = dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey("snapshots"), "snapshots_unchanged"))
"""Reads every byte of the store: done by the audit, not whenever a report is taken in."""

_MADE_OF_FIGURES = dg.AssetSelection.assets(*STAR).downstream()

pipeline = dg.define_asset_job(
    PIPELINE,
    selection=dg.AssetSelection.all() - _VERIFIED,
    description="From the reports to the warehouse, its views and exports / 全流程",
)

intake = dg.define_asset_job(
    INTAKE,
    selection=dg.AssetSelection.assets("snapshots") - _VERIFIED,
    description="Take reports in, from the inbox unless told otherwise / 收件",
)

reading = dg.define_asset_job(
    READING,
    selection=dg.AssetSelection.assets("observations"),
    description="Read the figures of some years and regions / 读取观测值",
)

publication = dg.define_asset_job(
    PUBLICATION,
    selection=_MADE_OF_FIGURES,
    description="Build, check and publish the warehouse of what is staged; its views and exports / 构建、检查并发布",
)

audit = dg.define_asset_job(
    AUDIT,
    selection=_VERIFIED | dg.AssetSelection.checks_for_assets("observations") | _MADE_OF_FIGURES,
    description="Verify every snapshot, check all staged figures again, then publish anew / 全面审计",
)

JOBS = [pipeline, intake, reading, publication, audit]
