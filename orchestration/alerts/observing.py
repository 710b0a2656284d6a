"""Looking what is broken, putting it into the outbox, and sending what is due: after a run, and from a sensor.

Nothing here fails a run: what goes wrong is a complaint in the answer.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.alerts.config import AlertConfig, AlertConfigError, config_of, secret_url
from orchestration.alerts.following import Scope
from orchestration.alerts.model import Kind, Problem
from orchestration.alerts.outbox import Counted, Outbox, OutboxError
from orchestration.alerts.problems import RunFailure, broken_now, run_problem, silent_source, step_fingerprint

if TYPE_CHECKING:
    from orchestration.alerts.sending import Drained
    from orchestration.settings import Settings

SECONDS = 1.0
"""What sending may add to a run; what isn't sent by then waits for the sensor or `fazhi alerts send`."""

SHARE = 0.8
"""Of these seconds, after which no further message is begun."""

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
    passed_steps: Iterable[tuple[str, str]] = (),
    seconds: float | None = SECONDS,
    now: Now = now_utc,
) -> Observed:
    """Put into the outbox what is broken now, and send for up to `seconds` (None: as long as it takes).

    `run_failures` are steps that failed, `passed_steps` job and name of those that went through: their earlier failures
    are resolved. Never raises for anything that alerts need; the answer complains.
    """
    try:
        return _observed(settings, run_failures, passed_steps, seconds, now)
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
        return drain(outbox, config, secret_url=secret_url, now=now(), worker=worker, limit=limit, seconds=seconds)


def _observed(
    settings: "Settings",
    run_failures: Sequence[RunFailure],
    passed_steps: Iterable[tuple[str, str]],
    seconds: float | None,
    now: Now,
) -> Observed:
    moment = now()
    failed = [run_problem(settings, failure, moment) for failure in run_failures]
    passed = {step_fingerprint(*step) for step in passed_steps} - {problem.fingerprint for problem in failed}
    try:
        config = config_of(settings)
    except AlertConfigError as error:
        # Nothing may be resolved without a word to those who were told. A failed run is kept: it is seen only now.
        with Outbox(settings.outbox) as outbox:
            counted = outbox.observe(failed, moment, None, Scope())
        return Observed(len(failed), counted, complaints=(str(error),))
    broken, scope = broken_now(settings)
    silent, kinds = _sources(settings, config, moment)
    problems = [*broken, *failed, *silent]
    with Outbox(settings.outbox) as outbox:
        counted = outbox.observe(problems, moment, config, replace(scope, passed=passed, kinds=kinds))
        due = outbox.pending(moment)
    observed = Observed(len(problems), counted, waiting=sum(due.values()))
    return _sent(settings, config, observed, seconds, now) if config and due else observed


def _sources(settings: "Settings", config: AlertConfig | None, now: datetime) -> tuple[list[Problem], frozenset[Kind]]:
    """Whether reports still come, where the steward wants to know; then it is known also that they do."""
    if config is None or config.silent_after_days is None:
        return [], frozenset()
    from sources.snapshots import SnapshotStore

    records = SnapshotStore(settings.snapshots).records()
    newest = max((origin.retrieved_at for one in records for origin in one.origins), default=None)
    return list(silent_source(newest, config.silent_after_days, now)), frozenset({"source"})


def _sent(settings: "Settings", config: AlertConfig, observed: Observed, seconds: float | None, now: Now) -> Observed:
    """The same after sending. A receiver that keeps one waiting is waited for no longer than `seconds`.

    What is under way then goes on in the background; should the process end first, the message is sent again when its
    lease has run out.
    """
    own = None if seconds is None else seconds * SHARE
    results: list[Drained] = []
    complaints: list[str] = []

    def work() -> None:
        try:
            results.append(deliver(settings, config, seconds=own, now=now))
        except Exception as error:  # a receiver must not fail a run; the words of the error may hold a secret
            complaints.append(f"alerts: sending failed ({type(error).__name__}); try again: fazhi alerts send")

    sender = threading.Thread(target=work, name="alerts", daemon=True)
    sender.start()
    sender.join(seconds)
    if sender.is_alive():
        complaints.append("alerts: not all were sent in time; the others wait for: fazhi alerts send")
    for drained in results:
        complaints.extend(drained.problems)
        waiting = max(0, observed.waiting - drained.sent)
        observed = replace(observed, sent=drained.sent, waiting=waiting)
    return replace(observed, complaints=(*observed.complaints, *complaints))


def open_run_steps(outbox: Outbox) -> dict[str, datetime]:
    """Fingerprint and time of each failed step that is not known to be well again."""
    return {one.problem.fingerprint: one.last_seen for one in outbox.alerts() if one.problem.kind == "run"}
