"""Carrying one message to one receiver: through Apprise, which knows how a hundred services are spoken to.

Four of its plugins aren't asked to send themselves, though the address is read by them:

    dingtalk, wecombot   these services answer HTTP 200 with an errcode where they refuse a message, above all one too
                         many in a minute, and the plugins count that as sent: the message would be lost. The plugin
                         for DingTalk encodes the signature twice, the one for WeCom sends no Markdown.
    feishu               its plugin takes any page with HTTP 200 for an answer, and knows no signature.
    mailto               a mail has its own text beside the HTML, and its Message-ID is the key of the message.

How these services sign, what they take and what they answer was held against web tutorials that quote their manuals,
and against clients in several languages that name the manuals' pages; the manuals themselves were not at hand. Both
signatures are HMAC-SHA256 in Base64: DingTalk's has the key as its key and "milliseconds, line feed, key" as its text
(in the query), Feishu's has "seconds, line feed, key" as its key and no text (in the body; some clients have it the
other way round). WeCom has none.
"""

import base64
import hmac
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from typing import Any
from urllib.parse import unquote

import apprise
import requests

from orchestration.alerts.harmless import plain
from orchestration.alerts.rendering import Rendered
from orchestration.alerts.scrubbing import Scrubbing, scrub

_MOST_BYTES = {"NotifyDingTalk": 19_000, "NotifyWeComBot": 4_096, "NotifyFeishu": 19_000}
"""What a service takes in one message, in UTF-8."""

_TOO_MANY = frozenset({130101, 130102, 45009, 45033, 9499, 11232})
"""Codes of DingTalk, WeCom and Feishu for too many messages: the channel is to be left alone for a while."""

_CODES = ("errcode", "code", "StatusCode")
"""Where an answer says whether the message was taken; 0 is yes."""

_COLOURS = {"error": "red", "warning": "orange", "info": "blue", "resolved": "green"}

_KINDS = {"error": "failure", "warning": "warning", "info": "info", "resolved": "success"}
"""Severities as Apprise names them; services colour a message by it."""


class NotSent(Exception):
    """A message wasn't sent; the text says why and holds no secret.

    `unreachable`: the receiver is, so others of the channel needn't be tried. `unclear`: it may have arrived after
    all, so it isn't tried again at once.
    """

    def __init__(self, why: str, *, unreachable: bool = False, unclear: bool = False) -> None:
        super().__init__(why)
        self.unreachable = unreachable
        self.unclear = unclear


def load_plugins() -> None:
    """Have Apprise find its plugins, as it does when it is first given an address."""
    with _heard():
        apprise.Apprise.instantiate("json://localhost")


class Carrier:
    """A channel's receiver, ready to be sent to."""

    def __init__(self, url: str) -> None:
        _hide(url)
        self._secrets = (url,)
        self.complaints: list[str] = []
        with _heard() as said:
            plugin: Any = apprise.Apprise.instantiate(url)
        if plugin is None:
            why = scrub("; ".join(said) or "Apprise knows no such address", self._secrets)
            raise NotSent(f"the address can't be used: {why}", unreachable=True)
        plugin.request_rate_per_sec = 0  # it would sleep and hold up other channels; how often is our own matter
        self._plugin = plugin
        self._apprise = apprise.Apprise()
        self._apprise.add(plugin)

    def send(self, rendered: Rendered, key: str, kind: str = "info") -> None:
        """Send it, once. Raises NotSent."""
        key = re.sub(r"[^A-Za-z0-9._-]", "-", key)
        name = type(self._plugin).__name__
        text = _within(rendered.text, _MOST_BYTES.get(name, 1_000_000) - len(rendered.title.encode()) - 8)
        try:
            _SENDERS.get(name, _by_apprise)(self, Rendered(rendered.title, text, rendered.html), key, kind)
        except NotSent as error:
            error.args = (scrub(plain(str(error)), self._secrets),)
            error.__cause__ = error.__context__ = None  # what a library says may hold the address
            error.__suppress_context__ = True
            raise

    def by_apprise(self, rendered: Rendered, kind: str) -> None:
        """Let the plugin send it."""
        markdown = "markdown" in _formats(self._plugin)
        with _heard() as said:
            sent = self._apprise.notify(
                title=rendered.title,
                body=rendered.text,
                notify_type=_KINDS.get(kind, "info"),
                body_format="markdown" if markdown else None,
            )
        if not sent:
            why = "; ".join(said)
            refused = bool(re.search(r"rejected|error=4(?!29)", why))
            raise NotSent(why, unreachable=not refused, unclear="Read timed out" in why)


def _by_apprise(carrier: Carrier, rendered: Rendered, _key: str, kind: str) -> None:
    carrier.by_apprise(rendered, kind)


def _json(carrier: Carrier, rendered: Rendered, key: str, kind: str) -> None:
    carrier._plugin.headers["Idempotency-Key"] = key
    carrier.by_apprise(rendered, kind)


def _dingtalk(carrier: Carrier, rendered: Rendered, _key: str, _kind: str) -> None:
    plugin = carrier._plugin
    parameters = {}
    if plugin.secret:
        timestamp, sign = plugin.get_signature()
        parameters = {"timestamp": timestamp, "sign": unquote(sign)}
    text = f"### {rendered.title}\n\n{rendered.text}"
    payload = {
        "msgtype": "markdown",
        "markdown": {"title": rendered.title, "text": text},
        "at": {"atMobiles": plugin.targets, "isAtAll": False},
    }
    _post(plugin, plugin.notify_url.format(token=plugin.token), payload, parameters)


def _wecom(carrier: Carrier, rendered: Rendered, _key: str, _kind: str) -> None:
    plugin = carrier._plugin
    content = f"### {rendered.title}\n{rendered.text}"
    _post(plugin, plugin.notify_url.format(key=plugin.key), {"msgtype": "markdown", "markdown": {"content": content}})


def _feishu(carrier: Carrier, rendered: Rendered, _key: str, kind: str) -> None:
    plugin = carrier._plugin
    payload: dict[str, Any] = {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "title": {"tag": "plain_text", "content": rendered.title},
                "template": _COLOURS.get(kind, "blue"),
            },
            "elements": [{"tag": "div", "text": {"tag": "lark_md", "content": rendered.text}}],
        },
    }
    if plugin.user:  # the key of 签名校验, written before the token as in addresses of DingTalk
        timestamp = str(int(time.time()))
        signed = hmac.new(f"{timestamp}\n{unquote(plugin.user)}".encode(), digestmod="sha256").digest()
        payload |= {"timestamp": timestamp, "sign": base64.b64encode(signed).decode()}
    _post(plugin, plugin.notify_url.format(token=plugin.token), payload)


def _post(plugin: Any, url: str, payload: Mapping[str, Any], parameters: Mapping[str, str] | None = None) -> None:
    """Post JSON and read the answer, whose errcode says whether it was taken."""
    try:
        answer = requests.post(
            url,
            json=payload,
            params=parameters,
            timeout=plugin.request_timeout,
            verify=plugin.verify_certificate,
            allow_redirects=False,
        )
    except requests.ReadTimeout as error:
        raise NotSent("no answer in time", unreachable=True, unclear=True) from error
    except requests.RequestException as error:
        raise NotSent(f"no connection ({type(error).__name__})", unreachable=True) from error
    if answer.status_code != requests.codes.ok:
        busy = answer.status_code >= 500 or answer.status_code == 429
        raise NotSent(f"answered with HTTP {answer.status_code}", unreachable=busy)
    try:
        said = answer.json()
        code = int(next(said[name] for name in _CODES if name in said))
    except (ValueError, TypeError, StopIteration) as error:
        raise NotSent("answered with something that is no JSON object with a code", unreachable=True) from error
    if code:
        why = said.get("errmsg") or said.get("msg") or ""
        raise NotSent(f"refused with code {code}: {why}", unreachable=code in _TOO_MANY)


def _mail(carrier: Carrier, rendered: Rendered, key: str, kind: str) -> None:
    plugin = carrier._plugin
    if plugin.pgp_mode != "no":  # signing and encrypting is the plugin's
        carrier.by_apprise(rendered, kind)
        return
    with _heard() as said:
        try:
            sent = _hand_over(plugin, _letter(plugin, rendered, key))
        except (OSError, RuntimeError, ValueError, apprise.exception.AppriseException) as error:
            raise NotSent(f"no mail connection: {error}", unreachable=True) from error
    refused = sum(line.startswith("SMTP recipient") for line in said)
    receivers = len(plugin.targets) + len(plugin.cc) + len(plugin.bcc)
    why = scrub(plain("; ".join(said)), carrier._secrets)
    if sent or 0 < refused < receivers:  # to send it again would repeat it to those who have it
        carrier.complaints.extend([why] if refused else [])
        return
    raise NotSent(f"the mail server didn't take it: {why}", unreachable=not refused, unclear=True)


def _hand_over(plugin: Any, letter: EmailMessage) -> bool:
    from apprise.plugins.email.smtp import AppriseSMTPController

    receivers = [*(address for _, address in plugin.targets), *plugin.cc, *plugin.bcc]
    with AppriseSMTPController(
        host=plugin.smtp_host,
        port=plugin.port,
        secure_mode=plugin.secure_mode,
        user=plugin.user,
        password=plugin.password,
        verify_certificate=plugin.verify_certificate,
        socket_connect_timeout=plugin.socket_connect_timeout,
    ) as connection:
        return bool(connection.sendmail(plugin.from_addr[1], receivers, letter.as_string()))


def _letter(plugin: Any, rendered: Rendered, key: str) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = rendered.title
    letter["From"] = formataddr((plugin.from_addr[0] or "fazhi", plugin.from_addr[1]))
    letter["To"] = ", ".join(address for _, address in plugin.targets)
    if plugin.cc:
        letter["Cc"] = ", ".join(sorted(plugin.cc))
    if plugin.reply_to:
        letter["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    letter["Date"] = formatdate(localtime=True)
    letter["Message-ID"] = f"<{key}@fazhi>"
    letter["Auto-Submitted"] = "auto-generated"  # so that absence notes don't answer
    letter.set_content(rendered.text)
    if rendered.html is not None:
        letter.add_alternative(rendered.html, subtype="html")
    return letter


_SENDERS: Mapping[str, Callable[[Carrier, Rendered, str, str], None]] = {
    "NotifyDingTalk": _dingtalk,
    "NotifyWeComBot": _wecom,
    "NotifyFeishu": _feishu,
    "NotifyEmail": _mail,
    "NotifyJSON": _json,
}


def _formats(plugin: Any) -> set[str]:
    formats = plugin.notify_format
    return {str(one.value) for one in (formats if isinstance(formats, tuple | list) else (formats,))}


def _within(text: str, most: int) -> str:
    """Whole lines of the text within so many bytes, with an ellipsis where it was cut."""
    if len(text.encode()) <= most:
        return text
    kept: list[str] = []
    left = most - 8
    for line in text.split("\n"):
        left -= len(line.encode()) + 1
        if left < 0:
            break
        kept.append(line)
    return "\n".join([*kept, "", "…"])


_LOG = logging.getLogger("apprise")
_ONE_AT_A_TIME = threading.Lock()
_SCRUBBING = Scrubbing()


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps what tells why: warnings, and the exception that Apprise logs for debugging."""
        text = record.getMessage()
        if record.levelno >= logging.WARNING or text.startswith("Socket Exception"):
            self.said.append(text)


_LISTENER = _Listener()


def _hide(url: str) -> None:
    """From now on no library logs anything of this address.

    Apprise's records hold addresses and messages: they go nowhere but to us. urllib3 logs each request's path.
    """
    _SCRUBBING.secrets.add(url)
    for name in ("urllib3.connectionpool", "urllib3.util.retry"):
        logging.getLogger(name).addFilter(_SCRUBBING)
    _LOG.handlers[:] = [_LISTENER]
    _LOG.propagate = False
    _LOG.setLevel(logging.DEBUG)


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What Apprise says meanwhile; it returns no reasons, it logs them."""
    with _ONE_AT_A_TIME:
        said: list[str] = []
        _LISTENER.said = said
        yield said
