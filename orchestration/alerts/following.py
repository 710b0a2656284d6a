"""What becomes of alerts when one has looked again: which are new, worse or resolved, and what is told to whom.

Decisions only: nothing is stored or sent here, and the time is given.

    new        told to every channel that a route names
    worse      its severity is higher than what was told
    resolved   it isn't found any more by one who would have found it; told to those who were told of it
    muted      followed, not told; told when the mute ends, if it is still broken
    acked      known to someone: told again only when worse, and when it is resolved
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from orchestration.alerts.config import AlertConfig
from orchestration.alerts.model import SEVERITIES, Event, Kind, Message, Problem, Severity


@dataclass(frozen=True, slots=True)
class Scope:
    """What was looked at, so that what wasn't found is known to be gone.

    `as_of` is the time of the results of the expectations that were read; None where none could be read: then nothing
    is known of them, and nothing of them is resolved. Nor is it without `whole`: the published warehouse wasn't among
    what was read. `passed` are fingerprints found to be well, such as those of the steps of a run that went through;
    `kinds` were looked at as a whole.
    """

    as_of: datetime | None = None
    whole: bool = True
    passed: Collection[str] = ()
    kinds: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Alert:
    """A problem as it is followed. `told` are the channels that were told of it and not yet of its end.

    `last_seen` of an expectation's problem is the time of the results that it was found in.
    """

    problem: Problem
    first_seen: datetime
    last_seen: datetime
    announced_severity: Severity | None = None
    announced_at: datetime | None = None
    resolved_at: datetime | None = None
    muted_until: datetime | None = None
    mute_reason: str = ""
    muted_by: str = ""
    acked_at: datetime | None = None
    acked_by: str = ""
    ack_note: str = ""
    times: int = 1
    told: frozenset[str] = field(default_factory=frozenset)

    def muted(self, now: datetime) -> bool:
        """Whether it is muted at that time."""
        return self.muted_until is not None and self.muted_until > now


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of an alert that a channel is told."""

    event: Event
    problem: Problem
    channel: str
    key: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The alerts that changed, and what is to be told of them."""

    alerts: list[Alert]
    events: list[Happened]


def rank(severity: Severity | None) -> int:
    """How bad a severity is; nothing told yet is below all."""
    return -1 if severity is None else SEVERITIES.index(severity)


def follow(
    known: Mapping[str, Alert], problems: Iterable[Problem], now: datetime, config: AlertConfig | None, scope: Scope
) -> Outcome:
    """Compare what is broken with what was known to be.

    Without a config nothing is told, and nothing counts as told: what is still broken when there is one is new then.
    """
    found = _distinct(problems)
    outcome = Outcome([], [])
    for fingerprint, problem in found.items():
        moment = _moment(problem, scope, now)
        before = known.get(fingerprint)
        if not _outdated(before, problem, moment):
            _keep(outcome, before, _announced(_seen(before, problem, moment), now, config, outcome.events))
    for fingerprint, alert in known.items():
        if alert.resolved_at is None and fingerprint not in found:
            _keep(outcome, alert, _not_found(alert, now, config, scope, outcome.events))
    return outcome


def messages(events: Iterable[Happened], now: datetime, config: AlertConfig) -> Iterator[Message]:
    """A message an event; one for all of a channel where they are more than `digest_over`."""
    by_channel: dict[str, list[Happened]] = {}
    for one in events:
        by_channel.setdefault(one.channel, []).append(one)
    for channel, together in by_channel.items():
        if len(together) > config.digest_over:
            yield _digest(channel, together, now, config.top)
        else:
            yield from (
                Message(one.key, channel, one.event, now, (one.problem,)) for one in sorted(together, key=_urgency)
            )


def send_at(message: Message, now: datetime, config: AlertConfig) -> datetime:
    """When a message may be sent: now, or when the quiet hours end. That something is well again can wait for that."""
    end = config.quiet.end_after(now) if config.quiet else None
    if end is None or (config.quiet and config.quiet.errors and _alarms(message)):
        return now
    return end


def key_of(*parts: str) -> str:
    """The idempotency key of a message: the same whenever the same is to be told."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def _keep(outcome: Outcome, before: Alert | None, after: Alert) -> None:
    if after != before:
        outcome.alerts.append(after)


def _distinct(problems: Iterable[Problem]) -> dict[str, Problem]:
    """Problems by fingerprint; of those alike the worst."""
    found: dict[str, Problem] = {}
    for problem in problems:
        there = found.get(problem.fingerprint)
        if there is None or rank(problem.severity) > rank(there.severity):
            found[problem.fingerprint] = problem
    return found


def _moment(problem: Problem, scope: Scope, now: datetime) -> datetime:
    """When it was found: it stays the same when one looks again at the same results, or hears of the same run."""
    if problem.kind == "expectation":
        return scope.as_of or now
    since = problem.details.get("since") if problem.kind == "run" else None
    return datetime.fromisoformat(since) if since else now


def _outdated(before: Alert | None, problem: Problem, moment: datetime) -> bool:
    """Whether it is known to be well since: results of a release put back are older, and of a run one hears late."""
    resolved = before.resolved_at if before and problem.kind in ("expectation", "run") else None
    return resolved is not None and resolved >= moment


def _judged(alert: Alert, scope: Scope) -> bool:
    """Whether one would have found it, were it still there: by results newer than those it was last found in."""
    if alert.problem.kind == "expectation":
        return scope.whole and scope.as_of is not None and scope.as_of > alert.last_seen
    return alert.problem.fingerprint in scope.passed or alert.problem.kind in scope.kinds


def _seen(before: Alert | None, problem: Problem, moment: datetime) -> Alert:
    if before is None:
        return Alert(problem, first_seen=moment, last_seen=moment)
    if before.resolved_at is None:
        return replace(before, problem=problem, last_seen=max(moment, before.last_seen))
    return Alert(
        problem,
        first_seen=moment,
        last_seen=moment,
        muted_until=before.muted_until,
        mute_reason=before.mute_reason,
        muted_by=before.muted_by,
        times=before.times + 1,
    )


def _announced(alert: Alert, now: datetime, config: AlertConfig | None, events: list[Happened]) -> Alert:
    """The alert as told, where something of it is to be told; its events are added."""
    problem = alert.problem
    if config is None or alert.muted(now) or rank(problem.severity) <= rank(alert.announced_severity):
        return alert
    channels = config.channels_for(problem)
    if not channels:
        return alert
    for channel in channels:
        event: Event = "worse" if channel in alert.told else "new"
        events.append(_happened(event, problem, channel, alert.first_seen))
    return replace(
        alert,
        announced_severity=problem.severity,
        announced_at=now,
        told=alert.told | set(channels),
        acked_at=None,
        acked_by="",
        ack_note="",
    )


def _not_found(alert: Alert, now: datetime, config: AlertConfig | None, scope: Scope, events: list[Happened]) -> Alert:
    """Gone, or merely not looked at: a failed run isn't found twice, and is told all the same when its mute ends."""
    if _judged(alert, scope):
        moment = scope.as_of if alert.problem.kind == "expectation" and scope.as_of else now
        return _resolved(alert, moment, now, config, events)
    return _announced(alert, now, config, events)


def _resolved(
    alert: Alert, moment: datetime, now: datetime, config: AlertConfig | None, events: list[Happened]
) -> Alert:
    if config and not alert.muted(now):
        told = [name for name in sorted(alert.told) if name in config.channels]
        events.extend(_happened("resolved", alert.problem, channel, moment) for channel in told)
    return replace(alert, resolved_at=moment, told=frozenset(), acked_at=None, acked_by="", ack_note="")


def _happened(event: Event, problem: Problem, channel: str, moment: datetime) -> Happened:
    at = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return Happened(event, problem, channel, key_of(problem.fingerprint, event, problem.severity, at, channel))


def _digest(channel: str, together: Sequence[Happened], now: datetime, top: int) -> Message:
    """One message for many events. Each of the problems it names says what happened to it: details["event"]."""
    worst = sorted(together, key=_urgency)[:top]
    named = tuple(replace(one.problem, details={**one.problem.details, "event": one.event}) for one in worst)
    key = key_of("digest", channel, *sorted(one.key for one in together))
    return Message(key, channel, "digest", now, named, total=len(together))


def _urgency(one: Happened) -> tuple[bool, int, str, str, str]:
    """What is broken before what is well again, the worst first, then by place."""
    problem = one.problem
    return (
        one.event == "resolved",
        -rank(problem.severity),
        problem.region_code,
        problem.title_en,
        problem.fingerprint,
    )


def _alarms(message: Message) -> bool:
    return message.event != "resolved" and any(
        one.severity == "error" and one.details.get("event") != "resolved" for one in message.problems
    )
