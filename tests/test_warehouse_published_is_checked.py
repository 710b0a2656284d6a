"""Whatever the order in which figures are staged, checked, built and published: a release has only what was checked.

The real functions, but for the checking itself, which is played: a partition whose report tells of 666件 fails.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from warehouse_examples import COUNTY_A, COUNTY_B, LEXICON, build_small, city_report, county_report, stage_all

from warehouse.build import record_checks, staged_figures
from warehouse.expectations.results import ExpectationResult, PartitionOutcome
from warehouse.publish import PublishError, publish
from warehouse.quality import keep_results, unchecked
from warehouse.staging import load_frames, staged_partitions, unstage

BAD = "666"
COUNTIES = st.sampled_from([COUNTY_A, COUNTY_B])
Partition = tuple[int, str]


def checked(staging: Path, partitions: set[Partition]) -> tuple[dict[Partition, str], list[ExpectationResult]]:
    """What a check of partitions finds, and in which figures."""
    loaded: dict[Partition, str] = {}
    (frame,) = load_frames(staging, partitions, rows=1_000_000, lexicon=LEXICON, loaded=loaded)
    failing = {name for name, rows in frame.groupby("partition") if (rows["value"] == float(BAD)).any()}
    outcomes = {
        f"{code}|{year}": PartitionOutcome(1, int(f"{code}|{year}" in failing), [{"thing": "played"}])
        for year, code in loaded
    }
    result = ExpectationResult(
        "partition", "observation_id_unique", "error", not failing, 1, len(failing), [], partitions=outcomes
    )
    return loaded, [result]


class Interleaved(RuleBasedStateMachine):
    """Stages, checks, builds and publishes one after the other in any order, on one staging folder."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        home = Path(self.folder.name)
        self.staging, self.candidate, self.target = home / "staging", home / "c.duckdb", home / "w.duckdb"
        self.begun: list[tuple[dict[Partition, str], list[ExpectationResult]]] = []
        stage_all(self.staging, [city_report(), county_report(COUNTY_A, "5")])

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(county=COUNTIES, value=st.sampled_from(["5", "6", BAD]))
    def stage(self, county: str, value: str) -> None:
        stage_all(self.staging, [county_report(county, value)])

    @rule(county=COUNTIES)
    def withdraw(self, county: str) -> None:
        unstage(self.staging, 2024, county)

    @rule()
    def check(self) -> None:
        keep_results(self.staging, *checked(self.staging, staged_partitions(self.staging)))

    @rule()
    def begin_a_check(self) -> None:
        """Of which the end comes later, whatever has been staged in between."""
        self.begun.append(checked(self.staging, staged_partitions(self.staging)))

    @rule()
    def end_a_check(self) -> None:
        if self.begun:
            keep_results(self.staging, *self.begun.pop(0))

    @rule()
    def build(self) -> None:
        build_small(self.staging, self.candidate)

    @rule(again=st.booleans())
    def check_the_candidate(self, again: bool) -> None:
        """As the check of the candidate does; with `again` it first checks what is unchecked."""
        if not self.candidate.exists():
            return
        missing = unchecked(self.staging, staged_figures(self.candidate)) & staged_partitions(self.staging)
        if again and missing:
            keep_results(self.staging, *checked(self.staging, missing))
        whole = ExpectationResult("candidate", "indicator_present", "error", True, 1, 0, [])
        record_checks(self.candidate, self.staging, [whole])

    @rule()
    def publish(self) -> None:
        try:
            publish(self.candidate, self.target)
        except PublishError:
            return

    @rule(again=st.booleans())
    def release(self, again: bool) -> None:
        """Right after one another, as in a run; single steps seldom come in this order by chance."""
        self.build()
        self.check_the_candidate(again)
        self.publish()

    @invariant()
    def no_release_has_a_figure_that_failed_or_was_not_checked(self) -> None:
        if not self.target.exists():
            return
        with duckdb.connect(self.target, read_only=True) as connection:
            bad = connection.execute("SELECT count(*) FROM fact_observation WHERE value = ?", [int(BAD)]).fetchall()
            unchecked_ones = connection.execute(
                "SELECT count(*) FROM staged_partition AS s WHERE NOT EXISTS (FROM quality_result AS q WHERE "
                "q.expectation_id = 'observation_id_unique' AND q.success "
                "AND (q.region_code, q.report_year) = (s.region_code, s.year_key))"
            ).fetchall()
        assert (bad, unchecked_ones) == ([(0,)], [(0,)])


@pytest.mark.parametrize("orders", [8, pytest.param(200, marks=pytest.mark.soak)])
def test_a_release_has_only_figures_that_were_checked_as_they_are(orders: int) -> None:
    tried = settings(
        max_examples=orders,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Interleaved, settings=tried)


Step = Callable[[Interleaved], None]


def bad_comes(machine: Interleaved) -> None:
    machine.stage(COUNTY_A, BAD)


def checks_candidate(machine: Interleaved) -> None:
    machine.check_the_candidate(again=False)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(
            [Interleaved.check, bad_comes, Interleaved.build, checks_candidate, Interleaved.publish],
            id="staged after the check",
        ),
        pytest.param(
            [
                *[Interleaved.begin_a_check, bad_comes, Interleaved.end_a_check],
                *[Interleaved.build, checks_candidate, Interleaved.publish],
            ],
            id="staged while it was checked",
        ),
        pytest.param(
            [
                *[bad_comes, Interleaved.build, lambda machine: machine.stage(COUNTY_A, "5"), Interleaved.check],
                *[checks_candidate, Interleaved.publish],
            ],
            id="mended and checked after the build",
        ),
    ],
)
def test_an_order_in_which_figures_would_go_unchecked(steps: list[Step]) -> None:
    machine = Interleaved()
    for step in steps:
        step(machine)
        machine.no_release_has_a_figure_that_failed_or_was_not_checked()
    assert not machine.target.exists()
    machine.teardown()


def test_the_orders_tried_do_publish() -> None:
    """The same steps in their usual order end in a release; a bad figure staged before the build ends in none."""
    for value, published in (("5", True), (BAD, False)):
        machine = Interleaved()
        machine.stage(COUNTY_B, value)
        machine.build()
        machine.check_the_candidate(again=True)
        machine.publish()
        assert machine.target.exists() is published
        machine.teardown()
