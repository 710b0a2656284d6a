"""The `fazhi` command: what the user types, nothing more. What is shown is in `screens`, what is done elsewhere.

Dagster, DuckDB, Great Expectations and the readers are imported by the commands that need them only.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from orchestration.alerts.config import AlertConfig
    from orchestration.alerts.outbox import Outbox
    from orchestration.settings import Settings

app = typer.Typer(
    name="fazhi",
    help="A warehouse of what Chinese local governments report about the rule of law. 法治政府建设年度报告数据仓库",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

alerts = typer.Typer(
    name="alerts",
    help="What is told of broken things: list, mute, acknowledge, send. 告警",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(alerts)

AlertId = Annotated[str, typer.Argument(metavar="ID", help="An alert's id or the beginning of it.")]
Documents = Annotated[list[Path] | None, typer.Argument(metavar="FILE_OR_FOLDER", show_default=False)]


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False
) -> None:
    """Options that go without a command."""
    if version:
        from importlib.metadata import version as installed_version

        typer.echo(f"fazhi {installed_version('fazhi')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise typer.Exit


@app.command()
def run(
    paths: Documents = None,
    everything: Annotated[bool, typer.Option("--all", help="Read every report again, not only those given.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show Dagster's own log.")] = False,
) -> None:
    """Take in reports, read their figures, build the warehouse, check it and publish it."""
    from orchestration import pipeline, screens
    from orchestration.instance import InstanceError
    from orchestration.progress import bar_on_terminal

    settings = _settings()
    try:
        with bar_on_terminal() as progress:
            report = pipeline.run(settings, paths or [], progress, everything=everything, verbose=verbose)
    except (pipeline.CannotRunError, InstanceError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("Interrupted. The published warehouse is as it was; run again to go on.", code=130)
    screens.run(report, settings)
    if not report.published:
        raise typer.Exit(1)


@app.command()
def extract(
    paths: Documents = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON line a document.")] = False,
    passages: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help="Passages, a JSON line each; - reads standard input.")
    ] = None,
    explained: Annotated[
        bool, typer.Option("--explain", help="Say for each figure which words and which lexicon entry decided.")
    ] = False,
) -> None:
    """Show the facts of documents or passages; nothing is stored."""
    if bool(paths) == bool(passages):
        _fail("Expected either files and folders, or --passages FILE.jsonl; see fazhi extract --help.", code=2)
    complaints = (
        _extract_passages(passages, explained) if passages else _extract_documents(paths or [], jsonl, explained)
    )
    if list(complaints):
        raise typer.Exit(1)


@app.command()
def curate(
    examples: Annotated[int, typer.Option(min=1, help="Example sentences a thing.")] = 2,
    most: Annotated[int, typer.Option(min=1, help="How many things to list.")] = 30,
) -> None:
    """List what has no indicator yet, grouped by the thing counted, the most frequent first."""
    from orchestration import screens
    from orchestration.curating import queue
    from warehouse.query import QueryError

    try:
        screens.curate(queue(_settings().warehouse)[:most], examples)
    except QueryError as error:
        _fail(str(error))


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One query, such as: select * from coverage")],
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a row.")] = False,
) -> None:
    """Ask the published warehouse. It is opened read-only; nothing can be changed."""
    from orchestration import answers, screens
    from warehouse.query import QueryError
    from warehouse.query import query as ask

    if not query.strip():
        _fail("There is no query; expected one such as: select * from coverage", code=2)
    try:
        result = ask(_settings().warehouse, query)
    except QueryError as error:
        _fail(str(error))
    if csv or as_json or not sys.stdout.isatty():
        answers.write(result, "json" if as_json else "csv" if csv else "tsv", sys.stdout)
    else:
        screens.answer(result)


@app.command()
def status() -> None:
    """Show coverage, quarantine with its reasons, and the last results of the expectations."""
    from orchestration import screens

    settings = _settings()
    if not settings.warehouse.exists():
        _fail(f"There is no warehouse at {settings.warehouse} yet. Make one: fazhi run FILE_OR_FOLDER...")
    screens.status(settings)


@app.command()
def check(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a broken thing.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="List every one, infos among them.")] = False,
) -> None:
    """List what is broken now, since when and how often. Exit code: 0 nothing, 1 warnings, 2 errors, 3 unknown."""
    from orchestration import screens
    from orchestration.standing import standing

    found = standing(_settings())
    if as_json:
        screens.check_as_json(found)
    else:
        screens.check(found, everything=everything)
    raise typer.Exit(found.code)


@app.command()
def metrics(
    output: Annotated[
        Path | None, typer.Option(metavar="FILE.prom", help="Write them there, for node-exporter's textfile collector.")
    ] = None,
) -> None:
    """Show figures for Prometheus: how old and complete the warehouse is, what is broken, what waits to be told."""
    from orchestration.metrics import metrics as measured
    from sources.files import write_atomically

    text = measured(_settings())
    if output is None:
        sys.stdout.write(text.decode())
        return
    try:
        write_atomically(output, text)
    except OSError as error:
        _fail(f"{output} can't be written: {error.strerror}; check the folder.")


@app.command()
def docs() -> None:
    """Build the Data Docs, pages of expectations and results for a browser, and say where they are."""
    from warehouse.data_docs import build_data_docs

    settings = _settings()
    runs = build_data_docs(settings.great_expectations, settings.data_docs)
    typer.echo(f"{settings.data_docs / 'index.html'}: {runs} checks of suites")


@app.command()
def releases() -> None:
    """List the kept releases of the warehouse, the newest first; * is the published one."""
    from orchestration import screens
    from warehouse.releases import ReleaseError, kept_releases

    try:
        screens.releases(kept_releases(_settings().warehouse))
    except ReleaseError as error:
        _fail(str(error))


@app.command()
def rollback(
    release: Annotated[str, typer.Argument(help="Its id or the beginning of it; else the one before.")] = "",
) -> None:
    """Put an earlier release of the warehouse back in place; fazhi run publishes a new one again."""
    from orchestration import pipeline, screens
    from warehouse.releases import ReleaseError

    try:
        screens.rolled_back(pipeline.put_back(_settings(), release))
    except (pipeline.CannotRunError, ReleaseError) as error:
        _fail(str(error))


@app.command()
def settings() -> None:
    """Show every setting: its value, where it comes from and what it means."""
    from orchestration import screens
    from orchestration.settings import explain

    screens.settings(explain(_settings()))


@app.command()
def ui() -> None:
    """Start the Dagster UI on localhost, with the same assets, runs and checks as fazhi run; nothing runs by itself."""
    from orchestration import server

    with _instance_errors():
        server.ui(_settings())


@app.command()
def up() -> None:
    """Start the same with all schedules and sensors on."""
    from orchestration import server

    with _instance_errors():
        server.ui(_settings().model_copy(update={"automation": True}))


@app.command()
def webserver(
    read_only: Annotated[bool, typer.Option("--read-only", help="For onlookers: nothing can be started.")] = False,
) -> None:
    """Start the web server of the UI alone, as on a server with services of its own."""
    from orchestration import server

    with _instance_errors():
        server.webserver(_settings(), read_only=read_only)


@app.command()
def daemon() -> None:
    """Start Dagster's daemon alone; with FAZHI_AUTOMATION=true all schedules and sensors are on."""
    from orchestration import server

    with _instance_errors():
        server.daemon(_settings())


@app.command()
def prune(
    older_than: Annotated[int, typer.Option(min=1, metavar="DAYS", help="Age from which a run is deleted.")] = 400,
) -> None:
    """Delete old runs of Dagster with their logs; those that made what assets are now stay, and all data does."""
    from datetime import UTC, datetime, timedelta

    from orchestration import instance, retention

    settings = _settings()
    with _instance_errors(), instance.opened(settings) as dagster:
        pruned = retention.prune(dagster, settings, datetime.now(UTC) - timedelta(days=older_than))
    typer.echo(f"Deleted {pruned.deleted} runs older than {older_than} days; {pruned.kept} stay for what they made.")


@alerts.command("list")
def list_alerts(
    everything: Annotated[bool, typer.Option("--all", help="Those that are resolved too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object an alert.")] = False,
) -> None:
    """List what is broken, the worst first: since when, told or not; and how many messages wait or failed."""
    from orchestration.alerts import screens
    from orchestration.alerts.observing import now_utc

    with _outbox() as outbox:
        show = screens.alerts_as_json if as_json else screens.alerts
        show(outbox, now_utc(), everything=everything)


@alerts.command("show")
def show_alert(alert: AlertId) -> None:
    """Show all that is known of an alert, who did what with it, and its messages."""
    from orchestration.alerts import screens
    from orchestration.alerts.observing import now_utc

    with _outbox() as outbox:
        screens.alert(outbox, outbox.show(alert), now_utc())


@alerts.command()
def mute(
    alert: AlertId,
    until: Annotated[str, typer.Option(help="Its end: 2026-12-01, friday, 3d or 12h.")] = "",
    reason: Annotated[str, typer.Option(help="Why nothing is to be told.")] = "",
) -> None:
    """Tell nothing of an alert until a day, for a reason; told then, if it is still broken."""
    from orchestration.alerts import screens
    from orchestration.alerts.observing import now_utc
    from orchestration.alerts.outbox import end_of_mute

    with _outbox() as outbox:
        now = now_utc()
        screens.changed(outbox.mute(alert, end_of_mute(until, now), reason, _who(), now), now)


@alerts.command()
def unmute(alert: AlertId) -> None:
    """End a mute now."""
    from orchestration.alerts import screens
    from orchestration.alerts.observing import now_utc

    with _outbox() as outbox:
        screens.changed(outbox.unmute(alert, _who(), now_utc()), now_utc())


@alerts.command()
def ack(alert: AlertId, note: Annotated[str, typer.Option(help="What is being done.")] = "") -> None:
    """Say that one knows: told again only when it is worse, and when it is resolved."""
    from orchestration.alerts import screens
    from orchestration.alerts.observing import now_utc

    with _outbox() as outbox:
        screens.changed(outbox.ack(alert, _who(), note, now_utc()), now_utc())


@alerts.command()
def send() -> None:
    """Send the messages that are due. Exit code: 1 where some could not be sent."""
    from orchestration.alerts import screens
    from orchestration.alerts.observing import deliver

    settings, config = _alert_config()
    with _outbox():
        drained = deliver(settings, config)
    screens.drained(drained, config.complaints)
    if drained.failed or drained.problems or config.complaints:
        raise typer.Exit(1)


@alerts.command("test")
def test_channels() -> None:
    """Check the file of alerts, then send a test message to each channel."""
    from orchestration.alerts.config import secret_url
    from orchestration.alerts.observing import now_utc

    _, config = _alert_config()
    from orchestration.alerts.sending import send_test

    for line in send_test(config, secret_url=secret_url, now=now_utc(), templates=config.templates):
        typer.echo(line)


@contextmanager
def _instance_errors() -> Iterator[None]:
    """What is wrong with Dagster's folder or database ends the command."""
    from orchestration.instance import InstanceError

    try:
        yield
    except InstanceError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename} can't be written: {error.strerror}; make room there or set FAZHI_HOME.")


@contextmanager
def _outbox() -> "Iterator[Outbox]":
    """The outbox; what is wrong with it, or with what is asked of it, ends the command."""
    from orchestration.alerts.outbox import Outbox, OutboxError

    path = _settings().outbox
    if not path.exists():
        _fail(f"No alerts are followed at {path} yet; fazhi run begins to.")
    try:
        with Outbox(path) as outbox:
            yield outbox
    except OutboxError as error:
        _fail(str(error))


def _alert_config() -> "tuple[Settings, AlertConfig]":
    from orchestration.alerts.config import AlertConfigError, config_of

    settings = _settings()
    try:
        config = config_of(settings)
    except AlertConfigError as error:
        _fail(str(error), code=2)
    if config is None:
        _fail("No file of alerts is set; write one and name it: FAZHI_ALERTS=alerts.yaml", code=2)
    return settings, config


def _who() -> str:
    """Who types, for the log of what was done."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return f"uid {os.getuid()}"


def _settings() -> "Settings":
    from orchestration.settings import SettingsError, load

    try:
        return load()
    except SettingsError as error:
        _fail(str(error), code=2)


def _extract_documents(paths: list[Path], jsonl: bool, explained: bool) -> Iterator[str]:
    from orchestration.facts import facts_of_files
    from sources.inbox import Problem, find

    settings = _settings()
    for told in facts_of_files(find(paths), settings.max_document_bytes, settings.limits, explained=explained):
        if isinstance(told, Problem):
            yield _complain(told.what)
        elif jsonl:
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            from orchestration import screens

            screens.facts(told)


def _extract_passages(file: Path, explained: bool) -> Iterator[str]:
    from orchestration.facts import PassageError, facts_of_passage, passages_of

    try:
        with sys.stdin if str(file) == "-" else file.open(encoding="utf-8-sig") as lines:
            for passage in passages_of(lines):
                if isinstance(passage, PassageError):
                    yield _complain(f"{file}, {passage}")
                else:
                    typer.echo(json.dumps(facts_of_passage(passage, explained=explained), ensure_ascii=False))
    except OSError as error:
        yield _complain(f"{file} can't be read: {error.strerror}; check the path.")
    except UnicodeDecodeError as error:
        yield _complain(f"{file} is not UTF-8 (byte {error.start}); expected JSON Lines in UTF-8.")


def _complain(line: str) -> str:
    typer.echo(line, err=True)
    return line


def _fail(message: str, code: int = 1) -> NoReturn:
    _complain(message)
    raise typer.Exit(code)
