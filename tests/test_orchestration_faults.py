"""A report of three pages with all that programs do to numbers, through the whole job: right, or doubtful and told."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from orchestration_reports import fazhi

from warehouse.query import query

REPORT = Path(__file__).parent / "fixtures" / "ten_faults.html"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("faults")
    (home / "inbox").mkdir()
    shutil.copy(REPORT, home / "inbox")
    done = fazhi("run", home / "inbox", home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    return home


def test_what_stands_in_the_default_view_is_right(home: Path) -> None:
    """Behind an early </html>: a note mark, a middle dot, 卅, 零十, struck and hidden digits, a unit in brackets."""
    rows = query(
        home / "warehouse.duckdb",
        "select indicator_code, value from latest where region_code = '430522' order by all",
    ).rows
    assert [(code, Decimal(value).normalize()) for code, value in rows] == [
        ("enforcement.case_files_reviewed", Decimal(362)),
        ("enforcement.fines_amount", Decimal(563000).normalize()),
        ("legal_service.aid_cases_minors", Decimal(38)),
        ("litigation.head_appearance_rate", Decimal("97.6")),
        ("mediation.success_rate", Decimal("98.5")),
        ("publicity.lectures", Decimal(110).normalize()),
        ("publicity.materials", Decimal(45000).normalize()),
        ("reconsideration.accepted", Decimal(1362)),
    ]


SUSPECT = {
    "93件": "审结行政复议案件1₂93件",
    "5件": "撤销4 5件",
    "八件": "法律援助案件7百2十八件",
    "42件": "调解矛盾纠纷1\ufffd42件",
    "六场次": "宣传活动1百2十六场次",
    "20件": "行政处罚案件一千零20件",
    "七十名": "行政执法人员六、七十名",
}


def test_what_may_not_have_been_read_whole_is_told_with_its_sentence(home: Path) -> None:
    done = fazhi("check", "--json", home=home)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    suspects = [one for one in told if one["expectation_id"] == "no_suspect_figure"]
    assert len(suspects) == len(SUSPECT)
    shown = fazhi("check", "--all", home=home).stdout
    for raw, words in SUSPECT.items():
        (one,) = [one for one in suspects if one["raw_text"] == raw]
        assert f"beside {raw} may belong to the number" in one["what_en"]
        assert words in one["sentence"]
        assert words in shown
