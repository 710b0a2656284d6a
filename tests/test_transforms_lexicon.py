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


def test_relations_name_known_indicators() -> None:
    for relation in lexicon().relations:
        assert relation.kind in ("rate", "part_of", "sum_of")
        assert {relation.left, *relation.parts, *relation.wholes} <= lexicon().indicators.keys()


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
        ("topics.yaml", "热线: [热线, '12348']", "热线: [热线, 12348]", "expected a list of words"),
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


def test_a_steward_adds_an_indicator_with_a_few_lines(tmp_path: Path) -> None:
    """A new code needs data alone: no code is touched."""
    from transforms.extract import Context, extract

    folder = copied(tmp_path)
    with (folder / "indicators" / "service.yaml").open("a", encoding="utf-8") as stream:
        stream.write(
            "service.rest_stops:\n  zh: 便民驿站数\n  en: Rest stops\n  unit: 个\n  additive: true\n"
            "  frames:\n    - words: 便民驿站\n  examples:\n    - 建成便民驿站【37个】。\n"
        )
    (observation,) = extract("全县建成便民驿站37个。", Context(), lexicon(folder))
    assert observation.indicator == "service.rest_stops"
