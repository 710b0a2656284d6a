"""Whose doing it is that bytes can't be read: a parser's, which foreign bytes may make raise anything, or our own.

Which exceptions a parser raises at damaged bytes nobody can list: zipfile raises NotImplementedError and IndexError, an
image's decoder SyntaxError. They are told by where they come from instead: what was raised beyond our innermost line,
in a library that reads a format, speaks of the file. What was raised by that line itself, a fault of ours, does not,
and neither does a full disk, missing memory or a library that can't be loaded.
"""

import logging
import sys
from itertools import dropwhile
from traceback import walk_tb
from types import FrameType

_LOG = logging.getLogger(__name__)
_OURS = __name__.partition(".")[0]
_PARSERS_OF_PYTHON = frozenset(("email", "json", "zipfile"))
"""The others of Python's own modules are tools: what they raise, such as the median of nothing, is ours."""
_TOOLS = frozenset(sys.stdlib_module_names) - _PARSERS_OF_PYTHON
_MOST_SAID = 200


def damage(error: Exception) -> str:
    """What a parser found at foreign bytes: `zipfile: NotImplementedError: zip file version 9.6`.

    Raises `error` itself where it isn't a parser's: a refusal, a fault of ours or of the machine.
    """
    parser = _parser(error)
    if parser is None:
        raise error
    _LOG.debug("%s gave up on foreign bytes", parser, exc_info=error)
    said = " ".join(str(error).split())[:_MOST_SAID]
    return f"{parser}: {type(error).__name__}" + (f": {said}" if said else "")


def _parser(error: Exception) -> str | None:
    """The library that raised it while it read a file; None where that is none's doing."""
    # The errors of the operating system have a number; those that parsers call OSError haven't.
    if isinstance(error, MemoryError | ImportError) or (isinstance(error, OSError) and error.errno is not None):
        return None
    called = _beyond_our_code(error)
    if not called or called[0].f_code.co_name == "<module>":  # it fails while it is loaded, whatever the file
        return None
    return _library(called[0])


def _beyond_our_code(error: Exception) -> list[FrameType]:
    """The frames from the library that our innermost line called to where the error was raised."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    innermost = max((at for at, frame in enumerate(frames) if _library(frame) == _OURS), default=-1)
    return list(dropwhile(lambda frame: _library(frame) in _TOOLS, frames[innermost + 1 :]))


def _library(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
