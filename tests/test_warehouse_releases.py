"""Kept releases: what their manifests say, which are kept, and the way back."""

import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warehouse_examples import CITY, Held, build_small, city_report, clean_reports, county_report, record, stage_all

from sources.files import replaced_atomically
from warehouse import provenance, releases
from warehouse.audit import audit
from warehouse.content import content_hashes
from warehouse.publish import PublishError, publish, roll_back
from warehouse.query import query
from warehouse.releases import Release, ReleaseError, folder_of, kept_releases, manifest_of, sha256_of
from warehouse.staging import partition_file

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class World:
    """A home folder in which warehouses are built and published, an hour after one another."""

    def __init__(self, home: Path) -> None:
        self.staging, self.candidate, self.target = home / "staging", home / "new" / "w.duckdb", home / "w.duckdb"
        self.hour = 0

    def build(self, accepted: str) -> None:
        """A candidate whose one county has `accepted` cases."""
        stage_all(self.staging, [city_report(), county_report("430502", accepted)])
        self.hour += 1
        at = NOON + timedelta(hours=self.hour)
        build_small(self.staging, self.candidate, clock=lambda: at)
        record(self.candidate, audit(self.candidate, only=["indicator_present"]))

    def publish(self, accepted: str, most: int = 3) -> Release:
        self.build(accepted)
        publish(self.candidate, self.target, most=most)
        return self.published

    @property
    def published(self) -> Release:
        (one,) = [release for release in kept_releases(self.target) if release.published]
        return one

    @property
    def kept(self) -> list[str]:
        """Ids of what is kept, the newest first."""
        return [release.release_id for release in kept_releases(self.target)]

    def accepted(self) -> int:
        sql = "SELECT value::INTEGER FROM observations WHERE region_code = '430502'"
        return int(query(self.target, sql).rows[0][0])


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def row(path: Path) -> dict[str, Any]:
    answer = query(path, "SELECT * FROM release")
    (values,) = answer.rows
    return dict(zip(answer.columns, values, strict=True))


def test_the_warehouse_says_what_it_is_and_what_it_was_built_from(tmp_path: Path) -> None:
    stage_all(tmp_path / "staging", clean_reports())
    build_small(tmp_path / "staging", tmp_path / "w.duckdb", [Held()], clock=lambda: NOON)
    told = row(tmp_path / "w.duckdb")
    assert told == told | {
        "built_at": datetime(2026, 11, 25, 12),
        "code_version": provenance.code_version(),
        "lexicon_version": "test",
        "duckdb_version": duckdb.__version__,
        "snapshots": 5,
        "partitions": 4,
        "reports": 4,
        "observations": 11,
        "unmapped": 0,
        "quarantined": 1,
    }
    assert len(told["snapshots_sha256"]) == 64
    assert told["code_version"].startswith("0.")


def test_the_same_input_is_the_same_release_whenever_it_is_built(world: World) -> None:
    hashes = []
    for _ in range(2):
        world.build("5")
        hashes.append((row(world.candidate)["release_id"], content_hashes(world.candidate)))
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("changed", ["figure", "quarantine", "regions", "code"])
def test_other_input_is_another_release(world: World, changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world.build("5")
    before = row(world.candidate)["release_id"]
    if changed == "figure":
        world.build("6")
    elif changed == "quarantine":
        build_small(world.staging, world.candidate, [Held()])
    elif changed == "regions":
        build_small(world.staging, world.candidate, regions=[CITY])
    else:
        monkeypatch.setattr(provenance, "code_version", lambda: "0.9.9+another")
        build_small(world.staging, world.candidate)
    assert row(world.candidate)["release_id"] != before


def test_the_manifest_has_the_hashes_of_the_file_of_every_input_and_of_every_table(world: World) -> None:
    release = world.publish("5")
    manifest = json.loads(release.file.with_suffix(".json").read_bytes())
    assert manifest["database"] == {"bytes": world.target.stat().st_size, "sha256": sha256_of(world.target)}
    assert {name: one["content"] for name, one in manifest["tables"].items()} == content_hashes(world.target)
    assert manifest["tables"]["fact_observation"]["rows"] == 9
    assert [(one["region_code"], one["observations_sha256"], one["reports_sha256"]) for one in manifest["staged"]] == [
        (code, *(sha256_of(partition_file(world.staging, kind, 2024, code)) for kind in ("observations", "reports")))
        for code in (CITY, "430502")
    ]
    assert manifest["release"]["release_id"] == release.release_id
    assert manifest == json.loads(json.dumps(manifest_of(world.target), default=str)), "it follows from the file alone"


def test_the_last_releases_are_kept_with_the_published_one(world: World) -> None:
    ids = [world.publish(accepted, most=2).release_id for accepted in ("1", "2", "3")]
    assert world.kept == [ids[2], ids[1]]
    assert world.published.release_id == ids[2]
    assert world.target.samefile(world.published.file), "no room is taken twice"
    assert len(list(folder_of(world.target).iterdir())) == 4


def test_a_release_of_the_same_content_takes_no_other_ones_place(world: World) -> None:
    ids = [world.publish(accepted).release_id for accepted in ("1", "2", "2", "2", "2")]
    assert world.kept == [ids[-1], ids[0]]
    assert world.published.built_at.hour == 17


def test_rolling_back_goes_one_back_and_again_one(world: World) -> None:
    ids = [world.publish(accepted).release_id for accepted in ("1", "2", "3")]
    for accepted in (2, 1):
        assert roll_back(world.target).release_id == ids[accepted - 1] == world.published.release_id
        assert world.accepted() == accepted
    assert world.kept == ids[::-1], "nothing is lost by it"
    with pytest.raises(ReleaseError, match=r"no release before the published one; kept are.*" + ids[2]):
        roll_back(world.target)
    assert roll_back(world.target, ids[2][:6]).release_id == ids[2]
    assert world.accepted() == 3
    assert roll_back(world.target, ids[2]).release_id == ids[2], "it may be the published one"
    assert not list(world.target.parent.rglob("*.tmp"))


def test_the_published_release_is_never_removed(world: World) -> None:
    ids = [world.publish(accepted).release_id for accepted in ("1", "2", "3")]
    roll_back(world.target, ids[0])
    releases.prune(world.target, 1)
    assert world.kept == [ids[2], ids[0]]
    assert world.published.release_id == ids[0]


def test_after_a_rollback_the_next_publication_counts_again(world: World) -> None:
    ids = [world.publish(accepted).release_id for accepted in ("1", "2")]
    roll_back(world.target)
    ids.append(world.publish("3").release_id)
    assert world.kept == ids[::-1]
    assert world.accepted() == 3


@pytest.mark.parametrize("wanted", ["ffff", ""])
def test_a_release_that_is_not_kept_is_refused_by_name(world: World, wanted: str) -> None:
    only = world.publish("1")
    with pytest.raises(ReleaseError, match=f"no release.*{only.release_id}.*fazhi releases"):
        roll_back(world.target, wanted)
    assert world.published == only


def test_without_a_warehouse_there_is_nothing_to_go_back_to(world: World) -> None:
    assert kept_releases(world.target) == []
    world.target.parent.mkdir(exist_ok=True)
    with pytest.raises(ReleaseError, match="kept are, the newest first: none"):
        roll_back(world.target)
    assert not world.target.exists()


def test_a_stale_log_beside_the_warehouse_is_refused(world: World) -> None:
    world.publish("1"), world.publish("2")
    world.target.with_name("w.duckdb.wal").write_bytes(b"left by some program")
    with pytest.raises(PublishError, match=r"w\.duckdb\.wal.*delete"):
        roll_back(world.target)
    world.target.with_name("w.duckdb.wal").unlink()
    assert world.accepted() == 2


@pytest.mark.parametrize("how", ["written", "log"])
def test_a_release_that_was_written_to_is_not_put_back(world: World, how: str) -> None:
    first, _ = world.publish("1"), world.publish("2")
    if how == "written":
        with first.file.open("ab") as file:
            file.write(b"more")
    else:
        first.file.with_name(f"{first.file.name}.wal").write_bytes(b"half a log")
    with pytest.raises(ReleaseError, match="some program has written to it"):
        roll_back(world.target)
    assert world.accepted() == 2


def test_a_manifest_that_is_none_is_named(world: World) -> None:
    release = world.publish("1")
    release.file.with_suffix(".json").write_text("{}")
    with pytest.raises(ReleaseError, match=rf"{release.name}\.json is no manifest"):
        kept_releases(world.target)


def test_a_warehouse_of_before_releases_is_replaced_all_the_same(world: World) -> None:
    world.target.parent.mkdir(exist_ok=True)
    world.target.write_bytes(b"of an older fazhi")
    assert world.publish("1").published
    assert len(world.kept) == 1


def test_where_there_are_no_hard_links_a_copy_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    world.publish("1"), world.publish("2")
    assert not world.target.samefile(world.published.file)
    roll_back(world.target)
    assert world.accepted() == 1
    assert not list(world.target.parent.rglob("*.tmp"))


def test_two_at_once_are_refused(world: World) -> None:
    world.publish("1")
    world.build("2")
    held = os.open(folder_of(world.target), os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    for act in (lambda: publish(world.candidate, world.target), lambda: roll_back(world.target)):
        with pytest.raises(ReleaseError, match="is at work"):
            act()
    os.close(held)
    assert world.accepted() == 1


@pytest.mark.parametrize(
    "step",
    [
        "replaced",
        *(pytest.param(step, marks=pytest.mark.soak) for step in ("written_manifest", "moved_manifest", "linked")),
    ],
)
def test_a_publication_killed_at_any_step_is_made_good_by_the_next(
    world: World, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends between two steps: nothing after them is done, no tidying either."""
    from warehouse import publish as publishing

    first = world.publish("1")
    world.build("2")
    second = row(world.candidate)["release_id"]

    class KilledError(BaseException):
        """Ends the publication where it is."""

    def killed(*_: Any, **__: Any) -> None:
        raise KilledError

    places = {
        "written_manifest": (publishing, "_sync"),
        "replaced": (publishing, "prune"),
        "moved_manifest": (releases, "put_in_place"),
        "linked": (publishing, "prune"),
    }
    module, name = places[step]
    with monkeypatch.context() as patched:
        patched.setattr(module, name, killed)
        if step == "replaced":
            patched.setattr(publishing, "keep", lambda *given: killed() if given[1:] else None)
        with pytest.raises(KilledError):
            publish(world.candidate, world.target)
    assert world.accepted() == (1 if step == "written_manifest" else 2)

    world.publish("3")
    told = [first.release_id] if step == "written_manifest" else [second, first.release_id]
    assert world.kept[1:] == told, "what was published is kept"
    assert {file.suffix for file in folder_of(world.target).iterdir()} == {".duckdb", ".json"}
    assert len(list(folder_of(world.target).iterdir())) == 2 * len(world.kept)


KILLED = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from warehouse.publish import roll_back
from warehouse.releases import kept_releases
target = Path(sys.argv[1])
ids = [one.release_id for one in kept_releases(target)]
print("ready", flush=True)
while True:
    for one in ids:
        roll_back(target, one)
"""


def test_a_rollback_killed_anywhere_leaves_a_whole_release(world: World) -> None:
    ids = {world.publish(accepted).release_id for accepted in ("1", "2", "3")}
    chance, here = random.Random(7), Path(__file__).parent  # noqa: S311
    for _ in range(4):
        command = [sys.executable, "-c", KILLED, world.target, here, here.parent]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout and process.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.1))
            process.send_signal(signal.SIGKILL)
        assert sha256_of(world.target) == world.published.sha256
        assert set(world.kept) == ids
    roll_back(world.target, min(ids))
    assert not list(world.target.parent.rglob("*.tmp"))


def test_a_file_gets_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="half"), replaced_atomically(tmp_path / "file") as temporary:
        temporary.write_bytes(b"half")
        raise ValueError("half")
    assert list(tmp_path.iterdir()) == []
