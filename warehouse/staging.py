"""Observations and reports as Parquet, one folder a partition (year × region).

    <root>/observations/year=2024/region=430500/part.parquet    one row a figure
    <root>/reports/year=2024/region=430500/part.parquet         one row a report
    <root>/quality/year=2024/region=430500/results.json         what the expectations found (quality.py)

What was found is of exactly the figures it was found in: other figures end it. Writing is atomic and gives the same
bytes for the same input. The report file is written last: figures without their report are noticed by the warehouse's
expectations, a report without its figures would not be.
"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sources.bodies import kind_of_body, regions_of_body
from sources.files import clear_stale_temporaries, locked, write_atomically
from transforms.observation import Observation
from transforms.resolve import series

if TYPE_CHECKING:
    import pandas as pd

    from transforms.lexicon import Lexicon

DECIMAL: pa.DataType = pa.decimal128(24, 6)
LARGEST = Decimal(10) ** 18
"""Figures must be smaller than this to fit DECIMAL(24,6)."""

_OBSERVATION: dict[str, pa.DataType] = {
    "observation_id": pa.string(),
    "snapshot_id": pa.string(),
    "report_year": pa.int32(),
    "report_region_code": pa.string(),
    "region_code": pa.string(),
    "indicator": pa.string(),
    "value": DECIMAL,
    "value_low": DECIMAL,
    "value_high": DECIMAL,
    "slack": DECIMAL,
    "raw_unit": pa.string(),
    "canonical_unit": pa.string(),
    "qualifier": pa.string(),
    "role": pa.string(),
    "direction": pa.string(),
    "since_year": pa.int32(),
    "figure_year": pa.int32(),
    "period": pa.string(),
    "stock_date": pa.date32(),
    "scope": pa.string(),
    "status": pa.string(),
    "status_reason": pa.string(),
    "own_status": pa.string(),
    "correction_id": pa.string(),
    "reported_value": DECIMAL,
    "reported_low": DECIMAL,
    "reported_high": DECIMAL,
    "reported_indicator": pa.string(),
    "raw_text": pa.string(),
    "text_slice": pa.string(),
    "start_offset": pa.int32(),
    "end_offset": pa.int32(),
    "number_offset": pa.int32(),
    "sentence": pa.string(),
    "sentence_offset": pa.int32(),
    "location": pa.string(),
    "phrase": pa.string(),
}
_REPORT: dict[str, pa.DataType] = {
    "snapshot_id": pa.string(),
    "title": pa.string(),
    "series": pa.string(),
    "publisher": pa.string(),
    "publisher_kind": pa.string(),
    "publisher_region_code": pa.string(),
    "region_code": pa.string(),
    "report_year": pa.int32(),
    "published": pa.date32(),
    "retrieved_at": pa.timestamp("ms"),
    "media_type": pa.string(),
    "uri": pa.string(),
    "synthetic": pa.bool_(),
    "characters": pa.int32(),
    "text_sha256": pa.string(),
    "confidence": pa.float64(),
    "corrections": pa.string(),
}
OBSERVATIONS = pa.schema(_OBSERVATION)
FORM = hashlib.sha256(repr([_OBSERVATION, _REPORT]).encode()).hexdigest()[:12]
"""Changes with the columns of either file."""
REPORTS = pa.schema(_REPORT, metadata={"form": FORM})
"""Carries FORM: a partition is known by its reports, and is read anew where its figures have other columns."""
SCHEMAS = {"observations": OBSERVATIONS, "reports": REPORTS}
_EXACTLY = Context(prec=40, rounding=ROUND_HALF_EVEN)


PATIENCE = 60.0
"""Seconds to wait for another process that writes into the staging folder."""


class StagingError(Exception):
    """A staged file can't be written or read; the message names the file and says what to do."""


@dataclass(frozen=True, slots=True)
class StagedReport:
    """One report as it goes to the warehouse; `retrieved_at` in UTC, `characters` of the canonical text.

    `confidence` is that of its identification, `corrections` the version of the ledger's entries about it, empty
    without any.
    """

    snapshot_id: str
    title: str
    publisher: str
    region_code: str
    report_year: int
    published: date | None
    retrieved_at: datetime
    media_type: str
    uri: str
    synthetic: bool
    characters: int
    text_sha256: str
    confidence: float = 0.0
    corrections: str = ""

    @property
    def series(self) -> str:
        """The title that all versions of the report share."""
        return series(self.title)

    @property
    def publisher_kind(self) -> str:
        """What kind of body published it."""
        return kind_of_body(self.publisher)

    @property
    def publisher_region_code(self) -> str | None:
        """The place the publisher belongs to, where its name says so."""
        codes = regions_of_body(self.publisher)
        return self.region_code if self.region_code in codes or not codes else codes[0] if len(codes) == 1 else None


def stage(
    root: Path, year: int, region_code: str, reports: Sequence[tuple[StagedReport, str, Sequence[Observation]]]
) -> pa.Table:
    """Write one partition: each report with its canonical text and its observations.

    Replaces what the partition held before; without reports the partition is removed. Returns the table of
    observations as written. Raises StagingError where a report is of another partition or a figure too large.
    """
    for report, _, _ in reports:
        if (report.report_year, report.region_code) != (year, region_code):
            raise StagingError(
                f"report {report.snapshot_id[:12]} is of {report.region_code} {report.report_year}, but was handed in "
                f"for the partition {region_code}|{year}; stage it in its own partition"
            )
    ordered = sorted(reports, key=lambda entry: entry[0].snapshot_id)
    rows = [row for report, text, observations in ordered for row in _rows(report, text, observations)]
    table = pa.Table.from_pylist(rows, schema=OBSERVATIONS)
    if not reports:
        unstage(root, year, region_code)
        return table
    staged = pa.Table.from_pylist([_report_row(report) for report, _, _ in ordered], schema=REPORTS)
    figures, file = _as_parquet(table), partition_file(root, "observations", year, region_code)
    with alone_in(root):
        if not file.exists() or file.read_bytes() != figures:
            partition_file(root, "quality", year, region_code).unlink(missing_ok=True)
        write_partition_file(file, figures)
        write_partition_file(partition_file(root, "reports", year, region_code), _as_parquet(staged))
    return table


def alone_in(root: Path) -> AbstractContextManager[None]:
    """Hold the staging folder: the files of a partition belong together, and are written in milliseconds."""
    return locked(root / ".fazhi.lock", wait=PATIENCE)


def unstage(root: Path, year: int, region_code: str) -> None:
    """Remove a partition: its reports, its observations and what was found about them."""
    with alone_in(root):
        for kind in ("reports", "observations", "quality"):
            file = partition_file(root, kind, year, region_code)
            file.unlink(missing_ok=True)
            clear_stale_temporaries(file.parent)
            for folder in (file.parent, file.parent.parent):
                with suppress(OSError):  # not there, or other partitions live in it
                    folder.rmdir()


def staged_partitions(root: Path) -> set[tuple[int, str]]:
    """The partitions that hold reports, as (year, region code)."""
    return {partition_of(file) for file in staged_files(root, "reports")}


def staged_files(root: Path, kind: str) -> list[Path]:
    """Every file of a kind (observations, reports, quality), in the order of year and region."""
    return sorted((root / kind).glob("year=*/region=*/" + _file_name(kind)), key=partition_of)


def staged_years(root: Path) -> list[int]:
    """The years of which anything is staged, in order."""
    folders = (folder for kind in SCHEMAS for folder in (root / kind).glob("year=*"))
    return sorted({int(folder.name.removeprefix("year=")) for folder in folders})


def staged_regions(root: Path, kind: str, year: int) -> dict[str, os.stat_result]:
    """The region codes that have a file of a kind and year, each with what the file system says of it."""
    found: dict[str, os.stat_result] = {}
    folder, name = root / kind / f"year={year}", _file_name(kind)
    if folder.is_dir():
        for region in os.scandir(folder):
            with suppress(FileNotFoundError):
                found[region.name.removeprefix("region=")] = os.stat(f"{region.path}/{name}")  # noqa: PTH116 - thousands
    return found


def partition_file(root: Path, kind: str, year: int, region_code: str) -> Path:
    """Where the file of a kind (observations, reports, quality) of a partition belongs."""
    return root / kind / f"year={year}" / f"region={region_code}" / _file_name(kind)


def hash_of(data: bytes) -> str:
    """What the content of a staged file is known by: its SHA-256."""
    return hashlib.sha256(data).hexdigest()


def staged_hash(root: Path, kind: str, year: int, region_code: str) -> str | None:
    """`hash_of` the file of a kind of a partition as it is now; None where there is none."""
    file = partition_file(root, kind, year, region_code)
    return hash_of(staged_bytes(file)) if file.exists() else None


def load_frames(
    root: Path,
    partitions: Iterable[tuple[int, str]],
    *,
    rows: int,
    lexicon: "Lexicon | None" = None,
    loaded: "dict[tuple[int, str], str] | None" = None,
) -> "Iterator[pd.DataFrame]":
    """`load_frame` in lots of whole partitions with about so many rows, at least one lot."""
    lot: list[tuple[int, str]] = []
    held = 0
    for year, region in sorted(set(partitions)):
        file = partition_file(root, "observations", year, region)
        own = opened(file, staged_bytes(file), OBSERVATIONS).metadata.num_rows if file.exists() else 0
        if lot and held + own > rows:
            yield load_frame(root, lot, lexicon=lexicon, loaded=loaded)
            lot, held = [], 0
        lot, held = [*lot, (year, region)], held + own
    yield load_frame(root, lot, lexicon=lexicon, loaded=loaded)


def load_frame(
    root: Path,
    partitions: Iterable[tuple[int, str]],
    *,
    lexicon: "Lexicon | None" = None,
    loaded: "dict[tuple[int, str], str] | None" = None,
) -> "pd.DataFrame":
    """The observations of some partitions with what the partition suite needs beside them.

    The columns are those of OBSERVATIONS with `report_year` named `year`, and

    - `thing`: the observation's id, by which a failing row is followed; `partition`: `region|year` of the report;
    - `unit`, `kind`, `whole`, `indicator_minimum`, `indicator_maximum`: of the indicator, where there is one
      and the figure isn't a change, else of the unit as written (`kind` is then empty for an unknown unit);
    - `coded`, `indicator_known`: whether there is an indicator, and whether the lexicon has it;
    - `fraction`: the part of the value after the point;
    - `bounded`: whether both bounds are there, or the words leave the top open;
    - `quote_length`, `span`: characters of raw_text, and from start to end.

    Numbers come as float64. Partitions that aren't staged are left out; `loaded` gets the hash of the figures of each
    of the others, as they were read. Raises StagingError on a broken file.
    """
    if lexicon is None:
        from transforms.lexicon import lexicon as load_lexicon  # noqa: PLC0415 - read only where it is needed

        lexicon = load_lexicon()
    tables = []
    for year, region in sorted(set(partitions)):
        file = partition_file(root, "observations", year, region)
        if file.exists():
            data = staged_bytes(file)
            tables.append(rows_of(file, opened(file, data, OBSERVATIONS)))
            if loaded is not None:
                loaded[year, region] = hash_of(data)
    table = pa.concat_tables(tables) if tables else OBSERVATIONS.empty_table()
    return _described(_with_plain_numbers(table).to_pandas(), lexicon)


def read_staged(file: Path, schema: pa.Schema) -> pa.Table:
    """A staged file as a table. Raises StagingError, naming the file, where it is broken or of another version."""
    return rows_of(file, opened(file, staged_bytes(file), schema))


def staged_bytes(file: Path) -> bytes:
    """What a staged file holds. Raises StagingError, naming the file, where it can't be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise broken_file(file, str(error)) from error


def opened(file: Path, data: bytes, schema: pa.Schema) -> pq.ParquetFile:
    """The bytes of a staged file with their footer read. Raises StagingError, naming the file, as `read_staged`."""
    try:
        # page checksums find a flipped bit that would otherwise read as another number
        parquet = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
    except (OSError, pa.ArrowException) as error:
        raise broken_file(file, str(error)) from error
    if not parquet.schema_arrow.equals(schema):
        raise broken_file(file, f"it has the columns {', '.join(parquet.schema_arrow.names)}")
    if _form(parquet.schema_arrow) != _form(schema):
        raise broken_file(file, "the figures beside it have other columns")
    return parquet


def _form(schema: pa.Schema) -> bytes | None:
    return (schema.metadata or {}).get(b"form")


def rows_of(file: Path, parquet: pq.ParquetFile) -> pa.Table:
    """All rows of an opened staged file. Raises StagingError, naming the file, where a page is broken."""
    try:
        return parquet.read(use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise broken_file(file, str(error)) from error


def broken_file(file: Path, reason: str) -> StagingError:
    """The error for a staged file that can't be used."""
    year, region = partition_of(file)
    first_line = reason.strip().splitlines()[0] if reason.strip() else "unknown reason"
    return StagingError(
        f"{file} can't be read: {first_line}. Expected a Parquet file written by this version of fazhi. "
        f"Rerun the partition {region}|{year}; it is written anew from the snapshots."
    )


def observation_id(snapshot_id: str, number_offset: int) -> str:
    """Stable id of a figure: a wider or narrower quote around the same number keeps it."""
    return hashlib.sha256(f"{snapshot_id}:{number_offset}".encode()).hexdigest()[:16]


def _rows(report: StagedReport, text: str, observations: Sequence[Observation]) -> Iterator[dict[str, Any]]:
    for o in sorted(observations, key=lambda o: (o.number_start, o.start)):
        yield {
            "observation_id": observation_id(report.snapshot_id, o.number_start),
            "snapshot_id": report.snapshot_id,
            "report_year": report.report_year,
            "report_region_code": report.region_code,
            "region_code": o.region_code or report.region_code,
            "indicator": o.indicator,
            "value": _decimal(o.value, report, o),
            "value_low": _decimal(o.value_low, report, o),
            "value_high": _decimal_or_none(o.value_high, report, o),
            "slack": _decimal(o.slack, report, o),
            "raw_unit": o.unit,
            "canonical_unit": o.canonical_unit,
            "qualifier": o.qualifier,
            "role": o.role,
            "direction": o.direction,
            "since_year": o.since_year,
            "figure_year": o.figure_year,
            "period": o.period,
            "stock_date": o.stock_date,
            "scope": o.scope,
            "status": o.status,
            "status_reason": o.status_reason,
            "own_status": o.own_status or o.status,
            "correction_id": o.correction_id,
            "reported_value": _decimal_or_none(o.reported_value, report, o),
            "reported_low": _decimal_or_none(o.reported_low, report, o),
            "reported_high": _decimal_or_none(o.reported_high, report, o),
            "reported_indicator": o.reported_indicator,
            "raw_text": o.raw_text,
            "text_slice": text[o.start : o.end],
            "start_offset": o.start,
            "end_offset": o.end,
            "number_offset": o.number_start,
            "sentence": o.sentence,
            "sentence_offset": o.sentence_start,
            "location": o.location,
            "phrase": o.phrase,
        }


def _report_row(report: StagedReport) -> dict[str, Any]:
    row = {name: getattr(report, name) for name in REPORTS.names}
    if report.retrieved_at.tzinfo:
        row["retrieved_at"] = report.retrieved_at.astimezone(UTC).replace(tzinfo=None)
    return row


def _decimal(value: Decimal, report: StagedReport, observation: Observation) -> Decimal:
    if not value.is_finite() or abs(value) >= LARGEST:
        raise StagingError(
            f"report {report.snapshot_id[:12]}, offset {observation.start}: {observation.raw_text!r} reads as {value}, "
            "which the warehouse can't hold (expected less than 10^18); mend the rule that read it"
        )
    return value.quantize(Decimal("0.000001"), context=_EXACTLY)


def _decimal_or_none(value: Decimal | None, report: StagedReport, observation: Observation) -> Decimal | None:
    return None if value is None else _decimal(value, report, observation)


def write_partition_file(path: Path, data: bytes) -> None:
    """Write a file of a partition in one step, and clear what a killed writer of it left."""
    clear_stale_temporaries(path.parent)
    write_atomically(path, data)


def _as_parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
    return buffer.getvalue()


def _file_name(kind: str) -> str:
    return "results.json" if kind == "quality" else "part.parquet"


def partition_of(file: Path) -> tuple[int, str]:
    """The (year, region code) that a staged file belongs to, by its folders."""
    return int(file.parent.parent.name.removeprefix("year=")), file.parent.name.removeprefix("region=")


def _with_plain_numbers(table: pa.Table) -> pa.Table:
    """Decimals as float64, by way of their text: a direct cast makes 1.7999999999999998 of 1.8."""
    for name in [field.name for field in table.schema if pa.types.is_decimal(field.type)]:
        column = table.column(name).cast(pa.string()).cast(pa.float64())
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table


def _described(frame: "pd.DataFrame", lexicon: "Lexicon") -> "pd.DataFrame":
    indicators, units = lexicon.indicators, lexicon.units
    frame = frame.rename(columns={"report_year": "year"})
    frame["partition"] = frame["report_region_code"] + "|" + frame["year"].astype(str)
    frame["thing"] = frame["observation_id"]
    frame["coded"] = frame["indicator"].notna()
    frame["indicator_known"] = frame["indicator"].isin(list(indicators))
    by_indicator = frame["indicator_known"] & (frame["role"] != "change")
    codes = frame["indicator"].where(by_indicator)
    frame["unit"] = codes.map({code: i.unit for code, i in indicators.items()}).fillna(frame["canonical_unit"])
    frame["kind"] = codes.map({code: i.kind for code, i in indicators.items()}).fillna(
        frame["unit"].map({name: unit.kind for name, unit in units.items()})
    )
    # a rate can have a unit that is counted in whole numbers elsewhere: 每万人拥有律师3.2名
    whole_unit = frame["unit"].isin([name for name, unit in units.items() if unit.whole])
    frame["whole"] = whole_unit & (~by_indicator | (frame["kind"] == "count")) & (frame["scope"] != "average")
    for bound in ("minimum", "maximum"):
        limits = {code: getattr(i, bound) for code, i in indicators.items()}
        known = {code: float(limit) for code, limit in limits.items() if limit is not None}
        frame[f"indicator_{bound}"] = codes.map(known).astype("float64")
    frame["fraction"] = frame["value"] % 1
    frame["quote_length"] = frame["raw_text"].str.len().astype("float64")
    frame["span"] = (frame["end_offset"] - frame["start_offset"]).astype("float64")
    # 300场以上 is at least 300 and leaves the top open
    frame["bounded"] = frame["value_low"].notna() & (frame["value_high"].notna() | (frame["qualifier"] == "over"))
    return frame
