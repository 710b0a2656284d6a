"""Looking what is broken, putting it into the outbox, and sending what is due: after a run, and from a sensor.

Nothing here fails a run: what goes wrong is a complaint in the answer.
"""

import os
import socket
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from orchestration.alerts.config import AlertConfig, AlertConfigError, config_of, secret_url
from orchestration.alerts.following import Alert, Scope
from orchestration.alerts.model import Kind, Problem
from orchestration.alerts.outbox import Counted, Outbox, OutboxError
from orchestration.alerts.problems import RunFailure, broken_now, run_problems, silent_source

if TYPE_CHECKING:
    import dagster as dg

    from orchestration.alerts.sending import Drained
    from orchestration.settings import Settings

SECONDS = 1.0
"""What sending may add to a run; what isn't sent by then waits for the sensor or `fazhi alerts send`."""

SHARE = 0.8
"""Of these seconds, after which no further message is begun."""

MOST_LOADING = 10.0
"""Seconds that loading may take on a busy machine where messages wait since an earlier run; it takes half a second."""

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Observed:
    """What was found, what changed, and how far sending came. `complaints` are lines for whoever looks."""

    problems: int = 0
    counted: Counted = field(default_factory=Counted)
    sent: int = 0
    waiting: int = 0
    complaints: tuple[str, ...] = ()


def now_utc() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def observe_now(
    settings: "Settings",
    *,
    run_failures: Sequence[RunFailure] = (),
    instance: "dg.DagsterInstance | None" = None,
    seconds: float | None = SECONDS,
    now: Now = now_utc,
) -> Observed:
    """Put into the outbox what is broken now, and send for up to `seconds` (None: as long as it takes).

    `run_failures` are steps that failed. `instance` is asked which steps went through since they failed, and which
    schedules are late; without it nothing is known of either. Never raises for anything that alerts need; the answer
    complains.
    """
    try:
        return _observed(settings, run_failures, instance, seconds, now)
    except OutboxError as error:
        return Observed(complaints=(str(error),))
    except Exception as error:  # alerts must not fail a run; the words of the error may hold a secret
        return Observed(complaints=(f"alerts: {type(error).__name__}; nothing was told, the next run tries again",))


def deliver(
    settings: "Settings",
    config: AlertConfig,
    *,
    limit: int | None = None,
    seconds: float | None = None,
    now: Now = now_utc,
) -> "Drained":
    """Send what is due, as `sending.drain` does, by a drainer named after this process."""
    from orchestration.alerts.sending import drain

    worker = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    with Outbox(settings.outbox) as outbox:
        return drain(
            outbox,
            config,
            secret_url=secret_url,
            now=now(),
            worker=worker,
            limit=limit,
            seconds=seconds,
            templates=config.templates,
        )


def _observed(
    settings: "Settings",
    run_failures: Sequence[RunFailure],
    instance: "dg.DagsterInstance | None",
    seconds: float | None,
    now: Now,
) -> Observed:
    moment = now()
    with Outbox(settings.outbox) as outbox:
        followed = outbox.alerts()
        failed = run_problems(settings, run_failures, followed, moment)
        try:
            config = config_of(settings)
        except AlertConfigError as error:
            # Nothing may be resolved without a word to those who were told. A failed run is kept: it is seen only now.
            counted = outbox.observe(failed, moment, None, Scope())
            return Observed(len(failed), counted, complaints=(str(error),))
        broken, scope = broken_now(settings)
        late, passed = _by_dagster(settings, instance, [one for one in followed if one.problem.kind == "run"], moment)
        silent = _silent(settings, config, moment)
        problems = [*broken, *failed, *(late or ()), *(silent or ())]
        kinds: set[Kind] = {"schedule"} if late is not None else set()
        kinds |= {"source"} if silent is not None else set()
        passed -= {problem.fingerprint for problem in failed}
        counted = outbox.observe(problems, moment, config, replace(scope, passed=passed, kinds=frozenset(kinds)))
        due = sum(outbox.pending(moment).values())
    if config is None:
        return Observed(len(problems), counted, waiting=due)
    observed = Observed(len(problems), counted, waiting=due, complaints=config.complaints)
    return _sent(settings, config, observed, seconds, now) if due else observed


def _by_dagster(
    settings: "Settings", instance: "dg.DagsterInstance | None", failures: Collection[Alert], now: datetime
) -> tuple[list[Problem] | None, set[str]]:
    """The schedules that are late, and fingerprints of the failed steps that went through since."""
    if instance is None:
        return None, set()
    from orchestration.alerts.runs import late_schedules, passed_steps

    return late_schedules(instance, settings, now), passed_steps(instance, settings, failures)


def _silent(settings: "Settings", config: AlertConfig | None, now: datetime) -> list[Problem] | None:
    """Whether reports still come, where the steward wants to know; None where not."""
    if config is None or config.silent_after_days is None:
        return None
    from sources.snapshots import SnapshotStore

    records = SnapshotStore(settings.snapshots).records()
    newest = max((origin.retrieved_at for one in records for origin in one.origins), default=None)
    return list(silent_source(newest, config.silent_after_days, now))


def _sent(settings: "Settings", config: AlertConfig, observed: Observed, seconds: float | None, now: Now) -> Observed:
    """The same after sending, for no longer than `seconds` in all: what sending needs is loaded within them.

    Where a receiver keeps one waiting, the message under way goes on in the background; should the process end first,
    it is sent again when its lease has run out.
    """
    began = monotonic()
    overdue = observed.waiting > observed.counted.queued  # since an earlier run, which may have come no further
    loaded = threading.Event()
    results: list[Drained] = []
    complaints: list[str] = []

    def left(share: float) -> float | None:
        """Seconds until so much of the time is over; however long loading took, half of it is for what is overdue."""
        if seconds is None:
            return None
        passed = monotonic() - began
        return max(0.0, seconds * share - passed, seconds * share / 2 if overdue else 0.0)

    def work() -> None:
        try:
            try:
                _load_sending()
            finally:
                loaded.set()
            results.append(deliver(settings, config, seconds=left(SHARE), now=now))
        except Exception as error:  # a receiver must not fail a run; the words of the error may hold a secret
            complaints.append(f"alerts: sending failed ({type(error).__name__}); try again: fazhi alerts send")

    sender = threading.Thread(target=work, name="alerts", daemon=True)
    sender.start()
    if overdue:
        loaded.wait(MOST_LOADING)
    sender.join(left(1.0))
    if sender.is_alive() and loaded.is_set():
        complaints.append("alerts: a receiver has not answered in time; what waits is sent by: fazhi alerts send")
    for drained in results:
        complaints.extend(drained.problems)
        waiting = max(0, observed.waiting - drained.sent)
        observed = replace(observed, sent=drained.sent, waiting=waiting)
    return replace(observed, complaints=tuple(dict.fromkeys([*observed.complaints, *complaints])))


def _load_sending() -> None:
    """Import what sending needs, above all Apprise with its plugins, which takes half a second the first time."""
    from orchestration.alerts.sending import load

    load()
