"""What a steward uses: `fazhi extract --explain` and `fazhi curate`."""

import json
from pathlib import Path

from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.curating import queue
from transforms.phrases import counted_thing

REPORT = (
    "隆回县司法局2024年法治政府建设情况报告\n"
    "全年受理行政复议案件120件,审结100件,同比增长5%。建成便民驿站37个。\n隆回县司法局\n2025年1月20日\n"
)


def explained(tmp_path: Path, text: str = REPORT) -> list[dict]:  # type: ignore[type-arg]
    file = tmp_path / "report.txt"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["extract", str(file), "--jsonl", "--explain"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["facts"]


def test_explain_names_the_words_and_the_entry(tmp_path: Path) -> None:
    accepted = explained(tmp_path)[0]["explanation"]
    assert "受理" in accepted["words"]
    assert accepted["entry"].startswith("reconsideration.yaml:reconsideration.accepted[")
    assert "[受理]" in accepted["marked"]
    assert "【120件】" in accepted["marked"]


def test_explain_says_what_a_figure_follows(tmp_path: Path) -> None:
    assert "which is reconsideration.concluded" in explained(tmp_path)[2]["explanation"]["told_by"]


def test_explain_says_when_nothing_fits(tmp_path: Path) -> None:
    assert explained(tmp_path)[3]["explanation"]["told_by"] == "no frame of the lexicon fits its words"


def test_explain_is_shown_for_people(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(REPORT, encoding="utf-8")
    shown = CliRunner().invoke(app, ["extract", str(file), "--explain"]).stdout
    assert "120件 = 120 件, exact, actual: reconsideration.accepted" in shown
    assert "by " in shown


def test_a_document_that_cannot_be_identified_still_shows_its_figures(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("法治政府建设情况报告\n全年受理行政复议案件120件。\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["extract", str(file), "--jsonl"])
    document = json.loads(result.stdout)
    assert document["outcome"] == "quarantined"
    assert [fact["indicator"] for fact in document["facts"]] == ["reconsideration.accepted"]


def test_curate_groups_what_has_no_indicator_by_the_thing_counted(published_home: Path) -> None:
    things = queue(published_home / "warehouse.duckdb")
    assert sum(thing.figures for thing in things) > 0
    assert all(raw_text in sentence for thing in things for raw_text, sentence in thing.sentences)
    frequencies = [thing.reports for thing in things]
    assert frequencies == sorted(frequencies, reverse=True)


def test_the_thing_counted() -> None:
    assert counted_thing("全县建成便民驿站") == "便民驿站"
    assert counted_thing("名网格员参加培训") == "网格员"
    assert counted_thing("规范性文件") == "规范性文件"
