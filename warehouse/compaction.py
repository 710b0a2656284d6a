"""Compacted staging: one Parquet file a year and kind, so that a build opens tens of files, not tens of thousands.

    <root>/compacted/year=2024/index.json              the partition files of the year: rows, size, time, hash
    <root>/compacted/year=2024/observations.parquet    their rows, one region after the other; only where they are many
    <root>/compacted/year=2024/reports.parquet

The partition files stay the truth. What a year's index doesn't say of them any more is read again, and only that; a
compacted file that isn't what the index says is written anew. See docs/decisions/0006-compacted-staging.md.
"""

import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sources.files import clear_stale_temporaries, replaced_atomically, write_atomically
from warehouse.staging import (
    SCHEMAS,
    hash_of,
    opened,
    partition_file,
    rows_of,
    staged_bytes,
    staged_hash,
    staged_regions,
    staged_years,
)

ROWS_A_GROUP = 122_880
"""Rows of a row group: as many as DuckDB's own, so that each of its threads takes whole ones."""

FEW = 64
"""Partition files of a year that a build reads as they are: opening them costs less than writing them once more."""

SETTLED_NS = 2_000_000_000
"""Age in nanoseconds from which a file's time of change tells its versions apart: file systems count in steps."""

THREADS = min(4, os.cpu_count() or 1)
"""Years looked at together; each that is written anew takes memory for its rows."""

_FORM = sha256("\n".join(["1", *(schema.to_string() for schema in SCHEMAS.values())]).encode()).hexdigest()[:12]
"""Changes with the form of the index (the number) and with the columns."""


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A partition file as it was compacted; `mtime_ns` is None where it was too new for its time to mean anything."""

    rows: int
    size: int
    mtime_ns: int | None
    sha256: str


Parts = Mapping[str, StagedFile]
"""Partition files of one kind and year, by region code."""


@dataclass(frozen=True, slots=True)
class CompactedYear:
    """The partition files of a year by kind (observations, reports), and the hash of each compacted file there is."""

    year: int
    parts: Mapping[str, Parts]
    hashes: Mapping[str, str]

    def files(self, root: Path, kind: str) -> list[Path]:
        """What to read for all rows of a kind, in the order of region."""
        if kind in self.hashes:
            return [compacted_file(root, kind, self.year)]
        return [partition_file(root, kind, self.year, region) for region in self.parts.get(kind, ())]


def compacted(root: Path, few: int | None = None) -> list[CompactedYear]:
    """Every staged year, compacted where it has more than `few` (FEW) files of a kind. For one build at a time.

    Files that are as they should be are left alone. Raises StagingError, naming file and partition, where a
    partition file that has to be read is broken or of another version.
    """
    years = staged_years(root)
    _clear(root, years)
    most = FEW if few is None else few
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(lambda year: _up_to_date(root, year, most), years))


def compacted_file(root: Path, kind: str, year: int) -> Path:
    """Where the compacted file of a kind and year belongs."""
    return _folder(root, year) / f"{kind}.parquet"


def _folder(root: Path, year: int) -> Path:
    return root / "compacted" / f"year={year}"


def _clear(root: Path, years: Iterable[int]) -> None:
    """Remove what was compacted of years that aren't staged any more, and what a killed run left."""
    wanted = {_folder(root, year) for year in years}
    for folder in (root / "compacted").glob("year=*"):
        if folder in wanted:
            clear_stale_temporaries(folder)
        else:
            shutil.rmtree(folder)


def _up_to_date(root: Path, year: int, few: int) -> CompactedYear:
    known = _indexed(root, year)
    hashes: dict[str, str] = {}
    parts: dict[str, Parts] = {}
    for kind in SCHEMAS:
        one = _YearOfKind(root, kind, year, known.parts.get(kind, {}), known.hashes.get(kind))
        if len(one.found) > few:
            hashes[kind], parts[kind] = one.compacted()
        elif one.found:
            parts[kind] = one.noted()
        if kind not in hashes:
            compacted_file(root, kind, year).unlink(missing_ok=True)
    now = CompactedYear(year, parts, hashes)
    if now != known:
        write_atomically(_folder(root, year) / "index.json", _index_json(now))
    return now


class _YearOfKind:
    """The partition files of one kind and year beside what is known of them and of their compacted file."""

    def __init__(self, root: Path, kind: str, year: int, known: Parts, compacted_hash: str | None) -> None:
        self._root, self._kind, self._year = root, kind, year
        self._known, self._hash = known, compacted_hash
        self._now_ns = time.time_ns()
        self.found = staged_regions(root, kind, year)
        self._same = {region: known[region] for region, stat in self.found.items() if self._is_known(region, stat)}

    def noted(self) -> Parts:
        """The partition files as they are now."""
        return {region: self._same.get(region) or self._read(region)[0] for region in sorted(self.found)}

    def compacted(self) -> tuple[str, Parts]:
        """The hash of the compacted file, which is written anew where it isn't as it should be, and its parts."""
        if self._hash and not self._changed():
            return self._hash, dict(sorted(self._same.items()))
        parts: dict[str, StagedFile] = {}
        schema = SCHEMAS[self._kind]
        with replaced_atomically(compacted_file(self._root, self._kind, self._year)) as temporary:
            with pq.ParquetWriter(temporary, schema, compression="zstd", write_page_checksum=True) as writer:
                for group in _groups(self._tables(parts)):
                    writer.write_table(group, row_group_size=ROWS_A_GROUP)
            return _sha256(temporary), parts

    def _changed(self) -> bool:
        """Whether any partition is new, gone or holds other bytes; those that were touched are hashed to know."""
        for region in self.found.keys() & self._known.keys() - self._same.keys():
            if staged_hash(self._root, self._kind, self._year, region) == self._known[region].sha256:
                self._same[region] = replace(self._known[region], mtime_ns=self._mtime(region))
        return not self._same.keys() == self.found.keys() == self._known.keys()

    def _tables(self, parts: dict[str, StagedFile]) -> Iterator[pa.Table]:
        """The partitions' rows in the order of their regions, noting in `parts` what they came from."""
        before = pq.read_table(compacted_file(self._root, self._kind, self._year)) if self._hash else None
        starts = dict(zip(self._known, accumulate((one.rows for one in self._known.values()), initial=0), strict=False))
        start = stop = 0  # rows of `before` that lie together and are still to be handed on
        for region in sorted(self.found):
            if before and region in self._same:
                parts[region] = self._same[region]
                if starts[region] != stop:
                    yield before.slice(start, stop - start)
                    start = starts[region]
                stop = starts[region] + parts[region].rows
            else:
                parts[region], parquet = self._read(region)
                if before:
                    yield before.slice(start, stop - start)
                    start = stop
                yield rows_of(self._file(region), parquet)
        if before:
            yield before.slice(start, stop - start)

    def _read(self, region: str) -> tuple[StagedFile, pq.ParquetFile]:
        file = self._file(region)
        data = staged_bytes(file)
        parquet = opened(file, data, SCHEMAS[self._kind])
        return StagedFile(parquet.metadata.num_rows, len(data), self._mtime(region), hash_of(data)), parquet

    def _file(self, region: str) -> Path:
        return partition_file(self._root, self._kind, self._year, region)

    def _mtime(self, region: str) -> int | None:
        mtime_ns = self.found[region].st_mtime_ns
        return mtime_ns if mtime_ns < self._now_ns - SETTLED_NS else None

    def _is_known(self, region: str, stat: os.stat_result) -> bool:
        known = self._known.get(region)
        return known is not None and (known.size, known.mtime_ns) == (stat.st_size, stat.st_mtime_ns)


def _groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in whole row groups, the last one as long as it comes."""
    waiting: list[pa.Table] = []
    rows = 0
    for table in tables:
        waiting.append(table)
        rows += table.num_rows
        if rows >= ROWS_A_GROUP:
            together = pa.concat_tables(waiting)
            whole = rows - rows % ROWS_A_GROUP
            yield together.slice(0, whole)
            waiting, rows = [together.slice(whole)], rows - whole
    if waiting:
        yield pa.concat_tables(waiting)


def _indexed(root: Path, year: int) -> CompactedYear:
    """What the index says, without the compacted files that aren't as it says; nothing where it can't be used."""
    try:
        index = json.loads((_folder(root, year) / "index.json").read_bytes())
        if index["form"] == _FORM:
            parts = {kind: {code: StagedFile(*one) for code, one in of.items()} for kind, of in index["parts"].items()}
            hashes = {
                kind: sha for kind, sha in index["hashes"].items() if _holds(compacted_file(root, kind, year), sha)
            }
            return CompactedYear(year, parts, hashes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # whatever is wrong with it, the partition files are read again
    return CompactedYear(year, {}, {})


def _index_json(year: CompactedYear) -> bytes:
    parts = {
        kind: {code: [one.rows, one.size, one.mtime_ns, one.sha256] for code, one in of_kind.items()}
        for kind, of_kind in year.parts.items()
    }
    return (json.dumps({"form": _FORM, "hashes": dict(year.hashes), "parts": parts}) + "\n").encode()


def _holds(file: Path, sha: str) -> bool:
    return file.exists() and _sha256(file) == sha


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
