"""Why a document could not be taken in: one exception, a closed list of reasons.

A quarantined document is listed with its reason, never dropped and never guessed at, and is picked up
again once a hint or a fix is there.
"""

from collections.abc import Callable
from enum import StrEnum


class Reason(StrEnum):
    """The closed list of quarantine reasons; stored and queried by these words."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    ENCRYPTED = "encrypted"
    TOO_COMPLEX = "too_complex"
    UNSAFE_ARCHIVE = "unsafe_archive"
    SCANNED_WITHOUT_OCR = "scanned_without_ocr"
    NEEDS_LIBREOFFICE = "needs_libreoffice"
    UNSUPPORTED_FORMAT = "unsupported_format"
    NOT_A_REPORT = "not_a_report"
    UNKNOWN_REGION = "unknown_region"
    UNKNOWN_YEAR = "unknown_year"
    REGION_NOT_CONFIGURED = "region_not_configured"
    YEAR_NOT_CONFIGURED = "year_not_configured"


class Quarantined(Exception):
    """A document that can't be read or identified.

    `detail` says what was found, what was expected and what to do, in one sentence a steward can act on.
    `region_code` and `report_year` carry what is known all the same, so that coverage can name the gap.
    """

    def __init__(
        self, reason: Reason, detail: str, *, region_code: str | None = None, report_year: int | None = None
    ) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail
        self.region_code = region_code
        self.report_year = report_year

    def __reduce__(self) -> "tuple[Callable[..., Quarantined], tuple[object, ...]]":
        """How it comes back whole from another process."""
        return _again, (self.reason, self.detail, self.region_code, self.report_year)


def _again(reason: Reason, detail: str, region_code: str | None, report_year: int | None) -> Quarantined:
    return Quarantined(reason, detail, region_code=region_code, report_year=report_year)
