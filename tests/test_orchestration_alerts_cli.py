"""`fazhi alerts …` as people type it."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from alerts_examples import configured, problem
from click.testing import Result
from typer.testing import CliRunner

from orchestration.alerts.following import Scope
from orchestration.alerts.outbox import Outbox
from orchestration.cli import app

Typed = Callable[..., Result]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Runs `fazhi alerts …` in a home folder."""
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "li")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["alerts", *arguments])

    return run


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """A home with two alerts, one of which is told already."""
    now = datetime.now(UTC) - timedelta(hours=1)
    with Outbox(tmp_path / "alerts.sqlite") as outbox:
        config = configured(tmp_path)
        outbox.observe([problem("a", severity="error"), problem("b", severity="info")], now, config, Scope(as_of=now))
    return tmp_path


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Stands in for sending: nothing leaves the machine."""

    def drain(outbox: Outbox, config: object, *, now: datetime, worker: str, **_: Any) -> SimpleNamespace:
        taken = outbox.claim(now, worker, 100)
        for message in taken:
            if message.channel == "office":
                outbox.settle_sent(message.key, now)
            else:
                outbox.settle_failed(message.key, now, "refused", None)
        failed = sum(message.channel != "office" for message in taken)
        return SimpleNamespace(sent=len(taken) - failed, failed=failed, waiting=0, problems=["press: refused"] * failed)

    module = ModuleType("orchestration.alerts.sending")
    module.__dict__.update(drain=drain, send_test=lambda config, **_: [f"{name}: sent" for name in config.channels])
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_the_list_shows_the_worst_first_and_what_waits(typed: Typed, followed: Path) -> None:
    done = typed("list")
    assert done.exit_code == 0
    first, second, *rest = done.stdout.splitlines()
    assert first.startswith("61000000  error  Longhui 2023 loss rate a (since 20")
    assert ", told 20" in first
    assert second.startswith("62000000  info  Longhui 2023 loss rate b (since 20")
    assert second.endswith("not told)")
    assert rest == ["office: 1 to be sent; fazhi alerts send", "press: 1 to be sent; fazhi alerts send"]


def test_the_list_for_programs_is_an_object_an_alert(typed: Typed, followed: Path) -> None:
    listed = [json.loads(line) for line in typed("list", "--json").stdout.splitlines()]
    assert [(one["fingerprint"], one["state"], one["told"]) for one in listed] == [
        ("6100000000000000", "told", ["office", "press"]),
        ("6200000000000000", "not told", []),
    ]
    assert listed[0]["details"]["sentence"] == "行政诉讼败诉率3.1%。"


def test_what_is_resolved_is_listed_with_all(typed: Typed, followed: Path) -> None:
    with Outbox(followed / "alerts.sqlite") as outbox:
        now = datetime.now(UTC)
        outbox.observe([], now, None, Scope(as_of=now))
    assert typed("list").stdout.splitlines()[0] == "Nothing is broken."
    assert ", resolved 20" in typed("list", "--all").stdout


def test_mute_show_unmute_and_ack(typed: Typed, followed: Path) -> None:
    muted = typed("mute", "61", "--until", "3d", "--reason", "asked the publisher")
    assert muted.exit_code == 0, muted.stderr
    assert "by li: asked the publisher)" in muted.stdout
    assert typed("unmute", "61").exit_code == 0
    assert "acknowledged by li: on it)" in typed("ack", "61", "--note", "on it").stdout
    shown = typed("show", "61").stdout
    assert "隆回县 2023 行政诉讼败诉率 a" in shown
    assert "行政诉讼败诉率3.1%。" in shown
    muted_note, *others = [
        line.split(" ", 2)[2] for line in shown.splitlines() if line.startswith("20") and " li: " in line
    ]
    assert muted_note.startswith("li: muted until 20")
    assert others == ["li: unmuted", "li: acknowledged: on it"]
    assert " office: new, queued" in shown


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["mute", "61", "--reason", "known"], "expected an end such as 2026-12-01, friday, 3d"),
        (["mute", "61", "--until", "3d"], "a mute needs a reason"),
        (["mute", "6", "--until", "3d", "--reason", "x"], "several alerts have ids that begin with '6'"),
        (["mute", "61", "--until", "2020-01-01", "--reason", "x"], "ends before now"),
        (["ack", "99"], "no alert has an id that begins with '99'"),
        (["show", "x'"], "is no id of an alert"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(
    typed: Typed, followed: Path, arguments: list[str], expected: str
) -> None:
    done = typed(*arguments)
    assert done.exit_code == 1
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_send_sends_what_is_due_and_says_what_failed(
    typed: Typed, followed: Path, sending: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_ALERTS", str(followed / "alerts.yaml"))
    done = typed("send")
    assert (done.exit_code, done.stdout) == (1, "1 sent, 1 failed, 0 waiting\npress: refused\n")
    again = typed("send")
    assert (again.exit_code, again.stdout) == (0, "0 sent, 0 failed, 0 waiting\n")
    assert "press: given up after 1 attempts: refused (new, 20" in typed("list").stdout


def test_a_template_with_a_mistake_is_named_and_the_messages_are_sent(
    typed: Typed, followed: Path, sending: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    (followed / "own").mkdir()
    (followed / "own" / "chat.txt").write_text("\n{{ nothing }}", encoding="utf-8")
    path = followed / "alerts.yaml"
    path.write_text("templates: own\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("FAZHI_ALERTS", str(path))
    done = typed("send")
    assert done.exit_code == 1
    assert done.stdout.startswith(
        f"1 sent, 1 failed, 0 waiting\n{followed}/own/chat.txt:2: found 'nothing' is undefined"
    )


def test_the_channels_are_tested(
    typed: Typed, followed: Path, sending: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_ALERTS", str(followed / "alerts.yaml"))
    assert typed("test").stdout == "office: sent\npress: sent\n"


def test_without_a_file_or_an_outbox_one_is_told_what_to_do(typed: Typed, followed: Path, tmp_path: Path) -> None:
    assert "write one and name it: FAZHI_ALERTS=alerts.yaml" in typed("send").stderr
    (tmp_path / "alerts.sqlite").unlink()
    done = typed("list")
    assert done.exit_code == 1
    assert "fazhi run begins to" in done.stderr


def test_a_wrong_file_is_said_with_its_line(typed: Typed, followed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (followed / "alerts.yaml").write_text("top: none\n", encoding="utf-8")
    monkeypatch.setenv("FAZHI_ALERTS", str(followed / "alerts.yaml"))
    done = typed("test")
    assert done.exit_code == 2
    assert done.stderr.startswith("alerts.yaml:1: top: found 'none', expected a valid integer")
