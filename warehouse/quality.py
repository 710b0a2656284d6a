"""What the partition suite found, kept beside the staged figures until the next build takes it up.

    <root>/quality/year=2024/region=430500/results.json

A run checks many partitions at once; here each has its own file, so that a rerun of one replaces only its
own results, and a build sees those of all.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from warehouse.expectations.suites import SHOWN, ExpectationResult, PartitionOutcome
from warehouse.staging import partition_file, staged_files, write_partition_file


def keep_results(root: Path, partitions: Iterable[tuple[int, str]], results: Sequence[ExpectationResult]) -> None:
    """Keep the results of the partition suite for each of the partitions it was run on."""
    for year, region_code in sorted(set(partitions)):
        own = [_of_partition(result, year, region_code) for result in results]
        path = partition_file(root, "quality", year, region_code)
        rows = [asdict(result) for result in own]
        write_partition_file(path, (json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())


def kept_results(root: Path) -> list[ExpectationResult]:
    """The kept results of all partitions, one an expectation, with the outcome of each partition."""
    merged: dict[tuple[str, str], ExpectationResult] = {}
    for path in staged_files(root, "quality"):
        for row in json.loads(path.read_bytes()):
            one = ExpectationResult(**row)
            key = (one.suite, one.expectation_id)
            merged[key] = _joined(merged.get(key), one)
    return list(merged.values())


def _of_partition(result: ExpectationResult, year: int, region_code: str) -> ExpectationResult:
    nothing = PartitionOutcome(checked=0, unexpected=0, failing=[])
    # an expectation that couldn't be evaluated failed everywhere, without an outcome of its own anywhere
    evaluated = result.success or bool(result.partitions)
    outcome = result.partitions.get(f"{region_code}|{year}", nothing)
    return replace(
        result,
        success=evaluated and outcome.unexpected == 0,
        checked=outcome.checked,
        unexpected=outcome.unexpected if evaluated else result.unexpected,
        failing=outcome.failing if evaluated else result.failing,
        partitions={},
        region_code=region_code,
        year=year,
    )


def _joined(sofar: ExpectationResult | None, one: ExpectationResult) -> ExpectationResult:
    outcome = PartitionOutcome(one.checked, one.unexpected, one.failing)
    partitions = {**(sofar.partitions if sofar else {}), f"{one.region_code}|{one.year}": outcome}
    return replace(
        one,
        success=one.success and (sofar is None or sofar.success),
        checked=one.checked + (sofar.checked if sofar else 0),
        unexpected=one.unexpected + (sofar.unexpected if sofar else 0),
        failing=([*sofar.failing, *one.failing] if sofar else one.failing)[:SHOWN],
        partitions=partitions,
        region_code=None,
        year=None,
    )
