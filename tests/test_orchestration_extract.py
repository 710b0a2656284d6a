"""`fazhi extract`: facts of documents and passages as JSON lines, nothing stored."""

import json
import resource
import zipfile
from pathlib import Path
from typing import Any

import pytest
from orchestration_reports import LONGHUI, fazhi, write_reports
from typer.testing import CliRunner

from orchestration.cli import app


def extract(*arguments: str | Path, given: str | None = None) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, JSON lines and complaints of `fazhi extract`."""
    result = CliRunner().invoke(app, ["extract", *map(str, arguments)], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_a_document_is_one_line_with_who_reports_on_what(tmp_path: Path) -> None:
    exit_code, (document,), _ = extract(write_reports(tmp_path) / "longhui.txt", "--jsonl")
    facts, reasons = document.pop("facts"), document.pop("reasons")
    assert exit_code == 0
    assert [reason.partition(":")[0] for reason in reasons] == ["region 430524 隆回县", "year 2024"]
    assert 0.7 < document.pop("confidence") < 1
    assert document == {
        "id": "longhui",
        "outcome": "ok",
        "title": "隆回县司法局2024年法治政府建设情况报告",
        "publisher": "隆回县司法局",
        "region_code": "430524",
        "report_year": 2024,
        "published": "2025-01-20",
    }
    accepted = next(fact for fact in facts if fact["indicator"] == "reconsideration.accepted")
    assert accepted == {
        "start": LONGHUI.index("120件"),
        "end": LONGHUI.index("120件") + 4,
        "where": "line=8",
        "raw_text": "120件",
        "value": 120,
        "value_low": 120,
        "value_high": 120,
        "unit": "件",
        "qualifier": "exact",
        "role": "actual",
        "direction": None,
        "indicator": "reconsideration.accepted",
        "since": None,
        "period": "year",
        "stock_date": None,
        "region_code": "430524",
        "scope": "region",
        "status": "current",
        "sentence": "(一)行政复议。全年受理行政复议案件120件,审结100件。",
    } | {"sentence": accepted["sentence"], "figure_year": accepted["figure_year"]}
    assert "受理行政复议案件120件" in accepted["sentence"]


def test_whole_values_are_integers_and_others_decimals(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(
        json.dumps({"id": "p", "text": "全年受理行政复议案件1.42万件,按期办结率99.82%。"}), encoding="utf-8"
    )
    _, (passage,), _ = extract("--passages", tmp_path / "one.jsonl")
    assert [(fact["value"], type(fact["value"])) for fact in passage["facts"]] == [(14200, int), (99.82, float)]


def test_a_folder_gives_a_line_a_document_and_says_what_is_quarantined(tmp_path: Path) -> None:
    write_reports(tmp_path)
    (tmp_path / "empty.txt").write_bytes(b"")
    exit_code, documents, _ = extract(tmp_path, "--jsonl")
    assert exit_code == 0
    assert [(document["id"], document["outcome"]) for document in documents] == [
        ("dongkou", "ok"),
        ("empty", "quarantined"),
        ("longhui", "ok"),
    ]
    assert documents[1]["reason"] == "empty"
    assert documents[1]["detail"]


def test_passages_keep_their_id_and_order_and_a_bad_line_costs_only_itself(tmp_path: Path) -> None:
    given = "\n".join(
        [
            json.dumps({"id": "a", "region_code": "430524", "report_year": 2024, "text": "受理行政复议案件12件。"}),
            "{not json",
            json.dumps({"id": "c"}),
            "",
            json.dumps({"id": "e", "text": "没有数字。"}),
            "[" * 100_000,
            json.dumps({"id": "g", "text": "受理\ud83d行政复议案件12件。"}),
        ]
    )
    exit_code, passages, complaints = extract("--passages", "-", given=given)
    assert exit_code == 1
    assert [(passage["id"], len(passage["facts"])) for passage in passages] == [("a", 1), ("e", 0)]
    assert "line 2: not JSON" in complaints
    assert "line 3: no 'text'" in complaints
    assert "line 6: nested too deep" in complaints
    assert "line 7: half a character, '\\ud83d'" in complaints


@pytest.mark.parametrize("arguments", [[], ["a.txt", "--passages", "b.jsonl"]])
def test_documents_or_passages_but_not_both(arguments: list[str]) -> None:
    exit_code, lines, complaint = extract(*arguments)
    assert (exit_code, lines) == (2, [])
    assert "either files and folders, or --passages" in complaint


def test_a_missing_path_is_named_and_fails(tmp_path: Path) -> None:
    exit_code, lines, complaint = extract(tmp_path / "nowhere.txt", "--jsonl")
    assert (exit_code, lines) == (1, [])
    assert "nowhere.txt doesn't exist" in complaint


def test_a_person_gets_a_table(tmp_path: Path) -> None:
    done = fazhi("extract", write_reports(tmp_path / "in") / "longhui.txt", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "隆回县司法局2024年法治政府建设情况报告" in done.stdout
    assert any(line.split()[:3] == ["120件", "120", "件"] for line in done.stdout.splitlines())
    assert not (tmp_path / "snapshots").exists(), "nothing is stored"


def test_one_file_answers_at_once(tmp_path: Path) -> None:
    report = write_reports(tmp_path / "in") / "longhui.txt"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    fazhi("extract", report, "--jsonl", home=tmp_path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # half a second of processor time; the bound leaves room for a slow machine
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_MAX_DOCUMENT_MB", "1")
    (tmp_path / "large.txt").write_bytes(b"1" * (2 << 20))
    _, (document,), _ = extract(tmp_path / "large.txt", "--jsonl")
    assert (document["outcome"], document["reason"]) == ("quarantined", "too_large")


def test_every_file_of_an_archive_is_a_document_and_a_page_says_where_its_figures_are(tmp_path: Path) -> None:
    page = "".join(f"<p>{line}</p>" for line in LONGHUI.splitlines())
    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as archive:
        archive.writestr("2024/page.html", f"<html><body>{page}</body></html>")
        archive.writestr("2024/text.txt", LONGHUI)
        archive.writestr("2024/other.rar", b"Rar!\x1a\x07\x01\x00")
    exit_code, documents, _ = extract(tmp_path / "reports.zip", "--jsonl")
    assert exit_code == 0
    told = {document["id"]: document for document in documents}
    assert told["2024/other.rar"]["reason"] == "unsupported_format"
    values = {name: [fact["value"] for fact in told[name]["facts"]] for name in ("2024/page.html", "2024/text.txt")}
    assert values["2024/page.html"] == values["2024/text.txt"] != []
    assert all(fact["where"].startswith("/html/body/p[") for fact in told["2024/page.html"]["facts"])
    assert all(fact["where"].startswith("line=") for fact in told["2024/text.txt"]["facts"])
