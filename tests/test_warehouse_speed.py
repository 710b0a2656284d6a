"""How fast the warehouse is built and asked (`make bench`), beside DuckDB alone on the same Parquet in the same run.

1 and 10 million figures in 310 files; 10 million in 28 000, of which one changes. FAZHI_BENCH_FACTS=1000000 makes do
with fewer than ten million. `make test` runs the same on a few thousand, to see that it works.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from warehouse_measured import QUESTIONS, measured
from warehouse_synthetic import YEARS, places, stage_again, synthesise

from warehouse import compaction
from warehouse.statements import statements

MILLION = 1_000_000
MOST = int(os.environ.get("FAZHI_BENCH_FACTS", 10 * MILLION))
ROUNDS = 2
"""Of each step, the faster one counts: other programs on the machine only ever make it slower."""

OFFSETS = """
    SELECT count(*) FROM fact_observation
    WHERE end_offset - start_offset <> length(raw_text)
       OR sentence[start_offset - sentence_offset + 1:end_offset - sentence_offset] <> raw_text
"""


class Size(NamedTuple):
    facts: int
    regions: int

    @property
    def files(self) -> int:
        return self.regions * len(YEARS)

    def __str__(self) -> str:
        return f"{self.facts:,} figures in {self.files:,} files"


SMALL, MANY_SMALL = Size(6_000, 31), Size(4_000, 80)


def staged(folder: Path, size: Size) -> Path:
    synthesise(folder, size.facts, size.regions)
    return folder


def fastest(step: str, *arguments: str | Path) -> dict[str, float]:
    def anew(*fresh: str | Path) -> dict[str, float]:
        if step == "plain":
            Path(fresh[1]).unlink(missing_ok=True)
        return measured(step, *fresh)

    return min((anew(*arguments) for _ in range(ROUNDS)), key=lambda one: one["seconds"])


def told(what: str, size: Size, taken: dict[str, float]) -> str:
    return (
        f"{what:<44}{size!s:<36}{taken['seconds']:>8.1f} s"
        f"{taken['processor_seconds']:>8.1f} s of processor{taken['peak_mib']:>8.0f} MiB"
    )


def compare_with_plain(folder: Path, size: Size, say: Callable[[str], None]) -> tuple[float, float, Path]:
    """Build time as a multiple of a plain ordered table's, the peak of memory in MiB, and the candidate."""
    root = staged(folder / "staging", size)
    plain = fastest("plain", root, folder / "plain.duckdb")
    built = fastest("build", root, folder / "w.duckdb", str(size.regions))
    ratio = built["seconds"] / plain["seconds"]
    say(told("create table as select … order by", size, plain))
    say(told(f"build, {ratio:.2f} × that", size, built))
    return ratio, built["peak_mib"], folder / "w.duckdb"


def change_one(root: Path, size: Size) -> None:
    """Stage one region-year anew, old enough for its time to tell."""
    stage_again(root, 2020, places(size.regions)[5], max(1, size.facts // size.files), seed=time.time_ns())
    time.sleep(compaction.SETTLED_NS / 1e9 + 0.1)


def rebuild_after_one_change(folder: Path, size: Size, say: Callable[[str], None]) -> float:
    """Time of a build after one partition changed, as a multiple of one after none did."""
    root, candidate = staged(folder / "staging", size), folder / "w.duckdb"
    first = measured("build", root, candidate, str(size.regions))
    say(told("the first build, which compacts all years", size, first))
    time.sleep(compaction.SETTLED_NS / 1e9)
    measured("build", root, candidate, str(size.regions))
    unchanged = fastest("build", root, candidate, str(size.regions))
    changed = []
    for _ in range(ROUNDS):
        change_one(root, size)
        changed.append(measured("build", root, candidate, str(size.regions)))
    best = min(changed, key=lambda one: one["seconds"])
    ratio = best["seconds"] / unchanged["seconds"]
    say(told("build from compacted files", size, unchanged))
    say(told(f"build after one region-year changed, {ratio:.2f} ×", size, best))
    return ratio


def sound(candidate: Path) -> None:
    """Keys, uniqueness and offsets of every figure hold: the integrity suite's own query, and the offsets."""
    with duckdb.connect(candidate, read_only=True) as connection:
        connection.execute("SET memory_limit = '4GB'")
        broken = connection.execute(
            f"SELECT rule, violations FROM ({statements('audit.sql')['integrity'].rstrip(';')}) "  # noqa: S608
            "WHERE violations > 0 AND rule <> 'region_in_force'"
        ).fetchall()
        assert broken == []
        assert connection.execute(OFFSETS).fetchall() == [(0,)]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Path]:
    """A folder whose gigabytes are given back at once."""
    yield tmp_path
    shutil.rmtree(tmp_path)


def test_a_small_build_works_as_the_large_ones(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_warehouse_speed.ROUNDS", 1)
    _, _, candidate = compare_with_plain(room, SMALL, lambda _: None)
    sound(candidate)
    assert set(measured("ask", candidate)) == set(QUESTIONS)


def test_a_small_rebuild_reads_again_only_what_changed(room: Path) -> None:
    root = staged(room / "staging", MANY_SMALL)
    compaction.compacted(root)
    time.sleep(compaction.SETTLED_NS / 1e9)
    compaction.compacted(root)
    stage_again(root, 2020, places(80)[5], 10, seed=7)
    before = {file: file.stat().st_ino for file in (root / "compacted").rglob("*.parquet")}
    compaction.compacted(root)
    anew = {file.parent.name for file, inode in before.items() if file.stat().st_ino != inode}
    assert anew == {"year=2020"}


@pytest.mark.bench
@pytest.mark.parametrize("facts", sorted({min(MILLION, MOST), MOST}))
def test_building_is_near_the_speed_of_duckdb(facts: int, room: Path, say: Callable[[str], None]) -> None:
    size = Size(facts, 31)
    ratio, peak, candidate = compare_with_plain(room, size, say)
    times = measured("ask", candidate)
    say(f"{'questions':<44}{size!s:<36}" + ", ".join(f"{name} {taken:.0f} ms" for name, taken in times.items()))
    sound(candidate)
    assert ratio <= 1.5
    assert peak < 4096
    assert max(times.values()) < 50


def audit_beside_sql(candidate: Path, size: Size, say: Callable[[str], None]) -> float:
    """Time of the candidate's suites as a multiple of SQL alone that counts the same violations."""
    counted, audited = fastest("count", candidate), fastest("audit", candidate)
    ratio = audited["seconds"] / counted["seconds"]
    say(told("SQL that counts what the suites find", size, counted))
    say(told(f"the suites of the candidate, {ratio:.2f} × that", size, audited))
    return ratio


def test_a_small_audit_works_as_the_large_ones(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_warehouse_speed.ROUNDS", 1)
    root = staged(room / "staging", SMALL)
    measured("build", root, room / "w.duckdb", str(SMALL.regions))
    assert audit_beside_sql(room / "w.duckdb", SMALL, lambda _: None) > 0


@pytest.mark.bench
def test_the_suites_cost_little_more_than_sql_and_grow_no_faster(room: Path, say: Callable[[str], None]) -> None:
    ratios = []
    for facts in sorted({min(MILLION, MOST), MOST}):
        size = Size(facts, 31)
        root = staged(room / f"{facts}", size)
        measured("build", root, room / "w.duckdb", str(size.regions))
        shutil.rmtree(root)
        ratios.append(audit_beside_sql(room / "w.duckdb", size, say))
    assert max(ratios) <= 3
    assert ratios[-1] <= 1.1 * ratios[0]


@pytest.mark.bench
def test_a_rebuild_costs_little_more_where_little_changed(room: Path, say: Callable[[str], None]) -> None:
    assert rebuild_after_one_change(room, Size(MOST, 2800), say) <= 1.2
