"""Great Expectations itself: contexts, suites, checkpoints. Only the functions here import it; it takes seconds.

With a folder, suites and validation results are stored there in Great Expectations' own form, and the Data Docs are
built of them; without one everything stays in memory.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.files import locked
from warehouse.expectations.declarations import DeclarationError, Declared

if TYPE_CHECKING:
    import pandas as pd

PATIENCE = 600.0
"""Seconds to wait for another process that checks figures or builds the Data Docs."""

ROW = "row"
"""The column that numbers the rows of a frame."""

THING = "thing"
"""The column that names the rows of a frame."""

_NAMING = (THING, "partition", "message_zh", "message_en", "sentence")
"""The columns by which a reader of the Data Docs knows a failing row."""

STORED = 20_000
"""A longer frame is checked without storing Great Expectations' own results, which would list every row again."""

NAMED = 5_000
"""In a longer frame failing rows have no names in Great Expectations' own results: it takes them a cell at a time."""

_SEVERITY = {"error": "critical", "warning": "warning", "info": "info"}


def validate(
    name: str, declared: Sequence[Declared], frame: "pd.DataFrame", *, folder: Path | None = None, run: str = ""
) -> Iterator[Any]:
    """Check a frame by a checkpoint; Great Expectations' own results, in the order of `declared`.

    `name` is that of the suite and its frame, `run` names the run in the stored results. The frame must have the
    columns ROW and THING. Raises DeclarationError where an expectation or its arguments don't exist.
    """
    gx = _great_expectations()
    from great_expectations.core.run_identifier import RunIdentifier  # noqa: PLC0415

    stored_in = folder if len(frame) <= STORED else None
    naming = [name for name in _NAMING if name in frame.columns and len(frame) <= NAMED]
    # a condition costs the more the wider the frame is
    read = [column for column in frame.columns if column in {ROW, *naming, *(c for one in declared for c in one.reads)}]
    with alone_in(stored_in):
        suite = gx.ExpectationSuite(name=name, expectations=[_expectation(one) for one in declared])
        context = context_in(stored_in)
        asset = context.data_sources.add_or_update_pandas("fazhi").add_dataframe_asset(name)
        definition = gx.ValidationDefinition(
            name=name,
            data=asset.add_batch_definition_whole_dataframe("whole frame"),
            suite=context.suites.add_or_update(suite),
        )
        checkpoint = gx.Checkpoint(
            name=name,
            validation_definitions=[context.validation_definitions.add_or_update(definition)],
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": [ROW, *naming],
                "return_unexpected_index_query": False,  # code for finding rows again in a frame that is gone by then
            },
        )
        outcome = context.checkpoints.add_or_update(checkpoint).run(
            batch_parameters={"dataframe": frame[read]}, run_id=RunIdentifier(run_name=run or name)
        )
    (validation,) = outcome.run_results.values()
    by_id = {_id_of(result): result for result in validation.results}  # they come in an order of their own
    return (by_id[one.id] for one in declared)


def alone_in(folder: Path | None) -> AbstractContextManager[None]:
    """Hold the folder of the stores, where there is one: Great Expectations writes its files in place."""
    return locked(folder / ".fazhi.lock", wait=PATIENCE) if folder else nullcontext()


def context_in(folder: Path | None, *, site: Path | None = None) -> Any:
    """A context of Great Expectations, silent, with its stores in `folder`, or in memory without one.

    `site` is where its Data Docs are built.
    """
    gx = _great_expectations()
    from great_expectations.data_context.types.base import (  # noqa: PLC0415
        DataContextConfig,
        FilesystemStoreBackendDefaults,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    stores = FilesystemStoreBackendDefaults(root_directory=str(folder)) if folder else InMemoryStoreBackendDefaults()
    config = DataContextConfig(
        store_backend_defaults=stores, progress_bars=ProgressBarsConfig(globally=False), analytics_enabled=False
    )
    if site:
        config.data_docs_sites = {
            "site": {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)},
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        }
    return gx.get_context(project_config=config, mode="ephemeral")


def problem(info: Mapping[str, Any]) -> str:
    """Why an expectation couldn't be evaluated; empty where it could."""
    nested = [info, *(value for value in info.values() if isinstance(value, dict))]
    return next((str(entry["exception_message"]) for entry in nested if entry.get("raised_exception")), "")


def _great_expectations() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the package is imported
    import great_expectations  # noqa: PLC0415 - takes seconds, and only checks need it

    from warehouse.expectations import custom  # noqa: F401, PLC0415 - makes our expectations known to it

    return great_expectations


def _id_of(gx_result: Any) -> str:
    return str(gx_result.expectation_config.meta["id"])


def _expectation(one: Declared) -> Any:
    import great_expectations.expectations as theirs  # noqa: PLC0415

    from warehouse.expectations import custom as ours  # noqa: PLC0415

    kind = getattr(theirs, one.expect, None) or getattr(ours, one.expect, None)
    if kind is None or not one.expect.startswith("Expect"):
        raise DeclarationError(f"{one.place}: {one.expect!r} is no expectation of Great Expectations, and none of ours")
    condition = {"row_condition": one.where, "condition_parser": "pandas"} if one.where else {}
    try:
        return kind(
            **one.arguments,
            **condition,
            severity=_SEVERITY[one.severity],
            description=f"{one.meaning_en} / {one.meaning_zh}",
            notes=one.action,
            meta={"id": one.id, "owner": one.owner, "declared": f"{one.suite} {one.place}"},
        )
    except (TypeError, ValueError) as error:
        raise DeclarationError(f"{one.place}: {one.expect} can't take {dict(one.arguments)}: {error}") from error
