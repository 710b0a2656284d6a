"""Settings: the one place that reads the environment, and where everything lies under the home folder.

Each setting is an environment variable with the prefix `FAZHI_`; `fazhi settings` lists them all.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from sources.workers import Limits

PREFIX = "FAZHI_"

POSTGRES_ADDRESS = "postgresql+psycopg2://"
"""How the address of Dagster's database begins: with the driver, since SQLAlchemy's own choice of one has changed."""

# China keeps one time and has no daylight saving, so no time zone database is needed.
CHINA_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")

# 邵阳市 and its twelve counties, in the order of their codes.
SHAOYANG = (
    "430500", "430502", "430503", "430511", "430522", "430523", "430524",
    "430525", "430527", "430528", "430529", "430581", "430582",
)  # fmt: skip


class SettingsError(Exception):
    """A setting that can't be used. Says which, what was found, what was expected and what to do, a line each."""


class Settings(BaseSettings):
    """All settings, validated. Build it with `load()`, which turns what pydantic finds into `SettingsError`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    home: Path = Field(
        default=Path("data"),
        description="folder of snapshots, staging, warehouse and run history / 数据目录",
    )
    inbox: Path | None = Field(
        default=None, description="folder `fazhi run` reads when no path is given; FAZHI_HOME/inbox if unset / 收件目录"
    )
    regions: Annotated[tuple[str, ...], NoDecode] = Field(
        default=SHAOYANG,
        description="GB/T 2260 codes to load, separated by commas, with those the same places had before / 地区代码",
    )
    first_year: int = Field(default=2015, ge=1949, le=2100, description="first report year to load / 起始年度")
    last_year: int = Field(
        default_factory=lambda: datetime.now(CHINA_TIME).year,
        ge=1949,
        le=2100,
        description="last report year to load; the current year in China if unset / 截止年度",
    )
    max_document_mb: int = Field(
        default=20, ge=1, le=1024, description="a larger document is quarantined as too_large, in MiB / 单个文件上限"
    )
    reading_seconds: int = Field(
        default=60,
        ge=1,
        le=3600,
        description="a document that takes longer to read is quarantined / 单个文件读取时限(秒)",
    )
    reading_memory_mb: int = Field(
        default=2048,
        ge=512,
        le=65536,
        description="a document that takes more memory to read is quarantined, in MiB / 单个文件内存上限",
    )
    reading_processes: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        description="documents read side by side; one a core if unset / 并行读取进程数",
    )
    corrections: Path | None = Field(
        default=None,
        description="a steward's own ledger of corrections, read beside the one that ships / 自有更正台账",
    )
    alerts: Path | None = Field(
        default=None,
        description="the file of channels and routes (alerts.yaml); without one nothing is sent / 告警配置文件",
    )
    keep_releases: int = Field(
        default=5, ge=1, le=1000, description="releases of the warehouse kept for fazhi rollback / 保留的发布版本数"
    )
    profile: Literal["local", "team"] = Field(
        default="local",
        description="where Dagster keeps its runs: local is SQLite in FAZHI_HOME, team is PostgreSQL / 运行环境",
    )
    postgres: SecretStr | None = Field(
        default=None,
        description=f"Dagster's database of the profile team: {POSTGRES_ADDRESS}user@host/database; a password may "
        "stand in it or in the file PGPASSFILE names / 数据库地址",
    )
    automation: bool = Field(
        default=False, description="schedules and sensors start switched on, as fazhi up does / 是否自动运行"
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="address the UI listens on / 界面地址")
    port: int = Field(default=3000, ge=1, le=65535, description="port the UI listens on / 界面端口")

    @field_validator("home", "inbox", "corrections", "alerts")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path else None

    @field_validator("regions", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(code.strip() for code in value.split(",") if code.strip()) if isinstance(value, str) else value

    @field_validator("regions")
    @classmethod
    def _known_regions(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        from sources.regions import regions

        unknown = [code for code in codes if code not in regions()]
        if unknown or not codes:
            which = f" ({', '.join(unknown)} is none)" if unknown else ""
            raise ValueError(f"GB/T 2260 codes of six digits at county level or above, such as 430500,430524{which}")
        return tuple(sorted(set(codes)))

    @field_validator("postgres")
    @classmethod
    def _names_the_driver(cls, address: SecretStr | None) -> SecretStr | None:
        if address and not _is_postgres_address(address.get_secret_value()):
            raise ValueError(
                f"an address such as {POSTGRES_ADDRESS}user:password@host:5432/database, where a password has "
                "@ : / ? # % written as %40 %3A %2F %3F %23 %25"
            )
        return address

    @model_validator(mode="after")
    def _team_has_a_database(self) -> Self:
        if self.profile == "team" and not self.postgres:
            raise ValueError(
                f"{PREFIX}PROFILE is team, but {PREFIX}POSTGRES is not set; expected the address of Dagster's database "
                f"there, such as {POSTGRES_ADDRESS}user@host/database; set it, or set {PREFIX}PROFILE to local"
            )
        return self

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if self.first_year > self.last_year:
            raise ValueError(
                f"{PREFIX}FIRST_YEAR {self.first_year} is after {PREFIX}LAST_YEAR {self.last_year}; "
                "expected the first year to be the earlier; set one of them"
            )
        return self

    @property
    def years(self) -> range:
        """The report years to load, both ends included."""
        return range(self.first_year, self.last_year + 1)

    @property
    def max_document_bytes(self) -> int:
        """The size above which a document is quarantined."""
        return self.max_document_mb * 1024 * 1024

    @property
    def limits(self) -> Limits:
        """What the reading of a document may take."""
        return Limits(self.reading_processes, self.reading_seconds, self.reading_memory_mb * 1024 * 1024)

    @property
    def inbox_folder(self) -> Path:
        """Where reports are put to be taken in."""
        return self.inbox or self.home / "inbox"

    @property
    def ledgers(self) -> tuple[Path, ...]:
        """The ledgers of corrections to read: the one that ships, and the steward's own."""
        from transforms.corrections import CORRECTIONS

        return (CORRECTIONS, *([self.corrections] if self.corrections else []))

    @property
    def run_lock(self) -> Path:
        """The file that a `fazhi run` at work holds locked."""
        return self.home / ".fazhi-run.lock"

    @property
    def intake_lock(self) -> Path:
        """The file that whoever takes reports in holds locked."""
        return self.home / ".fazhi-intake.lock"

    @property
    def writer_lock(self) -> Path:
        """The file that whoever builds and publishes holds locked."""
        return self.home / ".fazhi-writer.lock"

    @property
    def daemon_lock(self) -> Path:
        """The file that Dagster's daemon, alone or with the UI, holds locked."""
        return self.home / ".fazhi-daemon.lock"

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes that the configured places have or had, in order: with 邵东市 430582 also 430521 of 邵东县."""
        from sources.regions import regions

        return tuple(sorted({code for region in self.regions for code in regions().codes_of_place(region)}))

    @property
    def snapshots(self) -> Path:
        """Bytes as found, named by their hash."""
        return self.home / "snapshots"

    @property
    def staging(self) -> Path:
        """Parquet, one folder per year and region."""
        return self.home / "staging"

    @property
    def candidate(self) -> Path:
        """The warehouse that was built but not yet published."""
        return self.home / "candidate" / "warehouse.duckdb"

    @property
    def warehouse(self) -> Path:
        """The published warehouse; only ever replaced as a whole."""
        return self.home / "warehouse.duckdb"

    @property
    def quality_history(self) -> Path:
        """Every result of the expectations, as Parquet."""
        return self.home / "quality"

    @property
    def great_expectations(self) -> Path:
        """Great Expectations' own suites, checkpoints and validation results."""
        return self.home / "great_expectations"

    @property
    def data_docs(self) -> Path:
        """The Data Docs: pages of suites and results, for a browser."""
        return self.home / "data_docs"

    @property
    def exports(self) -> Path:
        """The published figures as files."""
        return self.home / "exports"

    @property
    def outbox(self) -> Path:
        """The SQLite database of alerts, and of messages to be sent."""
        return self.home / "alerts.sqlite"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance: runs, events and check results."""
        return self.home / "dagster"


SECRETS = frozenset(name for name, field in Settings.model_fields.items() if field.annotation == SecretStr | None)
"""Settings whose value is never shown."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting as `fazhi settings` lists it."""

    name: str
    value: str
    source: str
    meaning: str


def load() -> Settings:
    """The settings of this environment. Raises `SettingsError` naming each variable that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_explain_error(dict(problem)) for problem in error.errors())) from None


def explain(settings: Settings) -> Iterator[Explained]:
    """Each setting with its value, where it came from and what it means."""
    shown = {"inbox": settings.inbox_folder, "regions": ",".join(settings.regions)}
    for name, field in Settings.model_fields.items():
        source = "environment" if name in settings.model_fields_set else "default"
        value = shown.get(name, getattr(settings, name))
        yield Explained(PREFIX + name.upper(), "" if value is None else str(value), source, field.description or "")


def _is_postgres_address(address: str) -> bool:
    """Whether every program would cut it up alike, so that no part of a password is taken for a host and told."""
    parts = urlsplit(address)
    try:
        parts.port  # noqa: B018 - it is looked at when asked for
    except ValueError:
        return False
    return address.startswith(POSTGRES_ADDRESS) and address.count("@") == parts.netloc.count("@") <= 1


def _explain_error(problem: Mapping[str, object]) -> str:
    location = problem["loc"]
    message = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    if not location or not isinstance(location, tuple):
        return f"{message}."
    name = str(location[0])
    variable = PREFIX + name.upper()
    found = "something else, not shown here" if name in SECRETS else repr(problem["input"])
    return f"{variable}: found {found}, expected {message}; change or unset {variable}."
