"""The lexicon loads, covers the agreed codes, and says where it is wrong."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from transforms.lexicon import LEXICON, LexiconError, lexicon


def test_codes_are_in_their_domains_file_and_units_are_known() -> None:
    known = lexicon()
    assert len(known.indicators) >= 215
    for code, indicator in known.indicators.items():
        assert code.split(".")[0] == indicator.domain
        assert indicator.unit in known.units
        assert indicator.name_zh and indicator.name_en
        assert indicator.frames


def test_no_two_indicators_share_a_name() -> None:
    names = [indicator.name_zh for indicator in lexicon().indicators.values()]
    assert len(names) == len(set(names))


def test_every_indicator_has_a_definition_of_its_own_in_both_languages() -> None:
    definitions = {code: indicator.definition for code, indicator in lexicon().indicators.items()}
    for code, definition in definitions.items():
        english, slash, chinese = definition.partition(" / ")
        assert slash and re.search("[a-z]", english), f"{code}: English, ` / `, then Chinese"
        assert re.search("[\u4e00-\u9fff]", chinese), f"{code}: no Chinese after ` / `"
        assert 20 <= len(definition) <= 400, f"{code}: {len(definition)} characters, expected 20 to 400"
    shared = [definition for definition, count in Counter(definitions.values()).items() if count > 1]
    assert not shared


def test_every_indicator_says_what_kind_of_number_it_is() -> None:
    """在册对象 are there on a day, 接收 is counted over the year, 败诉率 is reckoned from two others."""
    indicators = lexicon().indicators
    kinds = {code: indicators[code].measure for code in ("corrections.subjects", "corrections.subjects_received", RATE)}
    assert kinds == {"corrections.subjects": "stock", "corrections.subjects_received": "flow", RATE: "ratio"}
    assert indicators[RATE].direction == "lower"
    assert indicators["mediation.full_time_mediators"].part_of == "mediation.mediators"


def test_relations_name_known_indicators() -> None:
    for relation in lexicon().relations:
        assert relation.kind in ("rate", "part_of", "sum_of", "carried", "balance")
        assert {relation.left, *relation.parts, *relation.minus, *relation.wholes} <= lexicon().indicators.keys()


def test_the_version_changes_with_the_files(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with (folder / "topics.yaml").open("a", encoding="utf-8") as stream:
        stream.write("新主题: [新词]\n")
    assert lexicon(folder).version != lexicon().version


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LEXICON, tmp_path / "lexicon"))


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("indicators/mediation.yaml", "  unit: 个\n", "  unit: 只只\n", "'只只' is no canonical unit"),
        ("indicators/mediation.yaml", "  additive: true\n", "  additive: maybe\n", "valid boolean"),
        ("indicators/mediation.yaml", "  measure: stock\n", "  measure: still\n", "'stock', 'flow' or 'ratio'"),
        ("indicators/mediation.yaml", "  measure: stock\n", "", "measure: Field required"),
        ("indicators/mediation.yaml", "  measure: stock\n", "  measure: ratio\n", "found measure ratio of kind count"),
        ("indicators/mediation.yaml", "  direction: neither\n", "  direction: up\n", "'higher', 'lower' or 'neither'"),
        ("indicators/mediation.yaml", "  direction: neither\n", "", "direction: Field required"),
        (
            "indicators/mediation.yaml",
            "part_of: mediation.mediators",
            "part_of: mediation.people",
            "part_of: 'mediation.people' is no indicator",
        ),
        (
            "indicators/mediation.yaml",
            "part_of: mediation.mediators",
            "part_of: mediation.trainings",
            "found a stock as part of mediation.trainings, a flow",
        ),
        (
            "indicators/mediation.yaml",
            "part_of: mediation.mediators",
            "part_of: mediation.full_time_mediators",
            "found a cycle, mediation.full_time_mediators is part of mediation.full_time_mediators",
        ),
        ("indicators/mediation.yaml", "mediation.committees:", "mediate.committees:", "begin with 'mediation'"),
        ("indicators/mediation.yaml", "topic: 人民调解", "topic: 天气", "no topic of topics.yaml"),
        ("indicators/mediation.yaml", "@化解", "@不存在", "no group of words.yaml"),
        ("indicators/mediation.yaml", "units: [thing]", "units: [ghost]", "no kind of unit"),
        (
            "indicators/mediation.yaml",
            "  zh: 人民调解委员会数",
            "  zh: 人民调解委员会数\n  colour: red",
            "Extra inputs",
        ),
        ("units.yaml", "aliases: [名, 位]", "aliases: [名, 位, 份]", "already a way of writing"),
        ("relations.yaml", "left: litigation.lost,", "left: litigation.gone,", "no indicator of the lexicon"),
        ("topics.yaml", "热线: [热线, '12348'", "热线: [热线, 12348", "expected a list of words"),
        ("words.yaml", "受理: [", "受理: [[", "not valid YAML"),
    ],
)
def test_an_error_names_file_and_line(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    folder = copied(tmp_path)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"^{path.name}:\d+: .*{message}"):
        lexicon(folder)


def with_relations(tmp_path: Path, *entries: str) -> int:
    """Load the lexicon with these entries at the end of relations.yaml; the line of the last one."""
    path = copied(tmp_path) / "relations.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n".join(entries) + "\n", encoding="utf-8")
    return text.count("\n") + len(entries)


CASES, LOST, RATE = "litigation.cases", "litigation.lost", "litigation.loss_rate"
CONCLUDED = "litigation.concluded"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (f"kind: rate, left: {RATE}, wholes: [{CASES}]", "found 0 parts, expected exactly one .* kind rate; add"),
        (
            f"kind: rate, left: {RATE}, parts: [{LOST}, {CONCLUDED}], wholes: [{CASES}]",
            "found 2 parts, expected exactly one .* kind rate; remove",
        ),
        (f"kind: rate, left: {RATE}, parts: [{LOST}]", "found 0 wholes, expected at least one .* kind rate; add"),
        (f"kind: part_of, left: {LOST}", "found 0 wholes, expected exactly one .* kind part_of; add"),
        (
            f"kind: part_of, left: {LOST}, parts: [{CASES}], wholes: [{CASES}]",
            "found 1 parts, expected none .* kind part_of; remove",
        ),
        (f"kind: sum_of, left: {CASES}, parts: [{LOST}]", "found 1 parts, expected at least two .* kind sum_of; add"),
        (f"kind: carried, left: {CASES}", "found 0 parts, expected exactly one .* kind carried; add"),
        (
            f"kind: balance, left: {CASES}, parts: [{LOST}, {CONCLUDED}]",
            "found 0 minus, expected at least one .* kind balance; add",
        ),
        (
            f"kind: sum_of, left: {CASES}, parts: [{LOST}, {CASES}]",
            f"found the left side {CASES} among its own parts, expected other indicators; remove it there",
        ),
        (
            f"kind: part_of, left: {CASES}, wholes: [{CASES}]",
            f"found the left side {CASES} among its own wholes, expected other indicators; remove it there",
        ),
        (f"kind: sum_of, left: {CASES}, parts: [{LOST}, {LOST}]", f"found {LOST} twice, expected each once; remove"),
        (
            f"kind: part_of, left: {LOST}, wholes: [{CASES}], colour: red",
            "Extra inputs .*; expected one of kind, left, parts, minus, wholes, unless, worded; remove it",
        ),
    ],
)
def test_a_relation_with_wrong_terms_is_refused(tmp_path: Path, entry: str, message: str) -> None:
    line = with_relations(tmp_path, f"wrong.one: {{{entry}}}")
    with pytest.raises(LexiconError, match=rf"^relations.yaml:{line}: wrong\.one.*: {message}"):
        lexicon(tmp_path / "lexicon")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (f"kind: rate, left: {RATE}, parts: [{LOST}], wholes: [{CASES}], unless: for a reason", "Chinese"),
        (f"kind: carried, left: {CASES}, parts: [{LOST}], unless: why / 理由", "found it in a carried"),
        (f"kind: rate, left: {RATE}, parts: [{LOST}], wholes: [{CASES}], worded: [综合]", "add unless"),
        (f"kind: part_of, left: {LOST}, wholes: [{CASES}], unless: why / 理由, worded: [综合]", "sentence of a rate"),
    ],
)
def test_an_excuse_is_checked(tmp_path: Path, entry: str, message: str) -> None:
    line = with_relations(tmp_path, f"wrong.one: {{{entry}}}")
    with pytest.raises(LexiconError, match=rf"^relations.yaml:{line}: wrong\.one.*{message}"):
        lexicon(tmp_path / "lexicon")


def test_what_must_not_exceed_its_whole_without_excuse_is_a_part_of_it_by_definition() -> None:
    """审结 counts cases of earlier years, so it is no part of 受理, and a relation between them has an excuse."""
    strict = [one for one in lexicon().relations if one.kind == "part_of" and one.unless is None]
    assert strict
    for relation in strict:
        assert lexicon().indicators[relation.left].part_of == relation.wholes[0], relation.id


def test_a_cycle_of_relations_is_refused_and_named(tmp_path: Path) -> None:
    line = with_relations(
        tmp_path,
        f"one: {{kind: part_of, left: service.items, wholes: [{CASES}]}}",
        f"two: {{kind: part_of, left: {CASES}, wholes: [party.talks]}}",
        "three: {kind: part_of, left: party.talks, wholes: [service.items]}",
    )
    with pytest.raises(LexiconError) as error:
        lexicon(tmp_path / "lexicon")
    assert str(error.value) == (
        f"relations.yaml:{line}: three: found a cycle, party.talks is part of service.items is part of {CASES} "
        "is part of party.talks, expected that nothing is part of itself; correct this relation or "
        f"relations.yaml:{line - 2} one, relations.yaml:{line - 1} two"
    )


def test_a_sum_that_contains_itself_through_another_is_refused(tmp_path: Path) -> None:
    line = with_relations(
        tmp_path,
        f"one: {{kind: sum_of, left: service.items, parts: [{CASES}, {LOST}]}}",
        f"two: {{kind: sum_of, left: {CASES}, parts: [party.talks, service.items]}}",
    )
    with pytest.raises(LexiconError, match=rf"relations.yaml:{line}: two: found a cycle, service.items is part of"):
        lexicon(tmp_path / "lexicon")


def test_a_part_of_two_wholes_and_a_part_of_a_part_are_no_cycle(tmp_path: Path) -> None:
    with_relations(
        tmp_path,
        f"one: {{kind: part_of, left: party.talks, wholes: [{CASES}]}}",
        f"two: {{kind: sum_of, left: {CASES}, parts: [party.talks, service.items]}}",
        "three: {kind: part_of, left: party.talks, wholes: [service.items]}",
    )
    assert lexicon(tmp_path / "lexicon").relations


def test_a_steward_adds_an_indicator_with_a_few_lines(tmp_path: Path) -> None:
    """A new code needs data alone: no code is touched."""
    from transforms.extract import Context, extract

    folder = copied(tmp_path)
    with (folder / "indicators" / "service.yaml").open("a", encoding="utf-8") as stream:
        stream.write(
            "service.rest_stops:\n  zh: 便民驿站数\n  en: Rest stops\n  unit: 个\n  additive: true\n  measure: stock\n"
            "  direction: higher\n"
            "  frames:\n    - words: 便民驿站\n  examples:\n    - 建成便民驿站【37个】。\n"
        )
    (observation,) = extract("全县建成便民驿站37个。", Context(), lexicon(folder))
    assert observation.indicator == "service.rest_stops"
