"""A progress bar on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable


class ProgressBar:
    """A progress bar as a context manager; it disappears at the end."""

    def __init__(self, what: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        # Automatic refresh would need a thread, and forking a process with threads is unsafe.
        self._progress = Progress(*columns, console=console, transient=True, auto_refresh=False)
        self._task = self._progress.add_task(what, total=1.0)

    def __enter__(self) -> Callable[[float], None]:
        """Show the bar; return a function that moves it to a fraction between 0 and 1."""
        self._progress.start()
        return self._move

    def _move(self, done: float) -> None:
        self._progress.update(self._task, completed=done, refresh=True)

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        self._progress.stop()
