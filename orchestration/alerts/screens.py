"""What `fazhi alerts` shows. Ids are cut to what a person types; every command takes the beginning of one."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from orchestration.screens import Screen
from orchestration.settings import CHINA_TIME

if TYPE_CHECKING:
    from orchestration.alerts.following import Alert
    from orchestration.alerts.outbox import Outbox
    from orchestration.alerts.sending import Drained

SHORT_ID = 8
"""Characters of an id in a list."""

_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def alerts(outbox: "Outbox", now: datetime, *, everything: bool) -> None:
    """A line an alert, the worst first; then how the messages stand."""
    screen = Screen()
    listed = outbox.alerts("all" if everything else "open", now)
    if not listed:
        screen.line("Nothing is broken.")
    for one in listed:
        problem = one.problem
        line = f"{problem.fingerprint[:SHORT_ID]}  {problem.severity}  {problem.title_en} ({_state(one, now)})"
        screen.line(line, _STYLES[problem.severity])
    for channel, count in sorted(outbox.pending(now).items()):
        screen.line(f"{channel}: {count} to be sent; fazhi alerts send")
    for failed in outbox.failed():
        message = failed.message
        screen.line(
            f"{message.channel}: given up after {message.attempts} attempts: {failed.last_error} "
            f"({message.event}, {_at(message.created_at)})",
            "bold red",
        )


def alerts_as_json(outbox: "Outbox", now: datetime, *, everything: bool) -> None:
    """A JSON object an alert, with all that is known of it."""
    for one in outbox.alerts("all" if everything else "open", now):
        row = {**asdict(one), "told": sorted(one.told), "state": _word(one, now)}
        print(json.dumps({**row.pop("problem"), **row}, ensure_ascii=False, default=_plain))  # noqa: T201 - asked for


def alert(outbox: "Outbox", one: "Alert", now: datetime) -> None:
    """All that is known of one alert."""
    screen = Screen()
    problem = one.problem
    screen.line(problem.title_en, "bold")
    screen.line(problem.title_zh)
    screen.line(f"{problem.fingerprint}, {problem.severity}, for {problem.owner or 'nobody'}; {_state(one, now)}")
    rows = [(name, value) for name, value in problem.details.items() if value not in (None, "")]
    screen.table(("detail", ""), rows)
    for note in outbox.notes(problem.fingerprint):
        screen.line(f"{_at(note.at)} {note.who}: {note.what}")
    for sent in outbox.messages_about(problem.fingerprint):
        error = f": {sent.last_error}" if sent.last_error else ""
        when = sent.sent_at or sent.next_at
        screen.line(f"{_at(when)} {sent.message.channel}: {sent.message.event}, {sent.state}{error}")


def changed(one: "Alert", now: datetime) -> None:
    """How an alert stands after a change."""
    Screen().line(f"{one.problem.fingerprint[:SHORT_ID]}  {one.problem.title_en} ({_state(one, now)})")


def drained(done: "Drained", complaints: Iterable[str] = ()) -> None:
    """What came of sending, and what is wrong with the templates."""
    screen = Screen()
    screen.line(f"{done.sent} sent, {done.failed} failed, {done.waiting} waiting")
    for problem in dict.fromkeys([*complaints, *done.problems]):
        screen.line(problem, "yellow")


def _word(one: "Alert", now: datetime) -> str:
    if one.resolved_at:
        return "resolved"
    return "muted" if one.muted(now) else "acknowledged" if one.acked_at else "told" if one.announced_at else "not told"


def _state(one: "Alert", now: datetime) -> str:
    """Since when, and what is known of it by whom."""
    often = f", {one.times} times" if one.times > 1 else ""
    since = f"since {_at(one.first_seen)}{often}"
    if one.resolved_at:
        return f"{since}, resolved {_at(one.resolved_at)}"
    if one.muted_until and one.muted(now):
        return f"{since}, muted until {_at(one.muted_until)} by {one.muted_by}: {one.mute_reason}"
    if one.acked_at:
        return f"{since}, acknowledged by {one.acked_by}{f': {one.ack_note}' if one.ack_note else ''}"
    return f"{since}, {f'told {_at(one.announced_at)}' if one.announced_at else 'not told'}"


def _at(moment: datetime) -> str:
    """A time as it is read in China."""
    return f"{moment.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)
