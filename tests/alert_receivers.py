"""Receivers of alerts on loopback: chats as DingTalk, Feishu and WeCom answer, a plain webhook, a mail server; and an
outbox to send from that is filled by hand.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from orchestration.alerts.config import AlertConfig
from orchestration.alerts.model import Event, Message, Problem
from orchestration.alerts.outbox import LEASE_SECONDS, Outbox

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
TOKEN = "c0ffee5ec2e7" * 4
SIGNING = "SECdeadbeef0123456789"
SERVICES = {"dingtalk": f"dingtalk://{SIGNING}@{TOKEN}/", "feishu": f"feishu://{TOKEN}", "wecom": f"wecombot://{TOKEN}"}


@dataclass
class Received:
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass
class Chat:
    """`does`: ok, error (HTTP 500), refuse (HTTP 200 with a code), busy (one too many), hang, nonsense, gone (404)."""

    port: int
    does: str = "ok"
    received: list[Received] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)

    def texts(self) -> list[str]:
        return [_text(one.body) for one in self.received]


def _text(body: Mapping[str, Any]) -> str:
    match body:
        case {"markdown": {"text": text}} | {"markdown": {"content": text}} | {"message": text}:
            return str(text)
        case {"card": {"elements": [{"text": {"content": text}}]}}:
            return str(text)
    raise AssertionError(body)


def _complaint(path: str, body: Mapping[str, Any]) -> str:
    """What the real service would refuse: a wrong shape."""
    match path, body:
        case "/dingtalk", {
            "msgtype": "markdown",
            "markdown": {"title": str(), "text": str()},
            "at": {"isAtAll": False},
        }:
            return ""
        case "/wecom", {"msgtype": "markdown", "markdown": {"content": str(content)}}:
            return "" if len(content.encode()) <= 4096 else "40058 too long"
        case "/feishu", {
            "msg_type": "interactive",
            "card": {"header": {"title": {"tag": "plain_text"}}, "elements": _},
        }:
            return ""
        case "/hook", {"title": str(), "message": str()}:
            return ""
    return f"{path} got {body}"


_ANSWERS = {
    "ok": {
        "/dingtalk": {"errcode": 0, "errmsg": "ok"},
        "/wecom": {"errcode": 0, "errmsg": "ok"},
        "/feishu": {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"},
    },
    "refuse": {
        "/dingtalk": {"errcode": 310000, "errmsg": f"sign not match {TOKEN}"},
        "/wecom": {"errcode": 93000, "errmsg": "invalid webhook url"},
        "/feishu": {"code": 19024, "msg": "Key Words Not Found"},
    },
    "busy": {
        "/dingtalk": {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"},
        "/wecom": {"errcode": 45009, "errmsg": "api freq out of limit"},
        "/feishu": {"code": 11232, "msg": "frequency limited"},
    },
}


@contextmanager
def chat() -> Iterator[Chat]:
    """A web server that is every chat, by path."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            parts = urlsplit(self.path)
            path = "/" + parts.path.split("/")[1]
            does = told.does
            if does == "hang":
                told.held.wait(20)
                return
            if does == "ok":
                told.received.append(Received(path, parse_qs(parts.query), dict(self.headers), body))
                if complaint := _complaint(path, body):
                    told.wrong.append(complaint)
            status = {"error": 500, "gone": 404}.get(does, 200)
            answer = b"<html>" if does == "nonsense" else json.dumps(_ANSWERS.get(does, {}).get(path, {})).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told = Chat(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.held.set()
        server.shutdown()
        server.server_close()


def speak_to(one: Chat, monkeypatch: pytest.MonkeyPatch, *services: str) -> None:
    """Let Apprise's plugins take a web server on loopback for DingTalk, Feishu and WeCom: their hosts are fixed."""
    home = f"http://127.0.0.1:{one.port}"
    plugins = {
        "dingtalk": (NotifyDingTalk, "/dingtalk?access_token={token}"),
        "feishu": (NotifyFeishu, "/feishu/{token}/"),
        "wecom": (NotifyWeComBot, "/wecom?key={key}"),
    }
    for service in services:
        plugin, path = plugins[service]
        monkeypatch.setattr(plugin, "notify_url", home + path)


@dataclass
class Mailbox:
    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False
    unknown: str = ""


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    from aiosmtpd.controller import Controller

    class Handler:
        async def handle_RCPT(  # noqa: N802
            self, _server: object, _session: object, envelope: Any, address: str, _options: object
        ) -> str:
            if address == told.unknown:
                return "550 no such user"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
            if told.refuses:
                return "451 try again later"
            told.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
            return "250 OK"

    told = Mailbox(0)
    controller = Controller(Handler(), hostname="127.0.0.1", port=_free_port())
    controller.start()
    told.port = controller.port
    try:
        yield told
    finally:
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True)
class Channel:
    name: str
    url: str
    format: Any = "chat"
    per_minute: int = 6000


@dataclass(frozen=True)
class Config:
    channels: Mapping[str, Channel]
    language: Any = "zh"


def configured(*channels: Channel) -> Config:
    return Config({channel.name: channel for channel in channels})


def secret_url(channel: Channel) -> str:
    return channel.url


class FilledOutbox(Outbox):
    """An outbox that messages are put into as they are; counts how many are claimed at a time."""

    def __init__(self, path: Path = Path(":memory:")) -> None:
        super().__init__(path)
        self.most = 0

    def put(self, *messages: Message) -> None:
        with self._writing():
            self._queue(messages, messages[0].created_at, AlertConfig({}, ()))

    def claim(self, now: datetime, worker: str, limit: int, lease_seconds: float = LEASE_SECONDS) -> list[Message]:
        claimed = super().claim(now, worker, limit, lease_seconds)
        self.most = max(self.most, len(claimed))
        return claimed

    def states(self) -> dict[str, int]:
        return {row[0]: row[1] for row in self._read("select state, count(*) from message group by state")}

    def errors(self) -> list[str]:
        return [row[0] for row in self._read("select last_error from message where last_error is not null")]


def a_message(number: int, channel: str = "office", event: Event = "new", at: datetime = NOW) -> Message:
    problem = Problem(
        f"f{number}",
        "expectation",
        "error",
        "统计组",
        "430524",
        "litigation",
        f"隆回县 2023 败诉率不符 {number}",
        "rate",
        {
            "what_zh": f"行政诉讼败诉率 3.1%,但 败诉5件 / 被诉97件 = 5.2% ({number})",
            "sentence": "全年行政诉讼案件97件,败诉5件,败诉率3.1%。",
            "region": "隆回县", "year": 2023, "since": at - timedelta(days=2), "rerun": "fazhi run --all",
            "url": "https://www.longhui.gov.cn/2023.html",
        },
    )  # fmt: skip
    return Message(f"{channel}-{number}", channel, event, at, (problem,))
