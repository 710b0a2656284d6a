"""The README's pictures of the Dagster UI, taken anew on the sample reports: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

from dagster_pages import (
    HOW_TO_GET_CHROMIUM,
    browsing,
    chromium,
    end_of_backfill,
    launch_backfill,
    looking,
    open_check,
    open_failing_rows,
    open_lineage_of,
    open_partition,
    words,
)
from dagster_ui import OBSERVATIONS, Ui, running_ui
from orchestration_reports import fazhi
from playwright.sync_api import Browser, Page, ViewportSize

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
SAMPLES = ROOT / "sources" / "samples" / "reports"

CHOSEN = {"region": ("430523", "430524", "430525"), "year": ("2020", "2021")}
"""Years that the samples have no report of: the backfill is seen to have been there."""

FEW_ASSETS = ("sources", "transforms", "warehouse")
"""The groups that the lineage shows asset by asset; the ten tables and twenty views would fill a wall."""

MOST_BYTES = 250_000


def take(page: Page, name: str) -> None:
    """A picture of what the window shows, once nothing in it moves any more."""
    page.screenshot(path=IMAGES / f"dagster-{name}.png", animations="disabled")


def take_all(browser: Browser, ui: Ui) -> None:
    """The lineage, what a backfill filled, and a failed check with its sentence."""
    with looking(browser, ui, ui.home, ViewportSize(width=2000, height=640), zoom=0.7) as page:
        words(page, "Hide navigation").click()
        open_lineage_of(page, ui, FEW_ASSETS, "snapshots", OBSERVATIONS, "star", "views")
        take(page, "lineage")
    with looking(browser, ui, ui.home, ViewportSize(width=1400, height=760)) as page:
        launch_backfill(page, OBSERVATIONS, CHOSEN)
        end_of_backfill(page, within=600)
        open_partition(page, OBSERVATIONS, "430524", "2024")
        take(page, "backfill")
    with looking(browser, ui, ui.home, ViewportSize(width=1400, height=760)) as page:
        open_check(page, OBSERVATIONS, "no_suspect_figure")
        open_failing_rows(page)
        take(page, "check")


def main() -> None:
    """Take in the samples, look at them in the UI, and say how large the pictures are."""
    program = chromium()
    if program is None:
        sys.exit(f"There is no Chromium here. {HOW_TO_GET_CHROMIUM}")
    with tempfile.TemporaryDirectory() as folder:
        done = fazhi("run", SAMPLES, home=Path(folder))
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        with running_ui(Path(folder)) as ui, browsing(program) as browser:
            take_all(browser, ui)
    for picture in sorted(IMAGES.glob("dagster-*.png")):
        size = picture.stat().st_size
        print(f"{picture.relative_to(ROOT)}: {size // 1000} kB{', too large' if size > MOST_BYTES else ''}")  # noqa: T201


if __name__ == "__main__":
    main()
