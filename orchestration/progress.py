"""How far a long step has come: what the assets report to, and the bar that shows it on a terminal."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Whatever wants to be told how far a step has come."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """`done` of `total` things of this step are finished."""


def silent(step: str, done: int, total: int) -> None:
    """For runs that nobody watches, such as those started in the Dagster UI."""


def counted(items: Iterable[T], step: str, total: int, progress: Progress) -> Iterator[T]:
    """The items, telling `progress` before each how many are done."""
    for done, item in enumerate(items):
        progress(step, done, total)
        yield item
    progress(step, total, total)


@contextmanager
def working(step: str, progress: Progress) -> Iterator[None]:
    """A step that can't say how far it has come: only that it has begun, and that it is done."""
    progress(step, 0, 1)
    yield
    progress(step, 1, 1)


@contextmanager
def bar_on_terminal() -> Iterator[Progress]:
    """A progress bar on standard error where that is a terminal; nothing at all elsewhere."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.progress import (
        Progress as RichProgress,
    )

    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with RichProgress(*columns, console=console, transient=True) as bars:
        tasks = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show
