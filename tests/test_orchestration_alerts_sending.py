"""Messages arrive: once where all is well, at least once whatever happens, and no secret with them."""

import logging
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from alert_receivers import (
    NOW,
    SERVICES,
    SIGNING,
    TOKEN,
    Channel,
    Chat,
    Config,
    FilledOutbox,
    Mailbox,
    a_message,
    chat,
    configured,
    mailbox,
    secret_url,
    speak_to,
)
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from orchestration.alerts import sending
from orchestration.alerts.carrying import Carrier, NotSent
from orchestration.alerts.rendering import render
from orchestration.alerts.sending import Drained, retry_at, scrub, send_test


class Ticking:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """One web server on loopback for all of them."""
    with chat() as one:
        speak_to(one, monkeypatch, *SERVICES)
        yield one


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as one:
        yield one


def hook(receiver: Chat, name: str = "office", **more: Any) -> Channel:
    return Channel(name, f"json://127.0.0.1:{receiver.port}/hook", **more)


def mail(box: Mailbox, **more: Any) -> Channel:
    url = f"mailto://127.0.0.1:{box.port}/?from=fazhi@example.cn&to=steward@example.cn"
    return Channel("post", url, format="mail", **more)


def drained(outbox: FilledOutbox, config: Config, *, after: timedelta = timedelta(), **more: Any) -> Drained:
    more = {"clock": Ticking(), **more}
    return sending.drain(outbox, config, secret_url=secret_url, now=NOW + after, worker="w", **more)


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_gets_the_shape_it_wants_once_with_chinese_right(receiver: Chat, service: str) -> None:
    outbox = FilledOutbox()
    outbox.put(a_message(1))
    config = configured(Channel("office", SERVICES[service]))
    assert drained(outbox, config) == Drained(sent=1)
    assert drained(outbox, config) == Drained()
    assert receiver.wrong == []
    (text,) = receiver.texts()
    assert "行政诉讼败诉率 3.1%,但 败诉5件 / 被诉97件 = 5.2% （1）" in text
    assert "「全年行政诉讼案件97件,败诉5件,败诉率3.1%。」" in text
    assert "`office-1`" in text


def test_dingtalks_signature_is_that_of_its_manual_and_encoded_once(
    receiver: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As computed by: printf "$TIME\\n$KEY" | openssl dgst -sha256 -hmac $KEY -binary | base64"""
    monkeypatch.setattr("apprise.plugins.dingtalk.time", SimpleNamespace(time=lambda: 1599360473.123))
    Carrier(SERVICES["dingtalk"]).send(render(a_message(1), "chat", "zh"), "k")
    query = receiver.received[0].query
    assert query["timestamp"] == ["1599360473123"]
    assert query["sign"] == ["rpFSHmo2XTiVYD11cJVBRszGsonSh+xoPe4NPY5mT+M="]


def test_feishus_signature_is_that_of_its_manual(receiver: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """As computed by: printf "" | openssl dgst -sha256 -hmac "$TIME<newline>$KEY" -binary | base64"""
    monkeypatch.setattr("orchestration.alerts.carrying.time", SimpleNamespace(time=lambda: 1599360473.9))
    Carrier(f"feishu://{SIGNING}@{TOKEN}").send(render(a_message(1), "chat", "zh"), "k", "error")
    body = receiver.received[0].body
    assert body["timestamp"] == "1599360473"
    assert body["sign"] == "6r0q3sc0CyAH3PXH9uW9yoiqPT4ZCoTjLYtQCu0BTtk="
    assert body["card"]["header"]["template"] == "red"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("does", ["refuse", "busy", "error", "gone", "nonsense"])
def test_what_a_service_refused_isnt_taken_for_sent(receiver: Chat, service: str, does: str) -> None:
    receiver.does = does
    with pytest.raises(NotSent) as raised:
        Carrier(SERVICES[service]).send(render(a_message(1), "chat", "zh"), "k")
    assert TOKEN not in str(raised.value)
    assert raised.value.unreachable == (does in ("busy", "error", "nonsense"))


def test_a_message_too_long_for_a_service_is_cut_at_a_line(receiver: Chat) -> None:
    problems = a_message(1).problems * 40
    rendered = render(sending.replace(a_message(1, event="digest"), problems=problems, total=40), "chat", "both")
    Carrier(SERVICES["wecom"]).send(rendered, "k")
    assert receiver.wrong == []
    assert receiver.texts()[0].endswith("\n…")


def test_a_webhook_gets_the_key_in_a_header(receiver: Chat) -> None:
    outbox = FilledOutbox()
    outbox.put(a_message(1), a_message(2))
    assert drained(outbox, configured(hook(receiver))).sent == 2
    assert [one.headers["Idempotency-Key"] for one in receiver.received] == ["office-1", "office-2"]
    assert receiver.received[0].body["title"].startswith("新问题 · 错误: 隆回县 2023")


def test_a_mail_has_text_and_html_and_the_key_as_its_id(post: Mailbox) -> None:
    outbox = FilledOutbox()
    outbox.put(a_message(7, "post"))
    assert drained(outbox, configured(mail(post))) == Drained(sent=1)
    (letter,) = post.letters
    assert letter.get_all("Message-ID") == ["<post-7@fazhi>"]
    assert letter["Subject"] == "新问题 · 错误: 隆回县 2023 败诉率不符 7"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text and html
    assert "「全年行政诉讼案件97件,败诉5件,败诉率3.1%。」" in text.get_content()
    assert "<blockquote" in html.get_content()


def test_a_mail_server_that_puts_off_loses_nothing(post: Mailbox) -> None:
    outbox = FilledOutbox()
    outbox.put(a_message(7, "post"))
    post.refuses = True
    assert drained(outbox, configured(mail(post))).failed == 1
    post.refuses = False
    assert drained(outbox, configured(mail(post)), after=timedelta(minutes=2)).sent == 1
    assert len(post.letters) == 1


def test_a_mail_that_some_receivers_take_is_not_repeated_to_them(post: Mailbox) -> None:
    outbox = FilledOutbox()
    outbox.put(a_message(7, "post"))
    post.unknown = "gone@example.cn"
    url = mail(post).url + ",gone@example.cn"
    done = drained(outbox, configured(Channel("post", url, format="mail")))
    assert (done.sent, done.failed, len(post.letters)) == (1, 0, 1)
    assert "refused" in done.problems[0]


@pytest.mark.parametrize("does", ["error", "refuse", "closed"])
def test_a_receiver_down_for_three_drains_loses_none_and_repeats_none(
    receiver: Chat, does: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = FilledOutbox()
    outbox.put(*(a_message(number) for number in range(10)))
    config = configured(Channel("office", SERVICES["dingtalk"]))
    with monkeypatch.context() as down:
        receiver.does = does
        if does == "closed":
            down.setattr(NotifyDingTalk, "notify_url", "http://127.0.0.1:9/x?access_token={token}")
        for run in range(3):
            failed = drained(outbox, config, after=timedelta(days=7 * run))
            assert failed.sent == 0
            assert failed.failed + failed.waiting == 10
    receiver.does = "ok"
    assert drained(outbox, config, after=timedelta(days=21)).sent == 10
    assert drained(outbox, config, after=timedelta(days=22)) == Drained()
    keys = [re.findall(r"`(office-\d+)`", text)[0] for text in receiver.texts()]
    assert sorted(keys) == sorted(f"office-{number}" for number in range(10))


def test_a_channel_that_is_down_holds_up_no_other(receiver: Chat) -> None:
    outbox = FilledOutbox()
    for number in range(60):
        outbox.put(a_message(number, "down"), a_message(number, "office"))
    config = configured(Channel("down", "json://127.0.0.1:9/x"), hook(receiver))
    done = drained(outbox, config)
    assert (done.sent, done.failed, done.waiting) == (60, 1, 59)
    assert len(receiver.received) == 60


def test_one_message_that_is_refused_stops_no_other(receiver: Chat) -> None:
    """Two refusals are the messages' fault; three in a row the channel's."""
    outbox = FilledOutbox()
    outbox.put(*(a_message(number) for number in range(9)))
    receiver.does = "refuse"
    done = drained(outbox, configured(Channel("office", SERVICES["wecom"])))
    assert (done.failed, done.waiting) == (3, 6)


def test_an_answer_that_never_comes_is_no_reason_to_send_twice_at_once(receiver: Chat) -> None:
    receiver.does = "hang"
    outbox = FilledOutbox()
    outbox.put(a_message(1), a_message(2))
    clock = Ticking()
    done = drained(outbox, configured(Channel("office", SERVICES["dingtalk"] + "?rto=0.3")), clock=clock)
    assert (done.failed, done.waiting, clock.slept) == (1, 1, [])
    assert "no answer in time" in done.problems[0]


def test_a_minute_sees_no_more_than_the_rate_and_other_channels_go_on(receiver: Chat) -> None:
    outbox = FilledOutbox()
    outbox.put(*(a_message(number, "slow") for number in range(50)), *(a_message(n, "office") for n in range(5)))
    config = configured(hook(receiver, "slow", per_minute=20), hook(receiver))
    clock, at = Ticking(), []
    received = receiver.received

    class Noting(list[Any]):
        def append(self, one: Any) -> None:
            at.append(clock.at)
            super().append(one)

    receiver.received = Noting(received)
    done = drained(outbox, config, clock=clock, seconds=100)
    assert (done.sent, done.waiting) == (45, 10)
    keys = [one.headers["Idempotency-Key"] for one in receiver.received]
    assert sum(key.startswith("office") for key in keys[:25]) == 5  # nobody waited for the slow one
    slow = [moment for moment, key in zip(at, keys, strict=True) if key.startswith("slow")]
    assert all(later - earlier >= 60 for earlier, later in zip(slow, slow[20:], strict=False))
    passed = timedelta(seconds=clock.at - 1000)
    assert drained(outbox, config, after=passed).sent == 0  # the next drain is within the same minute
    assert drained(outbox, config, after=passed, seconds=70).sent == 10


def python(program: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """A program in a process of its own, which finds what the tests find."""
    root = Path(__file__).parent.parent
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={"PYTHONPATH": f"{root}:{root / 'tests'}", "PATH": "/usr/bin"},
    )


DRAINS = """
import sys
from pathlib import Path
from alert_receivers import NOW, Channel, FilledOutbox, configured, secret_url
from orchestration.alerts.sending import drain
sys.stdin.readline()
config = configured(Channel("office", sys.argv[2], per_minute=20))
print(drain(FilledOutbox(Path(sys.argv[1])), config, secret_url=secret_url, now=NOW, worker=sys.argv[3]).sent)
"""


def test_processes_that_send_at_once_keep_the_rate_together(receiver: Chat, tmp_path: Path) -> None:
    box = tmp_path / "outbox.sqlite"
    FilledOutbox(box).put(*(a_message(number) for number in range(60)))
    workers = [python(DRAINS, box, hook(receiver).url, name) for name in "abc"]
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    assert sum(int(worker.communicate()[0]) for worker in workers) == len(receiver.received) == 20
    assert FilledOutbox(box).states() == {"queued": 40, "sent": 20}
    assert FilledOutbox(box).turn("office", 20, NOW + timedelta(seconds=59)) > 0
    assert FilledOutbox(box).turn("office", 20, NOW + timedelta(seconds=120)) == 0


def test_a_clock_that_was_put_back_blocks_no_channel() -> None:
    outbox = FilledOutbox()
    assert outbox.turn("office", 1, NOW) == 0
    assert outbox.turn("office", 1, NOW) == 60
    assert outbox.turn("office", 1, NOW - timedelta(hours=1)) == 0


def test_without_time_a_drain_waits_for_no_rate(receiver: Chat) -> None:
    outbox = FilledOutbox()
    outbox.put(*(a_message(number) for number in range(9)))
    clock = Ticking()
    done = drained(outbox, configured(hook(receiver, per_minute=4)), clock=clock)
    assert (done.sent, done.waiting, clock.slept) == (4, 5, [])
    assert outbox.claim(NOW, "other", 50, 60)  # what waits is free again


def test_limit(receiver: Chat) -> None:
    outbox = FilledOutbox()
    outbox.put(*(a_message(number) for number in range(9)))
    assert drained(outbox, configured(hook(receiver)), limit=3) == Drained(sent=3, waiting=6)


def test_a_thousand_messages_are_never_held_at_once(receiver: Chat, say: Any) -> None:
    outbox = FilledOutbox()
    outbox.put(*(a_message(number) for number in range(1000)))
    config = configured(hook(receiver))
    assert drained(outbox, config, limit=20).sent == 20  # what is loaded once is loaded
    process = psutil.Process()
    before, began = process.memory_info().rss, time.perf_counter()
    sent, grown = 0, 0
    while done := drained(outbox, config, limit=100).sent:
        sent += done
        receiver.received.clear()
        grown = max(grown, process.memory_info().rss - before)
    took = time.perf_counter() - began
    assert sent == 980
    assert outbox.most <= 50
    assert grown < 20_000_000
    say(f"1,000 queued messages sent in {took:.1f} s, {grown / 1e6:.1f} MB more, {outbox.most} claimed at a time")


def test_a_channel_that_is_no_more_keeps_its_messages(receiver: Chat) -> None:
    outbox = FilledOutbox()
    outbox.put(a_message(1, "gone"))
    done = drained(outbox, configured(hook(receiver)))
    assert done.waiting == 1
    assert "gone: found messages for it, but no such channel; expected one of office" in done.problems[0]
    assert outbox.states() == {"queued": 1}


def test_a_stewards_wrong_template_doesnt_keep_a_message_back(receiver: Chat, tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text("{{ nothing }}", encoding="utf-8")
    outbox = FilledOutbox()
    outbox.put(a_message(1))
    done = drained(outbox, configured(hook(receiver)), templates=tmp_path)
    assert done.sent == 1
    assert str(tmp_path / "chat.txt:1") in done.problems[0]


def test_waits_grow_and_nothing_is_given_up_before_three_days_and_many_tries() -> None:
    now, attempts, waits = NOW, 0, []
    while (again := retry_at(now, "k", attempts := attempts + 1, NOW)) is not None:
        waits.append((again - now).total_seconds() / 60)
        now = again
    assert all(least <= wait <= least * 1.2 for least, wait in zip((1, 5, 15, 60, 240, 240), waits, strict=False))
    assert now - NOW > timedelta(days=3)
    assert retry_at(NOW + timedelta(days=365), "k", 3, NOW) is not None
    assert len({retry_at(NOW, f"k{number}", 1, NOW) for number in range(20)}) == 20


SECRETS = [
    *SERVICES.values(),
    f"feishu://{SIGNING}@{TOKEN}",
    f"json://robot:{SIGNING}@127.0.0.1:9/hooks/{TOKEN}?+Authorization=Bearer%20{TOKEN}",
    f"mailto://robot:{SIGNING}@127.0.0.1:9/?from=fazhi@example.cn&to=steward@example.cn",
    f"nonsense://{SIGNING}@{TOKEN}",
    f"json://robot:{SIGNING}@[bad/{TOKEN}",
]


@pytest.mark.parametrize("url", SECRETS)
@pytest.mark.parametrize("does", ["ok", "refuse", "error", "closed"])
def test_no_secret_is_logged_or_told(
    receiver: Chat, url: str, does: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.does = does
    if does == "closed":
        monkeypatch.setattr(NotifyDingTalk, "notify_url", "http://127.0.0.1:9/x?access_token={token}")
        monkeypatch.setattr(NotifyFeishu, "notify_url", "http://127.0.0.1:9/{token}/")
        monkeypatch.setattr(NotifyWeComBot, "notify_url", "http://127.0.0.1:9/?key={key}")
    elif url.startswith("json"):
        url = url.replace(":9/", f":{receiver.port}/")
    outbox = FilledOutbox()
    outbox.put(a_message(1))
    config = configured(Channel("office", url))
    with caplog.at_level(logging.DEBUG):
        done = drained(outbox, config)
        lines = send_test(config, secret_url=secret_url, now=NOW)
    assert done.sent + done.failed + done.waiting == 1
    told = "\n".join([caplog.text, *done.problems, *lines, *outbox.errors()])
    for secret in (TOKEN, SIGNING, "Bearer"):
        assert secret not in told, told


def test_scrubbing_leaves_the_rest_readable() -> None:
    url = "https://user:pa%20ss@chat.example.cn/hooks/T0KEN123/x?key=K3Y456&n=1#frag12"
    text = f"POST {url} failed: /hooks/T0KEN123/x K3Y456 user pa ss frag12; chat.example.cn is down"
    assert scrub(text, [url]) == "POST *** failed: /*** *** *** *** ***; chat.example.cn is down"
    assert scrub("nothing", []) == "nothing"


def test_a_test_message_says_for_each_channel_how_it_went(receiver: Chat, post: Mailbox) -> None:
    config = configured(hook(receiver), mail(post), Channel("down", "json://127.0.0.1:9/x"))
    lines = send_test(config, secret_url=secret_url, now=NOW)
    assert lines[:2] == ["office: sent", "post: sent"]
    assert lines[2].startswith("down: not sent: ")
    assert "通道可用" in receiver.texts()[0]
