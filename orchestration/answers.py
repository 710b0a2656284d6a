"""Answers of the warehouse as plain text for other programs: TSV, CSV or a JSON object a row."""

import csv
import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TextIO

if TYPE_CHECKING:
    from warehouse.query import QueryResult

Form = Literal["tsv", "csv", "json"]


def write(result: "QueryResult", form: Form, out: TextIO) -> None:
    """Write all rows: `json` an object a row, `csv` and `tsv` with a header line; a NULL is an empty field."""
    if form == "json":
        for row in result.rows:
            values = {name: json_value(value) for name, value in zip(result.columns, row, strict=True)}
            out.write(json.dumps(values, ensure_ascii=False) + "\n")
        return
    rows = csv.writer(out, dialect="excel-tab" if form == "tsv" else "excel", lineterminator="\n")
    rows.writerow(result.columns)
    rows.writerows([as_text(value) for value in row] for row in result.rows)


def as_text(value: Any) -> str:
    """A value as people write it: 14200 and 99.82 without the zeros a DECIMAL carries, nothing for NULL."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | dict):
        return json.dumps(json_value(value), ensure_ascii=False)
    return str(value)


def json_value(value: Any) -> Any:
    """A value fit for JSON; decimals become numbers, dates ISO text."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date():
            return value.isoformat()
        case list():
            return [json_value(entry) for entry in value]
        case dict():
            return {str(key): json_value(entry) for key, entry in value.items()}
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)
