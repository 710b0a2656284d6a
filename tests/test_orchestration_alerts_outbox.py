"""The outbox: told once, told again only when worse, told when well; never lost, never by two at once."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time, sleep

import pytest
from alerts_examples import NIGHT, NOON, QUIET, YAML, configured, problem

from orchestration.alerts.config import AlertConfig
from orchestration.alerts.following import Scope
from orchestration.alerts.model import Message, Problem
from orchestration.alerts.outbox import Outbox, OutboxError, end_of_mute

ROOT = Path(__file__).parent.parent
HOUR = timedelta(hours=1)


@pytest.fixture
def config(tmp_path: Path) -> AlertConfig:
    return configured(tmp_path)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "alerts.sqlite") as opened:
        yield opened


class Days:
    """A run a day: what it finds, and the messages that come of it."""

    def __init__(self, outbox: Outbox, config: AlertConfig | None, start: datetime = NOON) -> None:
        self.outbox, self.config, self.now = outbox, config, start

    def run(self, *problems: Problem) -> list[tuple[str, str]]:
        """Event and channel of each message queued by the next run."""
        self.now += timedelta(days=1)
        return self.look(*problems, as_of=self.now)

    def look(self, *problems: Problem, as_of: datetime | None) -> list[tuple[str, str]]:
        self.outbox.observe(problems, self.now, self.config, Scope(as_of=as_of))
        return told(self.drain())

    def drain(self) -> list[Message]:
        taken = self.outbox.claim(self.now, "drainer", 1000)
        for message in taken:
            self.outbox.settle_sent(message.key, self.now)
        return taken


@pytest.fixture
def days(outbox: Outbox, config: AlertConfig) -> Days:
    return Days(outbox, config)


def told(messages: Sequence[Message]) -> list[tuple[str, str]]:
    return [(message.event, message.channel) for message in messages]


def test_ten_runs_with_the_same_fault_tell_it_once_and_its_end_once(days: Days) -> None:
    assert [days.run(problem()) for _ in range(10)] == [[("new", "office")], *[[]] * 9]
    assert days.run() == [("resolved", "office")]
    assert days.run() == []


def test_a_message_holds_all_that_is_known_of_its_problem(days: Days) -> None:
    days.now += HOUR
    days.outbox.observe([problem()], days.now, days.config, Scope(as_of=days.now))
    (message,) = days.outbox.claim(days.now, "drainer", 10)
    assert message.problems == (problem(),)
    assert (message.event, message.total, message.attempts, message.created_at) == ("new", 1, 0, days.now)


def test_worse_is_told_and_better_is_not(days: Days) -> None:
    assert days.run(problem()) == [("new", "office")]
    assert days.run(problem(severity="error")) == [("worse", "office"), ("new", "press")]
    assert days.run(problem()) == []
    assert days.run(problem(severity="error")) == []
    assert days.run() == [("resolved", "office"), ("resolved", "press")]


def test_what_no_route_takes_is_followed_and_told_when_one_does(days: Days) -> None:
    assert days.run(problem(severity="info")) == []
    assert [alert.problem.severity for alert in days.outbox.alerts()] == ["info"]
    assert days.run(problem()) == [("new", "office")]


def test_a_problem_that_comes_back_is_new_again(days: Days) -> None:
    days.run(problem())
    days.run()
    assert days.run(problem()) == [("new", "office")]
    (alert,) = days.outbox.alerts()
    assert (alert.times, alert.first_seen) == (2, days.now)


def test_to_look_again_at_the_same_results_adds_nothing(days: Days) -> None:
    days.run(problem())
    results = days.now
    days.now += HOUR
    assert days.look(problem(), as_of=results) == []
    assert days.look(as_of=results) == [], "the same results can't say anything else"
    assert [alert.resolved_at for alert in days.outbox.alerts("all")] == [None]


def test_nothing_is_resolved_by_a_warehouse_that_is_missing_or_older(days: Days) -> None:
    days.run(problem())
    assert days.look(as_of=None) == []
    assert days.look(as_of=days.now - timedelta(days=5)) == []
    assert len(days.outbox.alerts()) == 1
    days.run()
    older = days.now - timedelta(days=1)
    assert days.look(problem(), as_of=older) == [], "an earlier release that was put back tells nothing new"


def test_a_failed_run_is_resolved_when_its_step_went_through(days: Days) -> None:
    failed = problem(kind="run", severity="error")
    assert days.run(failed) == [("new", "office"), ("new", "press")]
    assert days.run() == [], "results of expectations say nothing about runs"
    days.outbox.observe([], days.now, days.config, Scope(passed={failed.fingerprint}))
    assert told(days.drain()) == [("resolved", "office"), ("resolved", "press")]


def test_a_mute_keeps_quiet_until_its_end(days: Days) -> None:
    days.outbox.observe([problem()], days.now, None, Scope(as_of=days.now))
    days.outbox.mute("61", days.now + timedelta(days=3), "known, asked the publisher", "li", days.now)
    assert days.run(problem(severity="error")) == []
    (alert,) = days.outbox.alerts("muted", days.now)
    assert (alert.mute_reason, alert.muted_by) == ("known, asked the publisher", "li")
    assert days.run(problem()) == []
    assert days.run(problem()) == [("new", "office")], "the third day is its end"
    assert [note.what[:12] for note in days.outbox.notes(alert.problem.fingerprint)] == ["muted until "]


def test_what_ends_while_muted_ends_without_a_word(days: Days) -> None:
    days.run(problem())
    days.outbox.mute("61", days.now + timedelta(days=3), "known", "li", days.now)
    assert days.run() == []


def test_a_failed_run_is_told_when_its_mute_ends_though_it_is_not_found_twice(days: Days) -> None:
    days.outbox.observe([problem(kind="run")], days.now, None, Scope())
    days.outbox.mute("61", days.now + timedelta(days=2), "known", "li", days.now)
    assert days.run() == []
    assert days.run() == [("new", "office")]


def test_unmute_lets_it_be_told_the_next_time(days: Days) -> None:
    days.outbox.observe([problem()], days.now, None, Scope(as_of=days.now))
    days.outbox.mute("61", days.now + timedelta(days=30), "known", "li", days.now)
    assert days.run(problem()) == []
    days.outbox.unmute("61", "wang", days.now)
    assert days.run(problem()) == [("new", "office")]
    assert [note.who for note in days.outbox.notes(problem().fingerprint)] == ["li", "wang"]


def test_an_acknowledged_alert_is_told_again_only_when_worse_and_when_it_ends(days: Days) -> None:
    days.outbox.observe([problem()], days.now, None, Scope(as_of=days.now))
    days.outbox.ack("61", "li", "on it", days.now)
    assert [days.run(problem()) for _ in range(3)] == [[], [], []]
    assert days.run(problem(severity="error")) == [("new", "office"), ("new", "press")]
    assert days.outbox.alerts("acked") == []
    days.outbox.ack("61", "li", "", days.now)
    assert days.run() == [("resolved", "office"), ("resolved", "press")]
    with pytest.raises(OutboxError, match="is resolved already"):
        days.outbox.ack("61", "li", "", days.now)


@pytest.mark.parametrize(
    ("reason", "hours", "expected"), [(" ", 24, "a mute needs a reason"), ("known", -1, "ends before now")]
)
def test_a_mute_without_a_reason_or_with_an_end_in_the_past_is_refused(
    days: Days, reason: str, hours: int, expected: str
) -> None:
    days.run(problem())
    with pytest.raises(OutboxError, match=expected):
        days.outbox.mute("61", days.now + hours * HOUR, reason, "li", days.now)


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        ("2026-12-01", "2026-12-01T00:00+08:00"),
        ("friday", "2026-11-27T00:00+08:00"),
        ("Thursday", "2026-12-03T00:00+08:00"),  # today is one
        ("3d", "2026-11-29T12:00+08:00"),
        ("12h", "2026-11-27T00:00+08:00"),
    ],
)
def test_the_end_of_a_mute_as_people_type_it(typed: str, end: str) -> None:
    assert end_of_mute(typed, NOON) == datetime.fromisoformat(end)


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-01", "3", "3w"])
def test_an_end_that_is_none_says_what_is_expected(typed: str) -> None:
    with pytest.raises(OutboxError, match=r"expected an end such as 2026-12-01, friday, 3d"):
        end_of_mute(typed, NOON)


def test_an_id_must_mean_one_alert(days: Days) -> None:
    days.run(problem("ab"), problem("ac"))
    assert days.outbox.show("6162").problem == problem("ab")
    with pytest.raises(OutboxError, match="several alerts have ids that begin with '61'") as several:
        days.outbox.show("61")
    assert f"\n  {problem('ac').fingerprint}  Longhui 2023 loss rate ac" in str(several.value)
    with pytest.raises(OutboxError, match="no alert has an id that begins with 'ff'"):
        days.outbox.show("ff")
    with pytest.raises(OutboxError, match="'%' is no id of an alert"):
        days.outbox.show("%")


def test_many_at_once_are_one_digest_that_names_the_worst(days: Days) -> None:
    many = [problem(f"{number:04}", region="430522") for number in range(30)]
    worst = problem("zz", severity="error")
    days.now += HOUR
    days.outbox.observe([*many, worst], days.now, days.config, Scope(as_of=days.now))
    digest, single = days.drain()
    assert (digest.channel, digest.event, digest.total, len(digest.problems)) == ("office", "digest", 31, 10)
    assert digest.problems[0].fingerprint == worst.fingerprint
    assert {one.details["event"] for one in digest.problems} == {"new"}
    assert (single.channel, single.event) == ("press", "new"), "who is told of few is told of each"
    assert days.run(*many, worst) == [], "what a digest only counted is told"
    assert days.run() == [("digest", "office"), ("resolved", "press")]


def test_without_a_file_all_is_followed_and_the_first_one_gets_a_digest(outbox: Outbox, config: AlertConfig) -> None:
    days = Days(outbox, None)
    many = [problem(f"{number:04}") for number in range(1000)]
    assert days.run(*many) == []
    assert len(outbox.alerts()) == 1000
    days.config = config
    assert days.run(*many) == [("digest", "office")]


def test_five_thousand_new_faults_are_one_digest_in_about_a_second(days: Days) -> None:
    many = [problem(f"{number:04}") for number in range(5000)]
    days.now += HOUR
    started = process_time()  # what others do on the machine doesn't count
    days.outbox.observe(many, days.now, days.config, Scope(as_of=days.now))
    first = process_time() - started
    days.outbox.observe(many, days.now + HOUR, days.config, Scope(as_of=days.now + HOUR))
    again = process_time() - started - first
    (digest,) = days.drain()
    assert (digest.total, len(digest.problems)) == (5000, 10)
    # measured against this machine on this day: half a second where ten million additions take half a second
    started = process_time()
    total = 0
    for number in range(10_000_000):
        total += number
    loop = process_time() - started
    assert max(first, again) < 4 * loop, f"first {first:.2f} s, again {again:.2f} s, a loop {loop:.2f} s"


def test_quiet_hours_hold_back_warnings_and_ends_not_errors(tmp_path: Path, outbox: Outbox) -> None:
    days = Days(outbox, configured(tmp_path, QUIET + YAML), NIGHT)
    broken = problem("e", severity="error")
    assert days.run(problem(), broken) == [("new", "office"), ("new", "press")]
    outbox.observe([], days.now + HOUR, days.config, Scope(as_of=days.now + HOUR))
    assert outbox.claim(days.now + 2 * HOUR, "drainer", 10) == []
    assert outbox.pending(days.now + 2 * HOUR) == {}
    assert outbox.waiting() == 4
    morning = days.now + 8 * HOUR
    assert outbox.pending(morning) == {"office": 3, "press": 1}
    days.now = morning
    assert [event for event, _ in told(days.drain())] == ["new", "resolved", "resolved"]
    assert [event for event, _ in told(days.drain())] == ["resolved"], "its end comes after it"


def test_quiet_hours_may_hold_back_errors_too(tmp_path: Path, outbox: Outbox) -> None:
    days = Days(outbox, configured(tmp_path, QUIET.replace("true", "false") + YAML), NIGHT)
    assert days.run(problem(severity="error")) == []
    days.now += 8 * HOUR
    assert told(days.drain()) == [("new", "office"), ("new", "press")]


def test_a_key_is_the_same_whenever_the_same_is_told(tmp_path: Path, config: AlertConfig) -> None:
    keys = []
    for name, late in (("one", 0), ("two", 7)):
        with Outbox(tmp_path / f"{name}.sqlite") as outbox:
            now = NOON + late * HOUR
            outbox.observe([problem()], now, config, Scope(as_of=NOON))
            keys += [message.key for message in outbox.claim(now, "drainer", 10)]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_message_that_was_not_settled_comes_again_when_its_lease_has_run_out(days: Days) -> None:
    days.outbox.observe([problem()], days.now, days.config, Scope(as_of=days.now))
    (first,) = days.outbox.claim(days.now, "killed", 10, lease_seconds=60)
    assert days.outbox.claim(days.now + timedelta(seconds=59), "other", 10) == []
    (again,) = days.outbox.claim(days.now + timedelta(seconds=60), "other", 10)
    assert (again.key, again.attempts) == (first.key, 1)


def test_an_end_is_never_told_before_its_beginning(days: Days) -> None:
    days.outbox.observe([problem()], days.now, days.config, Scope(as_of=days.now))
    (new,) = days.outbox.claim(days.now, "drainer", 10)
    days.outbox.settle_failed(new.key, days.now, "refused", days.now + 3 * HOUR)
    days.now += HOUR
    days.outbox.observe([], days.now, days.config, Scope(as_of=days.now))
    assert days.outbox.claim(days.now, "drainer", 10) == [], "the end waits for the beginning's next attempt"
    days.now += 2 * HOUR
    assert told(days.drain()) == [("new", "office")]
    assert told(days.drain()) == [("resolved", "office")]


def test_a_message_that_failed_is_tried_later_then_given_up_and_listed(days: Days) -> None:
    days.outbox.observe([problem()], days.now, days.config, Scope(as_of=days.now))
    (message,) = days.outbox.claim(days.now, "drainer", 10)
    days.outbox.settle_failed(message.key, days.now, "refused", days.now + HOUR)
    assert days.outbox.claim(days.now, "drainer", 10) == []
    (message,) = days.outbox.claim(days.now + HOUR, "drainer", 10)
    days.outbox.settle_failed(message.key, days.now, "x" * 1000, None)
    assert days.outbox.claim(days.now + 100 * HOUR, "drainer", 10) == []
    (given_up,) = days.outbox.failed()
    assert (given_up.message.key, given_up.message.attempts, given_up.last_error) == (message.key, 2, "x" * 300)


def test_what_was_claimed_and_not_tried_is_given_back(days: Days) -> None:
    days.outbox.observe([problem()], days.now, days.config, Scope(as_of=days.now))
    (message,) = days.outbox.claim(days.now, "drainer", 10)
    days.outbox.release([message.key])
    (again,) = days.outbox.claim(days.now, "drainer", 10)
    assert (again.key, again.attempts) == (message.key, 0)


def test_two_drainers_never_share_a_message(tmp_path: Path) -> None:
    path = tmp_path / "alerts.sqlite"
    config = configured(tmp_path, YAML.replace("digest_over: 10", "digest_over: 1000"))
    with Outbox(path) as outbox:
        outbox.observe([problem(f"{n:04}") for n in range(400)], NOON, config, Scope(as_of=NOON))
    start = threading.Barrier(4)

    def drained(worker: str) -> list[str]:
        keys = []
        with Outbox(path) as own:
            start.wait()
            while taken := own.claim(NOON, worker, 3):
                keys += [message.key for message in taken]
                for message in taken[1:]:  # the first stays claimed
                    own.settle_sent(message.key, NOON)
        return keys

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(drained, "abcd"))
    assert sum(map(len, shares)) == len({key for share in shares for key in share}) == 400


_OBSERVE = """
import sys
from datetime import timedelta
from pathlib import Path
from alerts_examples import NOON, configured, problem
from orchestration.alerts.following import Scope
from orchestration.alerts.outbox import Outbox
folder = Path(sys.argv[1])
config = configured(folder)
print("ready", flush=True)
day = int(sys.argv[2])
with Outbox(folder / "alerts.sqlite") as outbox:
    while True:
        day += 1
        now = NOON + timedelta(days=day)
        found = [problem(f"{n:04}") for n in range(2000)] if day % 2 else []
        outbox.observe(found, now, config, Scope(as_of=now))
"""


def test_killed_in_the_middle_all_of_an_observation_is_there_or_nothing(tmp_path: Path) -> None:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    for milliseconds in (30, 90, 170, 260):
        with subprocess.Popen(
            [sys.executable, "-c", _OBSERVE, str(tmp_path), str(milliseconds * 100)],
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            process.stdout.readline()
            sleep(milliseconds / 1000)
            process.send_signal(signal.SIGKILL)
        with Outbox(tmp_path / "alerts.sqlite") as outbox:
            open_ones = len(outbox.alerts("open"))
            assert all(one.total == 2000 for one in outbox.claim(datetime(2200, 1, 1, tzinfo=UTC), "drainer", 10_000))
        with sqlite3.connect(tmp_path / "alerts.sqlite") as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ((digests,),) = db.execute("SELECT count(*) FROM message")
        assert open_ones == (2000 if digests % 2 else 0), "each observation and its digest are there, or neither is"
        db.close()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, None])
def test_a_file_that_is_no_outbox_says_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "alerts.sqlite"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(OutboxError, match="expected the database of alerts"):
        Outbox(path)


def test_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with Outbox(tmp_path / "alerts.sqlite") as outbox:
        outbox._db.execute("UPDATE schema_version SET version = 3")
    with pytest.raises(OutboxError, match="is of version 3, expected 2: a later fazhi made it"):
        Outbox(tmp_path / "alerts.sqlite")


def test_a_file_of_the_version_before_gets_what_it_lacks_and_keeps_the_rest(tmp_path: Path) -> None:
    with Outbox(tmp_path / "alerts.sqlite") as outbox:
        outbox.observe([problem()], NOON, configured(tmp_path), Scope(as_of=NOON))
        outbox._db.execute("DROP TABLE turn")
        outbox._db.execute("UPDATE schema_version SET version = 1")
    with Outbox(tmp_path / "alerts.sqlite") as outbox:
        assert outbox.turn("office", 20, NOON) == 0
        assert len(outbox.alerts()) == 1
        assert outbox.waiting() == 1


def test_no_address_is_ever_in_the_file(tmp_path: Path) -> None:
    with Outbox(tmp_path / "alerts.sqlite") as outbox:
        outbox.observe([problem()], NOON, configured(tmp_path), Scope(as_of=NOON))
    assert b"localhost" not in b"".join(path.read_bytes() for path in tmp_path.glob("alerts.sqlite*"))
