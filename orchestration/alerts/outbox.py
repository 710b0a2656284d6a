"""The outbox: a SQLite file that follows alerts and holds the messages until they are sent.

What happened to alerts and the messages about it are written in one transaction, so that neither is ever there
without the other; sending comes later, by whoever claims a message:

    queued → claimed → sent
       ↑        ├────→ failed     given up, shown by `fazhi alerts list`
       └────────┘                 tried again later, or the lease of a drainer that was killed ran out

A message is sent at least once, with the same idempotency key at every attempt. While a lease holds, nobody else gets
the message. Times are given by the caller.
"""

import json
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from orchestration.alerts.following import Alert, Scope, follow, messages, rank, send_at
from orchestration.alerts.model import Message, Problem
from orchestration.settings import CHINA_TIME

if TYPE_CHECKING:
    from orchestration.alerts.config import AlertConfig

VERSION = 2
"""Of the tables in outbox.sql."""

MINUTE = timedelta(seconds=60)
"""The time that a channel's rate is about."""

PATIENCE = 30.0
"""Seconds to wait for another process that writes."""

LONGEST_ERROR = 300
"""Characters kept of why sending failed."""

LEASE_SECONDS = 120.0
"""How long a drainer may keep a message before another one takes it."""

State = Literal["open", "muted", "acked", "resolved", "all"]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_CHOSEN: Mapping[State, str] = {
    "open": "resolved_at IS NULL",
    "muted": "resolved_at IS NULL AND muted_until > :now",
    "acked": "resolved_at IS NULL AND acked_at IS NOT NULL",
    "resolved": "resolved_at IS NOT NULL",
    "all": "true",
}
_WORST_FIRST = "CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, first_seen, fingerprint"
_PROBLEM = tuple(one.name for one in fields(Problem))
_ALERT = tuple(one.name for one in fields(Alert) if one.name != "problem")
_MOMENTS = ("first_seen", "last_seen", "announced_at", "resolved_at", "muted_until", "acked_at")
_COLUMNS = (*_PROBLEM, *_ALERT)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)
_SAVE = (
    f"INSERT OR REPLACE INTO alert ({', '.join(_COLUMNS)}) "  # noqa: S608 - our own words
    f"VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
)
# in order of creation, so that a new problem is told before its end
# What is about one alert goes in order: its end isn't told before its beginning, which may wait for its next attempt.
# A digest may be about any alert, so that what is later than one waits for it.
_CLAIM = """
    UPDATE message SET state = 'claimed', claimed_until = :until, claimed_by = :worker, attempts = attempts + 1
    WHERE key IN (
        SELECT key FROM message AS m
        WHERE next_at <= :now AND (state = 'queued' OR (state = 'claimed' AND claimed_until <= :now))
          AND NOT EXISTS (
              SELECT 1 FROM message AS earlier
              WHERE earlier.channel = m.channel AND earlier.subject IN (m.subject, '') AND earlier.rowid < m.rowid
                AND earlier.state IN ('queued', 'claimed')
          )
        ORDER BY rowid
        LIMIT :limit
    )
    RETURNING rowid, key, channel, body, attempts
"""


class OutboxError(Exception):
    """The outbox can't be used, or what was asked of it makes no sense. Says what was found, expected and to do."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What observing changed: alerts new, worse and resolved by what was told, and messages queued of it."""

    new: int = 0
    worse: int = 0
    resolved: int = 0
    queued: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Who did what to an alert, and when."""

    at: datetime
    fingerprint: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the outbox keeps it: where it goes and how far it is."""

    message: Message
    state: str
    next_at: datetime
    sent_at: datetime | None
    last_error: str


class Outbox:
    """The alerts and messages of a home folder. To be used in a `with`, also from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, made if missing. Raises OutboxError where it is none or of a later version."""
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # autocommit: transactions are begun where they are meant
            self._db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error
        try:
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._prepare()
        except (sqlite3.Error, OutboxError) as error:
            self._db.close()
            raise error if isinstance(error, OutboxError) else self._unusable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def observe(
        self, problems: Iterable[Problem], now: datetime, config: "AlertConfig | None", scope: Scope
    ) -> Counted:
        """Compare what is broken now with what was, and queue what is to be told of it; all or nothing.

        To observe the same again changes nothing. Without a config the alerts are followed and nothing is queued.
        """
        found = list(problems)
        with self._writing():
            known = self._known(one.fingerprint for one in found)
            outcome = follow(known, found, now, config, scope)
            self._db.executemany(_SAVE, map(_row_of, outcome.alerts))
            queued = self._queue(messages(outcome.events, now, config), now, config) if config else 0
        told = Counter(event for event, _ in {(one.event, one.problem.fingerprint) for one in outcome.events})
        return Counted(told["new"], told["worse"], told["resolved"], queued)

    def claim(self, now: datetime, worker: str, limit: int, lease_seconds: float = LEASE_SECONDS) -> list[Message]:
        """Take up to `limit` messages that are due, in order; nobody else gets them while the lease holds.

        `attempts` of each counts those before this one.
        """
        until = now + timedelta(seconds=lease_seconds)
        named = {"now": _text(now), "until": _text(until), "worker": worker, "limit": limit}
        with self._writing():
            rows = self._db.execute(_CLAIM, named).fetchall()
        return [_message(row, row["attempts"] - 1) for row in sorted(rows, key=lambda row: row["rowid"])]

    def turn(self, channel: str, per_minute: int, now: datetime) -> float:
        """Take a turn to send to a channel: 0, or the seconds until there is one, which must be asked for again.

        In any minute there are so many turns for all who send, in whatever process.
        """
        with self._writing():
            # those of the future are of a clock that was put back since
            self._db.execute(
                "DELETE FROM turn WHERE channel = ? AND (at <= ? OR at > ?)",
                (channel, _text(now - MINUTE), _text(now + MINUTE)),
            )
            full = self._db.execute(
                "SELECT at FROM turn WHERE channel = ? ORDER BY at DESC LIMIT 1 OFFSET ?", (channel, per_minute - 1)
            ).fetchone()
            if full:
                return max(0.001, (_moment(full["at"]) + MINUTE - now).total_seconds())
            self._db.execute("INSERT INTO turn VALUES (?, ?)", (channel, _text(now)))
        return 0.0

    def settle_sent(self, key: str, now: datetime) -> None:
        """A receiver has taken the message."""
        self._change(
            "UPDATE message SET state = 'sent', sent_at = :now, claimed_until = NULL, last_error = NULL "
            "WHERE key = :key",
            key=key,
            now=_text(now),
        )

    def settle_failed(self, key: str, now: datetime, error: str, retry_at: datetime | None) -> None:
        """Sending failed: tried again at `retry_at`, or given up where that is None. `error` must hold no secret."""
        self._change(
            "UPDATE message SET state = iif(:retry IS NULL, 'failed', 'queued'), next_at = coalesce(:retry, :now), "
            "claimed_until = NULL, last_error = :error WHERE key = :key AND state = 'claimed'",
            key=key,
            now=_text(now),
            error=error[:LONGEST_ERROR],
            retry=_text(retry_at) if retry_at else None,
        )

    def release(self, keys: Iterable[str]) -> None:
        """Give back messages that were claimed and not tried."""
        with self._writing():
            self._db.executemany(
                "UPDATE message SET state = 'queued', attempts = attempts - 1, claimed_until = NULL "
                "WHERE key = ? AND state = 'claimed'",
                [(key,) for key in keys],
            )

    def pending(self, now: datetime) -> dict[str, int]:
        """How many messages of each channel wait to be sent and are due: queued, or claimed by someone."""
        sql = "SELECT channel, count(*) FROM message WHERE state IN ('queued', 'claimed') AND next_at <= ? GROUP BY 1"
        return {row[0]: row[1] for row in self._read(sql, _text(now))}

    def waiting(self) -> int:
        """How many messages are neither sent nor given up, those of quiet hours and later attempts among them."""
        return int(self._read("SELECT count(*) FROM message WHERE state IN ('queued', 'claimed')")[0][0])

    def failed(self) -> list[Sent]:
        """The messages that were given up, the oldest first."""
        return [_sent(row) for row in self._read("SELECT * FROM message WHERE state = 'failed' ORDER BY rowid")]

    def messages_about(self, fingerprint: str) -> list[Sent]:
        """The messages that name an alert, the oldest first; a digest that only counts it isn't among them."""
        sql = (
            "SELECT message.* FROM message, json_each(body, '$.problems') AS p "
            "WHERE p.value ->> 'fingerprint' = ? ORDER BY message.rowid"
        )
        return [_sent(row) for row in self._read(sql, fingerprint)]

    def alerts(self, state: State = "open", now: datetime | None = None) -> list[Alert]:
        """The alerts of a state, the worst first. Without `now` a mute counts also when it has ended."""
        sql = f"SELECT * FROM alert WHERE {_CHOSEN[state]} ORDER BY {_WORST_FIRST}"  # noqa: S608 - our own words
        return [_alert(row) for row in self._read(sql, {"now": _text(now) if now else ""})]

    def show(self, prefix: str) -> Alert:
        """The alert whose fingerprint begins so. Raises OutboxError where none or several do."""
        if not re.fullmatch(r"[0-9a-f]{1,64}", prefix):
            raise OutboxError(f"{prefix!r} is no id of an alert; expected the beginning of one: see fazhi alerts list")
        rows = self._read(
            "SELECT * FROM alert WHERE fingerprint >= ? AND fingerprint < ? || 'g' ORDER BY fingerprint LIMIT 6",
            prefix,
            prefix,
        )
        if not rows:
            raise OutboxError(f"no alert has an id that begins with {prefix!r}; see fazhi alerts list --all")
        if len(rows) > 1:
            listed = "\n".join(f"  {row['fingerprint']}  {row['title_en']}" for row in rows[:5])
            more = "\n  …" if len(rows) > 5 else ""
            raise OutboxError(f"several alerts have ids that begin with {prefix!r}; write more of one:\n{listed}{more}")
        return _alert(rows[0])

    def notes(self, fingerprint: str) -> list[Note]:
        """Who did what to an alert, the first first."""
        rows = self._read("SELECT * FROM note WHERE fingerprint = ? ORDER BY rowid", fingerprint)
        return [Note(_moment(row["at"]), row["fingerprint"], row["who"], row["what"]) for row in rows]

    def mute(self, prefix: str, until: datetime, reason: str, who: str, now: datetime) -> Alert:
        """Tell nothing of an alert until then. Raises OutboxError without a reason, or where that time is past."""
        if not reason.strip():
            raise OutboxError("a mute needs a reason, so that others know why nothing is told; give one: --reason …")
        if until <= now:
            raise OutboxError(f"a mute until {until:%Y-%m-%d %H:%M %Z} ends before now; give a later end: --until 3d")
        change = {"muted_until": until, "mute_reason": reason.strip(), "muted_by": who}
        return self._alter(prefix, change, who, f"muted until {_text(until)}: {reason.strip()}", now)

    def unmute(self, prefix: str, who: str, now: datetime) -> Alert:
        """End a mute; what is still broken is told when one looks the next time."""
        return self._alter(prefix, {"muted_until": None, "mute_reason": "", "muted_by": ""}, who, "unmuted", now)

    def ack(self, prefix: str, who: str, note: str, now: datetime) -> Alert:
        """Someone knows of it: nothing more is told until it is worse or resolved. Raises OutboxError if resolved."""
        with self._writing():
            alert = self.show(prefix)
            if alert.resolved_at:
                raise OutboxError(f"{alert.problem.fingerprint} is resolved already; nothing is to be acknowledged")
            told = max(alert.announced_severity or alert.problem.severity, alert.problem.severity, key=rank)
            change = {"acked_at": now, "acked_by": who, "ack_note": note.strip(), "announced_severity": told}
            said = f"acknowledged: {note.strip()}" if note.strip() else "acknowledged"
            return self._alter(alert.problem.fingerprint, change, who, said, now)

    def _alter(self, prefix: str, change: Mapping[str, Any], who: str, what: str, now: datetime) -> Alert:
        with self._writing():
            alert = replace(self.show(prefix), **change)
            self._db.execute(_SAVE, _row_of(alert))
            self._db.execute("INSERT INTO note VALUES (?, ?, ?, ?)", (_text(now), alert.problem.fingerprint, who, what))
        return alert

    def _known(self, fingerprints: Iterable[str]) -> dict[str, Alert]:
        """The alerts that are open, and those of these fingerprints."""
        wanted = json.dumps(list(fingerprints))
        sql = (
            "SELECT * FROM alert WHERE resolved_at IS NULL "
            "UNION ALL SELECT * FROM alert "
            "WHERE resolved_at IS NOT NULL AND fingerprint IN (SELECT value FROM json_each(?))"
        )
        return {row["fingerprint"]: _alert(row) for row in self._db.execute(sql, (wanted,))}

    def _queue(self, told: Iterable[Message], now: datetime, config: "AlertConfig") -> int:
        """Queue messages; one that is there already stays as it is. Returns how many are new."""
        before = self._db.total_changes
        self._db.executemany(
            "INSERT OR IGNORE INTO message (key, channel, event, subject, created_at, body, state, next_at) "
            "VALUES (?, ?, ?, ?, ?, ?, 'queued', ?)",
            [
                (
                    one.key,
                    one.channel,
                    one.event,
                    one.problems[0].fingerprint if one.total == 1 and one.problems else "",
                    _text(now),
                    _body(one),
                    _text(send_at(one, now, config)),
                )
                for one in told
            ],
        )
        return self._db.total_changes - before

    def _prepare(self) -> None:
        """Make the tables, or those that a file of an earlier version lacks, once; two processes may begin together."""
        if self._version() < VERSION:
            with self._writing():
                for statement in _statements():  # none of which changes what is there
                    self._db.execute(statement)
                self._db.execute("DELETE FROM schema_version")
                self._db.execute("INSERT INTO schema_version VALUES (?)", (VERSION,))
        if (found := self._version()) != VERSION:
            raise OutboxError(
                f"{self.path} is of version {found}, expected {VERSION}: a later fazhi made it; use that one, or move "
                "the file away: what is broken is followed anew then"
            )

    def _version(self) -> int:
        there = self._db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'").fetchone()[0]
        return int(self._db.execute("SELECT max(version) FROM schema_version").fetchone()[0]) if there else 0

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, begun as a writer so that nobody writes between its reading and its writing."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise self._unusable(error) from error
                raise

    def _change(self, sql: str, **named: str | None) -> None:
        with self._writing():
            self._db.execute(sql, named)

    def _read(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        given = values[0] if values and isinstance(values[0], dict) else values
        with self._lock:
            try:
                return self._db.execute(sql, given).fetchall()
            except sqlite3.Error as error:
                raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> OutboxError:
        return OutboxError(
            f"{self.path} can't be used: {getattr(error, 'strerror', None) or error}; expected the database of alerts "
            "in a folder that can be written; make room or move it away: what is broken is followed anew then"
        )


def end_of_mute(wanted: str, now: datetime) -> datetime:
    """The end that someone typed: 2026-12-01 or friday (when that day begins in China), 3d or 12h from now.

    Raises OutboxError for anything else.
    """
    text = wanted.strip().lower()
    if span := re.fullmatch(r"(\d{1,4})([dh])", text):
        return now + timedelta(**{{"d": "days", "h": "hours"}[span[2]]: int(span[1])})
    today = now.astimezone(CHINA_TIME).date()
    if text in _WEEKDAYS:
        day = today + timedelta(days=(_WEEKDAYS.index(text) - today.weekday() - 1) % 7 + 1)
        return datetime.combine(day, time(), tzinfo=CHINA_TIME)
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time(), tzinfo=CHINA_TIME)
    except ValueError:
        raise OutboxError(
            f"found {wanted!r}, expected an end such as 2026-12-01, friday, 3d or 12h; give one: --until 3d"
        ) from None


def _statements() -> Iterator[str]:
    sql = Path(__file__).with_name("outbox.sql").read_text(encoding="utf-8")
    yield from (statement for statement in sql.split(";") if statement.strip())


@lru_cache(maxsize=1000)  # one observation gives thousands of alerts the same time
def _text(moment: datetime) -> str:
    """A time in UTC, always as long: so it sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


@lru_cache(maxsize=1000)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _row_of(alert: Alert) -> dict[str, Any]:
    """An alert as a row of its table."""
    row = {name: getattr(alert.problem, name) for name in _PROBLEM}
    for name in _ALERT:
        row[name] = getattr(alert, name)
    for name in _MOMENTS:
        if row[name]:
            row[name] = _text(row[name])
    row["details"] = _json(dict(alert.problem.details))
    row["told"] = _json(sorted(alert.told))
    return row


def _alert(row: sqlite3.Row) -> Alert:
    values = dict(row)
    for name in _MOMENTS:
        if values[name]:
            values[name] = _moment(values[name])
    values["told"] = frozenset(json.loads(values["told"]))
    values["details"] = json.loads(values["details"])
    problem = Problem(**{name: values.pop(name) for name in _PROBLEM})
    return Alert(problem, **values)


def _body(message: Message) -> str:
    """A message as plain data."""
    return _json({**asdict(message), "created_at": _text(message.created_at)})


def _message(row: sqlite3.Row, attempts: int) -> Message:
    body = json.loads(row["body"])
    problems = tuple(Problem(**problem) for problem in body["problems"])
    given = {**body, "created_at": _moment(body["created_at"]), "problems": problems, "attempts": attempts}
    return Message(**given)


def _sent(row: sqlite3.Row) -> Sent:
    sent_at = _moment(row["sent_at"]) if row["sent_at"] else None
    return Sent(_message(row, row["attempts"]), row["state"], _moment(row["next_at"]), sent_at, row["last_error"] or "")


def _json(value: object) -> str:
    return _ENCODER.encode(value)
