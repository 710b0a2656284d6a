"""Files that LibreOffice converts, to be read as DOCX and XLSX: DOC, OpenDocument, and the XML of Excel 2003.

LibreOffice is a program of its own (Debian: libreoffice-writer-nogui and libreoffice-calc-nogui) and optional. Each
conversion has a home and a profile of its own, which runs no macros and follows no links.
"""

import io
import os
import shutil
import signal
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.archive import parts
from sources.readers.blame import damage
from sources.readers.docx import read_docx
from sources.readers.flat import xml_root
from sources.readers.sniff import EXCEL_2003, ODF
from sources.readers.xlsx import read_xlsx

# A report takes two seconds, its start among them.
TIMEOUT_SECONDS = 60
_LARGEST_RESULT = 50_000_000
_LOOKED_AT = 4096
_FILE_PASS = 0x002F
_STREAMS = ("WordDocument", "Workbook", "Book")
_BEFORE_WORD_97, _WORD_97 = "MS WinWord 6.0", 0xC1
_SETTING = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
# https://help.libreoffice.org/latest/en-US/text/shared/optionen/expertconfig.html; 9 is the discard port.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A format that LibreOffice reads; `filter` is its name for it, so that it takes a damaged file for no other."""

    called: str
    suffix: str
    filter: str
    becomes: str


_DOC = _Kind("an old DOC file", "doc", "MS Word 97", "docx")
_ODT = _Kind("an OpenDocument text", "odt", "writer8", "docx")
_ODT_FLAT = _Kind("an OpenDocument text", "fodt", "OpenDocument Text Flat XML", "docx")
_ODS = _Kind("an OpenDocument spreadsheet", "ods", "calc8", "xlsx")
_ODS_FLAT = _Kind("an OpenDocument spreadsheet", "fods", "OpenDocument Spreadsheet Flat XML", "xlsx")
_EXCEL_2003 = _Kind("a workbook in the XML of Excel 2003", "xml", "MS Excel 2003 XML Orcus", "xlsx")


def available() -> bool:
    """Whether LibreOffice is installed, so that DOC and OpenDocument files can be read."""
    return _program() is not None


def read_doc(data: bytes, name: str, snapshot_id: str) -> Document:
    """A DOC file as `read_docx` reads what LibreOffice makes of it; `where` counts as in that.

    Raises Quarantined with NEEDS_LIBREOFFICE without it, with UNREADABLE where it makes nothing of the file, with
    TOO_COMPLEX where it takes too long, and as `read_docx` does.
    """
    refuse_password(data, name, "doc")
    converted = _converted(data, name, replace(_DOC, filter=_filter(*_start(data))))
    return replace(read_docx(converted, name, snapshot_id), media_type="application/msword")


def read_odt(data: bytes, name: str, snapshot_id: str) -> Document:
    """An OpenDocument text (ODT, OTT, FODT) as `read_docx` reads what LibreOffice makes of it; raises as `read_doc`."""
    _check_open_document(data, name)
    converted = _converted(data, name, _ODT_FLAT if _is_xml(data) else _ODT)
    return replace(read_docx(converted, name, snapshot_id), media_type=f"{ODF}text")


def read_ods(data: bytes, name: str, snapshot_id: str) -> Document:
    """An OpenDocument spreadsheet (ODS, OTS, FODS) as `read_xlsx` reads what LibreOffice makes of it.

    Raises as `read_doc`.
    """
    _check_open_document(data, name)
    converted = _converted(data, name, _ODS_FLAT if _is_xml(data) else _ODS)
    return replace(read_xlsx(converted, name, snapshot_id), media_type=f"{ODF}spreadsheet")


def read_excel_2003(data: bytes, name: str, snapshot_id: str) -> Document:
    """A workbook in the XML of Excel 2003 as `read_xlsx` reads what LibreOffice makes of it; raises as `read_doc`."""
    xml_root(data, "the file", name)
    return replace(read_xlsx(_converted(data, name, _EXCEL_2003), name, snapshot_id), media_type=EXCEL_2003)


def _check_open_document(data: bytes, name: str) -> None:
    """Refuse what is encrypted, unpacks to too much, or defines entities."""
    if _is_xml(data):
        xml_root(data, "the file", name)
        return
    contents = parts(data, name)
    if b"encryption-data" in contents.get("META-INF/manifest.xml", b""):
        raise Quarantined(
            Reason.ENCRYPTED, f"{name} is an OpenDocument file with a password; expected one without; save it without"
        )
    for part in ("content.xml", "styles.xml"):
        if part in contents:
            xml_root(contents[part], part, name)


def _is_xml(data: bytes) -> bool:
    return not data.startswith(b"PK")


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def refuse_password(data: bytes, name: str, old: str) -> None:
    """Raise Quarantined with ENCRYPTED where an old Office file (`doc`, `xls`) has a password."""
    if _has_password(*_start(data)):
        raise Quarantined(
            Reason.ENCRYPTED,
            f"{name} is an old {old.upper()} file with a password; expected one without; save it without",
        )


def _converted(data: bytes, name: str, kind: _Kind) -> bytes:
    old, new = kind.suffix, kind.becomes
    program = _program()
    if program is None:
        raise Quarantined(
            Reason.NEEDS_LIBREOFFICE,
            f"{name} is {kind.called} and LibreOffice (soffice) isn't installed; install it, or save the "
            f"file as {new.upper()} and take that in",
        )
    with TemporaryDirectory(prefix="fazhi-office-") as folder:
        home = Path(folder)
        (home / f"report.{old}").write_bytes(data)
        _set_up(home / "profile")
        options = ["--headless", "--norestore", "--nolockcheck", f"--infilter={kind.filter}"]
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        conversion = ["--convert-to", new, "--outdir", "converted", f"report.{old}"]
        try:
            said = _run([program, profile, *options, *conversion], home)
        except subprocess.TimeoutExpired as error:
            raise Quarantined(
                Reason.TOO_COMPLEX,
                f"{name} took LibreOffice more than {TIMEOUT_SECONDS} seconds; open it in a word processor and save it "
                f"as {new.upper()}",
            ) from error
        result = home / "converted" / f"report.{new}"
        if not result.is_file():
            raise Quarantined(
                Reason.UNREADABLE,
                f"{name} is damaged, {kind.called}, or has a password (LibreOffice: {said or 'no word'}); "
                f"expected one that opens; open it in a word processor and save it as {new.upper()}",
            )
        if result.stat().st_size > _LARGEST_RESULT:
            raise Quarantined(
                Reason.TOO_COMPLEX,
                f"{name} becomes {result.stat().st_size:,} bytes as {new.upper()}, expected at most "
                f"{_LARGEST_RESULT:,}; save its text only",
            )
        return result.read_bytes()


def _filter(stream: str, start: bytes) -> str:
    """LibreOffice's name for the format: [MS-DOC] 2.5.1, FibBase.nFib, for the version."""
    if stream == "WordDocument" and len(start) >= 4 and struct.unpack_from("<H", start, 2)[0] < _WORD_97:
        return _BEFORE_WORD_97
    return _DOC.filter


def _set_up(profile: Path) -> None:
    settings = "".join(_SETTING.format(*setting) for setting in _SETTINGS)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{settings}'
        "</oor:items>",
        encoding="utf-8",
    )


def _run(arguments: Sequence[str], home: Path) -> str:
    """What LibreOffice said; with all it started, it is ended after the time it may take.

    The shell bounds the processor's time too, should this process be killed meanwhile.
    """
    with subprocess.Popen(  # noqa: S603  a program found on the PATH, with our own file names
        ["/bin/sh", "-c", f'ulimit -t {TIMEOUT_SECONDS}; exec "$0" "$@"', *arguments],
        cwd=home,
        env={"HOME": str(home), "TMPDIR": str(home), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=TIMEOUT_SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return " ".join(said.decode("utf-8", "replace").split())[-200:]


def _start(data: bytes) -> tuple[str, bytes]:
    """The name of the main stream of an old Office file and its first bytes; none where the file is damaged."""
    import olefile  # noqa: PLC0415  for old Office files only

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            for stream in _STREAMS:
                if container.exists(stream):
                    return stream, container.openstream(stream).read(_LOOKED_AT)
    except Exception as error:
        damage(error)  # LibreOffice may read it yet
        return "", b""
    return "", b""


def _has_password(stream: str, start: bytes) -> bool:
    """Whether it is encrypted: [MS-DOC] 2.5.1, FibBase.fEncrypted; [MS-XLS] 2.4.117, FilePass."""
    if stream == "WordDocument":
        return len(start) > 11 and bool(start[11] & 0x01)
    return any(kind == _FILE_PASS for kind in _records(start))


def _records(stream: bytes) -> Iterator[int]:
    """The kinds of the records at the start of a workbook stream."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind
        at += 4 + length
