"""The options of the subcommands that read a table, and the reading itself."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import typer

from exactsurf.errors import InputError, nearest
from exactsurf.model.bundled_data import BUNDLED, bundled_path
from exactsurf.model.csv_files.reading import OPTIONS, reading_from
from exactsurf.model.csv_files.voice import TERMINAL
from exactsurf.model.data import Data, read_data

STDIN = "-"


@dataclass(frozen=True)
class TableOptions:
    """What was said about a table at the terminal: its columns, and how its text is read.

    Attributes: `target`, `inputs` (all others if empty) `drop` and `weight`, columns; `options`, see `Reading`.
    """

    target: tuple[str, ...]
    inputs: tuple[str, ...]
    drop: tuple[str, ...]
    weight: str | None
    options: dict[str, Any]

    def read(self, data: str, progress: Callable[[int], None]) -> Data:
        """The data in a file, a bundled data set or standard input (``-``).

        Parameters: `data` as it was said; `progress` hears the number of rows. Exactness: exact. Raises: as `Data.from_csv`.
        Source: docs/guide/tables.md.
        """
        reading = reading_from({name: value for name, value in self.options.items() if value is not None}, data, TERMINAL)
        columns: dict[str, Any] = {"inputs": self.inputs or None, "drop": self.drop, "weight": self.weight}
        source: Any = sys.stdin.buffer if data == STDIN else data_path(data)
        return read_data(source, self.target, **columns, progress=progress, reading=reading, voice=TERMINAL)


NO_TABLE = TableOptions((), (), (), None, {})


def data_path(data: str) -> Path:
    """The path of a CSV file, or of the bundled data set of this name if there is no such file.

    Raises: `InputError` if there is neither and a bundled data set has nearly this name.
    """
    path = Path(data)
    if path.exists():
        return path
    if data in BUNDLED:
        return bundled_path(data)
    near = nearest(data, list(BUNDLED))
    if near and not path.suffix and path.name == data:
        fix = f"{near}bundled data sets: {', '.join(BUNDLED)}"
        raise InputError("there is no such file and no such bundled data set", file=data, fix=fix)
    return path


def data_name(data: str) -> str:
    """The beginning of names of files that are about the data."""
    return "stdin" if data == STDIN else Path(data).stem


def _options(
    target: Annotated[
        list[str],
        typer.Option(
            "--target", "-t", help="The column to predict (name or number from 1). Several: repeat it, or part them by commas."
        ),
    ],
    inputs: Annotated[
        list[str] | None,
        typer.Option("--inputs", "-x", help="The columns to use, parted by commas. Default: all others."),
    ] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="A column to leave out. Repeat it for several.")] = None,
    weight: Annotated[str | None, typer.Option("--weight", help="The column of sample weights, positive numbers.")] = None,
    header: Annotated[
        bool | None, typer.Option("--header/--no-header", help="Whether the first record names the columns. Default: found out.")
    ] = None,
    delimiter: Annotated[str | None, typer.Option(help="The separator of cells: , ; | tab or space. Default: found out.")] = None,
    quote: Annotated[str | None, typer.Option(help="The quotation mark around cells, \" or '.")] = None,
    encoding: Annotated[str | None, typer.Option(help="The encoding, e.g. latin-1 or utf-16. Default: UTF-8.")] = None,
    comment: Annotated[str | None, typer.Option(help="Pass over lines that begin so. Default: # above the first record.")] = None,
    skip: Annotated[list[str] | None, typer.Option(help="A line to pass over, or lines like 7-9. Repeat it for several.")] = None,
    decimal: Annotated[str | None, typer.Option(help="The decimal sign: . or a comma.")] = None,
    thousands: Annotated[str | None, typer.Option(help="The sign between groups of three digits: , . ' _ or space.")] = None,
    percent: Annotated[bool, typer.Option("--percent", help="Read 12% as 12/100.")] = False,
    currency: Annotated[str | None, typer.Option(help="A sign like $ or EUR to pass over.")] = None,
    booleans: Annotated[bool, typer.Option("--booleans", help="Read true and yes as 1, false and no as 0.")] = False,
    typographic: Annotated[
        bool, typer.Option("--typographic", help="Read − as a minus sign and pass over no-break spaces.")
    ] = False,
    missing: Annotated[
        str | None, typer.Option(help="drop: leave out the rows with missing cells. Default: refuse them.")
    ] = None,
    classes: Annotated[
        bool,
        typer.Option("--classes", help="The target names classes: −1 and 1 for two, else one output for each (one-hot)."),
    ] = False,
    one_hot: Annotated[bool, typer.Option("--one-hot", help="As --classes, with one output a class also for two.")] = False,
) -> None:
    """The options themselves; never called."""


def with_table_options(function: Callable[..., int]) -> Callable[..., int]:
    """A subcommand with a parameter `table`, in whose place the options of a table stand at the terminal.

    If `table` has a default, the subcommand also reads something else than a table, and ``--target`` may be left out.
    """
    options = inspect.signature(_options).parameters
    own = inspect.signature(function)

    def run(*args: Any, **kwargs: Any) -> int:
        said = {name: kwargs.pop(name) for name in options if name in kwargs}
        classes = "one-hot" if said.get("one_hot") else said.get("classes", False)
        reading = {name: said.get(name) for name in OPTIONS if name not in ("classes", "skip")}
        reading |= {"classes": classes, "skip": said.get("skip") or ()}
        target, inputs, drop = (tuple(said.get(name) or ()) for name in ("target", "inputs", "drop"))
        return function(*args, **kwargs, table=TableOptions(target, inputs, drop, said.get("weight"), reading))

    parameters = [parameter for name, parameter in own.parameters.items() if name != "table"]
    needed = [p for p in parameters if p.default is inspect.Parameter.empty]
    others = [p for p in parameters if p.default is not inspect.Parameter.empty]
    target, *further = options.values()
    is_needed = own.parameters["table"].default is inspect.Parameter.empty
    hints = get_type_hints(function, include_extras=True) | get_type_hints(_options, include_extras=True) | {"return": int}
    hints.pop("table")
    if not is_needed:
        target = target.replace(default=None)
        hints["target"] = Annotated[list[str] | None, *get_args(hints["target"])[1:]]
    ordered = [p.replace(annotation=hints[p.name]) for p in (*needed, target, *others, *further)]
    run.__signature__ = own.replace(parameters=ordered, return_annotation=int)  # type: ignore[attr-defined]
    run.__annotations__ = hints
    run.__name__, run.__doc__, run.__module__ = function.__name__, function.__doc__, function.__module__
    return run
