"""What a workbook's number format shows of a value: 0.985 as 98.5%, 45307 as 2024-01-16, 12 as 12件.

After ECMA-376 part 1, 18.8.31 (number formats), as far as it changes the figure read. A format that isn't followed here
(fractions, exponents) leaves the value as it is.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite

_TOKEN = re.compile(
    r'"([^"]*)"|[\\!](.)|[_*].|(\[[^\]]*\])|([0#?.,]+)|(%)|(General|G/通用格式)|(.)', re.IGNORECASE | re.DOTALL
)
_CONDITION = re.compile(r"\[(?P<sign><=|>=|<>|<|>|=)(?P<than>-?\d{1,15}(?:\.\d{1,15})?)\]")
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    **{"<": operator.lt, "<=": operator.le, "=": operator.eq},
    **{">": operator.gt, ">=": operator.ge, "<>": operator.ne},
}
_PLACES_ONLY = re.compile(r"[0#?]+(?P<thousands>,*)")
_NUMBER = re.compile(r"(?P<whole>[0#?,]*?)(?P<thousands>,*)(?:\.(?P<decimals>[0#?]*)(?P<more>,*))?")
_UNFOLLOWED = re.compile(r"[eE][+-]|/|@")
_MOST_DIGITS = 15
# What spreadsheet programs let one write: characters of a format, and digits behind the point.
_LONGEST, _MOST_DECIMALS = 255, 30
_EXACT = Context(prec=2 * _MOST_DIGITS + 1 + _MOST_DECIMALS)


def shown(value: object, number_format: str) -> str:
    """The text of a cell; "" for none, for an error value (#DIV/0!) what it says."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime | date | time):
        return _moment(value, number_format)
    return str(value)


def plain(value: float) -> str:
    """A number without the noise of binary fractions: 12.0 is 12, 0.30000000000000004 is 0.3."""
    if isinstance(value, float) and not value.is_integer():
        number = Decimal(f"{value:.{_MOST_DIGITS}g}")
        return f"{number:f}" if abs(value) > 1e-9 else str(number)
    return str(int(value)) if abs(value) < 10**_MOST_DIGITS else f"{Decimal(value):.{_MOST_DIGITS}g}"


def _number(value: float, number_format: str) -> str:
    if isinstance(value, float) and not isfinite(value):
        return ""
    if len(number_format) > _LONGEST:
        return plain(value)
    section, value = _section(value, number_format)
    tokens = list(_tokens(section))
    patterns = [text for kind, text in tokens if kind == "number" and text.strip(",")]
    if _UNFOLLOWED.search(_unquoted(section)):
        return plain(value)
    if len(patterns) > 1:
        return ("-" if value < 0 else "") + _placed(abs(value), tokens, patterns)
    if not any(kind in ("number", "general") for kind, _ in tokens) and ";" not in number_format:
        return plain(value)
    percents = sum(kind == "%" for kind, _ in tokens)
    return ("-" if value < 0 else "") + "".join(_shown(abs(value), *token, percents) for token in tokens).strip()


def _shown(value: float, kind: str, text: str, percents: int) -> str:
    """What one part of a format shows of a value."""
    if kind == "general":
        return plain(value)
    return _digits(value, text, percents) if kind == "number" else text


def _section(value: float, number_format: str) -> tuple[str, float]:
    """The part of the format for a value of its sign, which shows the sign itself where there is one for negatives."""
    sections = _split(number_format)
    if any(_CONDITION.search(section) for section in sections):
        return next((section for section in sections if _holds(section, value)), "General"), value
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    return (sections[2] if value == 0 and len(sections) > 2 else sections[0]), value


def _holds(section: str, value: float) -> bool:
    """Whether a section is for this value; one without a condition is for all that are left."""
    condition = _CONDITION.search(section)
    return condition is None or _COMPARED[condition["sign"]](value, float(condition["than"]))


def _placed(value: float, tokens: Sequence[tuple[str, str]], patterns: Sequence[str]) -> str:
    """A whole number over several places with text between, from the right: `0!.0,` shows 12345 as 1.2."""
    places = [_PLACES_ONLY.fullmatch(pattern) for pattern in patterns]
    if not all(places) or any(place and place["thousands"] for place in places[:-1]) or ("%", "%") in tokens:
        return plain(value)
    digits = _digits(value, "0" * sum(len(pattern.rstrip(",")) for pattern in patterns) + patterns[-1].lstrip("0#?"), 0)
    shown, left = "", len(patterns)
    for kind, text in reversed(tokens):
        if kind != "number":
            shown = text + shown
            continue
        left -= 1  # the first place has all digits that are left
        at = len(digits) - len(text.rstrip(",")) if left else 0
        digits, shown = digits[:at], digits[at:] + shown
    return shown.strip()


def _split(number_format: str) -> list[str]:
    sections = [""]
    for match in _TOKEN.finditer(number_format):
        if match[0] == ";":
            sections.append("")
        else:
            sections[-1] += match[0]
    return sections


def _tokens(section: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(section):
        quoted, escaped, bracketed, number, percent, general, other = match.groups()
        if number and number.strip(",."):
            yield "number", number
        elif percent:
            yield "%", "%"
        elif general:
            yield "general", general
        elif bracketed:
            # [$¥-804] is a currency; [Red], [$-804], [DBNum1] are none.
            yield "literal", bracketed[2:-1].split("-")[0] if bracketed.startswith("[$") else ""
        else:
            yield "literal", quoted or escaped or other or ""


def _unquoted(section: str) -> str:
    return "".join(match[0] for match in _TOKEN.finditer(section) if match[4] or match[7])


def _digits(value: float, pattern: str, percents: int) -> str:
    """`#,##0.0` of 1362.25 is 1,362.3; a comma behind the last digit divides by a thousand."""
    found = _NUMBER.fullmatch(pattern)
    decimals = (found["decimals"] or "") if found else ""
    if found is None or len(decimals) > _MOST_DECIMALS:
        return plain(value)
    thousands = len(found["more"] or "") if found["decimals"] is not None else len(found["thousands"])
    number = (
        Decimal(repr(value) if isinstance(value, float) else value)
        * Decimal(100) ** percents
        / Decimal(1000) ** thousands
    )
    if number.adjusted() > 2 * _MOST_DIGITS:
        return plain(value)
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _EXACT)
    whole, _, fraction = f"{rounded:f}".partition(".")
    kept = len(decimals.rstrip("#?"))
    fraction = fraction[:kept] + fraction[kept:].rstrip("0")
    whole = whole.zfill(found["whole"].count("0"))
    if "," in found["whole"]:
        whole = f"{int(whole):,}"
    return f"{whole}.{fraction}" if fraction else whole


def _moment(value: datetime | date | time, number_format: str) -> str:
    """A date as 2024-01-16, with its time where there is one; a year or month where no more is shown."""
    if isinstance(value, time):
        return value.isoformat("minutes")
    shows = {letter for letter in "ymdhs" if letter in _unquoted(number_format).lower()}
    if shows == {"y"}:
        return f"{value.year}年"
    if shows == {"y", "m"}:
        return f"{value.year}年{value.month}月"
    if shows == {"m", "d"}:
        return f"{value.month}月{value.day}日"
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(" ", "minutes")
    return (value.date() if isinstance(value, datetime) else value).isoformat()
