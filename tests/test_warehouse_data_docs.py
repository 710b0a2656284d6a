"""The Data Docs show suites and failing rows, load nothing from outside, and run nothing a report says."""

import re
from pathlib import Path

import pandas as pd
import pytest
from lxml import html
from warehouse_examples import CITY, LEXICON, figure, report, stage_all

from warehouse.data_docs import RUNS, build_data_docs, offline
from warehouse.expectations.suites import check_partitions
from warehouse.staging import load_frame

HOSTILE = '全年受理<script>alert(1)</script><a href="https://evil.example/">案件</a>3.5件。'


@pytest.fixture(scope="module")
def suspect(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    root = tmp_path_factory.mktemp("staging")
    found = figure(HOSTILE, "3.5件", None, "3.5", status="suspect", status_reason="not a whole number")
    stage_all(root, [(report(HOSTILE), HOSTILE, [found])])
    return load_frame(root, [(2024, CITY)], lexicon=LEXICON)


@pytest.fixture(scope="module")
def site(suspect: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    for run in ("first", "second"):
        check_partitions([suspect], folder=folder / "store", run=run)
    assert build_data_docs(folder / "store", folder / "site") == 2
    return folder / "site"


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_the_index_lists_the_runs_with_links_that_lead_somewhere(site: Path) -> None:
    index = html.parse(str(site / "index.html"))
    links = index.xpath("//tr[@class='failed']//a/@href")
    assert len(links) == 2
    assert all((site / link).exists() for link in links)
    cells = [cell.text_content() for cell in index.xpath("//tr[td/code='no_suspect_figure']/td")]
    assert cells[:3] == ["no_suspect_figure", "warning", "steward"]


def test_a_failing_row_is_shown_with_its_sentence(site: Path) -> None:
    page = next(page for page in pages(site) if "second" in str(page))
    text = page.read_text(encoding="utf-8")
    assert "没有存疑数值" in text
    assert "430500|2024" in text
    assert "3.5件。" in html.fromstring(text.encode()).text_content()


def test_nothing_comes_from_outside_and_nothing_runs(site: Path) -> None:
    assert len(pages(site)) >= 4
    for page in pages(site):
        tree = html.parse(str(page))
        assert not tree.xpath("//script | //iframe | //img | //form | //*[@onclick]"), page
        for reference in tree.xpath("//@href | //@src"):
            assert not re.match(r"(?i)\s*([a-z]+:|//)", reference), (page, reference)
        assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0].startswith("default-src 'none'")
        for link in tree.xpath("//link/@href"):
            assert (page.parent / link).resolve() == (site / "fazhi.css").resolve()


def test_the_old_site_stays_until_the_new_one_is_whole(site: Path, suspect: pd.DataFrame, tmp_path: Path) -> None:
    check_partitions([suspect], folder=tmp_path / "store", run="one")
    build_data_docs(tmp_path / "store", tmp_path / "site")
    build_data_docs(tmp_path / "store", tmp_path / "site")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "store"]
    assert site.exists()


def test_only_the_last_runs_have_pages(suspect: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.data_docs.RUNS", 2)
    for run in ("one", "two", "three"):
        check_partitions([suspect], only=["no_suspect_figure"], folder=tmp_path / "store", run=run)
    assert build_data_docs(tmp_path / "store", tmp_path / "site") == 2
    assert "three" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "one-0" not in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert RUNS >= 3


@pytest.mark.parametrize(
    "hostile",
    [
        b"<script src='https://x.example/a.js'></script>",
        b"<a href='javascript:alert(1)'>x</a>",
        b"<a href='//x.example/'>x</a>",
        b"<img src='https://x.example/a.png'>",
        b"<p onmouseover='alert(1)'>x</p>",
        b"<meta http-equiv='refresh' content='0;url=https://x.example/'>",
        b"<svg><script>alert(1)</script></svg>",
        b"<link rel='stylesheet' href='https://x.example/a.css'>",
        b"<a href=' java\tscript:alert(1)'>x</a>",
    ],
)
def test_a_page_is_made_harmless(hostile: bytes) -> None:
    page = offline(b"<html><head><title>t</title></head><body>" + hostile + b"</body></html>", "")
    assert b"x.example" not in page
    assert b"alert" not in page
