"""The steward's alerts.yaml: which channels there are, and who is told what.

    language: both                      # zh, en or both
    digest_over: 10                     # more than so many events at once are told in one digest …
    top: 10                             # … that names so many of them
    quiet_hours: {from: "22:00", to: "07:00", timezone: Asia/Shanghai, errors: true}   # errors break the quiet
    silent_after_days: 90               # a problem where nothing was taken in for so long
    templates: templates                # a folder with one's own templates, beside this file
    channels:
      office: {url: "env:FAZHI_OFFICE_CHAT", format: chat, per_minute: 20}
      press: {url: "file:/run/secrets/mail", format: mail}
    routes:
      - {to: [office], severity: warning, owner: [steward], regions: ["4305"], domains: [litigation]}

A secret stands in the environment or in a file of its own and is read only when something is sent: neither the file
nor anything made of it holds one, so no log, error or database can show it.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration.alerts.model import SEVERITIES, Problem, Severity
from orchestration.settings import CHINA_TIME
from sources.regions import regions
from transforms.lexicon import lexicon
from transforms.yamlfile import YamlFile
from warehouse.expectations.declarations import OWNERS, owners

if TYPE_CHECKING:
    from orchestration.settings import Settings

Language = Literal["both", "zh", "en"]
Format = Literal["chat", "mail"]

_M = TypeVar("_M", bound=BaseModel)
_At = tuple[str | int, ...]

_OPEN_SCHEMES = frozenset({"form", "forms", "http", "https", "json", "jsons", "mailto", "mailtos", "xml", "xmls"})
"""Kinds of addresses that need no secret. Those of chat services are made of one."""

_ANY_SECRET = re.compile(r"(?i)(token|secret|passw|pwd|sign|auth|key)")
_LOOKS_RANDOM = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[\w\-.~%+=]{16,}|[A-Za-z0-9+_=-]{24,}")


class AlertConfigError(ValueError):
    """alerts.yaml says something that can't be used; the message names file and line, never a secret."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_min_length=1, str_strip_whitespace=True)


class _Quiet(_Entry):
    begins: str = Field(alias="from", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    ends: str = Field(alias="to", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    timezone: str = "Asia/Shanghai"
    errors: bool = True


class _Channel(_Entry):
    url: str
    format: Format = "chat"
    per_minute: int = Field(default=20, ge=1, le=6000)


class _Route(_Entry):
    to: list[str] = Field(min_length=1)
    severity: Severity = "warning"
    owner: list[str] | None = Field(default=None, min_length=1)
    regions: list[str] | None = Field(default=None, min_length=1)
    domains: list[str] | None = Field(default=None, min_length=1)


class _Head(_Entry):
    language: Language = "both"
    digest_over: int = Field(default=10, ge=1, le=1000)
    top: int = Field(default=10, ge=1, le=100)
    quiet_hours: Any = None
    silent_after_days: int | None = Field(default=None, ge=1, le=3660)
    templates: str | None = None
    channels: dict[str, Any] = Field(min_length=1)
    routes: list[Any] = Field(min_length=1)


class _AlertsFile(YamlFile):
    wrong: ClassVar[type[ValueError]] = AlertConfigError

    def checked(self, model: type[_M], entry: object, *at: str | int) -> _M:
        """As everywhere, but what was found isn't repeated where it may be a secret."""
        try:
            return model.model_validate(entry)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = (*at, *first["loc"])
            raise self.error(where, _said(first, model, hidden="channels" in where)) from None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when to when nothing is sent, every day. `errors`: whether errors are sent all the same."""

    begins: time
    ends: time
    zone: tzinfo
    errors: bool

    def end_after(self, moment: datetime) -> datetime | None:
        """When the quiet that `moment` falls into ends; None where it falls into none."""
        local = moment.astimezone(self.zone)
        now = local.time().replace(tzinfo=None)
        over_midnight = self.begins > self.ends
        inside = (now >= self.begins or now < self.ends) if over_midnight else self.begins <= now < self.ends
        if not inside:
            return None
        day = local.date() + timedelta(days=1 if over_midnight and now >= self.begins else 0)
        return datetime.combine(day, self.ends, tzinfo=self.zone)


@dataclass(frozen=True, slots=True)
class Channel:
    """Where messages go. `url` is the address, or says where it stands: env:NAME, file:/path; see `secret_url`."""

    name: str
    url: str = field(repr=False)
    format: Format
    per_minute: int
    place: str


@dataclass(frozen=True, slots=True)
class Route:
    """What goes to which channels. None is anything; `regions` are codes with their ends left off: 4305 is 邵阳市."""

    to: tuple[str, ...]
    severity: Severity
    owners: frozenset[str] | None
    regions: tuple[str, ...] | None
    domains: frozenset[str] | None

    def takes(self, problem: Problem) -> bool:
        """Whether a problem goes this way."""
        return (
            SEVERITIES.index(problem.severity) >= SEVERITIES.index(self.severity)
            and (self.owners is None or problem.owner in self.owners)
            and (self.regions is None or problem.region_code.startswith(self.regions))
            and (self.domains is None or problem.domain in self.domains)
        )


@dataclass(frozen=True, slots=True)
class AlertConfig:
    """What alerts.yaml says. `complaints` are what is wrong with the templates: ours are used in place of those."""

    channels: Mapping[str, Channel]
    routes: tuple[Route, ...]
    language: Language = "both"
    digest_over: int = 10
    top: int = 10
    quiet: QuietHours | None = None
    silent_after_days: int | None = None
    templates: Path | None = None
    complaints: tuple[str, ...] = ()

    def channels_for(self, problem: Problem) -> tuple[str, ...]:
        """The channels that are told a problem, each once."""
        return tuple(dict.fromkeys(name for route in self.routes if route.takes(problem) for name in route.to))


def config_of(settings: "Settings") -> AlertConfig | None:
    """What the file of the setting FAZHI_ALERTS says; None without one: nothing is sent then."""
    return load_config(settings.alerts) if settings.alerts else None


def load_config(path: Path) -> AlertConfig:
    """Read and check alerts.yaml. Raises AlertConfigError with file and line."""
    file = _file(path)
    head = file.checked(_Head, file.data)
    channels = {name: _channel(file, name, entry) for name, entry in head.channels.items()}
    templates = None if head.templates is None else _templates(file, path, head.templates)
    return AlertConfig(
        channels=channels,
        routes=tuple(_route(file, number, entry, channels) for number, entry in enumerate(head.routes)),
        language=head.language,
        digest_over=head.digest_over,
        top=head.top,
        quiet=None if head.quiet_hours is None else _quiet(file, head.quiet_hours),
        silent_after_days=head.silent_after_days,
        templates=templates,
        complaints=_wrong_templates(templates),
    )


def secret_url(channel: Channel, environment: Mapping[str, str] = os.environ) -> str:
    """The address of a channel, looked up where it stands. Raises AlertConfigError, which never shows the address."""
    where, colon, name = channel.url.partition(":")
    if colon and where == "env":
        url = environment.get(name, "").strip()
        missing = f"the environment variable {name} is not set; expected the address of the channel in it"
    elif colon and where == "file":
        url, missing = _first_line(Path(name))
    else:
        return channel.url
    if not url:
        raise AlertConfigError(f"{channel.place}: channels.{channel.name}.url: {missing}")
    if "://" not in url:
        raise AlertConfigError(
            f"{channel.place}: channels.{channel.name}.url: what stands in {channel.url} is no address; expected one "
            "such as jsons://host/path; write it there"
        )
    return url


def _first_line(path: Path) -> tuple[str, str]:
    """The first line of a file that holds a secret, and what to say where there is none."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        return "", f"{path} can't be read: {reason}; expected a file with the address of the channel"
    return lines[0].strip(), f"{path} is empty; expected the address of the channel on its first line"


def _file(path: Path) -> _AlertsFile:
    try:
        return _AlertsFile(path)
    except OSError as error:
        raise AlertConfigError(
            f"{path} can't be read: {error.strerror}; expected the file of alerts; write it or unset FAZHI_ALERTS"
        ) from error
    except UnicodeDecodeError as error:
        raise AlertConfigError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8") from error


def _said(problem: Mapping[str, Any], model: type[BaseModel], *, hidden: bool) -> str:
    """A finding of pydantic in words: what was found, what was expected, what to do."""
    name = str(problem["loc"][-1]) if problem["loc"] else ""
    if problem["type"] == "extra_forbidden":
        known = ", ".join(field.alias or name for name, field in model.model_fields.items())
        return f"there is no such entry; expected one of {known}; remove it or correct its name"
    if problem["type"] == "missing":
        return f"{name} is missing; add it"
    if model is _Quiet and name in ("from", "to"):
        return f'found {problem["input"]!r}, expected a time in quotes, such as "22:00"; write it so'
    if problem["type"] == "too_short":
        return "found nothing, expected at least one; add one or remove the key"
    found = "" if hidden else f"found {problem['input']!r}, "
    return f"{found}expected {str(problem['msg']).removeprefix('Input should be ')}; correct it"


def _quiet(file: _AlertsFile, entry: object) -> QuietHours:
    quiet = file.checked(_Quiet, entry, "quiet_hours")
    begins, ends = time.fromisoformat(quiet.begins), time.fromisoformat(quiet.ends)
    if begins == ends:
        raise file.error(("quiet_hours", "to"), f"found {quiet.ends} twice, expected another end; correct one")
    return QuietHours(begins, ends, _zone(file, quiet.timezone), quiet.errors)


def _templates(file: _AlertsFile, path: Path, name: str) -> Path:
    folder = path.absolute().parent / Path(name).expanduser()
    if not folder.is_dir():
        raise file.error(("templates",), f"{folder} is no folder; expected one with templates; make it or correct it")
    return folder


def _wrong_templates(folder: Path | None) -> tuple[str, ...]:
    """What is wrong with the templates, file and line."""
    if folder is None:
        return ()
    from orchestration.alerts.rendering import check_templates

    return tuple(check_templates(folder))


def _zone(file: _AlertsFile, name: str) -> tzinfo:
    if name == str(CHINA_TIME):  # needs no time zone database
        return CHINA_TIME
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise file.error(
            ("quiet_hours", "timezone"), f"found {name!r}, expected a time zone such as Asia/Shanghai; correct it"
        ) from None


def _channel(file: _AlertsFile, name: str, entry: object) -> Channel:
    at: _At = ("channels", name)
    channel = file.checked(_Channel, entry, *at)
    if complaint := _complaint(channel.url):
        raise file.error((*at, "url"), complaint)
    return Channel(name, channel.url, channel.format, channel.per_minute, file.place(*at, "url"))


def _complaint(url: str) -> str:
    """What is wrong with an address as it stands in the file; never the address itself."""
    where, _, name = url.partition(":")
    if where == "env":
        sound = re.fullmatch(r"[A-Za-z_]\w*", name)
        return "" if sound else "expected the name of an environment variable after env:; write env:NAME"
    if where == "file":
        return "" if name.startswith("/") else "expected an absolute path after file:; write file:/path"
    if "://" not in url:
        return 'expected "env:NAME", "file:/path" or an address without a secret, such as json://host/path; correct it'
    if _holds_secret(url):
        return (
            "the address holds a user, password or token, or is of a service whose addresses do; put it into the "
            'environment and write "env:NAME", or into a file and write "file:/path"'
        )
    return ""


def _holds_secret(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    pieces = [*parts.path.split("/"), *re.split("[&=]", parts.query), parts.fragment]
    return (
        parts.scheme not in _OPEN_SCHEMES
        or "@" in parts.netloc
        or bool(_ANY_SECRET.search(parts.query))
        or any(_LOOKS_RANDOM.fullmatch(piece) for piece in pieces)
    )


def _route(file: _AlertsFile, number: int, entry: object, channels: Iterable[str]) -> Route:
    at: _At = ("routes", number)
    if not entry:
        raise file.error(at, "found an empty route, expected {to: [channel]}; write one or remove it")
    route = file.checked(_Route, entry, *at)
    domains = {indicator.domain for indicator in lexicon().indicators.values()}
    _refuse_unknown(file, (*at, "to"), route.to, channels, "a channel of this file")
    _refuse_unknown(file, (*at, "owner"), route.owner, owners(), f"an owner of {OWNERS.name}")
    _refuse_unknown(file, (*at, "domains"), route.domains, domains, "a domain of the lexicon")
    _refuse_unknown_regions(file, (*at, "regions"), route.regions)
    return Route(
        to=tuple(route.to),
        severity=route.severity,
        owners=_set(route.owner),
        regions=None if route.regions is None else tuple(route.regions),
        domains=_set(route.domains),
    )


def _set(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _refuse_unknown(file: _AlertsFile, at: _At, names: list[str] | None, known: Iterable[str], what: str) -> None:
    expected = sorted(known)
    for number, name in enumerate(names or ()):
        if name not in expected:
            raise file.error((*at, number), f"{name!r} is not {what}; expected one of {', '.join(expected)}")
    _refuse_twice(file, at, names)


def _refuse_unknown_regions(file: _AlertsFile, at: _At, codes: list[str] | None) -> None:
    for number, code in enumerate(codes or ()):
        if not any(known.startswith(code) for known in regions()):
            raise file.error(
                (*at, number), f"no region code begins with {code!r}; expected GB/T 2260 such as 43, 4305 or 430524"
            )
    _refuse_twice(file, at, codes)


def _refuse_twice(file: _AlertsFile, at: _At, names: list[str] | None) -> None:
    for number, name in enumerate(names or ()):
        if name in (names or ())[:number]:
            raise file.error((*at, number), f"{name!r} stands twice; remove one")
