"""What a person does in the Dagster UI, in headless Chromium: look at the lineage, launch a backfill, open a check.

Things are found by the words on the screen and by their roles, never by the UI's class names, which change with
every version.
"""

import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from math import prod
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from dagster_ui import Ui
from playwright.sync_api import Browser, Locator, Page, Request, Route, ViewportSize, expect, sync_playwright

WINDOW = ViewportSize(width=1400, height=900)

SECONDS = 1000.0  # Playwright counts milliseconds

HOW_TO_GET_CHROMIUM = "Debian and Ubuntu: apt-get install --no-install-recommends chromium fonts-noto-cjk"

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""Chromium by itself asks for updates and the like; here it can reach nothing but this machine."""


def chromium() -> str | None:
    """Where Chromium is on this machine, if it is."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def browsing(program: str) -> Iterator[Browser]:
    """A browser without a window and with a fresh profile."""
    expect.set_options(timeout=60 * SECONDS)  # two cores, with other tests beside
    with sync_playwright() as playwright:
        # as root, Chromium's own sandbox can't be used
        browser = playwright.chromium.launch(executable_path=program, args=QUIET, chromium_sandbox=False)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def looking(
    browser: Browser, ui: Ui, evidence: Path, window: ViewportSize = WINDOW, zoom: float = 1.0
) -> Iterator[Page]:
    """The UI's first page in a window of its own; it must ask nothing of any host but this one.

    Where what is expected does not come, the error names a picture of what came instead, and the server's log.
    """
    asked_elsewhere: list[str] = []

    def only_here(route: Route, request: Request) -> None:
        if request.url.startswith(f"{ui.address}/"):
            route.continue_()
        else:
            asked_elsewhere.append(request.url)
            route.abort()

    context = browser.new_context(
        viewport=window, device_scale_factor=zoom, locale="en-US", timezone_id="Asia/Shanghai", service_workers="block"
    )
    context.set_default_timeout(60 * SECONDS)
    context.route("**/*", only_here)
    page = context.new_page()
    page.on("websocket", lambda socket: urlsplit(socket.url).port == ui.port or asked_elsewhere.append(socket.url))
    try:
        page.goto(ui.address)
        yield page
    except Exception as error:
        picture = evidence / "page.png"
        page.screenshot(path=picture)
        log = shutil.copy(ui.log, evidence / "ui.log")
        error.add_note(f"What {page.url} showed instead: {picture}; the server's log: {log}")
        raise
    finally:
        context.close()
    assert not asked_elsewhere, f"the page asked other hosts: {asked_elsewhere}"


def words(where: Page | Locator, text: str | re.Pattern[str], *, exact: bool = True) -> Locator:
    """These words as far as they can be seen; the UI keeps hidden copies of names, to measure them."""
    return where.get_by_text(text, exact=exact).filter(visible=True)


def _go(page: Page, place: str) -> None:
    page.get_by_role("link").filter(has_text=re.compile(f"^{place}$")).first.click()


def open_catalog(page: Page) -> None:
    """The list of all assets, with what each one is."""
    _go(page, "Catalog")
    words(page, "Asset name").wait_for()


def open_lineage(page: Page, *assets: str) -> None:
    """The graph of all assets, its groups unfolded, once it shows these."""
    _go(page, "Lineage")
    page.get_by_role("button", name="Materialize all").wait_for()
    page.keyboard.press("Alt+e")
    _wait_for_graph(page, assets)


def open_lineage_of(page: Page, ui: Ui, groups: Collection[str], *assets: str) -> None:
    """The same with only these groups unfolded, which the page's address says."""
    unfolded = ",".join(f"global@global:{group}" for group in groups)
    page.goto(f"{ui.address}/asset-groups?{urlencode({'expanded': unfolded})}")
    _wait_for_graph(page, assets)


def _wait_for_graph(page: Page, assets: Collection[str]) -> None:
    for asset in assets:
        expect(words(page, asset)).not_to_have_count(0)
    expect(words(page, re.compile("Loading|fetching"))).to_have_count(0)


def link_to(page: Page, asset: str) -> Locator:
    """The link to an asset's page; its accessible name holds icons and hidden copies, its address does not."""
    return page.locator(f'a[href="/assets/{asset}"]').filter(visible=True).first


def open_asset(page: Page, asset: str) -> None:
    """The page of an asset."""
    open_catalog(page)
    link_to(page, asset).click()
    page.get_by_role("button", name="Materialize…").wait_for()


def open_tab(page: Page, tab: str) -> None:
    """A tab of an asset's page."""
    page.get_by_role("tab", name=tab, exact=True).first.click()


def launch_backfill(page: Page, asset: str, chosen: Mapping[str, Collection[str]]) -> str:
    """Materialize an asset in the partitions chosen in each dimension, and go and look at the backfill; its id."""
    open_asset(page, asset)
    page.get_by_role("button", name="Materialize…").click()
    dialog = page.get_by_role("dialog").filter(has_text="Partition selection")
    for place, dimension in enumerate(sorted(chosen)):
        expect(words(dialog, dimension)).to_be_visible()
        dialog.locator("[aria-haspopup=dialog]").nth(place).click()
        _tick(page, chosen[dimension])
        words(dialog, f"Launch runs to materialize {asset}").click()  # beside the list, which closes it
    expect(words(dialog, f"{prod(map(len, chosen.values()))} partitions")).to_be_visible()
    dialog.get_by_role("button", name="Launch backfill").click()
    words(page, "Created backfill", exact=False).wait_for()
    page.get_by_role("link", name="View", exact=True).click()
    page.wait_for_url("**/runs/b/*")
    return urlsplit(page.url).path.rpartition("/")[2]


def _tick(page: Page, keys: Collection[str]) -> None:
    """Choose keys in the open list of partitions."""
    choice = page.get_by_role("dialog").filter(has=page.get_by_placeholder("Filter partitions"))
    for key in keys:
        choice.get_by_placeholder("Filter partitions").fill(key)
        item = choice.get_by_role("menuitem").filter(has=words(page, key))
        item.click()
        expect(item.get_by_role("checkbox")).to_be_checked()


def end_of_backfill(page: Page, within: float) -> str:
    """The status of the backfill that is open, once it has ended; the page follows it by itself."""
    status = page.locator("div", has=words(page, "Status")).last.locator("xpath=..").locator("[data-tooltip]")
    expect(status).to_have_text(re.compile("Succeeded|Failed|Canceled"), timeout=within * SECONDS)
    return status.inner_text()


def open_partition(page: Page, asset: str, *keys: str) -> None:
    """What is known of one partition of an asset, beside the state of all; a key of each dimension, by their names."""
    open_asset(page, asset)
    open_tab(page, "Partitions")
    for key in keys:
        words(page, key).first.click()
    words(page, "|".join(keys)).first.wait_for()
    expect(words(page, "No metadata entries")).to_have_count(0)  # so it says until it has asked for them


def open_check(page: Page, asset: str, check: str) -> None:
    """A check's page, with what it last found."""
    open_asset(page, asset)
    open_tab(page, "Checks")
    words(page, check).first.click()
    words(page, "Latest execution").wait_for()


def open_failing_rows(page: Page) -> Locator:
    """The failing rows of the check that is open, as its metadata shows them."""
    row = page.get_by_role("row").filter(has_text=re.compile("^failing"))
    row.get_by_text("[Show Markdown]").click()
    return page.get_by_role("dialog")
