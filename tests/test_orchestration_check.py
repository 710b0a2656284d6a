"""`fazhi check` says what is broken now, and its exit code tells a monitor; a blocked candidate is said everywhere."""

import json
from pathlib import Path

import pytest
from orchestration_reports import fazhi
from test_orchestration_corrections import LEDGER, with_ledger

from orchestration import pipeline
from orchestration.progress import silent
from orchestration.settings import Settings
from orchestration.standing import CRITICAL, OK, UNKNOWN, WARNING, Open, Standing, standing
from warehouse.query import query


def test_a_warning_is_listed_with_its_sentence_owner_and_time_and_the_exit_code_is_one(published_home: Path) -> None:
    done = fazhi("check", home=published_home)
    first, *rest = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (WARNING, "")
    assert first.startswith("FAZHI WARNING - open: 0 error, ")
    listed = "\n".join(rest)
    assert "(no_suspect_figure): 1" in listed
    assert "隆回县 2024: 1.8余人次: a count of 人次 must be whole" in listed
    assert "「12348热线接听群众来电1.8余人次。」 (since 20" in listed
    assert "→ steward: Read the sentence and ask the publisher" in listed


def test_each_broken_thing_is_a_json_object_for_programs(published_home: Path) -> None:
    done = fazhi("check", "--json", home=published_home)
    things = [json.loads(line) for line in done.stdout.splitlines()]
    (suspect,) = [one for one in things if one["expectation_id"] == "no_suspect_figure"]
    assert (suspect["region_code"], suspect["year"], suspect["severity"]) == ("430524", 2024, "warning")
    assert (suspect["checks"], suspect["times"], suspect["blocks"]) == (1, 1, False)
    assert suspect["url"].endswith("longhui.txt")
    ((observation_id,),) = query(
        published_home / "warehouse.duckdb", "select observation_id from observations_all where raw_text = '1.8余人次'"
    ).rows
    assert suspect["thing"] == observation_id


def test_without_a_warehouse_nothing_is_known(tmp_path: Path) -> None:
    done = fazhi("check", home=tmp_path)
    assert done.returncode == UNKNOWN
    assert done.stdout.startswith("FAZHI UNKNOWN - there is no warehouse at ")


def test_a_file_that_is_no_warehouse_is_unknown_too(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"not a database")
    assert standing(Settings(home=tmp_path)).code == UNKNOWN


@pytest.mark.parametrize(
    ("severities", "code", "line"),
    [
        ([], OK, "FAZHI OK - open: 0 error, 0 warning, 0 info"),
        (["info"], OK, "FAZHI OK - open: 0 error, 0 warning, 1 info"),
        (["info", "warning"], WARNING, "FAZHI WARNING - open: 0 error, 1 warning, 1 info"),
        (["error", "warning"], CRITICAL, "FAZHI CRITICAL - open: 1 error, 1 warning, 0 info"),
    ],
)
def test_the_worst_severity_decides(severities: list[str], code: int, line: str) -> None:
    nothing = dict.fromkeys(Open.__dataclass_fields__)
    found = Standing(tuple(Open(**{**nothing, "severity": severity}) for severity in severities), ())  # type: ignore[arg-type]
    assert (found.code, found.line) == (code, line)


def test_a_blocking_failure_leaves_the_last_release_and_everything_says_so(home: Path) -> None:
    before = (home / "warehouse.duckdb").read_bytes()
    settings = with_ledger(home, LEDGER.replace("1.8余人次", "1.9余人次"))
    ran = fazhi("run", home / "inbox" / "dongkou.txt", home=home, FAZHI_CORRECTIONS=str(settings.corrections))
    assert ran.returncode == 1
    assert "Not published" in ran.stdout
    assert "corrections_hold" in ran.stdout
    assert (home / "warehouse.duckdb").read_bytes() == before

    checked = fazhi("check", home=home)
    assert checked.returncode == CRITICAL
    assert checked.stdout.splitlines()[0].startswith("FAZHI CRITICAL - open: 1 error, 1 warning, ")
    assert checked.stdout.splitlines()[0].endswith("; the last candidate was not published")
    assert "hotline at own.yaml:2 expects 1.9余人次, but the report says 1.8余人次" in checked.stdout

    status = fazhi("status", home=home)
    assert status.returncode == 0
    assert "The last candidate was not published / 最近一次构建未发布" in status.stdout

    made = fazhi("docs", home=home)
    assert made.stdout.startswith(str(settings.data_docs / "index.html"))
    docs = "".join(page.read_text(encoding="utf-8") for page in settings.data_docs.rglob("*corrections*.html"))
    assert "hotline at own.yaml:2 expects" in docs, "the data docs show what keeps a candidate from being published"

    # mended: the candidate is published, and the blocked one forgotten
    assert pipeline.run(Settings(home=home), [home / "inbox" / "dongkou.txt"], silent).published
    assert standing(Settings(home=home)).blocked == ()
