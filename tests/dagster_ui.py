"""A `fazhi ui` for tests: started on a free port, asked by GraphQL, ended with all its processes."""

import itertools
import subprocess
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from orchestration_reports import fazhi_process
from web_server import ask, ask_until, free_port

OBSERVATIONS = "observations"
"""The asset by year and region, which backfills are about."""

UNFINISHED = ("REQUESTED", "CANCELING", "FAILING")

ASSETS = "{ assetNodes { assetKey { path } description dependencyKeys { path } } }"
LAUNCH = """mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
BACKFILL = """query($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill {
    status numPartitions timestamp endTimestamp
    runs(limit: 500) { id status startTime endTime tags { key value } } } } }"""
EVENTS = """query($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events {
    ... on EngineEvent { metadataEntries { label ... on TextMetadataEntry { text } } } } } } }"""


def busy_seconds(spans: Collection[tuple[float, float]]) -> float:
    """How long at least one of the spans of time lasted."""
    total, until = 0.0, 0.0
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


@dataclass(frozen=True, slots=True)
class Backfill:
    """What the web server says of a backfill."""

    id: str
    status: str
    partitions: int
    seconds: float
    runs: list[dict[str, Any]]

    @property
    def worked(self) -> float:
        """The seconds in which at least one of its runs was at work; the others went into Dagster's own waiting."""
        return busy_seconds([(run["startTime"], run["endTime"]) for run in self.runs if run["endTime"]])


@dataclass(frozen=True, slots=True)
class Ui:
    """A web server at work, with its daemon."""

    home: Path
    port: int
    process: subprocess.Popen[str]
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, query: str, **variables: Any) -> Any:
        """The answer to a query; it must come."""
        answer = ask(self.port, query, **variables)
        assert answer is not None, f"no answer from {self.address}; its log is {self.log}"
        return answer

    def descriptions(self) -> dict[str, str]:
        """What each asset says it is, in one line."""
        nodes = self.ask(ASSETS)["assetNodes"]
        return {"/".join(node["assetKey"]["path"]): (node["description"] or "").partition("\n")[0] for node in nodes}

    def downstream_of(self, asset: str) -> list[str]:
        """The asset and all that is made from it."""
        nodes = {
            "/".join(node["assetKey"]["path"]): {"/".join(key["path"]) for key in node["dependencyKeys"]}
            for node in self.ask(ASSETS)["assetNodes"]
        }
        found = {asset}
        while more := {name for name, needed in nodes.items() if needed & found} - found:
            found |= more
        return sorted(found)

    def launch(self, assets: Collection[str], regions: Collection[str], years: Collection[int]) -> str:
        """Launch a backfill of every region in every year; its id."""
        answer = self.ask(
            LAUNCH,
            params={
                "assetSelection": [{"path": name.split("/")} for name in assets],
                "partitionNames": [f"{region}|{year}" for region, year in itertools.product(regions, years)],
            },
        )["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer
        return str(answer["backfillId"])

    def backfill(self, backfill_id: str) -> Backfill:
        """How far a backfill is."""
        found = self.ask(BACKFILL, id=backfill_id)["partitionBackfillOrError"]
        seconds = (found["endTimestamp"] or time.time()) - found["timestamp"]
        return Backfill(backfill_id, found["status"], found["numPartitions"], seconds, found["runs"])

    def finished(self, backfill_id: str, within: float) -> Backfill:
        """The backfill once it has ended, however it did."""
        deadline = time.monotonic() + within
        while (found := self.backfill(backfill_id)).status in UNFINISHED:
            assert time.monotonic() < deadline, f"not finished in {within} s: {found}; the server's log is {self.log}"
            time.sleep(1)
        return found

    def process_of(self, run_id: str) -> psutil.Process | None:
        """The process that executes a run, one of the server's own; None before it began and after it ended."""
        events = self.ask(EVENTS, id=run_id)["logsForRun"]["events"]
        entries = itertools.chain.from_iterable(event.get("metadataEntries", []) for event in events)
        ids = {int(entry["text"]) for entry in entries if entry["label"] == "pid"}
        return next((one for one in psutil.Process(self.process.pid).children(recursive=True) if one.pid in ids), None)


@contextmanager
def running_ui(home: Path, **environment: str) -> Iterator[Ui]:
    """`fazhi ui` on a home folder, once it knows its assets; when it has ended, none of its processes is left."""
    port, log = free_port(), home / "ui.log"
    with (
        log.open("w", encoding="utf-8") as lines,
        fazhi_process("ui", home=home, output=lines, FAZHI_PORT=str(port), **environment) as process,
    ):
        ui = Ui(home, port, process, log)
        try:
            answer = ask_until(port, ASSETS, process, lambda answer: answer["assetNodes"])
            assert answer and answer["assetNodes"], f"no assets: {log.read_text(encoding='utf-8')}"
            yield ui
        finally:
            left = _end(process)
    assert not left, f"still there after the server had ended: {left}"


def _end(server: subprocess.Popen[str]) -> list[psutil.Process]:
    """Ask the server to end; what is left of its processes after a minute is killed and returned."""
    if server.poll() is not None:
        return []
    processes = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    server.terminate()
    _, left = psutil.wait_procs(processes, timeout=60)
    for one in left:
        one.kill()
    return left
