"""What a message says: Markdown for a chat, text and HTML for a mail, from templates that a steward may replace.

What a template is given is harmless already in its format (see harmless.py), so no template can forget to make it so.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import jinja2
import yaml

from orchestration.alerts import harmless
from orchestration.alerts.model import Event, Message, Problem
from orchestration.settings import CHINA_TIME

Format = Literal["chat", "mail"]
Language = Literal["both", "zh", "en"]

TEMPLATES = Path(__file__).with_name("templates")
WORDS = "words.yaml"

SENTENCE = 160
"""Characters of a sentence in a message; in a digest half as many."""


class TemplateProblem(Exception):
    """A template that can't be used. Says which file and line, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be sent. `text` is Markdown for a chat and plain text for a mail, which has `html` too."""

    title: str
    text: str
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A problem as templates see it: nothing but harmless text; what isn't known is empty."""

    severity: str
    title: str
    place: str
    what: tuple[str, ...]
    sentence: str
    since: str
    checks: str
    owner: str
    action: str
    url: str
    rerun: str
    ui: str


def render(message: Message, channel_format: Format, language: Language, folder: Path | None = None) -> Rendered:
    """What `message` says. Raises TemplateProblem where a template of `folder` or one of ours can't be used."""
    safe = harmless.unmarked if channel_format == "chat" else harmless.unlinked
    values = _values(message, language, folder, safe)
    values["title"] = _one_line(_filled("title.txt", values, folder))
    if channel_format == "chat":
        return Rendered(values["title"], _filled("chat.txt", values, folder))
    return Rendered(values["title"], _filled("mail.txt", values, folder), _filled("mail.html", values, folder))


def check_templates(folder: Path | None = None) -> list[str]:
    """What is wrong with the templates: each is filled with examples of every event in every language."""
    found: dict[str, None] = {}
    for message in _examples():
        for channel_format in get_args(Format):
            for language in get_args(Language):
                try:
                    render(message, channel_format, language, folder)
                except TemplateProblem as problem:
                    found[str(problem)] = None
    return list(found)


def _values(message: Message, language: Language, folder: Path | None, safe: Callable[..., str]) -> dict[str, Any]:
    longest = SENTENCE // 2 if message.event == "digest" else SENTENCE
    return {
        "event": message.event,
        "total": message.total,
        "key": harmless.command(message.key)[:80],
        "lang": "en" if language == "en" else "zh",
        "say": _said(language, folder),
        "problems": [_told(problem, language, safe, longest) for problem in message.problems],
    }


def _told(problem: Problem, language: Language, safe: Callable[..., str], longest: int) -> Told:
    known = problem.details
    titles = _in(language, problem.title_zh, problem.title_en)
    what = _in(language, known.get("what_zh") or problem.title_zh, known.get("what_en") or problem.title_en)
    return Told(
        severity=problem.severity,
        title=safe(titles[0], 80),
        place=safe(" ".join(str(known[name]) for name in ("region", "year") if known.get(name)), 60),
        what=tuple(safe(line) for line in what),
        sentence=safe(harmless.around(known.get("sentence"), known.get("raw_text"), longest), longest + 2),
        since=_moment(known.get("since"), safe),
        checks=safe(known.get("checks"), 10),
        owner=safe(problem.owner, 60),
        action=safe(known.get("action")),
        url=harmless.address(known.get("url")),
        rerun=harmless.command(known.get("rerun")),
        ui=harmless.address(known.get("ui")),
    )


def _in(language: Language, zh: str, en: str) -> list[str]:
    """The text in the languages wanted; once where both are the same."""
    wanted = {"zh": [zh or en], "en": [en or zh], "both": [zh, en]}[language]
    return list(dict.fromkeys(text for text in wanted if text)) or [""]


def _moment(since: object, safe: Callable[..., str]) -> str:
    """In China's time, which is the office's; a moment without a zone is UTC, as in the warehouse."""
    try:
        moment = since if isinstance(since, datetime) else datetime.fromisoformat(str(since))
    except ValueError:
        return safe(since, 40)
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{zoned.astimezone(CHINA_TIME):%Y-%m-%d %H:%M} UTC+8"


def _said(language: Language, folder: Path | None) -> dict[str, dict[str, str]]:
    """The words of the templates in the language; for both, Chinese before English."""
    return {
        group: {name: " ".join(_in(language, text["zh"], text["en"])) for name, text in words.items()}
        for group, words in _words(folder).items()
    }


def _words(folder: Path | None) -> dict[str, dict[str, dict[str, str]]]:
    words = _read_words(TEMPLATES / WORDS, 0)
    own = folder / WORDS if folder else None
    if own is None or not own.exists():
        return words
    read = _read_words(own, own.stat().st_mtime_ns)
    return {group: {**those, **read.get(group, {})} for group, those in words.items()}


@lru_cache(maxsize=4)
def _read_words(path: Path, _modified: int) -> dict[str, dict[str, dict[str, str]]]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            group: {name: {"zh": str(text["zh"]), "en": str(text["en"])} for name, text in words.items()}
            for group, words in read.items()
        }
    except (yaml.YAMLError, OSError, UnicodeDecodeError, AttributeError, KeyError, TypeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f"{path}:{line + 1}" if line is not None else f"{path}"
        raise TemplateProblem(
            f"{where}: found {_one_line(str(error))}; expected words such as "
            "'label: {owner: {zh: 负责, en: owner}}'; mend it or remove the file"
        ) from error


def _filled(name: str, values: Mapping[str, Any], folder: Path | None) -> str:
    try:
        return _environment(folder).get_template(name).render(values)
    except jinja2.TemplateSyntaxError as error:
        raise _problem(error.filename or name, error.lineno, error.message or "") from error
    except Exception as error:  # a template is a program: anything may come of it
        raise _problem(*_place(error, name, folder), str(error)) from error


def _problem(file: object, line: int | None, what: str) -> TemplateProblem:
    return TemplateProblem(
        f"{file}:{line or 1}: found {_one_line(what)}; expected a Jinja2 template that uses only "
        "event, title, total, key, lang, say and problems; mend it, or remove it to use the one that ships"
    )


def _place(error: BaseException, name: str, folder: Path | None) -> tuple[object, int | None]:
    """File and line of the template where it happened: the last frame of the traceback that lies in one."""
    places = [str(path) for path in (folder, TEMPLATES) if path]
    found: tuple[object, int | None] = (name, None)
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if any(file.startswith(place) for place in places):
            found = (file, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _environment(folder: Path | None) -> jinja2.Environment:
    """Made anew when a template comes or goes: Jinja looks only whether the one it has read is still the same."""
    return _environment_of(folder, frozenset(path.name for path in folder.iterdir()) if folder else frozenset())


@lru_cache(maxsize=4)
def _environment_of(folder: Path | None, _names: frozenset[str]) -> jinja2.Environment:
    # sandboxed: whoever may write a template of words isn't meant to run a program with it
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader([*([folder] if folder else []), TEMPLATES]),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(["html"], default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _examples() -> Iterator[Message]:
    """A message of every event: with all that can be known of a problem, and with as little as may be."""
    full = {
        "what_zh": "行政诉讼败诉率 3.1%,但 败诉5件 / 被诉97件 = 5.2%",
        "what_en": "cases lost 3.1 %, but 5 lost / 97 brought = 5.2 %",
        "sentence": "全年行政诉讼案件97件,败诉5件,败诉率3.1%。",
        "raw_text": "3.1%",
        "url": "https://www.example.gov.cn/report.html",
        "region": "隆回县",
        "year": 2023,
        "since": "2026-01-02T03:04:05+00:00",
        "checks": 3,
        "action": "Compare with the page.",
        "rerun": "fazhi run --all",
        "ui": "http://127.0.0.1:3000/runs",
    }
    for event in get_args(Event):
        for details in (full, {}):
            problem = Problem("f", "expectation", "error", "steward", "430524", "litigation", "败诉率", "lost", details)
            problems = () if event == "test" else (problem, problem) if event == "digest" else (problem,)
            yield Message("key", "office", event, datetime(2026, 1, 2, tzinfo=UTC), problems, total=len(problems) + 3)
