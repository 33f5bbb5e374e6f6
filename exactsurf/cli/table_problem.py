"""A problem as the terminal names it: a problem file, or a table with a network and a loss."""

from __future__ import annotations

from pathlib import Path

from exactsurf.cli.table_options import STDIN, TableOptions, data_path
from exactsurf.cli.terminal import Stage
from exactsurf.effort import Effort
from exactsurf.errors import InputError
from exactsurf.interop.load import is_problem
from exactsurf.interop.problem_file import check_piecewise_linear_file, read_any_problem, read_piecewise_linear_problem
from exactsurf.model.activation_names import activation_from
from exactsurf.model.bundled_data import BUNDLED
from exactsurf.model.losses import loss_from
from exactsurf.model.network import Network
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

_TABLES = (".csv", ".tsv", ".txt", ".dat", ".tab")


def hidden_widths(text: str) -> list[int]:
    """Widths of hidden layers, parted by commas.

    Raises: `InputError` for anything else.

    >>> hidden_widths("3,2"), hidden_widths("")
    ([3, 2], [])
    """
    widths = []
    for part in filter(None, text.split(",")):
        if not part.strip().isascii() or not part.strip().isdigit() or len(part) > 6:
            raise InputError("--hidden needs widths separated by commas", text=text, fix="for example --hidden 2 or --hidden 3,2")
        widths.append(int(part))
    return widths


def reading(stage: Stage, rows: int, effort: Effort) -> None:
    """What is told, and asked, while a table is read."""
    stage(f"reading the data, row {rows}")
    effort.check(f"{rows} rows of the data were read")


def read_problem_or_table(
    source: str, table: TableOptions, network: dict[str, str | None], asker: str, stage: Stage, effort: Effort
) -> Problem:
    """The problem in a problem file; or, if a target was said, that of a table, a bundled data set or standard input.

    Parameters: `network`, what was said with ``--hidden``, ``--activation`` and ``--loss`` (None: nothing); `asker`, who needs
    it, in the words of an error. Exactness: exact. Raises: `InputError` if options and file do not fit together; errors of
    reading. Source: docs/guide/tables.md.
    """
    if not table.target:
        return _from_problem_file(source, table, network, asker)
    _check_is_table(source)
    h, loss = activation_from(network["activation"] or "relu"), loss_from(network["loss"] or "squared")
    widths = hidden_widths(network["hidden"] or "")
    read = table.read(source, lambda rows: reading(stage, rows, effort))
    targets = read.targets.columns
    return Problem(Network([read.inputs.columns, *(widths or [targets + 1]), targets], h), read, loss)


def read_any_problem_or_table(
    source: str, table: TableOptions, network: dict[str, str | None], asker: str, stage: Stage, effort: Effort
) -> Problem | RestrictedProblem:
    """As `read_problem_or_table`; a problem file may have a restriction."""
    if table.target:
        return read_problem_or_table(source, table, network, asker, stage, effort)
    path = _problem_file(source, table, network, asker)
    found, _ = read_any_problem(path)
    if isinstance(found, Problem):
        check_piecewise_linear_file(found, path, asker)
    return found


def _from_problem_file(source: str, table: TableOptions, network: dict[str, str | None], asker: str) -> Problem:
    return read_piecewise_linear_problem(_problem_file(source, table, network, asker), asker)[0]


def _problem_file(source: str, table: TableOptions, network: dict[str, str | None], asker: str) -> Path:
    path = Path(source)
    if source == STDIN or path.suffix.lower() in _TABLES or (source in BUNDLED and not path.exists()):
        fix = f"say which column is predicted, for example: {asker} {source} --target y --hidden 2"
        raise InputError("a table needs --target", file=source, fix=fix)
    said = [f"--{name}" for name, value in network.items() if value is not None]
    said += [f"--{name}" for name in ("inputs", "drop", "weight") if getattr(table, name)]
    said += [f"--{name}" for name, value in table.options.items() if value not in (None, False, ())]
    if said:
        fix = f"with a problem file leave out {', '.join(said)}; with a table add --target"
        raise InputError("options about a table have no effect on a problem file", text=", ".join(said), file=source, fix=fix)
    return path


def _check_is_table(source: str) -> None:
    if source == STDIN:
        return
    path = data_path(source)
    try:
        with path.open("rb") as file:
            start = file.read(1000)
    except OSError:
        return  # the reader of tables says so
    if is_problem(path, start):
        raise InputError("is a problem file, which names its target itself", file=source, fix="leave out --target")
