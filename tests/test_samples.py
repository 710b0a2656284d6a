"""The samples are what their manifest, their list of faults and their annotations say they are.

Nothing here reads a report the way the pipeline does: a fault of the extraction can't hide a fault of the samples.
"""

import json
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

SAMPLES = Path(__file__).parents[1] / "sources" / "samples"
REPORTS = SAMPLES / "reports"
ANNOTATIONS = Path(__file__).parent / "goldens" / "samples"

MANIFEST: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "manifest.yaml").read_text(encoding="utf-8"))
FAULTS: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "faults.yaml").read_text(encoding="utf-8"))
ENTRY = {entry["file"]: entry for entry in MANIFEST}
BOM = b"\xef\xbb\xbf"
COUNTIES = {f"4305{county:02}" for county in (2, 3, 11, 22, 23, 24, 25, 27, 28, 29, 81, 82)}
FACT_KEYS = {
    "quote",
    "nth",
    "value",
    "unit",
    "qualifier",
    "role",
    "indicator",
    "since",
    "region_code",
    "direction",
    "ambiguous",
    "doubt",
}


def read(file: str) -> str:
    """Decode a sample as the manifest says, with `\\n` line ends."""
    data = (REPORTS / file).read_bytes()
    return data.decode(ENTRY[file]["encoding"]).replace("\r\n", "\n")


def at(text: str, quote: str, nth: int = 0) -> int:
    """Offset of the nth occurrence, overlapping ones counted; -1 where there is none."""
    start = -1
    for _ in range(nth + 1):
        start = text.find(quote, start + 1)
        if start < 0:
            break
    return start


def annotation(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def fault(name: str) -> dict[str, Any]:
    return next(f for f in FAULTS if f["id"] == name)


texts = pytest.mark.parametrize("entry", [e for e in MANIFEST if e["format"] != "bytes"], ids=lambda e: e["file"])
annotations = pytest.mark.parametrize("path", sorted(ANNOTATIONS.glob("*.json")), ids=lambda p: p.stem)


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    files = {p.relative_to(REPORTS).as_posix() for p in REPORTS.rglob("*") if p.is_file()}
    sidecars = {f for f in files if f.endswith(".hint.yaml")}
    assert files - sidecars == set(ENTRY)
    assert sidecars == {f"{e['file']}.hint.yaml" for e in MANIFEST if e.get("hint") == "sidecar"}


@texts
def test_encoding_and_line_ends_are_those_of_the_manifest(entry: dict[str, Any]) -> None:
    data = (REPORTS / entry["file"]).read_bytes()
    assert data.startswith(BOM) == (entry["encoding"] == "utf-8-sig")
    assert (b"\r\n" in data) == (entry["newline"] == "crlf")
    assert data.count(b"\n") == data.count(b"\r\n") or entry["newline"] == "lf"
    data.decode(entry["encoding"])
    if entry["encoding"] in {"gbk", "gb18030"}:
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")


def test_html_declares_its_charset_where_the_manifest_says_so() -> None:
    for entry in MANIFEST:
        if "charset_declared" in entry:
            head = (REPORTS / entry["file"]).read_bytes()[:600].lower()
            assert (b"charset=" in head) == entry["charset_declared"], entry["file"]


def test_the_formats_that_real_offices_send_are_all_there() -> None:
    kinds = {(e["format"], e["encoding"], e["newline"]) for e in MANIFEST}
    assert kinds >= {
        ("text", "utf-8", "lf"),
        ("text", "utf-8", "crlf"),
        ("text", "utf-8-sig", "lf"),
        ("text", "gb18030", "lf"),
        ("text", "gb18030", "crlf"),
        ("html", "utf-8", "lf"),
        ("html", "gbk", "lf"),
        ("html", "gb18030", "lf"),
    }


@texts
def test_synthetic_reports_say_so_before_their_first_paragraph(entry: dict[str, Any]) -> None:
    text = read(entry["file"])
    if not entry["synthetic"]:
        assert "合成样本" not in text
        return
    article = text[text.index("</head>") :] if entry["format"] == "html" else text
    words = re.sub(r"<[^>]*>|\s", "", article)
    assert 0 <= words.find("合成样本") < 200
    assert "合成数据" in words
    assert "非官方发布" in words or "并非官方发布" in words


def test_the_digest_names_its_source() -> None:
    text = read("430500/2024/邵阳市司法局2024年度法治政府建设情况摘编.txt")
    for words in ("摘编", "邵阳市司法局2024年度法治政府建设情况报告", "2025年1月16日", "不是原文"):
        assert words in text


def test_each_county_and_year_is_covered_except_the_one_not_published() -> None:
    covered = {(e["region_code"], e["report_year"]) for e in MANIFEST if e["outcome"] == "ok"}
    wanted = {(code, year) for code in COUNTIES for year in (2022, 2023, 2024)}
    wanted |= {("430500", year) for year in (2022, 2023, 2024)}
    missing = fault("suining-2022-missing")
    assert wanted - covered == {(missing["region_code"], missing["report_year"])}


@texts
def test_a_report_without_a_hint_names_its_publisher_and_year(entry: dict[str, Any]) -> None:
    if entry["outcome"] != "ok":
        return
    text = read(entry["file"]).translate(str.maketrans("０１２３４５６７８９〇二三四", "01234567890234"))
    named = str(entry["report_year"]) in text
    assert named == ("hint" not in entry)
    office = entry["publisher"].removeprefix("武冈市" if "hint" in entry else "邵阳市")
    assert office in text


def test_hints_stand_in_folder_or_sidecar() -> None:
    for entry in MANIFEST:
        code, year = entry.get("region_code"), entry.get("report_year")
        if entry.get("hint") == "folder":
            assert entry["file"].startswith(f"{code}/{year}/")
        if entry.get("hint") == "sidecar":
            hint = yaml.safe_load((REPORTS / f"{entry['file']}.hint.yaml").read_text(encoding="utf-8"))
            assert (hint["region_code"], hint["report_year"], hint["publisher"], hint["title"]) == (
                code,
                year,
                entry["publisher"],
                entry["title"],
            )
    assert {e["hint"] for e in MANIFEST if "hint" in e} == {"folder", "sidecar"}


@pytest.mark.parametrize("planted", [f for f in FAULTS if "quote" in f], ids=lambda f: f["id"])
def test_faults_stand_in_their_files(planted: dict[str, Any]) -> None:
    assert at(read(planted["file"]), planted["quote"], planted.get("nth", 0)) >= 0


def test_the_lost_unit_leaves_a_count_that_is_no_whole_number() -> None:
    for name in ("digest-hotline", "wugang-2024-materials"):
        figure = re.match(r"[\d.]+", fault(name)["quote"])
        assert figure is not None
        assert Decimal(figure[0]) % 1 != 0


def test_the_rates_fail_on_the_named_base() -> None:
    def percent(part: int, whole: int) -> Decimal:
        return (Decimal(100 * part) / whole).quantize(Decimal("0.1"))

    text = read(fault("shaoyang-county-2023-loss-rate")["file"])
    assert "行政诉讼案件64件,行政机关败诉6件,败诉率7.4%" in text
    assert percent(6, 64) == Decimal("9.4")
    text = read(fault("shaodong-2023-correction-rate")["file"])
    assert "受理行政复议案件132件，审结118件，纠错19件，纠错案件占审结案件的14.4%" in text
    assert (percent(19, 118), percent(19, 132)) == (Decimal("16.1"), Decimal("14.4"))
    text = read(fault("longhui-2023-first-vintage")["file"])
    assert "调处4,258件，调处成功4,173件，成功率97.2%" in text
    assert (percent(4173, 4258), percent(4137, 4258)) == (Decimal("98.0"), Decimal("97.2"))


def test_the_counties_legal_aid_cases_exceed_the_citys_in_2023() -> None:
    planted = fault("counties-exceed-city-2023-aid")
    assert "办理法律援助案件5597件" in read(planted["file"])
    stated = {part["region_code"]: part["value"] for part in planted["parts"]}
    for part in planted["parts"]:
        assert part["words"] in read(part["file"])
        assert int(re.sub(r"\D", "", part["words"])) == part["value"]
    assert set(stated) == set(COUNTIES)
    assert sum(stated.values()) == 5848


def test_the_republished_report_differs_in_one_figure() -> None:
    first = read(fault("longhui-2023-first-vintage")["file"])
    second = read(fault("longhui-2023-republished")["file"])
    figures = re.compile(r"\d[\d,.]*")
    changed = [
        (a, b)
        for a, b in zip(
            figures.findall(first.partition("（一）")[2]), figures.findall(second.partition("（一）")[2]), strict=True
        )
        if a != b
    ]
    assert changed[0] == ("4,173", "4,137")
    assert changed[1:] == [("1", "3"), ("15", "5")]  # the date of publication


def test_the_report_without_figures_has_none() -> None:
    text = read(fault("beita-2022-no-figures")["file"])
    assert not re.search(r"\d", text.replace("2022", ""))


def test_what_belongs_in_quarantine() -> None:
    assert (REPORTS / fault("empty-file")["file"]).read_bytes() == b""
    noise = (REPORTS / fault("random-bytes")["file"]).read_bytes()
    assert len(noise) == 2048
    for encoding in ("utf-8", "gb18030", "utf-16"):
        with pytest.raises(UnicodeDecodeError):
            noise.decode(encoding)
    assert "<p>" not in read(fault("empty-page")["file"])
    assert not re.search(r"20\d\d|[一二三四五六七八九〇]{4}年", read(fault("no-year")["file"]))
    assert {f["id"] for f in FAULTS if f["severity"] == "quarantine"} == {
        "empty-page",
        "empty-file",
        "random-bytes",
        "unknown-place",
        "no-year",
    }
    assert sorted(e["outcome"] for e in MANIFEST if e["outcome"] != "ok") == [
        "empty",
        "empty",
        "unknown_region",
        "unknown_year",
        "unreadable",
    ]


def test_there_is_enough_to_measure_an_extraction() -> None:
    loaded = [annotation(path) for path in ANNOTATIONS.glob("*.json")]
    assert len(loaded) >= 8
    assert sum(len(a["facts"]) for a in loaded) >= 250


@annotations
def test_annotations_name_a_report_of_the_manifest(path: Path) -> None:
    loaded = annotation(path)
    file = (path.parent / loaded["file"]).resolve().relative_to(REPORTS.resolve()).as_posix()
    entry = ENTRY[file]
    for key in ("title", "publisher", "region_code", "report_year", "published"):
        assert loaded[key] == entry[key], key
    assert path.stem == loaded["id"] == Path(file).stem


@annotations
def test_annotated_facts_stand_in_the_text_and_do_not_overlap(path: Path) -> None:
    loaded = annotation(path)
    text = read((path.parent / loaded["file"]).resolve().relative_to(REPORTS.resolve()).as_posix())
    spans = []
    for fact in loaded["facts"]:
        start = at(text, fact["quote"], fact.get("nth", 0))
        assert start >= 0, fact
        spans.append((start, start + len(fact["quote"])))
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@annotations
def test_annotated_facts_keep_to_the_vocabulary(path: Path) -> None:
    for fact in annotation(path)["facts"]:
        assert set(fact) <= FACT_KEYS, fact
        assert fact["qualifier"] in {"exact", "over", "about", "nearly", "at_most"}, fact
        assert fact["role"] in {"actual", "target", "change", "prior", "plan"}, fact
        assert fact["value"] >= 0, fact
        assert (fact["role"] == "change") <= (fact.get("direction") in {"up", "down"}), fact
        assert fact["indicator"] is None or re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", fact["indicator"]), fact


PASSAGES = {
    name: [json.loads(line) for line in (ANNOTATIONS.parent / name).read_text(encoding="utf-8").splitlines()]
    for name in ("passages.jsonl", "passages_heldout.jsonl")
}
passages = pytest.mark.parametrize("passage", [p for ps in PASSAGES.values() for p in ps], ids=lambda p: p["id"])


def test_passages_are_numbered_through_and_no_text_is_in_both_files() -> None:
    tuning, heldout = PASSAGES.values()
    assert [p["id"] for p in tuning + heldout] == [f"own-{n:03}" for n in range(1, len(tuning + heldout) + 1)]
    assert len(tuning) >= 150
    assert len(heldout) >= 75
    assert len({p["text"] for p in tuning + heldout}) == len(tuning + heldout)


@passages
def test_figures_of_a_passage_stand_in_it(passage: dict[str, Any]) -> None:
    text = passage["text"]
    assert 40 <= len(text) <= 220
    spans = [(at(text, f["quote"], f.get("nth", 0)), f["quote"]) for f in passage["facts"]]
    assert all(start >= 0 for start, _ in spans)
    assert all(a[0] + len(a[1]) <= b[0] for a, b in pairwise(spans))
    assert all(words in text for words in passage["not_facts"])
    assert all(set(f) <= FACT_KEYS for f in passage["facts"])


def test_passages_show_every_qualifier_and_role_and_many_figures_without_a_code() -> None:
    for name, held in PASSAGES.items():
        facts = [f for p in held for f in p["facts"]]
        assert {f["qualifier"] for f in facts} == {"exact", "over", "about", "nearly", "at_most"}, name
        assert {f["role"] for f in facts} == {"actual", "target", "change", "prior", "plan"}, name
        assert sum(f["indicator"] is None for f in facts) > 0.3 * len(facts), name
