"""Sending what waits in the outbox: each message at least once, each noted as sent right after it was.

A receiver that is down loses nothing: its messages wait and are tried again, ever more rarely. It holds up no other
channel, and neither does one that may be sent only so many messages a minute.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from orchestration.alerts.model import SEVERITIES, Message
from orchestration.alerts.rendering import Format, Language, Rendered, TemplateProblem, check_templates, render
from orchestration.alerts.scrubbing import scrub

if TYPE_CHECKING:
    from orchestration.alerts.carrying import Carrier

__all__ = ["Channels", "Clock", "Config", "Drained", "Outbox", "drain", "retry_at", "scrub", "send_test"]

BATCH = 20
"""Messages claimed at a time: all that is ever held of the outbox, besides keys."""

LEASE_SECONDS = 900
"""How long a claim lasts: longer than a batch takes whose every message waits for an answer in vain."""

MOST_HELD = 1000
"""Keys of messages set aside because their channel is down or at its rate."""

QUICK_TRIES = 2
QUICK_WAIT_SECONDS = 0.3

BACKOFF_MINUTES = (1, 5, 15, 60, 240)
"""Waits after the first, second … failed drain; the last one for all further ones."""

GIVE_UP_AFTER = timedelta(days=3)
GIVE_UP_TRIES = 24
"""A message is given up only when it is this old and was tried this often: a rare run is no reason to lose one."""

REFUSALS = 3
"""Messages refused one after another, after which a channel is left alone until the next drain."""


class Channels(Protocol):
    """What is needed of a channel's configuration."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def format(self) -> Format: ...  # noqa: D102
    @property
    def per_minute(self) -> int: ...  # noqa: D102


class Config(Protocol):
    """What is needed of the configuration."""

    @property
    def language(self) -> Language: ...  # noqa: D102
    @property
    def channels(self) -> Mapping[str, Any]: ...  # noqa: D102


class Outbox(Protocol):
    """What is needed of the outbox. A message is claimed by one worker at a time, for as long as its lease lasts."""

    def claim(self, now: datetime, worker: str, limit: int, lease_seconds: float) -> Sequence[Message]:
        """Up to `limit` messages that are due, the oldest first."""

    def settle_sent(self, key: str, now: datetime) -> None:
        """It was sent."""

    def settle_failed(self, key: str, now: datetime, error: str, retry_at: datetime | None) -> None:
        """It wasn't; it is due again at `retry_at`, or given up where that is None."""

    def release(self, keys: Sequence[str]) -> None:
        """They weren't tried; others may claim them."""

    def turn(self, channel: str, per_minute: int, now: datetime) -> float:
        """Take one of a channel's turns in any minute: 0, or the seconds to wait for one."""


class Clock(Protocol):
    """Time that passes; tests have their own."""

    def monotonic(self) -> float: ...  # noqa: D102
    def sleep(self, seconds: float) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Drained:
    """What came of it: messages sent, failed (tried in vain) and waiting (not tried), and what went wrong."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)


def drain(
    outbox: Outbox,
    config: Config,
    *,
    secret_url: Callable[[Any], str],
    now: datetime,
    worker: str,
    limit: int | None = None,
    seconds: float | None = None,
    templates: Path | None = None,
    clock: Clock = time,
) -> Drained:
    """Send what is due: at most `limit` messages, for at most `seconds` (None: no wait for a rate, but all else).

    `secret_url` gives the address of a channel of the configuration.
    """
    work = _Drain(outbox, config, secret_url, now, worker, limit, seconds, templates, clock)
    try:
        return work.run()
    finally:
        work.release()


def load() -> None:
    """Import what the first message needs. It takes half a second, mostly for the plugins of Apprise."""
    from orchestration.alerts.carrying import load_plugins

    load_plugins()


def send_test(
    config: Config, *, secret_url: Callable[[Any], str], now: datetime, templates: Path | None = None
) -> list[str]:
    """Send a test to every channel; a line for each says how it went, one for each template what is wrong with it."""
    lines = check_templates(templates)
    for name, channel in config.channels.items():
        message = Message(f"test-{name}-{now:%Y%m%d%H%M%S}", name, "test", now, ())
        sender = _Sender(channel, secret_url, config.language, templates, time, lambda: 0.0)
        try:
            sender.send(message)
            lines.append(f"{name}: sent")
        except _Failure as error:
            lines.append(f"{name}: not sent: {error}")
        lines.extend(sender.complaints)
    return lines


def retry_at(now: datetime, key: str, attempts: int, created_at: datetime) -> datetime | None:
    """When a message that failed is tried again; `attempts` counts the failed one. None: it is given up.

    Up to a fifth is added to the wait, by the key, so that messages that failed together don't come back together.
    """
    if now - created_at > GIVE_UP_AFTER and attempts >= GIVE_UP_TRIES:
        return None
    minutes = BACKOFF_MINUTES[min(max(attempts, 1), len(BACKOFF_MINUTES)) - 1]
    share = int.from_bytes(sha256(f"{key} {attempts}".encode()).digest()[:2]) / 0xFFFF
    return now + timedelta(minutes=minutes * (1 + share / 5))


class _Failure(Exception):
    """As carrying.NotSent, which is imported only where something is sent."""

    def __init__(self, why: str, *, unreachable: bool) -> None:
        super().__init__(why)
        self.unreachable = unreachable


class _Sender:
    """A channel as a drain sees it: its address is looked up when the first message is to be sent."""

    def __init__(
        self,
        channel: Channels,
        secret_url: Callable[[Any], str],
        language: Language,
        templates: Path | None,
        clock: Clock,
        turn: Callable[[], float],
    ) -> None:
        self._channel = channel
        self._secret_url = secret_url
        self._language: Language = language
        self._templates = templates
        self._clock = clock
        self._carrier: Carrier | None = None
        self._refused = 0
        self._turn = turn
        self._next_turn = 0.0
        self.closed = False
        self.complaints: list[str] = []

    def wait(self) -> float:
        """Seconds until a turn may be asked for."""
        return max(0.0, self._next_turn - self._clock.monotonic())

    def turn(self) -> bool:
        """Take a turn to send, if there is one."""
        if self.wait():
            return False
        seconds = self._turn()
        self._next_turn = self._clock.monotonic() + seconds if seconds else 0.0
        return not seconds

    def send(self, message: Message) -> None:
        """Send it in a turn that was taken. Raises _Failure.

        There is a second try right away, in a turn of its own, where nothing can have arrived.
        """
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_fixed

        from orchestration.alerts.carrying import NotSent

        rendered = self._rendered(message)
        quick = Retrying(
            stop=stop_after_attempt(QUICK_TRIES),
            wait=wait_fixed(QUICK_WAIT_SECONDS),
            retry=retry_if_exception(lambda error: isinstance(error, NotSent) and not error.unclear and self.turn()),
            sleep=self._clock.sleep,
            reraise=True,
        )
        kind = "resolved" if message.event == "resolved" else _worst(message)
        try:
            quick(self._try, rendered, message.key, kind)
        except NotSent as error:
            self._refused += 1
            self.closed = error.unreachable or self._refused >= REFUSALS
            raise _Failure(str(error), unreachable=error.unreachable) from None
        self._refused = 0
        if self._carrier and self._carrier.complaints:
            self.complaints += [f"{self._channel.name}: {one}" for one in self._carrier.complaints]
            self._carrier.complaints.clear()

    def _try(self, rendered: Rendered, key: str, kind: str) -> None:
        self._ready().send(rendered, key, kind)

    def _ready(self) -> "Carrier":
        from orchestration.alerts.carrying import Carrier, NotSent

        if self._carrier is None:
            try:
                self._carrier = Carrier(self._secret_url(self._channel))
            except (ValueError, OSError) as error:
                raise NotSent(str(error), unreachable=True, unclear=True) from None
        return self._carrier

    def _rendered(self, message: Message) -> Rendered:
        """With the steward's templates, or with ours where those can't be used: it matters more than its look."""
        try:
            return render(message, self._channel.format, self._language, self._templates)
        except TemplateProblem as problem:
            if self._templates is None:
                raise _Failure(str(problem), unreachable=False) from problem
            self.complaints.append(str(problem))
            return render(message, self._channel.format, self._language)


class _Drain:
    """One call of `drain`."""

    def __init__(
        self,
        outbox: Outbox,
        config: Config,
        secret_url: Callable[[Any], str],
        now: datetime,
        worker: str,
        limit: int | None,
        seconds: float | None,
        templates: Path | None,
        clock: Clock,
    ) -> None:
        self._outbox = outbox
        self._config = config
        self._worker = worker
        self._limit = limit
        self._clock = clock
        self._start = clock.monotonic()
        self._now = now
        self._ends = None if seconds is None else self._start + seconds
        self._senders = {
            name: _Sender(channel, secret_url, config.language, templates, clock, partial(self._turn, channel))
            for name, channel in config.channels.items()
        }
        self._mine: dict[str, str] = {}  # keys that are claimed and neither sent nor failed, with their channels
        self._problems: dict[str, None] = {}
        self._done = Drained()

    def run(self) -> Drained:
        while self._goes_on() and (self._batch() or self._waited()):
            pass
        for sender in self._senders.values():
            self._problems.update(dict.fromkeys(sender.complaints))
        return replace(self._done, waiting=len(self._mine), problems=list(self._problems))

    def release(self) -> None:
        """Give back what was claimed and not tried."""
        if self._mine:
            self._outbox.release(tuple(self._mine))
            self._mine.clear()

    def _goes_on(self) -> bool:
        tried = self._done.sent + self._done.failed
        in_time = self._ends is None or self._clock.monotonic() < self._ends
        return in_time and (self._limit is None or tried < self._limit)

    def _batch(self) -> bool:
        """Claim and send a batch; False where nothing was left to claim."""
        if len(self._mine) >= MOST_HELD:
            return False
        messages = self._outbox.claim(self._moment(), self._worker, BATCH, LEASE_SECONDS)
        self._mine.update((message.key, message.channel) for message in messages)
        for message in messages:
            if self._goes_on():
                self._one(message)
        return bool(messages)

    def _one(self, message: Message) -> None:
        sender = self._senders.get(message.channel)
        if sender is None:
            self._problems[
                f"{message.channel}: found messages for it, but no such channel; expected one of "
                f"{', '.join(self._senders)}; add it again, and they are sent"
            ] = None
        elif not sender.closed and sender.turn():
            self._send(sender, message)

    def _send(self, sender: _Sender, message: Message) -> None:
        try:
            sender.send(message)
        except _Failure as error:
            moment = self._moment()
            again = retry_at(moment, message.key, message.attempts + 1, message.created_at)
            self._outbox.settle_failed(message.key, moment, str(error), again)
            self._done = replace(self._done, failed=self._done.failed + 1)
            fate = f"tried again at {again:%Y-%m-%d %H:%M %Z}" if again else "given up"
            self._problems[f"{message.channel}: {error}; message {message.key} is {fate}"] = None
        else:
            self._outbox.settle_sent(message.key, self._moment())
            self._done = replace(self._done, sent=self._done.sent + 1)
        del self._mine[message.key]

    def _waited(self) -> bool:
        """Wait until a channel at its rate may be sent to again; False where none is or the time is too short."""
        if self._ends is None:
            return False
        waits = [self._senders[name].wait() for name in self._held()]
        if not waits or self._clock.monotonic() + min(waits) >= self._ends:
            return False
        self.release()  # a lease isn't to run out while we sleep
        self._clock.sleep(min(waits) + 0.01)
        return True

    def _held(self) -> Iterator[str]:
        """Channels that wait for their rate alone."""
        for name in set(self._mine.values()):
            if name in self._senders and not self._senders[name].closed:
                yield name

    def _turn(self, channel: Channels) -> float:
        return self._outbox.turn(channel.name, channel.per_minute, self._moment())

    def _moment(self) -> datetime:
        return self._now + timedelta(seconds=self._clock.monotonic() - self._start)


def _worst(message: Message) -> str:
    return max((problem.severity for problem in message.problems), key=SEVERITIES.index, default="info")
