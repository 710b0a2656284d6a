"""Whose doing it is that bytes can't be read: a parser's ends in a reason, a fault of our own is never hidden."""

import io
import logging
import sys
import zipfile
from pathlib import Path
from statistics import median

import olefile
import pytest
from lxml import etree
from PIL import Image

from sources.intake import gave_up
from sources.quarantine import Quarantined, Reason
from sources.readers import read
from sources.readers.blame import damage
from sources.workers import BrokenOffError


def raised(expression: str, **names: object) -> Exception:
    """What an expression raises in a module of ours."""
    with pytest.raises(Exception) as caught:
        eval(expression, {"__name__": "sources.readers.one", "BytesIO": io.BytesIO, **names})  # noqa: S307
    return caught.value


def unread(*_: object) -> None:
    """A parser, for those of our modules that call it."""
    raise AssertionError("the seventh byte is odd")


def out_of_memory(*_: object) -> None:
    raise MemoryError


@pytest.mark.parametrize(
    ("expression", "names", "found"),
    [
        ("open(BytesIO(b'no'))", {"open": zipfile.ZipFile}, "zipfile: BadZipFile: File is not a zip file"),
        ("open(BytesIO(b'no'))", {"open": Image.open}, "PIL: UnidentifiedImageError: cannot identify image file"),
        ("open(BytesIO(b'no'))", {"open": olefile.OleFileIO}, "olefile: NotOleFileError: not an OLE2"),
        ("parse(b'<a')", {"parse": etree.fromstring}, "lxml: XMLSyntaxError: Couldn't find end of Start Tag a"),
        ("max([1], key=parse)", {"parse": unread}, "test_sources_blame: AssertionError: the seventh byte is odd"),
    ],
)
def test_what_a_parser_raises_is_damage(expression: str, names: dict[str, object], found: str) -> None:
    assert damage(raised(expression, **names)).startswith(found)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("1 / 0", {}),
        ("[].pop()", {}),
        ("b'\\xff'.decode()", {}),
        ("median([])", {"median": median}),
        ("open()", {"open": zipfile.ZipFile}),
    ],
)
def test_what_our_own_line_raises_is_no_damage(expression: str, names: dict[str, object]) -> None:
    fault = raised(expression, **names)
    with pytest.raises(type(fault)) as caught:
        damage(fault)
    assert caught.value is fault


def test_what_ails_the_machine_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "without_its_library.py").write_text("raise OSError('libpdf.so: no such file')", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    missing = raised("open('/nowhere/report.zip')", open=zipfile.ZipFile)
    memory = raised("parse()", parse=out_of_memory)
    for fault in (missing, memory, raised("__import__('nowhere')"), raised("__import__('without_its_library')")):
        with pytest.raises(type(fault)):
            damage(fault)


def test_a_reader_ends_in_a_reason_that_names_the_parser(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "sources")
    monkeypatch.setattr("sources.readers.text.decode", unread)
    with pytest.raises(Quarantined) as refused:
        read(b"text", "report.txt", "0" * 64)
    assert refused.value.reason is Reason.UNREADABLE
    assert "report.txt is damaged (test_sources_blame: AssertionError: the seventh byte is odd)" in refused.value.detail
    ((level, traceback),) = [(record.levelname, record.exc_info) for record in caplog.records]
    assert level == "DEBUG"
    assert traceback


def test_a_fault_of_a_reader_is_raised_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.readers.text.decode", len)  # called with two arguments
    with pytest.raises(TypeError):
        read(b"text", "report.txt", "0" * 64)


def test_a_fault_of_ours_stops_no_other_file_but_is_logged_as_an_error(caplog: pytest.LogCaptureFixture) -> None:
    told = gave_up("report.txt", raised("[].pop()"))
    assert told.reason is Reason.UNREADABLE
    assert told.detail.startswith("fazhi itself failed on report.txt (IndexError: pop from empty list)")
    assert [(record.levelname, bool(record.exc_info)) for record in caplog.records] == [("ERROR", True)]


def test_what_was_ended_at_a_limit_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    assert gave_up("report.txt", BrokenOffError("it took longer than 2 seconds")).reason is Reason.TOO_COMPLEX
    assert not caplog.records
