"""The flow from a report to the published warehouse and what is made of it. Start reading here.

    snapshots       the reports as found, and what each was identified as
    documents       which reports there are of a year and region
    observations    every figure of every report, by year and region
    dim_…, fact_…   the star schema, built beside the published warehouse and checked
    warehouse       the same file once its expectations hold
    views/…         what analysts ask, with counts and pictures
    exports         the figures as files for other programs
    data_docs       pages of what was expected and found

The expectations that stand between them are in `checks`, what starts them by itself in `automation`.
"""

import errno
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from pydantic import Field

from orchestration import conditions, described
from orchestration.instance import WRITING
from orchestration.partitions import partition_key, partition_of, year_by_region
from orchestration.progress import Progress
from orchestration.readings import UnreadPartitionsError, read_partitions, version_of
from orchestration.settings import Settings, load
from orchestration.tables import OWNERS, STAR, table_spec, view_specs
from orchestration.writer import become_writer, step_down
from sources.files import locked
from sources.intake import take_in
from sources.snapshots import SnapshotStore
from transforms.corrections import ledger
from transforms.lexicon import lexicon
from warehouse.build import build
from warehouse.export import export
from warehouse.provenance import READING, code_version
from warehouse.publish import publish

# Not yet marked as settled: BackfillPolicy, which makes one run of a whole range of partitions, freshness policies, and
# metadata of one partition.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)

PARTITIONS = year_by_region(load())

INTAKE_PATIENCE = 600.0
"""Seconds to wait for another intake."""

AnySettings = dg.ResourceParam[Settings]
AnyProgress = dg.ResourceParam[Progress]


class Intake(dg.Config):
    """What to take in: files and folders. None at all means the inbox."""

    paths: list[str] = Field(default=[], description="Files and folders; the inbox if empty")


@dg.asset(
    group_name="sources",
    kinds={"file"},
    owners=OWNERS,
    tags={"layer": "source"},
    code_version=code_version(("sources",)),
    # in the quiet months it is taken in once a week
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=15), warn_window=timedelta(days=8)),
    # a network folder that is away for a moment; what cannot be mended by waiting isn't tried again
    retry_policy=dg.RetryPolicy(max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS),
)
def snapshots(
    context: dg.AssetExecutionContext, config: Intake, settings: AnySettings, progress: AnyProgress
) -> dg.MaterializeResult[None]:
    """Reports as found, never changed, each with what it was identified as or why it is in quarantine.

    报告原件快照:按内容哈希保存,识别发布单位、地区与年度;无法读取或识别的进入隔离区并说明原因。
    """
    store = SnapshotStore(settings.snapshots)
    try:
        with locked(settings.intake_lock, wait=INTAKE_PATIENCE):
            summary = take_in(
                [Path(path) for path in config.paths] or [settings.inbox_folder],
                store,
                regions=settings.codes,
                years=settings.years,
                max_bytes=settings.max_document_bytes,
                limits=settings.limits,
                on_progress=progress,
                clock=lambda: datetime.now(UTC),
            )
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT):
            raise dg.Failure(f"{settings.home} can't be written: {error}", allow_retries=False) from error
        raise
    records = store.records()
    for event in described.documents(records, summary.touched):
        context.log_event(event)
    return dg.MaterializeResult(data_version=dg.DataVersion(version_of(records)), metadata=described.intake(summary))


documents = dg.AssetSpec(
    "documents",
    deps=[snapshots],
    description="The reports of a year and region, as taken in with the snapshots; what is new waits to be read.\n\n"
    "文档:按年度和地区归集的报告;随快照入库而更新,新增或改判的报告等待读取。",
    group_name="sources",
    kinds={"text"},
    owners=OWNERS,
    tags={"layer": "source"},
    partitions_def=PARTITIONS,
)
"""Not made by a step of its own: taking a report in says which year and region it is of."""


@dg.asset(
    group_name="transforms",
    kinds={"python", "parquet"},
    owners=OWNERS,
    tags={"layer": "transform"},
    partitions_def=PARTITIONS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    deps=[dg.AssetDep(documents, partition_mapping=dg.IdentityPartitionMapping())],
    code_version=code_version(READING),
)
def observations(
    context: dg.AssetExecutionContext, settings: AnySettings, progress: AnyProgress
) -> dg.MaterializeResult[None]:
    """Every figure of the reports of a year and region: value, unit, indicator, role, and the words it stands in.

    观测值:逐份报告读出每个数值及其单位、指标、角色与原句,按年度和地区分区。
    """
    partitions = [partition_of(key) for key in context.partition_keys]
    store, corrections = SnapshotStore(settings.snapshots), ledger(lexicon(), *settings.ledgers)
    read = read_partitions(store, settings.staging, partitions, corrections, progress, settings.limits)
    if read.failed:
        for one in read.staged.values():
            context.log_event(described.read_nevertheless(one))
        raise UnreadPartitionsError(read.failed)
    for one in read.staged.values():
        context.add_asset_metadata(described.reading(one), partition_key=partition_key(one.partition))
    return dg.MaterializeResult(metadata=described.readings(list(read.staged.values())))


@dg.multi_asset(
    name="star_schema",
    specs=[
        table_spec(
            table,
            [
                dg.AssetDep(observations, partition_mapping=dg.AllPartitionMapping()),
                dg.AssetDep(snapshots),  # whose quarantine is a table too
            ],
            code_version=code_version(),
            condition=conditions.DOWNSTREAM_OF_FIGURES,
        )
        for table in STAR
    ],
    pool=WRITING,
)
def star_schema(settings: AnySettings) -> Iterator[dg.MaterializeResult[None]]:
    """The star schema over everything staged, built beside the published warehouse, which readers keep using.

    星型模型:由全部暂存数据一次新建,检查通过前不影响已发布的仓库。
    """
    become_writer(settings)
    build(
        settings.staging,
        settings.candidate,
        quarantine=[record for record in SnapshotStore(settings.snapshots).records() if record.reason],
        regions=settings.codes,
        lexicon=lexicon(),
        corrections=ledger(lexicon(), *settings.ledgers),
    )
    for table in STAR:
        yield dg.MaterializeResult(asset_key=table, metadata=described.relation(settings.candidate, table))


@dg.asset(
    group_name="warehouse",
    kinds={"duckdb"},
    owners=OWNERS,
    tags={"layer": "warehouse"},
    deps=STAR,
    code_version=code_version(),
    automation_condition=conditions.DOWNSTREAM,
    # the monthly audit publishes anew even where nothing has changed
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=40), warn_window=timedelta(days=33)),
    pool=WRITING,
)
def warehouse(settings: AnySettings) -> dg.MaterializeResult[None]:
    """The published warehouse: the candidate takes its place in one step, if no expectation of severity error failed.

    已发布的仓库:候选仓库通过全部阻断性检查后整体替换;检查不通过则保留原仓库。
    """
    become_writer(settings)
    publish(settings.candidate, settings.warehouse, most=settings.keep_releases)
    step_down(settings)
    return dg.MaterializeResult(metadata=described.published(settings.warehouse))


@dg.multi_asset(
    name="views",
    specs=view_specs(warehouse, code_version=code_version(), condition=conditions.DOWNSTREAM),
    can_subset=True,
)
def views(context: dg.AssetExecutionContext, settings: AnySettings) -> Iterator[dg.MaterializeResult[None]]:
    """Each view of the published warehouse is asked once: how many rows it has, the first of them, and pictures."""
    for key in sorted(context.selected_asset_keys):
        yield dg.MaterializeResult(asset_key=key, metadata=described.view(settings.warehouse, key.path[-1]))


@dg.asset(
    group_name="exports",
    kinds={"parquet", "csv"},
    owners=OWNERS,
    tags={"layer": "export"},
    deps=[warehouse],
    code_version=code_version(),
    automation_condition=conditions.DOWNSTREAM,
)
def exports(settings: AnySettings) -> dg.MaterializeResult[None]:
    """The figures of the published warehouse as files, for programs that don't read DuckDB.

    导出文件:已发布数据的 Parquet 与 SDMX-CSV 文件。
    """
    return dg.MaterializeResult(metadata=described.exported(export(settings.warehouse, settings.exports)))


@dg.asset(
    group_name="exports",
    kinds={"html"},
    owners=OWNERS,
    tags={"layer": "export"},
    deps=STAR,
    code_version=code_version(),
    automation_condition=conditions.DOWNSTREAM,
)
def data_docs(settings: AnySettings) -> dg.MaterializeResult[None]:
    """Pages of the expectations and of what the last runs found, for a browser; they work without the internet.

    数据质量文档:各检查项的含义与最近各次检查结果,可离线浏览。
    """
    from warehouse.data_docs import build_data_docs

    runs = build_data_docs(settings.great_expectations, settings.data_docs)
    return dg.MaterializeResult(
        metadata={"runs": runs, "index": dg.MetadataValue.path(settings.data_docs / "index.html")}
    )
