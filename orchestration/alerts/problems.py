"""What is broken now, as problems: things that fail an expectation, failed runs, a silent source, a missed schedule.

A problem has a fingerprint made of what it is about, the same in every run that finds it.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, unquote, urlsplit

from orchestration.alerts.following import Alert, Scope
from orchestration.alerts.model import Kind, Problem, Severity
from orchestration.settings import CHINA_TIME
from orchestration.standing import Open, Standing, standing
from sources.regions import regions
from warehouse.query import QueryError, query

if TYPE_CHECKING:
    from orchestration.settings import Settings

LONGEST_TITLE = 160
"""Characters of a title; the whole is in the details."""

RUN = "run"
"""Stands for the step where a run failed before any began."""

_ENGLISH = re.compile(r"[a-z]{3}")


# What a failing row is about. Identities are of the indicator on their left.
_DOMAINS = """
    with broken as (
        select distinct row ->> 'thing' as thing
        from (select unnest(failing::json[]) as row from quality_result where not success)
    ),
    about as (
        select identity_id as thing, indicator_code from identity_check
        union all select check_id, indicator_code from plausibility_check
        union all select observation_id, indicator_code from observations_all
    )
    select thing, any_value(i.domain)
    from about
    join broken using (thing)
    join dim_indicator as i using (indicator_code)
    group by thing
"""
_CHECKED_AT = """
    select max(checked_at), coalesce(bool_or(severity = 'error' and not success), false) from quality_result
"""


@dataclass(frozen=True, slots=True)
class RunFailure:
    """A step that failed in a run, the words of its error, and when; without a time it was just now.

    `partitions` are the keys of those that the run covered; none where it is of everything.
    """

    run_id: str
    job: str
    step: str
    message: str
    at: datetime | None = None
    partitions: frozenset[str] = frozenset()


def fingerprint(kind: Kind, *parts: object) -> str:
    """What identifies a problem over all runs: 16 hexadecimal digits."""
    return sha256("|".join([kind, *("" if part is None else str(part) for part in parts)]).encode()).hexdigest()[:16]


def broken_now(settings: "Settings") -> tuple[list[Problem], Scope]:
    """What fails an expectation in the published warehouse, or keeps a candidate from being published.

    The scope says how new the results are: what isn't found in newer ones is resolved. Its time is None where there
    are none to be read; where only a candidate is there, nothing is resolved.
    """
    as_of = _as_of(settings)  # before the results: while a new warehouse is put in place, they may be newer, not older
    found = standing(settings)
    if found.problem or as_of is None:
        return [], Scope()
    return list(_problems(settings, found)), Scope(as_of=as_of, whole=settings.warehouse.exists())


def run_problems(
    settings: "Settings", failures: Iterable[RunFailure], known: Iterable[Alert], now: datetime
) -> list[Problem]:
    """Failed steps as problems. `known` are the open alerts.

    A step that fails again for partitions that an open alert is about already is that problem again; only what fails
    for the first time is a new one.
    """
    followed = {one.problem.fingerprint: one.problem for one in known if one.problem.kind == "run"}
    found: dict[str, Problem] = {}
    for failure in failures:
        new = set(failure.partitions)
        for before in list(followed.values()):
            if again := _failing_again(before, failure):
                followed[before.fingerprint] = found[before.fingerprint] = _seen_again(
                    settings, before, failure, again, now
                )
                new -= again
        if new or not failure.partitions:
            problem = run_problem(settings, replace(failure, partitions=frozenset(new)), now)
            followed[problem.fingerprint] = found[problem.fingerprint] = problem
    return list(found.values())


def run_problem(settings: "Settings", failure: RunFailure, now: datetime) -> Problem:
    """A failed step. It is the same problem in every run of the same partitions, whatever the error says this time."""
    what = " ".join(failure.message.split())
    at = (failure.at or now).astimezone(UTC).isoformat(timespec="milliseconds")
    where = _where(failure.partitions)
    codes = {key.partition("|")[0] for key in failure.partitions}
    place = _place(failure.partitions)
    return Problem(
        fingerprint=step_fingerprint(failure.job, failure.step, failure.partitions),
        kind="run",
        severity="error",
        owner="engineer",
        region_code=codes.pop() if len(codes) == 1 else "",
        domain="",
        title_zh=_short(f"运行步骤 {failure.step} 失败{f'({where})' if where else ''}:{what}"),
        title_en=_short(f"The step {failure.step} failed{f' for {where}' if where else ''}: {what}"),
        details={
            **place,
            "what_zh": what,
            "what_en": what,
            "meaning_zh": "每次运行的每个步骤都成功",
            "meaning_en": "Every step of every run goes through",
            "action": "Read the error in the run, mend what it names, run again; the last release stays",
            "since": at,
            "job": job_of(failure.job, failure.step),
            "step": failure.step,
            "partitions": dict.fromkeys(sorted(failure.partitions), at),
            "run_id": failure.run_id,
            "rerun": "fazhi run",
            "ui": f"{_ui(settings)}/runs/{quote(failure.run_id)}",
        },
    )


def step_fingerprint(job: str, step: str, partitions: Iterable[str] = ()) -> str:
    """Of a step of a job, and the partitions that it failed for."""
    return fingerprint("run", job_of(job, step), step, *sorted(partitions))


def job_of(name: str, step: str) -> str:
    """The job a failure is of where no step began. A step is the same in every job, each being a slice of one flow."""
    return name if step == RUN else ""


def _failing_again(before: Problem, failure: RunFailure) -> set[str]:
    """The partitions of a known problem that its step fails for again."""
    same = (before.details.get("job"), before.details.get("step")) == (job_of(failure.job, failure.step), failure.step)
    return set(failure.partitions & before.details["partitions"].keys()) if same else set()


def _seen_again(settings: "Settings", before: Problem, failure: RunFailure, again: set[str], now: datetime) -> Problem:
    """The same problem with the words of the newest failure, and later times of those that failed again."""
    keys = before.details["partitions"]
    latest = run_problem(settings, replace(failure, partitions=frozenset(keys)), now)
    times = {key: max(at, latest.details["since"]) if key in again else at for key, at in keys.items()}
    return replace(latest, details={**latest.details, "partitions": times})


def _where(partitions: Iterable[str]) -> str:
    """Partitions in a title: the only one, or the first and the last."""
    keys = sorted(partitions)
    return keys[0] if len(keys) == 1 else f"{keys[0]} … {keys[-1]} ({len(keys)})" if keys else ""


def _place(partitions: Iterable[str]) -> dict[str, Any]:
    """Region and year, where a step failed for one partition."""
    keys = list(partitions)
    if len(keys) != 1:
        return {}
    code, _, year = keys[0].partition("|")
    region = regions().get(code)
    return {"region": region.name_zh if region else code, "region_code": code, "year": int(year)}


def silent_source(newest: datetime | None, days: int | None, now: datetime) -> Iterator[Problem]:
    """The problem that nothing was taken in for `days`; none without a number of days, or without any report yet."""
    if newest is None or days is None or now - newest < timedelta(days=days):
        return
    since = f"{newest:%Y-%m-%d}"
    yield Problem(
        fingerprint=fingerprint("source", "snapshots"),
        kind="source",
        severity="warning",
        owner="steward",
        region_code="",
        domain="",
        title_zh=f"自{since}以来没有新报告(上限{days}天)",
        title_en=f"No report was taken in since {since} (expected one within {days} days)",
        details={
            "what_zh": f"最近一份报告的获取日期为{since}",
            "what_en": f"the newest report was found on {since}",
            "action": "Look whether the inbox and the portals are still filled, and take in what is there",
            "since": newest.astimezone(UTC).isoformat(timespec="seconds"),
            "rerun": "fazhi run FILE_OR_FOLDER...",
        },
    )


def late_schedule(settings: "Settings", name: str, due: datetime) -> Problem:
    """The problem that a schedule did not tick when it should have."""
    at = f"{due.astimezone(CHINA_TIME):%Y-%m-%d %H:%M} UTC+8"
    return Problem(
        fingerprint=fingerprint("schedule", name),
        kind="schedule",
        severity="error",
        owner="engineer",
        region_code="",
        domain="",
        title_zh=f"定时任务 {name} 未按时触发(应为 {at})",
        title_en=f"The schedule {name} did not tick at {at}",
        details={
            "what_zh": f"应于 {at} 触发,未见触发",
            "what_en": f"it was due at {at} and has not ticked since",
            "action": "See whether the Dagster daemon runs and the schedule is on: fazhi ui, Automation",
            "since": due.astimezone(UTC).isoformat(timespec="seconds"),
            "ui": f"{_ui(settings)}/automation",
        },
    )


def _problems(settings: "Settings", found: Standing) -> Iterator[Problem]:
    for things, path in ((found.open, settings.warehouse), (found.blocked, settings.candidate)):
        domains = _domains(path, things)
        yield from (_expectation_problem(settings, one, domains.get(one.thing, "")) for one in things)


def _expectation_problem(settings: "Settings", one: Open, domain: str) -> Problem:
    region = regions().get(one.region_code or "")
    return Problem(
        fingerprint=fingerprint("expectation", one.expectation_id, one.region_code, one.year, one.thing),
        kind="expectation",
        severity=cast(Severity, one.severity),
        owner=one.owner or "",
        region_code=one.region_code or "",
        domain=domain,
        title_zh=_title(one, one.region, _what_zh(one)),
        title_en=_title(one, region.name_en if region else one.region, one.what_en),
        details={name: value for name, value in _details(settings, one).items() if value not in (None, "")},
    )


def _details(settings: "Settings", one: Open) -> dict[str, Any]:
    told = ("what_en", "raw_text", "sentence", "url", "region", "region_code", "year")
    why = ("expectation_id", "meaning_zh", "meaning_en", "action", "checks", "times")
    return {
        "what_zh": _what_zh(one),
        **{name: getattr(one, name) for name in (*told, *why)},
        "since": one.since.replace(tzinfo=UTC).isoformat(timespec="seconds"),
        "rerun": rerun(one.url),
        "ui": _partition_ui(settings, one),
    }


def _what_zh(one: Open) -> str:
    """What is wrong, in Chinese: where it is said in English alone, the requirement that isn't met."""
    if one.what_zh not in one.what_en or not _ENGLISH.search(one.what_en):
        return one.what_zh
    return f"{one.raw_text}: 不符合要求「{one.meaning_zh}」" if one.raw_text else f"不符合要求「{one.meaning_zh}」"


def _title(one: Open, region: str | None, what: str) -> str:
    """One line: where, when, what; with the figure where only the expectation's meaning is said."""
    figure = f"{one.raw_text}: " if one.raw_text and what in (one.meaning_zh, one.meaning_en) else ""
    return _short(" ".join(str(part) for part in (region, one.year, f"{figure}{what}") if part))


def rerun(url: str | None) -> str:
    """The command that reads a report again with its partition: where it lies as a file, only that one."""
    parts = urlsplit(url or "")
    path = Path(unquote(parts.path))
    if parts.scheme == "file" and path.exists():
        return f"fazhi run {shlex.quote(str(path))}"
    return "fazhi run --all"


def _partition_ui(settings: "Settings", one: Open) -> str:
    """The page of the figures' partition, or of the candidate where it is of none."""
    if one.region_code and one.year:
        partition = quote(f"{one.region_code}|{one.year}", safe="")
        return f"{_ui(settings)}/assets/observations?view=partitions&partition={partition}"
    return f"{_ui(settings)}/assets/fact_observation?view=checks"


def _ui(settings: "Settings") -> str:
    return f"http://{settings.host}:{settings.port}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _domains(path: Path, things: Iterable[Open]) -> Mapping[str, str]:
    """The domain of each broken thing that is of an indicator; nothing from a warehouse of an earlier version."""
    if not any(things):
        return {}
    try:
        return {thing: domain for thing, domain in query(path, _DOMAINS).rows if domain}
    except QueryError:
        return {}


def _as_of(settings: "Settings") -> datetime | None:
    """How new the results are that `standing` tells: of the published warehouse, and of a candidate that was blocked.

    A candidate without errors isn't counted: it is about to be published, and what is told is older until then.
    """
    times = []
    for path, counts in ((settings.warehouse, True), (settings.candidate, False)):
        if path.exists():
            try:
                ((checked_at, blocked),) = query(path, _CHECKED_AT).rows
            except QueryError:
                continue
            if checked_at and (counts or blocked):
                times.append(checked_at.replace(tzinfo=UTC))
    return max(times, default=None)
