"""Writing problem files (`exactsurf-problem/1`)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from exactsurf.certificate.problem_document import number_document, parameters_document, problem_document
from exactsurf.errors import InputError
from exactsurf.files import write_file
from exactsurf.interop.problem_file import FORMAT
from exactsurf.model.activation import Activation
from exactsurf.model.activation_names import activation_from
from exactsurf.model.loss import Loss
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


def problem_text(problem: Problem, parameters: Parameters | None = None) -> str:
    """The problem file of a problem, with its data restated: what `read_problem` reads back.

    Parameters: `problem`; `parameters` of its network. Exactness: exact. Raises: nothing. Source: `read_problem`.

    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> print(problem_text(Problem(Network([1, 1]), Data.from_arrays([0], [1]))).splitlines()[1])
      "format": "exactsurf-problem/1",
    """
    restated = problem_document(problem, embed=True)
    document: dict[str, Any] = {
        "format": FORMAT,
        **restated,
        "activation": _named(problem.network.activation) or restated["activation"],
        "loss": _loss_document(problem.loss),
    }
    if parameters is not None:
        document["parameters"] = parameters_document(parameters)
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in document.items())
    return f"{{\n{lines}\n}}\n"


def _named(h: Activation) -> str | None:
    """The name of an activation, if a problem file may use it."""
    try:
        return h.name if h.name and activation_from(h.name) == h else None
    except InputError:
        return None


def _loss_document(loss: Loss) -> dict[str, Any]:
    document: dict[str, Any] = {"name": loss.name, "scale": number_document(loss.scale), "mean": loss.averaged}
    return document if loss.delta is None else {**document, "delta": number_document(loss.delta)}


def write_problem(path: str | os.PathLike[str], problem: Problem, parameters: Parameters | None = None) -> Path:
    """Write a problem file; it appears whole or not at all.

    Parameters: `path`; `problem`; `parameters` of its network. Returns: the path. Exactness: exact; the data are restated.
    Raises: `InputError` if it cannot be written. Source: `read_problem`.

    >>> import exactsurf as es, tempfile, pathlib
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, 3]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     es.load(es.write_problem(pathlib.Path(folder, "line.json"), problem))
    (Problem(Network(1-1, relu), Data(2 samples, 1 input, 1 target), squared), None)
    """
    return write_file(path, problem_text(problem, parameters).encode())
