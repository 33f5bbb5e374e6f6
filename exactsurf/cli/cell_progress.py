"""How a run over signed cells shows how far it is, and what is said when it is interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from exactsurf.cli.terminal import say_interrupted
from exactsurf.surface.run.run import Progress as Report


def goes_on_from(checkpoint: Path, as_json: bool) -> int:
    """Say that what was done is kept, if the run came that far; the exit status."""
    if not checkpoint.exists():
        return say_interrupted(
            f"nothing was written, also not {checkpoint}, as the signed cells were still being listed", as_json
        )
    return say_interrupted(f"what was done is in {checkpoint}, and the same command goes on from there", as_json)


@contextmanager
def cell_progress(quiet: bool) -> Iterator[Report]:
    """A bar on stderr, where that is a terminal; what is called with the orbits done and all."""
    console = Console(stderr=True, quiet=quiet)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    # Elsewhere than on a terminal Rich would leave an empty line.
    silent = not console.is_terminal
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=silent) as bar:
        task = bar.add_task("signed cells", total=None, rate="")

        def report(done: int, total: int) -> None:
            if bar.tasks[0].total is None:
                # What an earlier run did has no part in the rate.
                bar.reset(task, total=total, completed=done)
            speed = bar.tasks[0].speed
            rate = f"{speed:.0f}/s" if speed and done < total else ""
            bar.update(task, completed=done, rate=rate, description="signed cells" if done < total else "merge tree")

        yield report
