"""alerts.yaml: what a steward may write, what is refused and where, and that a secret is never shown."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.alerts.config import AlertConfigError, config_of, load_config, secret_url
from orchestration.alerts.model import Problem, Severity
from orchestration.settings import Settings, load

WHOLE = """\
language: zh
digest_over: 5
top: 3
quiet_hours: {from: "22:00", to: "07:00", timezone: Asia/Shanghai, errors: true}
silent_after_days: 90
channels:
  office: {url: "env:OFFICE_CHAT", format: chat, per_minute: 30}
  mail: {url: "file:/run/secrets/mail", format: mail}
  open: {url: "json://localhost:8099/alerts"}
routes:
  - {to: [office], severity: error}
  - {to: [mail, open], owner: [steward], regions: ["4305"], domains: [litigation]}
"""


def problem(
    severity: Severity = "warning", owner: str = "steward", region: str = "430524", domain: str = ""
) -> Problem:
    return Problem("f", "expectation", severity, owner, region, domain, "", "")


def written(folder: Path, text: str) -> Path:
    path = folder / "alerts.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, WHOLE))
    assert (config.language, config.digest_over, config.top, config.silent_after_days) == ("zh", 5, 3, 90)
    assert [(one.name, one.format, one.per_minute) for one in config.channels.values()] == [
        ("office", "chat", 30),
        ("mail", "mail", 20),
        ("open", "chat", 20),
    ]


def test_templates_lie_beside_the_file_and_are_tried_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    path = written(tmp_path, "templates: own\n" + WHOLE)
    assert (load_config(path).templates, load_config(path).complaints) == (tmp_path / "own", ())
    (tmp_path / "own" / "mail.html").write_text("<p>{{ title }}</p>\n{% for %}", encoding="utf-8")
    (tmp_path / "own" / "words.yaml").write_text("label:\n  owner: {zh: 负责}", encoding="utf-8")
    complaints = sorted(complaint.split(" ")[0] for complaint in load_config(path).complaints)
    assert complaints == [f"{tmp_path}/own/words.yaml:"], "without words nothing can be tried"
    (tmp_path / "own" / "words.yaml").unlink()
    (complaint,) = load_config(path).complaints
    assert complaint.startswith(f"{tmp_path}/own/mail.html:2: found Expected")


def test_a_folder_of_templates_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(
        AlertConfigError, match=r"alerts\.yaml:1: templates: .*/nowhere is no folder; expected one with"
    ):
        load_config(written(tmp_path, "templates: nowhere\n" + WHOLE))


def test_routes_choose_by_severity_owner_region_and_domain(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, WHOLE))
    assert config.channels_for(problem("error", domain="litigation")) == ("office", "mail", "open")
    assert config.channels_for(problem("warning", domain="litigation")) == ("mail", "open")
    assert config.channels_for(problem("info", domain="litigation")) == ()
    assert config.channels_for(problem(domain="litigation", region="430100")) == ()
    assert config.channels_for(problem(domain="litigation", owner="engineer")) == ()
    assert config.channels_for(problem(domain="review")) == ()
    assert config.channels_for(problem("error", owner="engineer", region="")) == ("office",)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-26T13:59+00:00", None),  # 21:59 in Shanghai
        ("2026-11-26T14:00+00:00", "2026-11-26T23:00+00:00"),
        ("2026-11-26T17:00+00:00", "2026-11-26T23:00+00:00"),
        ("2026-11-26T22:59+00:00", "2026-11-26T23:00+00:00"),
        ("2026-11-26T23:00+00:00", None),
    ],
)
def test_quiet_hours_go_over_midnight(tmp_path: Path, moment: str, end: str | None) -> None:
    quiet = load_config(written(tmp_path, WHOLE)).quiet
    assert quiet
    found = quiet.end_after(datetime.fromisoformat(moment))
    assert found == (datetime.fromisoformat(end) if end else None)


def test_quiet_hours_within_a_day_of_another_time_zone(tmp_path: Path) -> None:
    text = WHOLE.replace(
        'from: "22:00", to: "07:00", timezone: Asia/Shanghai', 'from: "12:00", to: "13:30", timezone: UTC'
    )
    quiet = load_config(written(tmp_path, text)).quiet
    assert quiet
    noon = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert quiet.end_after(noon) == noon.replace(hour=13, minute=30)
    assert quiet.end_after(noon.replace(hour=14)) is None


ROUTE = "  - {to: [office], severity: error}"


@pytest.mark.parametrize(
    ("found", "instead", "line", "expected"),
    [
        ("language: zh", "language: de", 1, "found 'de', expected 'both', 'zh' or 'en'"),
        ("language: zh", "langage: zh", 1, "there is no such entry; expected one of language, digest_over"),
        ("digest_over: 5", "digest_over: 0", 2, "found 0, expected greater than or equal to 1"),
        ("top: 3", "digest_over: 3", 3, "'digest_over' stands twice; remove one"),
        ('"22:00"', "22:00", 4, 'found 1320, expected a time in quotes, such as "22:00"'),
        ('"07:00"', '"7"', 4, "found '7', expected a time in quotes"),
        ('"07:00"', '"22:00"', 4, "found 22:00 twice, expected another end"),
        ("Asia/Shanghai", "Asia/Shaoyang", 4, "found 'Asia/Shaoyang', expected a time zone such as"),
        ("silent_after_days: 90", "silent_after_days: soon", 5, "found 'soon', expected a valid integer"),
        ("  mail: {", "  office: {", 8, "'office' stands twice; remove one"),
        ("format: chat", "format: fax", 7, "expected 'chat' or 'mail'"),
        ("per_minute: 30", "per_minute: 0", 7, "expected greater than or equal to 1"),
        ('{url: "env:OFFICE_CHAT", ', "{", 7, "url is missing; add it"),
        ("env:OFFICE_CHAT", "env:OFFICE CHAT", 7, "expected the name of an environment variable after env:"),
        ("file:/run/secrets/mail", "file:mail", 8, "expected an absolute path after file:"),
        ("json://localhost:8099/alerts", "localhost", 9, 'expected "env:NAME", "file:/path" or an address'),
        (ROUTE, "  - {to: [offce]}", 11, "'offce' is not a channel of this file; expected one of mail, office"),
        (ROUTE, "  - {to: [office, office]}", 11, "'office' stands twice; remove one"),
        (ROUTE, "  - {to: []}", 11, "found nothing, expected at least one"),
        (ROUTE, "  - {}", 11, "found an empty route, expected {to: [channel]}"),
        (ROUTE, "  -", 11, "found an empty route, expected {to: [channel]}"),
        (ROUTE, "  - {severity: error}", 11, "to is missing; add it"),
        ("severity: error", "severity: fatal", 11, "found 'fatal', expected 'error', 'warning' or 'info'"),
        ("[steward]", "[stewart]", 12, "'stewart' is not an owner of owners.yaml; expected one of engineer, steward"),
        ("[steward]", "[]", 12, "found nothing, expected at least one"),
        ('["4305"]', '["4399"]', 12, "no region code begins with '4399'; expected GB/T 2260"),
        ('["4305"]', "[4305]", 12, "found 4305, expected a valid string"),
        ("[litigation]", "[law]", 12, "'law' is not a domain of the lexicon; expected one of corrections, disclosure"),
        ("routes:", "channels: []\nroutes:", 10, "'channels' stands twice"),
        ("  - {to: [office", "  - {to: [office]", 11, "not valid YAML"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_file_and_line(
    tmp_path: Path, found: str, instead: str, line: int, expected: str
) -> None:
    assert found in WHOLE
    with pytest.raises(AlertConfigError) as refused:
        load_config(written(tmp_path, WHOLE.replace(found, instead)))
    message = str(refused.value)
    assert expected in message
    assert message.startswith(f"alerts.yaml:{line}: ")


SECRET = "s3cretT0ken4711abcdef"  # noqa: S105 - made up


@pytest.mark.parametrize(
    "url",
    [
        f"json://user:{SECRET}@host/path",
        f"mailto://steward:{SECRET}@example.org",
        f"https://host/hook?access_token={SECRET}",
        f"https://host/hook/{SECRET}",
        f"https://host/hook#{SECRET}",
        f"slack://{SECRET}/x/y",
        f"dingtalk://{SECRET}",
        f"wecombot://{SECRET}",
        f"https://[{SECRET}/",
    ],
)
def test_an_address_with_a_secret_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    with pytest.raises(AlertConfigError, match=r"alerts.yaml:9: channels.open.url: .*env:NAME") as refused:
        load_config(written(tmp_path, WHOLE.replace("json://localhost:8099/alerts", url)))
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        ('url: "json://localhost:8099/alerts"', f'url: "json://h/p", password: {SECRET}'),
        ('{url: "json://localhost:8099/alerts"}', f"slack://{SECRET}"),
        ('"json://localhost:8099/alerts"', f"[slack://{SECRET}]"),
        ("format: mail", f"format: {SECRET}"),
    ],
)
def test_a_secret_in_the_wrong_place_is_not_repeated_either(tmp_path: Path, found: str, instead: str) -> None:
    with pytest.raises(AlertConfigError, match=r"alerts.yaml:[89]: channels") as refused:
        load_config(written(tmp_path, WHOLE.replace(found, instead)))
    assert SECRET not in str(refused.value)


def test_a_secret_is_looked_up_when_it_is_needed_and_shown_by_nothing(tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.write_text(f"jsons://user:{SECRET}@host/\n", encoding="utf-8")
    config = load_config(written(tmp_path, WHOLE.replace("/run/secrets/mail", str(held))))
    assert secret_url(config.channels["mail"]) == f"jsons://user:{SECRET}@host/"
    assert secret_url(config.channels["office"], {"OFFICE_CHAT": f"slack://{SECRET}"}) == f"slack://{SECRET}"
    assert secret_url(config.channels["open"]) == "json://localhost:8099/alerts"
    assert SECRET not in repr(config)
    assert "OFFICE_CHAT" not in repr(config.channels["office"])


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "the environment variable OFFICE_CHAT is not set"),
        ({"OFFICE_CHAT": SECRET}, "what stands in env:OFFICE_CHAT is no address"),
    ],
)
def test_a_secret_that_is_missing_or_wrong_is_named_not_shown(
    tmp_path: Path, environment: dict[str, str], expected: str
) -> None:
    channel = load_config(written(tmp_path, WHOLE)).channels["office"]
    with pytest.raises(AlertConfigError) as refused:
        secret_url(channel, environment)
    assert str(refused.value).startswith(f"alerts.yaml:7: channels.office.url: {expected}")
    assert SECRET not in str(refused.value)


def test_a_missing_file_of_a_secret_is_named(tmp_path: Path) -> None:
    channel = load_config(written(tmp_path, WHOLE)).channels["mail"]
    with pytest.raises(AlertConfigError, match="/run/secrets/mail can't be read: No such file"):
        secret_url(channel)


def test_the_setting_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config_of(Settings(home=tmp_path)) is None
    monkeypatch.setenv("FAZHI_ALERTS", str(tmp_path / "alerts.yaml"))
    with pytest.raises(AlertConfigError, match="write it or unset FAZHI_ALERTS"):
        config_of(load())
    written(tmp_path, WHOLE)
    assert config_of(load())
