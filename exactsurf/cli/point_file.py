"""What subcommands about a point share: its problem file, and the file for the certificate."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import typer

from exactsurf.errors import InputError
from exactsurf.interop.problem_file import read_any_problem, read_problem
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

T = TypeVar("T")
POINT_ARGUMENT = typer.Argument(help="A problem file (JSON or TOML, exactsurf-problem/1) with parameters.")
CERTIFICATE_OPTION = typer.Option("--output", "-o", help="Write the certificate: a .json or .json.gz file, or a folder for it.")
NOT_WRITTEN = "accepted by the verifier; -o FOLDER writes it"


def read_point(file: Path, missing: str) -> tuple[Problem, Parameters]:
    """The problem and the parameters of a file.

    Parameters: `missing`, what there is not without parameters, in the words of the error. Exactness: exact.
    Raises: `InputError` for a file without parameters; errors of `read_problem`. Source: README.md, "Is this point a local
    minimum?".
    """
    return _with_point(read_problem(file), file, missing)


def read_any_point(file: Path, missing: str) -> tuple[Problem | RestrictedProblem, Parameters]:
    """As `read_point`, also for a restricted problem."""
    return _with_point(read_any_problem(file), file, missing)


def _with_point(found: tuple[T, Parameters | None], file: Path, missing: str) -> tuple[T, Parameters]:
    problem, parameters = found
    if parameters is None:
        raise InputError(f"the problem file has no parameters, so there is {missing}", file=str(file), fix='add "parameters"')
    return problem, parameters


def certificate_file(output: Path, problem: Path, about: str = "") -> Path:
    """The file for the certificate: the one that is named, or one named after the problem, and what it is about, in a folder.

    Parameters: `output`, a file or a folder; `problem`, its file; `about`, one word. Exactness: nothing is computed.
    Raises: nothing. Source: none.

    >>> certificate_file(Path("results"), Path("xor.json"), "regions").as_posix()
    'results/xor.regions.certificate.json'
    """
    is_file = output.name.endswith((".json", ".json.gz")) and not output.is_dir()
    return output if is_file else output / f"{problem.stem}{about and '.'}{about}.certificate.json"
