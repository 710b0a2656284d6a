"""Publishing: in one step, only what was audited, never beside a stale log."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from warehouse_examples import city_report, clean_reports, record, warehouse_of

from warehouse.audit import audit
from warehouse.build import record_results, staged_figures
from warehouse.publish import PublishError, publish
from warehouse.query import query


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    path = warehouse_of(tmp_path, clean_reports())
    record(path, audit(path, only=["indicator_present"]))
    return path


def test_publishing_moves_the_candidate_in_place(candidate: Path, tmp_path: Path) -> None:
    target = tmp_path / "published" / "warehouse.duckdb"
    publish(candidate, target)
    assert query(target, "SELECT count(*) > 0 FROM observations").rows == [(True,)]
    assert not candidate.exists()
    assert {file.name for file in target.parent.iterdir()} == {"warehouse.duckdb", "releases"}
    assert list(candidate.parent.glob("*.json")) == []


def test_a_reader_keeps_the_old_warehouse_and_the_next_one_gets_the_new(candidate: Path, tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    duckdb.connect(target).execute("CREATE TABLE old AS SELECT 1 AS one").close()
    with target.open("rb") as reader:  # another process would hold it so
        publish(candidate, target)
        assert reader.read(4) is not None
    assert query(target, "SELECT count(*) > 0 FROM dim_report").rows == [(True,)]


def test_figures_that_were_not_checked_as_they_are_keep_a_candidate_back(candidate: Path, tmp_path: Path) -> None:
    """The results of a partition whose figures have changed since the build are of other figures."""
    some = list(staged_figures(candidate))[1:]
    record_results(candidate, audit(candidate, only=["indicator_present"]), checked=some, by="all suites")
    with pytest.raises(
        PublishError, match=r"figures of 1 partitions that were not checked .* build the warehouse again"
    ):
        publish(candidate, tmp_path / "warehouse.duckdb")
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_a_stale_log_beside_the_target_is_refused(candidate: Path, tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    target.write_bytes(b"yesterday")
    (tmp_path / "warehouse.duckdb.wal").write_bytes(b"left by some program")
    with pytest.raises(PublishError, match=r"warehouse\.duckdb\.wal.*delete"):
        publish(candidate, target)
    assert target.read_bytes() == b"yesterday"
    assert candidate.exists()


def test_a_missing_candidate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="build the warehouse first"):
        publish(tmp_path / "none.duckdb", tmp_path / "warehouse.duckdb")


def test_a_candidate_that_was_not_closed_is_refused(candidate: Path, tmp_path: Path) -> None:
    candidate.with_name(candidate.name + ".wal").write_bytes(b"half a log")
    with pytest.raises(PublishError, match="not closed"):
        publish(candidate, tmp_path / "warehouse.duckdb")


def test_what_is_no_warehouse_is_refused(tmp_path: Path) -> None:
    (tmp_path / "candidate.duckdb").write_bytes(b"no database at all" * 1000)
    with pytest.raises(PublishError, match="not a warehouse"):
        publish(tmp_path / "candidate.duckdb", tmp_path / "warehouse.duckdb")


def test_a_candidate_without_an_audit_is_refused(tmp_path: Path) -> None:
    candidate = warehouse_of(tmp_path, [city_report()])
    with pytest.raises(PublishError, match="not been audited"):
        publish(candidate, tmp_path / "warehouse.duckdb")


@pytest.mark.parametrize(("severity", "published"), [("error", False), ("warning", True), ("info", True)])
def test_only_a_failed_error_blocks(candidate: Path, tmp_path: Path, severity: str, published: bool) -> None:
    target = tmp_path / "warehouse.duckdb"
    target.write_bytes(b"yesterday")
    (sound,) = audit(candidate, only=["indicator_present"])
    record(candidate, [replace(sound, severity=severity, success=False, unexpected=1)])
    if published:
        publish(candidate, target)
    else:
        with pytest.raises(PublishError, match="indicator_present"):
            publish(candidate, target)
    assert (target.read_bytes() != b"yesterday") is published
