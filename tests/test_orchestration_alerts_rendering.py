"""What messages say, and that nothing from a report can do more than be read."""

import re
import shlex
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from lxml import html

from orchestration.alerts.harmless import address, command, unlinked, unmarked
from orchestration.alerts.model import Event, Message, Problem
from orchestration.alerts.rendering import Format, Language, TemplateProblem, check_templates, render

SENTENCE = "全年行政诉讼案件97件,败诉5件,败诉率3.1%。"
LOST = {
    "what_zh": "行政诉讼败诉率 3.1%,但 败诉5件 / 被诉97件 = 5.2%",
    "what_en": "cases lost 3.1 %, but 5 lost / 97 brought = 5.2 %",
    "sentence": SENTENCE,
    "raw_text": "3.1%",
    "url": "https://www.longhui.gov.cn/2023.html",
    "region": "隆回县",
    "year": 2023,
    "since": datetime(2026, 1, 2, 3, 4),
    "checks": 3,
    "rerun": "fazhi run --partition '2023|430524'",
    "ui": "http://127.0.0.1:3000/assets/observations?partition=2023%7C430524",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<at id=all></at> @all @所有人 <@all>",
    "[点我](javascript:alert(1)) ![图](http://evil.example/x.png)",
    "请访问 http://evil.example/a?b=c 或 www.evil.example 或 evil.中国 mailto:a@evil.example",
    "# 标题\n\n```\ncode\n```\n---\n> 引用\n1. 一\n* 二",
    "**粗** __粗__ _斜_ ~~删~~ `码` | 表 | 格 |",
    "&lt;at id=all&gt; &#60;script&#62;",
    "\u202e反向\u202c\u2066x\u2069 \u200f\x00\x07\x1b[31m\u2028行\ufeff\U000e0041",
    "{{ 7*7 }} {% for x in y %} {# #}",
    "」`)](x) \\` 」",
    "长" * 100_000,
]


def problem(**details: Any) -> Problem:
    return Problem(
        "f1", "expectation", "error", "统计组", "430524", "litigation", "隆回县 2023 败诉率不符", "rate", details
    )


def message(event: Event, *problems: Problem, total: int = 1) -> Message:
    return Message("k-123", "office", event, datetime(2026, 1, 2, tzinfo=UTC), problems, total)


def test_a_chat_says_what_where_since_who_and_how_to_rerun() -> None:
    told = render(message("new", problem(**LOST)), "chat", "zh")
    assert told.title == "新问题 · 错误: 隆回县 2023 败诉率不符"
    assert "**行政诉讼败诉率 3.1%,但 败诉5件 / 被诉97件 = 5.2%**" in told.text
    for expected in (
        f"「{SENTENCE}」",
        "`https://www.longhui.gov.cn/2023.html`",
        "开始: 2026-01-02 11:04 UTC+8",
        "级别: 错误",
        "负责: 统计组",
        "`fazhi run --partition '2023|430524'`",
        "`http://127.0.0.1:3000/assets/observations?partition=2023%7C430524`",
        "`k-123`",
    ):
        assert expected in told.text
    assert "cases lost" not in told.text
    assert told.html is None


def test_languages() -> None:
    assert "cases lost 3.1 %" in render(message("new", problem(**LOST)), "chat", "en").text
    both = render(message("new", problem(**LOST)), "chat", "both").text
    assert "cases lost 3.1 %" in both
    assert LOST["what_zh"] in both


def test_resolved_says_so_and_asks_for_nothing() -> None:
    told = render(message("resolved", problem(**LOST)), "mail", "zh")
    assert told.title.startswith("已解决")
    assert "fazhi run" not in told.text + (told.html or "")


@pytest.mark.parametrize("channel_format", get_args(Format))
@pytest.mark.parametrize("event", get_args(Event))
def test_all_events_say_something_of_a_problem_of_which_little_is_known(event: Event, channel_format: Format) -> None:
    told = render(message(event, problem()), channel_format, "both")
    assert told.title
    assert "k-123" in told.text
    assert "None" not in told.title + told.text + (told.html or "")


def test_a_digest_is_a_table_and_counts_what_it_leaves_out() -> None:
    told = render(message("digest", *[problem(**LOST)] * 12, total=40), "mail", "zh")
    tree = html.document_fromstring(told.html or "")
    assert len(tree.xpath("//tbody/tr")) == 12
    assert tree.xpath("//thead//th/text()") == ["级别", "地区", "问题", "原句", "开始", "负责"]
    assert told.title == "汇总: 未解决 40"
    assert "+28" in told.text


def everywhere(text: str) -> Problem:
    details = dict.fromkeys(
        ("what_zh", "what_en", "sentence", "raw_text", "region", "since", "action", "url", "ui", "checks"),
        text,
    )
    return Problem("f", "expectation", "error", text, "430524", "d", text, text, details)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("event", ["new", "worse", "resolved", "digest"])
@pytest.mark.parametrize("language", get_args(Language))
def test_a_hostile_report_is_harmless(text: str, event: Event, language: Language) -> None:
    hostile, kind = message(event, everywhere(text)), message(event, everywhere("好"))
    for channel_format in get_args(Format):
        told, good = render(hostile, channel_format, language), render(kind, channel_format, language)
        for shown, harmless in ((told.title, good.title), (told.text, good.text), (told.html or "", good.html or "")):
            assert len(shown) < 12_000
            assert not [mark for mark in shown if unicodedata.category(mark) in ("Cf", "Co") and mark != "\u200b"]
            assert not [mark for mark in shown if unicodedata.category(mark) == "Cc" and mark != "\n"]
            assert not re.search(r"(?i)https?:|javascript:|mailto:|www\.\w|@", shown)
            assert "evil.example" not in shown
            if channel_format == "chat":
                outside = re.sub(r"`[^`\n]*`", "", shown)  # what stands in code is shown as it is
                assert not re.search(r"[][<>~|\\`_!&]", re.sub(r"(?m)^> 「", "", outside))
                assert outside.count("*") - re.sub(r"`[^`\n]*`", "", harmless).count("*") in (0, 4)  # two languages
                assert all(re.match(r"\*\*|> 「|- |$", line) for line in outside.split("\n") if shown is told.text)
        if told.html:
            tree, plain = html.document_fromstring(told.html), html.document_fromstring(good.html or "")
            assert {one.tag for one in tree.iter()} == {one.tag for one in plain.iter()} | (
                {"br"} & {one.tag for one in tree.iter()}
            )
            assert not tree.xpath("//script|//img|//a|//*[@href]|//*[@src]|//@*[starts-with(name(), 'on')]")


def test_dates_decimals_and_times_stay_as_they_are() -> None:
    assert unmarked("3.1%,2024.12.31 12:30 5件/97件 = 5.2%") == "3.1%,2024.12.31 12:30 5件/97件 = 5.2%"
    assert unlinked("a.b.中国") == "a.\u200bb.\u200b中国"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://a.gov.cn/法治/1.html?x=1&y=2", "https://a.gov.cn/法治/1.html?x=1&y=2"),
        ("file:///data/inbox/隆回.html", "file:///data/inbox/隆回.html"),
        ("javascript:alert(1)", ""),
        ("data:text/html,<script>", ""),
        ("HTTPS://a.cn/`x` <b>\n\u202e", "HTTPS://a.cn/%60x%60%20%3Cb%3E%0A%E2%80%AE"),
        ("http://[bad", ""),
        ("http://a.cn/" + "x" * 600, ""),
        (None, ""),
    ],
)
def test_addresses(given: object, shown: str) -> None:
    assert address(given) == shown


def test_a_command_stays_in_its_code() -> None:
    assert command("fazhi run '2023|430524' `id` <b>\nrm") == "fazhi run '2023|430524' ｀id｀ ＜b＞ rm"
    assert command("fazhi run " + "x" * 600) == ""


@pytest.mark.parametrize(
    "hostile", ["`;touch gone;`", "$(id)", "';id;'", "\n\rid\n", "\u202e';id", "\u2019;id", "＇;id;＇"]
)
def test_a_commands_quotes_hold_when_it_is_copied(hostile: str) -> None:
    address_ = f"http://a.cn/{hostile}"
    shown = command(f"fazhi run {shlex.quote(address_)}")
    assert len(shlex.split(shown)) == 3


def test_our_templates_can_be_used() -> None:
    assert check_templates() == []


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("chat.txt", "好\n{% if %}", 2),
        ("chat.txt", "好\n好\n{{ unknown }}", 3),
        ("mail.html", "{{ problems[0].colour }}", 1),
        ("title.txt", "{{ total / 0 }}", 1),
        ("words.yaml", "label:\n  owner: [", 2),
    ],
)
def test_a_wrong_template_is_named_with_its_line(tmp_path: Path, name: str, text: str, line: int) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = check_templates(tmp_path)
    assert found
    assert found[0].startswith(f"{tmp_path / name}:{line}: found ")
    with pytest.raises(TemplateProblem):
        render(message("new", problem(**LOST)), "mail" if "mail" in name else "chat", "both", tmp_path)


def test_a_stewards_template_is_used_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "title.txt").write_text("【法治】{{ problems[0].place }}", encoding="utf-8")
    (tmp_path / "words.yaml").write_text("label: {owner: {zh: 联系人, en: contact}}", encoding="utf-8")
    told = render(message("new", problem(**LOST)), "chat", "zh", tmp_path)
    assert told.title == "【法治】隆回县 2023"
    assert "联系人: 统计组" in told.text


def test_a_stewards_template_can_run_nothing(tmp_path: Path) -> None:
    (tmp_path / "title.txt").write_text("{{ ''.__class__.__mro__ }}", encoding="utf-8")
    assert check_templates(tmp_path)
