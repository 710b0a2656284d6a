"""ZIP archives: what files are in them under which names, and what a hostile one is refused for."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sources.quarantine import Quarantined, Reason
from sources.readers import archive
from sources.readers.archive import Unpacked, members

REPORT = "隆回县2024年度法治政府建设情况报告\n全县受理行政复议案件1362件。\n".encode()


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as container:
        for name, content in files.items():
            container.writestr(name, content)
    return out.getvalue()


def paths(unpacked: Unpacked) -> list[str]:
    return [member.path for member in unpacked.members]


def refused(data: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        members(data, "reports.zip")
    return raised.value


def test_files_in_order_of_their_paths() -> None:
    found = members(packed({"邵阳市/b.txt": b"b", "邵阳市/": b"", "a.txt": REPORT}), "reports.zip")
    assert paths(found) == ["a.txt", "邵阳市/b.txt"]
    assert found.members[0].data == REPORT
    assert found.problems == ()


def test_what_systems_leave_behind_is_no_file() -> None:
    clutter = ["__MACOSX/._报告.docx", ".DS_Store", "邵阳/Thumbs.db", "~$报告.docx", ".git/config", "邵阳/desktop.ini"]
    assert paths(members(packed({**dict.fromkeys(clutter, b"x"), "报告.txt": REPORT}), "reports.zip")) == ["报告.txt"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_chinese_names_without_the_flag_for_utf_8(encoding: str) -> None:
    data = packed({"x" * len("隆回县报告.txt".encode(encoding)): REPORT})
    name = "隆回县报告.txt".encode(encoding)
    assert paths(members(data.replace(b"x" * len(name), name), "reports.zip")) == ["隆回县报告.txt"]


def test_a_name_leads_nowhere() -> None:
    names = ["/etc/passwd", "../../报告.txt", "C:\\邵阳\\报告.txt", "./a//b.txt"]
    assert paths(members(packed(dict.fromkeys(names, b"x")), "reports.zip")) == [
        "a/b.txt",
        "etc/passwd",
        "报告.txt",
        "邵阳/报告.txt",
    ]


def test_archives_in_archives_and_office_files_which_are_none() -> None:
    docx = packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    odt = packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"})
    inner = packed({"报告.docx": docx, "报告.odt": odt})
    found = members(packed({"2024.zip": packed({"县.zip": inner}), "说明.txt": REPORT}), "reports.zip")
    assert paths(found) == ["2024.zip/县.zip/报告.docx", "2024.zip/县.zip/报告.odt", "说明.txt"]


def test_archives_in_archives_without_end() -> None:
    data = packed({"报告.txt": REPORT})
    for _ in range(archive.DEEPEST):
        data = packed({"inner.zip": data})
    error = refused(data)
    assert error.reason is Reason.UNSAFE_ARCHIVE
    assert "more than 3 deep" in error.detail


def test_too_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 5)
    inner = packed({f"{i}.txt": b"x" for i in range(3)})
    error = refused(packed({f"{i}.zip": inner for i in range(2)}))
    assert error.reason is Reason.UNSAFE_ARCHIVE
    assert "8 files, expected at most 5" in error.detail


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_is_known_by_how_far_it_unpacks(method: int) -> None:
    error = refused(packed({"bomb.txt": bytes(3_000_000)}, method))
    assert error.reason is Reason.UNSAFE_ARCHIVE
    assert "bomb.txt in reports.zip packed more than 200 to 1" in error.detail


def test_a_short_text_of_one_line_is_no_bomb() -> None:
    line = "本年度无行政复议案件。\n".encode() * 5_000
    assert members(packed({"报告.txt": line}), "reports.zip").members[0].data == line


def test_large_members_and_a_large_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_MEMBER", 10_000)
    monkeypatch.setattr(archive, "LARGEST_TOTAL", 15_000)
    assert "more than 10,000 bytes in b.txt" in refused(packed({"b.txt": bytes(10_001)})).detail
    assert "more than 15,000 bytes unpacked" in refused(packed({f"{i}.txt": bytes(8_000) for i in range(2)})).detail


def test_a_header_that_lies_about_the_size_gains_nothing() -> None:
    data = bytearray(packed({"bomb.txt": bytes(40_000_000)}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 100)
    with pytest.raises(Quarantined) as raised:
        members(bytes(data), "reports.zip")
    assert raised.value.reason is Reason.UNREADABLE


def test_entries_that_overlap_are_caught_by_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """One packed megabyte that a thousand entries of the directory point at (after D. Fifield, 2019)."""
    monkeypatch.setattr(archive, "LARGEST_TOTAL", 5_000_000)
    once = packed({"a.txt": zlib.compress(REPORT) * 12_000})
    end = once.index(b"PK\x05\x06")
    start = once.index(b"PK\x01\x02")
    entry = once[start:end]
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 900, 900, 900 * len(entry), start, 0)
    assert refused(once[:start] + entry * 900 + tail).reason is Reason.UNSAFE_ARCHIVE


def test_a_member_with_a_password_is_a_problem_of_its_own() -> None:
    data = bytearray(packed({"a.txt": REPORT, "b.txt": REPORT}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    found = members(bytes(data), "reports.zip")
    assert paths(found) == ["b.txt"]
    assert [(path, problem.reason) for path, problem in found.problems] == [("a.txt", Reason.ENCRYPTED)]


def test_an_archive_of_nothing_but_passwords() -> None:
    data = bytearray(packed({"a.txt": REPORT}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(data)).reason is Reason.ENCRYPTED


def test_a_damaged_member_leaves_the_others() -> None:
    data = bytearray(packed({"a.txt": b"a" * 50, "b.txt": REPORT}, zipfile.ZIP_STORED))
    data[data.index(b"aaaa")] = ord("z")
    found = members(bytes(data), "reports.zip")
    assert paths(found) == ["b.txt"]
    assert [(path, problem.reason) for path, problem in found.problems] == [("a.txt", Reason.UNREADABLE)]


def test_a_truncated_archive_gives_the_files_before_the_cut() -> None:
    data = packed({"a.txt": REPORT, "b.txt": REPORT, "c.txt": REPORT})
    found = members(data[: data.index(b"c.txt") + 20], "reports.zip")
    assert paths(found) == ["a.txt", "b.txt"]
    assert [(path, problem.reason) for path, problem in found.problems] == [("", Reason.TRUNCATED)]
    assert refused(data[:40]).reason is Reason.TRUNCATED


def test_a_file_that_wants_a_later_zip_leaves_the_others() -> None:
    """Its header claims version 9.6, which no program knows; the list of files is cut off."""
    data = bytearray(packed({"a.txt": REPORT, "b.txt": REPORT}))
    data[4] = 96
    assert paths(members(bytes(data[: data.index(b"PK\x01\x02")]), "reports.zip")) == ["a.txt", "b.txt"]


def test_a_list_of_files_that_wants_a_later_zip() -> None:
    data = bytearray(packed({"a.txt": REPORT, "b.txt": REPORT}))
    data[data.index(b"PK\x01\x02") + 6] = 96
    found = members(bytes(data), "reports.zip")
    assert paths(found) == ["a.txt", "b.txt"]
    (((path, problem),)) = found.problems
    assert (path, problem.reason) == ("", Reason.UNREADABLE)
    assert "zipfile: NotImplementedError: zip file version 9.6" in problem.detail


def test_a_file_without_a_name() -> None:
    data = bytearray(packed({"x": REPORT, "b.txt": REPORT}))
    for lengths in (data.index(b"PK\x03\x04") + 26, data.index(b"PK\x01\x02") + 28):
        struct.pack_into("<2H", data, lengths, 0, 1)  # the name's letter becomes an extra field
    assert paths(members(bytes(data), "reports.zip")) == ["b.txt", "unnamed"]


class Pipe(io.RawIOBase):
    """A file that can't seek: ZIP writers put sizes behind the content there, as macOS does always."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.content += bytes(data)
        return len(data)


def test_a_truncated_archive_whose_sizes_stand_behind_its_files() -> None:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("a.txt", REPORT)
        container.writestr("b.txt", REPORT)
    assert paths(members(pipe.content[: pipe.content.index(b"b.txt") + 9], "reports.zip")) == ["a.txt"]


def test_an_archive_of_nothing() -> None:
    assert refused(packed({})).reason is Reason.EMPTY
    assert refused(packed({".DS_Store": b"x"})).reason is Reason.EMPTY


WHOLE = packed({"a.txt": REPORT, "邵阳/b.zip": packed({"c.txt": REPORT})})


@settings(max_examples=200)
@given(st.integers(0, len(WHOLE)), st.binary(max_size=8), st.integers(0, len(WHOLE)))
@example(0, b"", 353)
@example(0, b"", 354)
@example(0, b"\x00" * 8, 353)
def test_any_damage_ends_in_members_or_a_reason(at: int, put: bytes, cut: int) -> None:
    for damaged in (WHOLE[:at] + put + WHOLE[at + len(put) :], WHOLE[:cut], b"PK\x03\x04" + put + WHOLE[cut:]):
        try:
            found = members(damaged, "reports.zip")
        except Quarantined as error:
            assert error.detail
        else:
            assert all(member.path for member in found.members)


@pytest.mark.parametrize(
    "name", ["word/document.xml", "/word/document.xml", "\\word\\document.xml", "//word/document.xml"]
)
def test_parts_of_an_office_file_have_one_name_however_it_is_written(name: str) -> None:
    assert archive.parts(packed({name: b"<w/>"}), "报告.docx") == {"word/document.xml": b"<w/>"}
