"""ZIP archives of reports: what files are in them, and how much of them is safe to unpack.

Nothing is written to disk, so a name can't reach anywhere; what an archive can do is grow. Sizes are counted while
unpacking, since its headers may claim what they like.
"""

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from sources.quarantine import Quarantined, Reason
from sources.readers.blame import damage
from sources.readers.sniff import media_type

MOST_MEMBERS = 1_000
DEEPEST = 3
LARGEST_MEMBER = 50_000_000
LARGEST_TOTAL = 200_000_000
# Deflate reaches 1,032 at most, office files about 20; a short text of one repeated line is no attack.
LARGEST_RATIO, RATIO_COUNTS_FROM = 200, 1_000_000

# So small that not even a chunk of LZMA or bzip2 unpacks to more memory than a member may have.
_CHUNK = 4096
_LEFT_BEHIND = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|(?:Thumbs\.db|desktop\.ini)$)", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_OF_CONTAINERS = frozenset(("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"))
_UTF8_NAME, _ENCRYPTED, _SIZES_FOLLOW = 0x800, 0x1, 0x8
# The version of ZIP that a program must know (4.4.3); zipfile refuses an archive for one file that wants a later one.
_VERSION = 20
# APPNOTE.TXT 4.3.7 (local file header), 4.3.9 (data descriptor), 4.3.12 (central directory), 4.3.16 (its end).
_LOCAL, _FOLLOWING = struct.Struct("<4s5H3I2H"), struct.Struct("<4s3I")
_CENTRAL, _END = struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; `path` is that inside it, through nested archives: `2024.zip/隆回县.docx`."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of an archive in order of their paths, and why others of it could not be had, by path."""

    members: tuple[Member, ...]
    problems: tuple[tuple[str, Quarantined], ...]


@dataclass(slots=True)
class _Budget:
    """What an archive and those nested in it may still unpack to."""

    name: str
    members: int = 0
    unpacked: int = 0

    def count(self, files: int) -> None:
        self.members += files
        if self.members > MOST_MEMBERS:
            raise self.broken(f"{self.members:,} files", f"at most {MOST_MEMBERS:,}")

    def grow(self, by: int, member: str, size: int, packed: int) -> None:
        self.unpacked += by
        if size > LARGEST_MEMBER:
            raise self.broken(f"more than {LARGEST_MEMBER:,} bytes in {member}", "no larger file")
        if self.unpacked > LARGEST_TOTAL:
            raise self.broken(f"more than {LARGEST_TOTAL:,} bytes unpacked", "at most so many in all")
        if size > RATIO_COUNTS_FROM and size > LARGEST_RATIO * packed:
            raise self.broken(
                f"{member} packed more than {LARGEST_RATIO} to 1 ({packed:,} bytes)", f"at most {LARGEST_RATIO} to 1"
            )

    def broken(self, found: str, expected: str) -> Quarantined:
        return Quarantined(
            Reason.UNSAFE_ARCHIVE,
            f"{self.name} has {found}, expected {expected}; unpack it yourself and take in the reports one by one",
        )


@dataclass(slots=True)
class _Finds:
    members: list[Member] = field(default_factory=list)
    problems: list[tuple[str, Quarantined]] = field(default_factory=list)


def members(data: bytes, name: str) -> Unpacked:
    """The files of a ZIP archive and of the ZIP archives in it, without folders and what systems leave behind.

    A member that is damaged or has a password is a problem of its own; of a truncated archive the whole members are
    had. Raises Quarantined with UNSAFE_ARCHIVE where a limit of this module is passed; with ENCRYPTED, UNREADABLE or
    TRUNCATED where no member can be had, with EMPTY where there is none.
    """
    finds = _Finds()
    _unpack(data, name, "", 1, _Budget(name), finds)
    if not finds.members and finds.problems:
        raise finds.problems[0][1]
    if not finds.members:
        raise Quarantined(Reason.EMPTY, f"{name} is an archive without files; expected reports; pack it again")
    return Unpacked(
        tuple(sorted(finds.members, key=lambda member: member.path)),
        tuple(sorted(finds.problems, key=lambda problem: problem[0])),
    )


def parts(data: bytes, name: str) -> dict[str, bytes]:
    """The parts of an office file (DOCX, XLSX), which is a ZIP archive, by their names: `word/document.xml`.

    Some programs write `/word/document.xml` or `word\\document.xml`.

    Raises Quarantined with UNSAFE_ARCHIVE where a limit of this module is passed, with ENCRYPTED, UNREADABLE or
    TRUNCATED where a part can't be had.
    """
    budget = _Budget(name)
    container, problem = _opened(data, name)
    if problem:
        raise problem
    with container:
        entries = [entry for entry in container.infolist() if not _is_folder(entry)]
        budget.count(len(entries))
        return {_part(entry.filename): _content(container, entry, entry.filename, budget) for entry in entries}


def packed(contents: Mapping[str, bytes]) -> bytes:
    """An office file of these parts, for parsers that find them only by their names as the standard has them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as container:
        for name, content in contents.items():
            container.writestr(name, content)
    return out.getvalue()


def _part(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _unpack(data: bytes, name: str, folder: str, depth: int, budget: _Budget, finds: _Finds) -> None:
    """Into `finds` the files of the archive whose path in the outermost is `folder`, at `depth` from 1."""
    if depth > DEEPEST:
        raise budget.broken(f"archives in archives more than {DEEPEST} deep ({folder})", f"at most {DEEPEST}")
    try:
        container, problem = _opened(data, name)
    except Quarantined as refusal:
        finds.problems.append((folder.rstrip("/"), refusal))
        return
    if problem:
        finds.problems.append((folder.rstrip("/"), problem))
    with container:
        budget.count(len(container.infolist()))
        for entry in container.infolist():
            path = folder + _path(entry)
            if not _is_folder(entry) and not _LEFT_BEHIND.search(path):
                _take(container, entry, path, name, depth, budget, finds)


def _take(
    container: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    path: str,
    name: str,
    depth: int,
    budget: _Budget,
    finds: _Finds,
) -> None:
    try:
        content = _content(container, entry, f"{path} in {name}", budget)
    except Quarantined as problem:
        if problem.reason is Reason.UNSAFE_ARCHIVE:
            raise
        finds.problems.append((path, problem))
        return
    if _is_archive(content):
        _unpack(content, path, f"{path}/", depth + 1, budget, finds)
    else:
        finds.members.append(Member(path, content))


def _is_archive(data: bytes) -> bool:
    """Whether it is a ZIP of files, not a document in a ZIP container (PPTX, ODT, OFD, EPUB ...)."""
    if media_type(data) != "application/zip":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return _OF_CONTAINERS.isdisjoint(container.namelist())
    except Exception as error:
        damage(error)
        return True


def _opened(data: bytes, name: str) -> tuple[zipfile.ZipFile, Quarantined | None]:
    """The archive, and what is wrong with it: where its list of files is, it has those that are found whole.

    Raises Quarantined where none is.
    """
    try:
        return zipfile.ZipFile(io.BytesIO(data)), None
    except Exception as error:
        problem = _without_list(name, data, damage(error))
        try:
            container = zipfile.ZipFile(io.BytesIO(_with_directory(data)))
        except Exception as again:
            damage(again)
            raise problem from again
        if not container.infolist():
            raise problem from error
        return container, problem


def _without_list(name: str, data: bytes, found: str) -> Quarantined:
    if b"PK\x05\x06" in data:
        return Quarantined(
            Reason.UNREADABLE,
            f"{name} is a damaged archive ({found}; {len(data):,} bytes), expected a whole ZIP; fetch it again",
        )
    return Quarantined(
        Reason.TRUNCATED,
        f"{name} ends after {len(data):,} bytes, before its list of files; expected a whole archive; fetch it again",
    )


def _content(container: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, budget: _Budget) -> bytes:
    if entry.flag_bits & _ENCRYPTED:
        raise Quarantined(Reason.ENCRYPTED, f"{name} has a password, expected none; pack it again without")
    content = bytearray()
    try:
        with container.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                content += chunk
                budget.grow(len(chunk), name, len(content), entry.compress_size)
    except NotImplementedError as error:
        raise Quarantined(
            Reason.UNREADABLE,
            f"{name} is packed in a way not read here ({damage(error)}), expected Deflate; pack it again",
        ) from error
    except EOFError as error:
        damage(error)
        raise Quarantined(Reason.TRUNCATED, f"{name} is cut after {len(content):,} bytes; fetch it again") from error
    except Exception as error:
        raise Quarantined(
            Reason.UNREADABLE, f"{name} is damaged ({damage(error)}), expected what its checksum tells; fetch it again"
        ) from error
    return bytes(content)


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    # Python 3.11 has no answer for an entry without a name.
    return entry.filename.endswith("/")


def _path(entry: zipfile.ZipInfo) -> str:
    """The path inside the archive, its names as written, without what would lead out of a folder.

    Chinese Windows writes GBK names that ZIP readers take for code page 437; others write UTF-8 without saying so.
    """
    path = entry.orig_filename
    if not entry.flag_bits & _UTF8_NAME and not path.isascii():
        raw = path.encode("cp437")
        try:
            path = raw.decode("utf-8")
        except UnicodeDecodeError:
            path = raw.decode("gb18030", errors="replace")
    steps = path.replace("\\", "/").split("/")
    named = [step for step in steps if step.strip() not in ("", ".", "..") and not _DRIVE.fullmatch(step)]
    return "/".join(named) or "unnamed"


def _with_directory(data: bytes) -> bytes:
    """A truncated archive with a list of the files that are whole in it."""
    directory, count, at = bytearray(), 0, 0
    while (at := data.find(b"PK\x03\x04", at)) >= 0 and at + _LOCAL.size <= len(data) and count <= MOST_MEMBERS:
        _, _, flags, method, time, day, crc, packed, size, named, extra = _LOCAL.unpack_from(data, at)
        start = at + _LOCAL.size + named + extra
        if flags & _SIZES_FOLLOW:
            crc, packed, size = _sizes_after(data, start)
        if start + packed > len(data):
            break
        directory += _CENTRAL.pack(
            b"PK\x01\x02", _VERSION, _VERSION, flags, method, time, day, crc, packed, size, named, 0, 0, 0, 0, 0, at
        )
        directory += data[at + _LOCAL.size : at + _LOCAL.size + named]
        count += 1
        at = start + packed
    return data + directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(data), 0)


def _sizes_after(data: bytes, start: int) -> tuple[int, int, int]:
    """Checksum, packed and unpacked size of a file packed as a stream; a size beyond the data where it is cut."""
    at = start
    while (at := data.find(b"PK\x07\x08", at)) >= 0 and at + _FOLLOWING.size <= len(data):
        _, crc, packed, size = _FOLLOWING.unpack_from(data, at)
        if packed == at - start:
            return crc, packed, size
        at += 1
    return 0, len(data), 0
