"""The Dagster UI as a data engineer uses it, in headless Chromium: the assets, a backfill, a failed check."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dagster_pages import (
    HOW_TO_GET_CHROMIUM,
    browsing,
    chromium,
    end_of_backfill,
    launch_backfill,
    link_to,
    looking,
    open_asset,
    open_catalog,
    open_check,
    open_failing_rows,
    open_lineage,
    open_tab,
    words,
)
from dagster_ui import OBSERVATIONS, Ui, running_ui
from orchestration_reports import fazhi
from playwright.sync_api import Browser, ViewportSize, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOUND, PUBLISHED = "snapshots", "warehouse"
"""The first asset and the one that readers open."""

REGIONS, YEARS = ("430523", "430524", "430525"), ("2023", "2024")
"""What is backfilled; the reports that were taken in are of 430524 and 430525 in 2024."""

ALL_ASSETS = ViewportSize(width=1400, height=4000)  # the list holds only what can be seen


@pytest.fixture(scope="module")
def browser(say: Callable[[str], None]) -> Iterator[Browser]:
    program = chromium()
    if program is None:
        missing = f"the Dagster UI was NOT tested in a browser, as there is no Chromium here. {HOW_TO_GET_CHROMIUM}"
        say(missing)
        pytest.skip(missing)
    with browsing(program) as browser:
        yield browser


@pytest.fixture(scope="module")
def ui(published_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    home = shutil.copytree(published_home, tmp_path_factory.mktemp("browser") / "home")
    with running_ui(home) as ui:
        yield ui


def test_the_assets_are_found_with_what_they_are(browser: Browser, ui: Ui, tmp_path: Path) -> None:
    described = ui.descriptions()
    assert {FOUND, OBSERVATIONS, PUBLISHED} <= described.keys()
    with looking(browser, ui, tmp_path, ALL_ASSETS) as page:
        open_catalog(page)
        for asset, description in described.items():
            expect(link_to(page, asset)).to_be_visible()
            expect(words(page, description, exact=False).first).to_be_visible()
        open_lineage(page, FOUND, OBSERVATIONS, PUBLISHED)


def test_a_backfill_of_two_years_and_three_regions_ends_in_few_runs(
    browser: Browser, ui: Ui, tmp_path: Path, say: Callable[[str], None]
) -> None:
    started = time.monotonic()
    with looking(browser, ui, tmp_path) as page:
        backfill_id = launch_backfill(page, OBSERVATIONS, {"region": REGIONS, "year": YEARS})
        assert end_of_backfill(page, within=300) == "Succeeded"
        expect(words(page, "100% completed")).to_be_visible()
        open_asset(page, OBSERVATIONS)
        open_tab(page, "Partitions")
        expect(words(page, "Materialized (6)")).to_be_visible()
    took = time.monotonic() - started
    backfill = ui.backfill(backfill_id)
    assert backfill.partitions == 6
    assert 1 <= len(backfill.runs) <= max(len(REGIONS), len(YEARS))
    assert {run["status"] for run in backfill.runs} == {"SUCCESS"}
    say(
        f"backfill from the browser: 6 partitions in {len(backfill.runs)} runs, {took:.0f} s with every click, "
        f"of which runs were at work {backfill.worked:.0f} s"
    )


def test_a_failed_check_shows_the_sentence(browser: Browser, ui: Ui, tmp_path: Path) -> None:
    with looking(browser, ui, tmp_path) as page:
        open_check(page, OBSERVATIONS, "no_suspect_figure")
        expect(words(page, "Failed").last).to_be_visible()
        expect(words(page, "430524|2024", exact=False).first).to_be_visible()
        expect(words(page, "Succeeded")).not_to_have_count(0)  # others in the list; a range of partitions has run
        expect(words(page, "Skipped")).to_have_count(0)
        failing = open_failing_rows(page)
        expect(failing).to_contain_text("12348热线接听群众来电1.8余人次。")
        expect(failing).to_contain_text("a 万 or a digit may be missing")


def test_a_second_daemon_is_refused(ui: Ui) -> None:
    second = fazhi("daemon", home=ui.home)
    assert second.returncode == 1, "two daemons would start each run twice"
    assert second.stderr.startswith(f"Another fazhi ui, up or daemon is at work in {ui.home}; expected one.")
