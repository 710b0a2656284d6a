"""The flow from a report to the published warehouse: five assets, each one step. Start reading here.

    snapshots            the reports as found, and what each was identified as
    observations         every figure of every report, by year and region
    warehouse_candidate  the star schema, built beside the published one and checked
    warehouse            the same file once its expectations hold
    data_docs            pages of what was expected and found

The expectations that stand between them are in `checks`.
"""

import warnings
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from pydantic import Field

from orchestration import described
from orchestration.partitions import partition_of, year_by_region
from orchestration.progress import Progress, counted
from orchestration.readings import stage_partition
from orchestration.settings import Settings, load
from sources.intake import take_in
from sources.snapshots import SnapshotStore
from transforms.corrections import ledger
from transforms.lexicon import lexicon
from warehouse.build import build
from warehouse.publish import publish

# Two things are not yet marked as settled: BackfillPolicy, which makes one run of a whole range of partitions, and
# partitions of checks.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)

PARTITIONS = year_by_region(load())
OWNERS = ["team:rule-of-law-data"]

AnySettings = dg.ResourceParam[Settings]
AnyProgress = dg.ResourceParam[Progress]


class Intake(dg.Config):
    """What to take in: files and folders. None at all means the inbox."""

    paths: list[str] = Field(default=[], description="Files and folders; the inbox if empty")


@dg.asset(group_name="sources", kinds={"file"}, owners=OWNERS)
def snapshots(config: Intake, settings: AnySettings, progress: AnyProgress) -> dg.MaterializeResult[None]:
    """Reports as found, never changed, each with what it was identified as or why it is in quarantine.

    报告原件快照:按内容哈希保存,识别发布单位、地区与年度;无法读取或识别的进入隔离区并说明原因。
    """
    summary = take_in(
        [Path(path) for path in config.paths] or [settings.inbox_folder],
        SnapshotStore(settings.snapshots),
        regions=settings.regions,
        years=settings.years,
        max_bytes=settings.max_document_bytes,
        on_progress=lambda done, total, _: progress("taking in", done, total),
        clock=lambda: datetime.now(UTC),
    )
    return dg.MaterializeResult(metadata=described.intake(summary))


@dg.asset(
    group_name="transforms",
    kinds={"python", "parquet"},
    owners=OWNERS,
    partitions_def=PARTITIONS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    deps=[snapshots],
)
def observations(
    context: dg.AssetExecutionContext, settings: AnySettings, progress: AnyProgress
) -> dg.MaterializeResult[None]:
    """Every figure of the reports of a year and region: value, unit, indicator, role, and the words it stands in.

    观测值:逐份报告读出每个数值及其单位、指标、角色与原句,按年度和地区分区。
    """
    store = SnapshotStore(settings.snapshots)
    records = store.records()
    corrections = ledger(lexicon(), *settings.ledgers)
    keys = counted(context.partition_keys, "reading", len(context.partition_keys), progress)
    staged = [stage_partition(store, settings.staging, partition_of(key), records, corrections) for key in keys]
    return dg.MaterializeResult(metadata=described.readings(staged))


@dg.asset(
    group_name="warehouse",
    kinds={"duckdb"},
    owners=OWNERS,
    deps=[dg.AssetDep(observations, partition_mapping=dg.AllPartitionMapping())],
)
def warehouse_candidate(settings: AnySettings) -> dg.MaterializeResult[None]:
    """The star schema over everything staged, built beside the published warehouse, which readers keep using.

    候选仓库:由全部暂存数据新建的星型模型,检查通过前不影响已发布的仓库。
    """
    summary = build(
        settings.staging,
        settings.candidate,
        quarantine=[record for record in SnapshotStore(settings.snapshots).records() if record.reason],
        regions=settings.regions,
        lexicon=lexicon(),
        corrections=ledger(lexicon(), *settings.ledgers),
    )
    return dg.MaterializeResult(metadata=described.candidate(summary))


@dg.asset(group_name="warehouse", kinds={"duckdb"}, owners=OWNERS, deps=[warehouse_candidate])
def warehouse(settings: AnySettings) -> dg.MaterializeResult[None]:
    """The published warehouse: the candidate takes its place in one step, if no expectation of severity error failed.

    已发布的仓库:候选仓库通过全部阻断性检查后整体替换;检查不通过则保留原仓库。
    """
    publish(settings.candidate, settings.warehouse, most=settings.keep_releases)
    return dg.MaterializeResult(metadata=described.published(settings.warehouse))


@dg.asset(group_name="warehouse", kinds={"html"}, owners=OWNERS, deps=[warehouse_candidate])
def data_docs(settings: AnySettings) -> dg.MaterializeResult[None]:
    """Pages of the expectations and of what the last runs found, for a browser; they work without the internet.

    数据质量文档:各检查项的含义与最近各次检查结果,可离线浏览。
    """
    from warehouse.data_docs import build_data_docs

    runs = build_data_docs(settings.great_expectations, settings.data_docs)
    return dg.MaterializeResult(
        metadata={"runs": runs, "index": dg.MetadataValue.path(settings.data_docs / "index.html")}
    )
