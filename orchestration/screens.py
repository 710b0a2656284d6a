"""What the `fazhi` command shows: on a terminal tables in colour, in a pipe plain lines that no width cuts off.

Everything about the data is asked from the warehouse by SQL, as an analyst would.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from orchestration.answers import as_text
from orchestration.findings import finding
from orchestration.standing import standing
from warehouse.query import QueryResult, query
from warehouse.releases import kept_releases

if TYPE_CHECKING:
    from orchestration.curating import Uncoded
    from orchestration.pipeline import RunReport
    from orchestration.settings import Explained, Settings
    from orchestration.standing import Open, Standing
    from warehouse.releases import Release

PLAIN_WIDTH = 10_000
"""Columns of a pipe: enough that no line is folded."""

SHOWN_ROWS = 4
"""Failing rows shown under an expectation; the warehouse keeps the rest."""

SHOWN_SENTENCE = 60
"""Characters of a sentence shown in a list."""

EXAMPLES = (
    "select region, year, value, unit, synthetic from latest "
    "where indicator_code = 'reconsideration.accepted' and year = 2024 order by value desc limit 5",
    "select region, year, raw_text, sentence from latest "
    "where indicator_code = 'litigation.loss_rate' order by year desc, region_code limit 3",
)

_FAILED = """
    select severity, expectation_id, sum(checked)::bigint, sum(unexpected)::bigint,
        any_value(meaning_en), any_value(meaning_zh), any_value(action),
        flatten(list(failing::json[] order by region_code, year))
    from quality_results
    group by suite, severity, expectation_id
    having not bool_and(success)
    order by suite, expectation_id
"""
_COVERAGE = """
    select c.region_code, c.region, c.year, c.state, c.figures, c.coded_figures, c.quarantined,
        count(*) filter (r.synthetic), count(r.report_key)
    from coverage c
    left join dim_report r on r.region_key = c.region_code::int and r.year_key = c.year
    group by all
    order by c.region_code, c.year
"""
_FIGURES = """
    select region_code, year, raw_text, sentence from observations_all
    where observation_id in ({ids})
    order by region_code, year, start_offset
"""
_TOTALS = """
    select (select count(*) from dim_report), (select count(*) from dim_report where synthetic),
        count(*), count(indicator_code)
    from observations_all
"""

_NOTHING = Text("·  ", style="dim")
_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_SEVERITY_ZH = {"error": "错误", "warning": "警告", "info": "提示"}


def run(report: "RunReport", settings: "Settings") -> None:
    """The end of `fazhi run`: what came in, what it was worth, and where the warehouse is."""
    screen = Screen()
    _came_in(screen, report, settings)
    for problem in report.problems:
        screen.line(f"Left out: {problem}", "yellow")
    if report.published:
        _warehouse(screen, settings.warehouse)
        screen.heading(f"Published: {_short(settings.warehouse)}")
        for example in EXAMPLES:
            _example(screen, settings.warehouse, example)
    else:
        _not_published(screen, report, settings)
    for complaint in report.alerts:
        screen.line(complaint, "yellow")


def status(settings: "Settings") -> None:
    """Coverage, quarantine and expectation results of the published warehouse."""
    screen = Screen()
    _warehouse(screen, settings.warehouse)
    if blocked := standing(settings).blocked:
        screen.heading("The last candidate was not published / 最近一次构建未发布")
        _open(screen, blocked, everything=False)
    screen.heading(f"Warehouse: {_short(settings.warehouse)}")
    _release(screen, settings.warehouse)


def check(found: "Standing", *, everything: bool) -> None:
    """One line for a monitor, then what is broken, by expectation, each with its sentence and since when."""
    screen = Screen()
    screen.line(found.line, "bold")
    if found.blocked:
        screen.heading("Not published because of / 未发布原因")
        _open(screen, found.blocked, everything)
    for severity in _STYLES:
        if chosen := [one for one in found.open if one.severity == severity]:
            screen.heading(f"{severity} / {_SEVERITY_ZH[severity]}: {len(chosen)}")
            _open(screen, chosen, everything)


def check_as_json(found: "Standing") -> None:
    """A JSON object a broken thing; `blocks` says that it keeps a candidate from being published."""
    for one in (*found.blocked, *found.open):
        row = {**asdict(one), "blocks": one in found.blocked}
        print(json.dumps(row, ensure_ascii=False, default=str))  # noqa: T201 - what was asked for


def _open(screen: "Screen", things: "Sequence[Open]", everything: bool) -> None:
    """Broken things by expectation; an info is only counted unless everything is wanted."""
    for _, group in groupby(things, key=lambda one: one.expectation_id):
        together = list(group)
        first = together[0]
        screen.line(f"{first.meaning_zh} / {first.meaning_en} ({first.expectation_id}): {len(together)}")
        if first.severity == "info" and not everything:
            continue
        for one in together if everything else together[:SHOWN_ROWS]:
            place = f"{one.region} {one.year}: " if one.region and one.year else ""
            sentence = f" 「{_excerpt(' '.join(one.sentence.split()), one.raw_text or '')}」" if one.sentence else ""
            often = f", {one.times} times" if one.times > 1 else ""
            since = f" (since {one.since:%Y-%m-%d %H:%M}, {_counted(one.checks, 'check')}{often})"
            screen.line(f"{place}{one.what_en}{sentence}{since}", _STYLES[one.severity], indent=4)
        if len(together) > SHOWN_ROWS and not everything:
            screen.line(f"… and {len(together) - SHOWN_ROWS} more: fazhi check --all", indent=4)
        screen.line(f"→ {first.owner or ''}: {first.action}", "dim", indent=4)


def releases(kept: "Sequence[Release]") -> None:
    """The kept releases, the newest first, the published one marked."""
    if not kept:
        Screen().line("No release is kept yet. Make one: fazhi run FILE_OR_FOLDER...")
        return
    rows = [
        (
            f"{one.release_id}{' *' if one.published else ''}",
            _at(one.built_at),
            one.reports,
            one.observations,
            one.unmapped,
            one.code_version,
            one.duckdb_version,
        )
        for one in kept
    ]
    columns = ("release", "built", "reports", "coded figures", "not coded", "fazhi", "DuckDB")
    Screen().table(columns, rows, right=columns[2:5])


def rolled_back(release: "Release") -> None:
    """Which release is now published."""
    Screen().line(f"Published is now release {release.release_id}, built {_at(release.built_at)}.")


def settings(explained: "Iterable[Explained]") -> None:
    """Every setting with its value, its source and its meaning."""
    rows = [(setting.name, setting.value, setting.source, setting.meaning) for setting in explained]
    Screen().table(("setting", "value", "from", "meaning"), rows)


def answer(result: QueryResult) -> None:
    """The answer to a query."""
    screen = Screen()
    screen.result(result)
    screen.line(f"{len(result.rows)} {'row' if len(result.rows) == 1 else 'rows'}", "dim")


def facts(document: Mapping[str, Any]) -> None:
    """The facts of one document, or why it is quarantined."""
    screen = Screen()
    if document["outcome"] != "ok":
        screen.heading(f"{document['id']}: quarantined")
        screen.line(f"{document['reason']}: {document['detail']}", "yellow")
        _facts(screen, document.get("facts", []))
        return
    screen.heading(f"{document['title']}")
    published = f", published {document['published']}" if document["published"] else ""
    screen.line(f"{document['publisher']}, {document['region_code']}, {document['report_year']}{published}", "dim")
    for reason in document["reasons"]:
        screen.line(reason, "dim", indent=1)
    _facts(screen, document["facts"])


def curate(things: "Sequence[Uncoded]", examples: int) -> None:
    """The steward's queue: things counted that no indicator fits, with sentences."""
    screen = Screen()
    if not things:
        screen.line("Every figure has an indicator.")
        return
    screen.heading("No indicator yet / 待编码")
    for thing in things:
        screen.line(
            f"{thing.thing}  {_counted(thing.figures, 'figure')} in {_counted(thing.reports, 'report')}", "bold"
        )
        for raw_text, sentence in thing.sentences[:examples]:
            screen.line(f"{raw_text} {_excerpt(sentence, raw_text)}", indent=1)
    screen.line("Give one an indicator: a few lines of YAML with an example, see docs/lexicon.md", "dim")


def _facts(screen: "Screen", facts: Sequence[Mapping[str, Any]]) -> None:
    if any("explanation" in fact for fact in facts):
        for fact in facts:
            _explained(screen, fact)
        return
    rows = [
        tuple(
            fact[name] for name in ("raw_text", "value", "unit", "role", "figure_year", "period", "indicator", "status")
        )
        for fact in facts
    ]
    columns = ("words", "value", "unit", "role", "year", "period", "indicator", "status")
    screen.table(columns, rows, right=("value",))


def _explained(screen: "Screen", fact: Mapping[str, Any]) -> None:
    """One figure in its sentence, the deciding words in [], and the lexicon's entries."""
    told = fact["explanation"]
    figure = f"{fact['raw_text']} = {fact['value']} {fact['unit']}, {fact['qualifier']}, {fact['role']}"
    screen.line(f"{figure}: {fact['indicator'] or 'no indicator'}", "bold")
    screen.line(told["marked"], indent=1)
    if told["entry"]:
        under = f" under {'/'.join(told['topics'])}" if told["topics"] else ""
        screen.line(f"by {' + '.join(told['words'])}{under} ({told['entry']}, score {told['score']:.1f})", indent=1)
    if told["second"]:
        second = told["second"]
        screen.line(f"second {' + '.join(second['words'])} ({second['entry']}, score {second['score']:.1f})", indent=1)
    if told["told_by"]:
        screen.line(told["told_by"], indent=1)


def _came_in(screen: "Screen", report: "RunReport", settings: "Settings") -> None:
    screen.heading("What came in")
    came = f"{_counted(report.documents, 'document')}, {_counted(report.new, 'new snapshot')}"
    screen.line(
        f"{came}; {report.partitions} year × region read in {_counted(report.runs, 'run')}, {report.seconds:.0f} s"
    )
    if report.published:
        ((reports, synthetic, figures, coded),) = query(settings.warehouse, _TOTALS).rows
        made_up = f" ({synthetic} of them made-up samples / 合成样例)" if synthetic else ""
        screen.line(
            f"The warehouse holds {_counted(reports, 'report')}{made_up}: {figures} figures, {coded} of them coded"
        )


def _not_published(screen: "Screen", report: "RunReport", settings: "Settings") -> None:
    if settings.candidate.exists():
        _expectations(screen, settings.candidate, only_errors=True)
    screen.heading("Not published")
    for failure in report.failures:
        screen.line(failure, "red")
    if settings.warehouse.exists():
        screen.line(f"The warehouse published earlier stays as it is: {_short(settings.warehouse)}")


def _warehouse(screen: "Screen", path: Path) -> None:
    _quarantine(screen, path)
    _coverage(screen, path)
    _expectations(screen, path)


def _release(screen: "Screen", path: Path) -> None:
    """Which release is published, and whether a newer one was rolled back."""
    kept = kept_releases(path)
    for at, one in enumerate(kept):
        if one.published:
            made = f"fazhi {one.code_version} with DuckDB {one.duckdb_version}"
            screen.line(f"Release {one.release_id}, built {_at(one.built_at)} by {made}; {len(kept)} kept", "dim")
            if at:
                screen.line(
                    f"Rolled back: release {kept[0].release_id}, built {_at(kept[0].built_at)}, is newer. "
                    f"fazhi rollback {kept[0].release_id} puts it back, fazhi run publishes a new one.",
                    "yellow",
                )


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _quarantine(screen: "Screen", path: Path) -> None:
    held = query(path, "select uri, reason, detail from quarantine order by reason, uri").rows
    if held:
        screen.heading("Quarantine / 隔离")
        rows = [(_name_of(uri), reason, detail) for uri, reason, detail in held]
        screen.table(("document", "reason", "what to do"), rows)


def _coverage(screen: "Screen", path: Path) -> None:
    found = query(path, _COVERAGE).rows
    years = sorted({year for _, _, year, *_ in found})
    cells: dict[tuple[str, str], dict[int, Text]] = defaultdict(dict)
    for code, region, year, *cell in found:
        cells[code, region][year] = _coverage_cell(*cell)
    screen.heading("Coverage / 覆盖: figures coded of figures read")
    columns = ("region", *(str(year) for year in years))
    rows = [(f"{code} {region}", *(of.get(year, _NOTHING) for year in years)) for (code, region), of in cells.items()]
    screen.table(columns, rows, right=columns[1:])
    screen.line("s: made-up sample, not a real report / 合成样例    ·: no report found", "dim")


def _coverage_cell(state: str, figures: int, coded: int, held: int, synthetic: int, reports: int) -> Text:
    made_up = "s" if reports and synthetic == reports else "(s)" if synthetic else ""
    match state:
        case "observed" | "not_mentioned":
            return Text(f"{coded}/{figures} {made_up or ' '}", style="magenta" if made_up else "green")
        case "no_number":
            return Text(f"no figure {made_up or ' '}", style="yellow")
        case "quarantined":
            return Text(f"{held} quarantined  ", style="yellow")
        case _:
            return _NOTHING


class _Failed(NamedTuple):
    """An expectation that doesn't hold, over all partitions; `rows` are the failing ones, as JSON."""

    severity: str
    name: str
    checked: int
    unexpected: int
    meaning_en: str
    meaning_zh: str
    action: str
    rows: list[str]


def _expectations(screen: "Screen", path: Path, *, only_errors: bool = False) -> None:
    """How many expectations hold; of those that don't, the rows with their sentences."""
    ((declared,),) = query(path, "select count(distinct (suite, expectation_id)) from quality_result").rows
    failed = [_Failed(*row) for row in query(path, _FAILED).rows]
    counts = ", ".join(f"{sum(one.severity == severity for one in failed)} {severity}" for severity in _STYLES)
    screen.heading(f"Expectations / 质量检查: {declared - len(failed)} of {declared} hold; not: {counts}")
    for severity in ("error",) if only_errors else _STYLES:
        for one in failed:
            if one.severity == severity:
                _failed_expectation(screen, path, one)


def _failed_expectation(screen: "Screen", path: Path, failed: _Failed) -> None:
    share = f"{failed.unexpected} of {failed.checked}"
    screen.line(f"{failed.severity}: {share} fail: {failed.meaning_en} / {failed.meaning_zh}", _STYLES[failed.severity])
    if failed.severity == "info":
        return
    # gaps and quarantined documents are listed in their own tables
    rows = [row for row in map(json.loads, failed.rows) if "uri" not in row and "state" not in row]
    for row in rows[:SHOWN_ROWS]:
        for figure in _named_figures(path, row) or [row]:
            screen.line(_in_words(figure), indent=4)
    if len(rows) > SHOWN_ROWS:
        screen.line(f"… and more: see {failed.name} in quality_open", indent=4)
    screen.line(f"→ {failed.action}", "dim", indent=4)


def _named_figures(path: Path, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures that a rule about the star schema names by their ids, with their sentences."""
    ids = ", ".join(f"'{one}'" for one in re.findall(r"\b[0-9a-f]{16}\b", str(row.get("examples") or "")))
    found = query(path, _FIGURES.format(ids=ids or "null"))
    return [dict(zip(found.columns, values, strict=True)) for values in found.rows]


def _in_words(row: Mapping[str, Any]) -> str:
    found = finding(row)
    place = f"{found.place}: " if found.place else ""
    sentence = f" 「{_excerpt(found.sentence, found.figure)}」" if found.sentence else ""
    return f"{place}{found.what}{sentence}"


def _example(screen: "Screen", path: Path, sql: str) -> None:
    screen.heading(f'fazhi sql "{sql}"')
    screen.result(query(path, sql))


class Screen:
    """A terminal or a pipe, and how headings, lines and tables look on it."""

    def __init__(self) -> None:
        terminal = Console(highlight=False)
        self._plain = not terminal.is_terminal
        self._console = Console(highlight=False, no_color=True, width=PLAIN_WIDTH) if self._plain else terminal

    def heading(self, title: str) -> None:
        """A title after a blank line."""
        self.line("")
        self.line(title, "bold")

    def line(self, line: str, style: str = "", *, indent: int = 0) -> None:
        """One line; on a terminal it is folded at the edge and stays indented."""
        self._print(Padding(Text(line, style), (0, 0, 0, indent)))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Sequence[str] = ()) -> None:
        """A table; the columns named in `right` are set to the right, as numbers are."""
        table = Table(box=None if self._plain else box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for column in columns:
            table.add_column(Text(column), justify="right" if column in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(value if isinstance(value, Text) else Text(as_text(value)) for value in row))
        self._print(table)

    def _print(self, shown: RenderableType) -> None:
        with self._console.capture() as captured:
            self._console.print(shown)
        # Rich fills lines up with blanks, which would only be in the way in a pipe
        lines = captured.get().splitlines()
        self._console.file.writelines(f"{line.rstrip() if self._plain else line}\n" for line in lines)

    def result(self, result: QueryResult) -> None:
        """An answer of the warehouse."""
        numbers = ("DECIMAL", "BIGINT", "INTEGER", "DOUBLE", "HUGEINT")
        right = [name for name, kind in zip(result.columns, result.types, strict=True) if kind.startswith(numbers)]
        self.table(result.columns, result.rows, right=right)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _excerpt(sentence: str, figure: str) -> str:
    """A sentence cut to what fits a list, around its figure."""
    if len(sentence) <= SHOWN_SENTENCE:
        return sentence
    start = max(0, min(sentence.find(figure) - SHOWN_SENTENCE // 2, len(sentence) - SHOWN_SENTENCE))
    end = start + SHOWN_SENTENCE
    return ("…" if start else "") + sentence[start:end] + ("…" if end < len(sentence) else "")


def _name_of(uri: str) -> str:
    """The file or page a document came from, readable: no scheme, no percent signs."""
    return unquote(urlsplit(uri).path).rsplit("/", 1)[-1] or uri


def _short(path: Path) -> str:
    """A path as one would type it from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
