"""Settings from the environment: what is taken, and what a wrong one is answered with."""

from pathlib import Path

import pytest

from orchestration.settings import SHAOYANG, SettingsError, explain, load


def test_everything_lies_below_data_in_the_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load()
    assert settings.home == tmp_path / "data"
    assert settings.inbox_folder == tmp_path / "data" / "inbox"
    assert settings.warehouse == tmp_path / "data" / "warehouse.duckdb"
    assert settings.candidate.parent.parent == settings.home
    assert settings.regions == SHAOYANG


def test_regions_are_codes_separated_by_commas_and_kept_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_REGIONS", "430524, 430500,430524")
    assert load().regions == ("430500", "430524")


def test_a_configured_place_includes_the_codes_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_REGIONS", "430500,430582")
    assert (load().regions, load().codes) == (("430500", "430582"), ("430500", "430521", "430582"))
    monkeypatch.setenv("FAZHI_REGIONS", "430521")
    assert load().codes == ("430521", "430582")


def test_the_listing_says_where_a_value_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_PORT", "3100")
    listed = {setting.name: setting for setting in explain(load())}
    assert (listed["FAZHI_PORT"].value, listed["FAZHI_PORT"].source) == ("3100", "environment")
    assert (listed["FAZHI_HOST"].value, listed["FAZHI_HOST"].source) == ("127.0.0.1", "default")
    assert all(setting.meaning for setting in listed.values())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("FAZHI_REGIONS", "430500,999999", "GB/T 2260 codes of six digits"),
        ("FAZHI_REGIONS", ",", "GB/T 2260 codes of six digits"),
        ("FAZHI_PORT", "70000", "less than or equal to 65535"),
        ("FAZHI_PORT", "http", "a valid integer"),
        ("FAZHI_FIRST_YEAR", "24", "greater than or equal to 1949"),
        ("FAZHI_MAX_DOCUMENT_MB", "0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_value_says_what_was_found_and_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load()
    assert str(refused.value).startswith(f"{name}: found {value!r}, expected ")
    assert expected in str(refused.value)
    assert str(refused.value).endswith(f"change or unset {name}.")


def test_an_unknown_region_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_REGIONS", "430500,430599")
    with pytest.raises(SettingsError, match=r"430599 is none"):
        load()


def test_years_must_be_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_FIRST_YEAR", "2024")
    monkeypatch.setenv("FAZHI_LAST_YEAR", "2020")
    with pytest.raises(SettingsError, match="FAZHI_FIRST_YEAR 2024 is after FAZHI_LAST_YEAR 2020"):
        load()


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_PORT", "0")
    monkeypatch.setenv("FAZHI_REGIONS", "x")
    with pytest.raises(SettingsError) as refused:
        load()
    assert len(str(refused.value).splitlines()) == 2
