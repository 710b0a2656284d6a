"""From a written report through `fazhi run` to what an office reads, over real connections to receivers on loopback."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from alert_receivers import SERVICES, Chat, Mailbox, Received, chat, mailbox, speak_to
from alerts_examples import configured, problem
from orchestration_reports import DONGKOU, LONGHUI, fazhi_process

from orchestration import pipeline
from orchestration.alerts.config import AlertConfig, load_config
from orchestration.alerts.following import Scope
from orchestration.alerts.observing import deliver, observe_now
from orchestration.alerts.outbox import Outbox
from orchestration.progress import silent
from orchestration.settings import Settings

CHANNELS = """\
language: zh
digest_over: 10
top: 3
channels:
  hook: {{url: "json://127.0.0.1:{hook}/hook", per_minute: 6000}}
  dingtalk: {{url: "env:OFFICE_DINGTALK"}}
  feishu: {{url: "env:OFFICE_FEISHU"}}
  wecom: {{url: "env:OFFICE_WECOM"}}
  mail: {{url: "mailto://127.0.0.1:{mail}/?from=fazhi@example.cn&to=steward@example.cn", format: mail}}
  county: {{url: "json://127.0.0.1:{county}/hook"}}
routes:
  - {{to: [hook, dingtalk, feishu, wecom, mail], regions: ["430524"]}}
  - {{to: [county], regions: ["430525"]}}
"""


class Office:
    """All who are told: three chats and a webhook, a mailbox, and the webhook of another county."""

    def __init__(self, webhook: Chat, dingtalk: Chat, county: Chat, mails: Mailbox) -> None:
        self.webhook, self.dingtalk, self.county, self.mails = webhook, dingtalk, county, mails

    def told(self) -> dict[str, list[str]]:
        """The beginning of each title that each of them got."""
        titles: dict[str, list[str]] = {name: [] for name in ("hook", "dingtalk", "feishu", "wecom", "mail", "county")}
        for one in (*self.webhook.received, *self.dingtalk.received):
            titles[one.path.strip("/")].append(_title(one)[:7])
        titles["county"] = [_title(one)[:7] for one in self.county.received]
        titles["mail"] = [str(letter["Subject"])[:7] for letter in self.mails.letters]
        assert self.webhook.wrong == self.dingtalk.wrong == self.county.wrong == []
        return titles


def _title(one: Received) -> str:
    match one.body:
        case {"markdown": {"text": str(text)}} | {"markdown": {"content": str(text)}}:
            return text.removeprefix("### ")
        case {"card": {"header": {"title": {"content": str(title)}}}} | {"title": str(title)}:
            return title
    raise AssertionError(one.body)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    for service, url in SERVICES.items():
        monkeypatch.setenv(f"OFFICE_{service.upper()}", url)
    with chat() as webhook, chat() as dingtalk, chat() as county, mailbox() as mails:
        speak_to(webhook, monkeypatch, "feishu", "wecom")
        speak_to(dingtalk, monkeypatch, "dingtalk")
        yield Office(webhook, dingtalk, county, mails)


def told_once(what: str) -> dict[str, list[str]]:
    return {**{name: [what] for name in ("hook", "dingtalk", "feishu", "wecom", "mail")}, "county": []}


def test_from_a_report_to_all_who_are_told_and_back(home: Path, office: Office) -> None:
    for path in home.glob("alerts.sqlite*"):
        path.unlink()
    text = CHANNELS.format(hook=office.webhook.port, mail=office.mails.port, county=office.county.port)
    (home / "alerts.yaml").write_text(text, encoding="utf-8")
    settings, inbox = Settings(home=home, alerts=home / "alerts.yaml"), home / "inbox"

    def look(hours: float = 0) -> tuple[str, ...]:
        return observe_now(settings, seconds=None, now=lambda: datetime.now(UTC) + timedelta(hours=hours)).complaints

    # DingTalk is down for three runs; the others are told meanwhile, once
    office.dingtalk.does = "error"
    assert pipeline.run(settings, [inbox], silent).published
    complaints = [*look(), *look(1), *look(2)]
    assert {complaint.split(":")[0] for complaint in complaints} == {"dingtalk"}
    assert office.told() == {**told_once("新问题 · 警"), "dingtalk": []}
    office.dingtalk.does = "ok"
    for hours in range(8, 16):
        assert look(hours) == ()
    assert office.told() == told_once("新问题 · 警")
    (letter,) = office.mails.letters
    html = letter.get_body(("html",))
    assert html
    assert "「12348热线接听群众来电1.8余人次。」" in html.get_content()

    # one county corrects its report, and the other one's has fifty faults
    (inbox / "longhui.txt").write_text(LONGHUI.replace("1.8余人次", "1.8万余人次"), encoding="utf-8")
    faults = "".join(f"12348热线接听群众来电{number}.8余人次。" for number in range(1, 51))
    (inbox / "dongkou.txt").write_text(DONGKOU + faults, encoding="utf-8")
    assert pipeline.run(settings, [inbox], silent).published
    assert look() == ()
    resolved = {name: [*titles, "已解决 · 警"] for name, titles in told_once("新问题 · 警").items()}
    assert office.told() == {**resolved, "county": ["汇总: 未解决"]}
    (digest,) = office.county.received
    assert digest.body["title"] == "汇总: 未解决 50"
    assert digest.body["message"].count("洞口县 2024") == 3
    assert "+47: 其余见 fazhi check" in digest.body["message"]


class Killing(list[Any]):
    """Kills a process as soon as it has sent the fourth message, before it gets an answer."""

    process: Any

    def append(self, one: Any) -> None:
        super().append(one)
        if len(self) == 4:
            self.process.send_signal(signal.SIGKILL)


def test_a_kill_between_sending_and_noting_repeats_at_most_that_one(tmp_path: Path) -> None:
    with chat() as receiver:
        text = (
            f'digest_over: 100\nchannels: {{hook: {{url: "json://127.0.0.1:{receiver.port}/hook"}}}}\n'
            "routes: [{to: [hook]}]\n"
        )
        config = configured(tmp_path, text)
        settings, now = Settings(home=tmp_path, alerts=tmp_path / "alerts.yaml"), datetime.now(UTC)
        with Outbox(settings.outbox) as outbox:
            outbox.observe([problem(str(number)) for number in range(10)], now, config, Scope(as_of=now))
        killing = receiver.received = Killing()
        with fazhi_process("alerts", "send", home=tmp_path, FAZHI_ALERTS=str(settings.alerts)) as killing.process:
            killing.process.communicate(timeout=60)
        assert killing.process.returncode == -signal.SIGKILL
        assert _sent_after(settings, config, timedelta(minutes=10)) == 0, "its lease runs"
        assert _sent_after(settings, config, timedelta(minutes=20)) == 7
        keys = [one.headers["Idempotency-Key"] for one in receiver.received]
        assert len(keys) == 11
        assert len(set(keys)) == 10
        assert keys.count(keys[3]) == 2


def _sent_after(settings: Settings, config: AlertConfig, passed: timedelta) -> int:
    return deliver(settings, config, now=lambda: datetime.now(UTC) + passed).sent


def test_a_template_with_a_mistake_is_named_with_its_line_and_keeps_nothing_back(home: Path) -> None:
    for path in home.glob("alerts.sqlite*"):
        path.unlink()
    own = home / "own"
    own.mkdir()
    (own / "title.txt").write_text("county office: {{ event }}", encoding="utf-8")
    (own / "chat.txt").write_text("line one\n{% if event %}\n{{ nothing }}{% endif %}", encoding="utf-8")
    with chat() as receiver, mailbox() as mails:
        (home / "alerts.yaml").write_text(
            "templates: own\nchannels:\n"
            f'  hook: {{url: "json://127.0.0.1:{receiver.port}/hook"}}\n'
            f'  mail: {{url: "mailto://127.0.0.1:{mails.port}/?from=fazhi@x.cn&to=li@x.cn", format: mail}}\n'
            "routes: [{to: [hook, mail]}]\n",
            encoding="utf-8",
        )
        config = load_config(home / "alerts.yaml")
        (complaint,) = config.complaints
        assert complaint.startswith(f"{own / 'chat.txt'}:3: found 'nothing' is undefined; expected a Jinja2 template")
        observed = observe_now(Settings(home=home, alerts=home / "alerts.yaml"), seconds=None)
        assert (observed.sent, observed.complaints) == (2, (complaint,))
        assert "1.8余人次" in receiver.texts()[0], "the chat gets ours"
        assert [str(letter["Subject"]) for letter in mails.letters] == ["county office: new"]


def test_sending_adds_less_than_a_second_to_a_run_however_slow_the_receivers_are(home: Path) -> None:
    for path in home.glob("alerts.sqlite*"):
        path.unlink()
    with chat() as receiver:
        receiver.does = "hang"
        configured(
            home, f'channels: {{hook: {{url: "json://127.0.0.1:{receiver.port}/hook"}}}}\nroutes: [{{to: [hook]}}]\n'
        )
        silent_settings = Settings(home=home)
        observe_now(silent_settings)  # what is loaded once is loaded
        began = monotonic()
        observe_now(silent_settings)
        without = monotonic() - began
        (complaint,) = observe_now(Settings(home=home, alerts=home / "alerts.yaml")).complaints
        took = monotonic() - began - without
        assert complaint.startswith("alerts: a receiver has not answered in time")
        assert took - without < 1.5, f"{took:.2f} s with sending, {without:.2f} s without"
