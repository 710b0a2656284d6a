"""Made-up problems, and files of alerts, that the tests of alerting share."""

from datetime import UTC, datetime
from pathlib import Path

from orchestration.alerts.config import AlertConfig, load_config
from orchestration.alerts.model import Kind, Problem, Severity

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)
"""In China; no quiet hours."""

NIGHT = datetime(2026, 11, 26, 15, tzinfo=UTC)
"""23:00 in China."""

YAML = """\
digest_over: 10
top: 10
channels:
  office: {url: "json://localhost:9/office"}
  press: {url: "json://localhost:9/press"}
routes:
  - {to: [office]}
  - {to: [press], severity: error}
"""
QUIET = 'quiet_hours: {from: "22:00", to: "07:00", errors: true}\n'


def configured(folder: Path, text: str = YAML) -> AlertConfig:
    path = folder / "alerts.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def problem(
    name: str = "a", severity: Severity = "warning", kind: Kind = "expectation", region: str = "430524"
) -> Problem:
    """A problem whose fingerprint begins with its name in hexadecimal digits."""
    return Problem(
        name.encode().hex().ljust(16, "0"),
        kind,
        severity,
        "steward",
        region,
        "litigation",
        f"隆回县 2023 行政诉讼败诉率 {name}",
        f"Longhui 2023 loss rate {name}",
        {"sentence": "行政诉讼败诉率3.1%。", "year": 2023},
    )
