"""Which national five-year plan and which law-publicity plan a year belongs to (plans.csv)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PLANS = Path(__file__).with_name("plans.csv")
KINDS = ("five_year_plan", "law_publicity_plan")


class PlanError(ValueError):
    """plans.csv says something that can't be used; the message names the line."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan and the years it covers, both inclusive."""

    kind: str
    name_zh: str
    name_en: str
    first_year: int
    last_year: int


@cache
def plans(path: Path = PLANS) -> tuple[Plan, ...]:
    """All plans, checked: known kind, years in order, no two of a kind in one year. Raises PlanError."""
    taken: dict[tuple[str, int], int] = {}
    found: list[Plan] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                plan = Plan(row["kind"], row["name_zh"], row["name_en"], int(row["first_year"]), int(row["last_year"]))
            except (KeyError, TypeError, ValueError) as error:
                raise PlanError(f"{path.name}:{line}: expected kind,name_zh,name_en,first_year,last_year") from error
            if plan.kind not in KINDS or plan.first_year > plan.last_year:
                raise PlanError(f"{path.name}:{line}: expected one of {KINDS} and years in order, found {row}")
            for year in range(plan.first_year, plan.last_year + 1):
                other = taken.setdefault((plan.kind, year), line)
                if other != line:
                    raise PlanError(f"{path.name}:{line}: {year} already belongs to the plan of line {other}")
            found.append(plan)
    return tuple(found)


def plan_of(kind: str, year: int) -> Plan | None:
    """The plan of a kind (five_year_plan, law_publicity_plan) that covers a year."""
    return next((plan for plan in plans() if plan.kind == kind and plan.first_year <= year <= plan.last_year), None)
