"""Compacted staging: the same rows, read again only where they changed, repaired by itself."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from warehouse_examples import CITY, COUNTY_A, COUNTY_B, build_small, clean_reports, county_report, stage_all

from warehouse import compaction
from warehouse.compaction import compacted, compacted_file
from warehouse.content import content_hashes
from warehouse.staging import StagingError, partition_file, stage, staged_files, unstage

YEARS = (2023, 2024)


@pytest.fixture
def staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two years of partitions whose files are old enough for their time to tell."""
    monkeypatch.setattr(compaction, "SETTLED_NS", 0)
    root = tmp_path / "staging"
    stage_all(root, [*clean_reports(), county_report(COUNTY_A, "7", 2023), county_report(COUNTY_B, "8", 2023)])
    return root


def rows(root: Path, year: int) -> pa.Table:
    return pq.read_table(compacted_file(root, "observations", year))


def rows_of_partitions(root: Path, year: int) -> pa.Table:
    files = [file for file in staged_files(root, "observations") if f"year={year}" in str(file)]
    return pa.concat_tables([pq.ParquetFile(file).read() for file in files])


def written(root: Path) -> dict[Path, int]:
    return {file: file.stat().st_ino for file in (root / "compacted").rglob("*.*")}


def changed_by(root: Path, act: Callable[[], object]) -> set[str]:
    """Compact, act, compact; the compacted files that were written anew, as `2024/observations.parquet`."""
    compacted(root, few=0)
    before = written(root)
    act()
    compacted(root, few=0)
    after = written(root)
    anew = {file for file in before.keys() | after.keys() if before.get(file) != after.get(file)}
    return {f"{file.parent.name[5:]}/{file.name}" for file in anew}


def test_a_year_holds_its_partitions_in_order(staging: Path) -> None:
    years = compacted(staging, few=0)
    assert [year.year for year in years] == list(YEARS)
    for year in YEARS:
        assert rows(staging, year).equals(rows_of_partitions(staging, year))
    regions = list(years[1].parts["observations"])
    assert regions == sorted(regions)
    assert years[1].files(staging, "observations") == [compacted_file(staging, "observations", 2024)]


def test_few_files_are_read_as_they_are(staging: Path) -> None:
    (year, _) = compacted(staging, few=2)
    assert year.files(staging, "reports") == [partition_file(staging, "reports", 2023, c) for c in (COUNTY_A, COUNTY_B)]
    assert not compacted_file(staging, "reports", 2023).exists()
    assert compacted_file(staging, "reports", 2024).exists()
    compacted(staging, few=99)
    assert not compacted_file(staging, "reports", 2024).exists(), "no longer wanted"


def test_the_warehouse_is_the_same_with_and_without(
    staging: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = []
    for few in (99, 0, 0):
        monkeypatch.setattr(compaction, "FEW", few)
        build_small(staging, tmp_path / "w.duckdb")
        assert compacted_file(staging, "observations", 2024).exists() == (few == 0)
        hashes.append(content_hashes(tmp_path / "w.duckdb"))
    assert hashes[0] == hashes[1] == hashes[2]


def test_what_did_not_change_is_left_alone(staging: Path) -> None:
    assert changed_by(staging, lambda: None) == set()
    assert changed_by(staging, lambda: stage(staging, 2023, COUNTY_B, [county_report(COUNTY_B, "8", 2023)])) == set()


def test_only_the_year_that_changed_is_compacted_anew(staging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compacted(staging, few=0)
    read: list[Path] = []
    staged_bytes = compaction.staged_bytes
    monkeypatch.setattr(compaction, "staged_bytes", lambda file: read.append(file) or staged_bytes(file))
    anew = changed_by(staging, lambda: stage(staging, 2023, COUNTY_B, [county_report(COUNTY_B, "9", 2023)]))
    assert anew == {"2023/observations.parquet", "2023/reports.parquet", "2023/index.json"}
    assert {file.parent.name for file in read} == {f"region={COUNTY_B}"}, "of that year only what changed is read"
    assert rows(staging, 2023).equals(rows_of_partitions(staging, 2023))


def test_partitions_come_and_go(staging: Path) -> None:
    compacted(staging, few=0)
    stage(staging, 2023, CITY, [])
    stage(staging, 2023, "430511", [county_report("430511", "3", 2023)])
    unstage(staging, 2023, COUNTY_A)
    compacted(staging, few=0)
    assert rows(staging, 2023).equals(rows_of_partitions(staging, 2023))
    for code in (COUNTY_B, "430511"):
        unstage(staging, 2023, code)
    assert [year.year for year in compacted(staging, few=0)] == [2024]
    assert not compacted_file(staging, "observations", 2023).parent.exists()


def test_the_same_bytes_under_a_new_time_are_no_change(staging: Path) -> None:
    file = partition_file(staging, "observations", 2023, COUNTY_A)
    assert changed_by(staging, lambda: os.utime(file, ns=(1, 1))) == {"2023/index.json"}


def test_a_change_too_quick_for_the_clock_is_seen(staging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another value in the same bytes of length within one step of the file system's clock."""
    monkeypatch.setattr(compaction, "SETTLED_NS", 60_000_000_000)
    file = partition_file(staging, "observations", 2023, COUNTY_A)
    compacted(staging, few=0)
    size, at = file.stat().st_size, file.stat().st_mtime_ns
    stage(staging, 2023, COUNTY_A, [county_report(COUNTY_A, "6", 2023)])
    os.utime(file, ns=(at, at))
    assert file.stat().st_size == size, "else this test shows nothing"
    compacted(staging, few=0)
    assert rows(staging, 2023).equals(rows_of_partitions(staging, 2023))


@pytest.mark.parametrize("name", ["observations.parquet", "reports.parquet", "index.json"])
@pytest.mark.parametrize("damage", ["gone", "cut", "flipped", "garbage"])
def test_a_damaged_compacted_file_is_written_anew(staging: Path, name: str, damage: str) -> None:
    compacted(staging, few=0)
    file = compacted_file(staging, "observations", 2024).with_name(name)
    whole = file.read_bytes()
    spoilt = {
        "cut": whole[:40],
        "flipped": whole[:30] + bytes([whole[30] ^ 1]) + whole[31:],
        "garbage": b"\0\xff" * 9,
    }
    file.unlink() if damage == "gone" else file.write_bytes(spoilt[damage])
    compacted(staging, few=0)
    assert file.read_bytes() == whole
    assert rows(staging, 2024).equals(rows_of_partitions(staging, 2024))


def test_an_index_of_another_version_is_not_believed(staging: Path) -> None:
    compacted(staging, few=0)
    index = compacted_file(staging, "observations", 2024).with_name("index.json")
    told = json.loads(index.read_bytes())
    index.write_text(json.dumps({**told, "form": "older"}))
    compacted(staging, few=0)
    assert json.loads(index.read_bytes()) == told


@pytest.mark.parametrize("few", [0, 99])
def test_a_corrupt_partition_is_named(staging: Path, few: int) -> None:
    compacted(staging, few)
    file = partition_file(staging, "observations", 2023, COUNTY_A)
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(StagingError, match=rf"{COUNTY_A}.*Rerun the partition {COUNTY_A}\|2023"):
        compacted(staging, few)


def test_rows_are_cut_into_whole_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "ROWS_A_GROUP", 10)
    table = pa.table({"n": list(range(37))})
    parts = [table.slice(0, 4), table.slice(4, 21), table.slice(25, 0), table.slice(25, 12)]
    groups = list(compaction._groups(iter(parts)))
    assert pa.concat_tables(groups).equals(table)
    assert all(group.num_rows % 10 == 0 for group in groups[:-1])


KILLED = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from warehouse.compaction import compacted
print("ready", flush=True)
while True:
    compacted(Path(sys.argv[1]), few=0)
    for file in Path(sys.argv[1]).glob("compacted/*/index.json"):
        file.unlink()
"""


def test_a_killed_compaction_leaves_nothing_that_is_believed(staging: Path) -> None:
    expected = {year: rows_of_partitions(staging, year) for year in YEARS}
    chance = random.Random(5)  # noqa: S311
    here = Path(__file__).parent
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, staging, here, here.parent], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout and process.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.2))
            process.send_signal(signal.SIGKILL)
        compacted(staging, few=0)
        assert all(rows(staging, year).equals(expected[year]) for year in YEARS)
    assert not list(staging.rglob("*.tmp"))
