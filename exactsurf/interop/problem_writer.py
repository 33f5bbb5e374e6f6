"""Writing problem files (`exactsurf-problem/1`)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from exactsurf.certificate.problem_document import (
    data_document,
    network_document,
    number_document,
    parameters_document,
    vector_document,
)
from exactsurf.errors import InputError, check_kind
from exactsurf.files import write_file
from exactsurf.interop.problem_file import FORMAT
from exactsurf.model.activation import Activation
from exactsurf.model.activation_names import activation_from
from exactsurf.model.loss import Loss
from exactsurf.model.losses import FAMILIES
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.smooth_activation import SmoothActivation
from exactsurf.model.smooth_expression import infix


def problem_text(about: Problem | RestrictedProblem, parameters: Parameters | None = None) -> str:
    """The problem file of a problem, with its data restated: what `read_problem` reads back.

    Parameters: `about`, a problem, restricted or not; `parameters` of its network. Exactness: exact.
    Raises: `ShapeError` for those of another one, `InputError` for those that do not obey the restriction.
    Source: `read_problem`.

    >>> import exactsurf as es
    >>> print(problem_text(es.Problem(es.Network([1, 1]), es.Data.from_arrays([0], [1]))).splitlines()[1])
      "format": "exactsurf-problem/1",
    """
    problem = about.unrestricted if isinstance(about, RestrictedProblem) else about
    if parameters is not None:
        problem.check_shapes(parameters)
        if isinstance(about, RestrictedProblem):
            about.values(parameters)
    network, data, weights = network_document(problem.network), data_document(problem, embed=True), problem.data.weights
    document: dict[str, Any] = {
        "format": FORMAT,
        **network,
        "activation": _described(problem.network.activation, network["activation"]),
        "loss": _loss_document(problem.loss),
        **_decay_document(problem),
        "data": data if weights is None else {**data, "weights": vector_document(weights)},
    }
    if isinstance(about, RestrictedProblem):
        document["restriction"] = about.restriction.expressions()
    if parameters is not None:
        document["parameters"] = parameters_document(parameters)
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in document.items())
    return f"{{\n{lines}\n}}\n"


def _decay_document(problem: Problem) -> dict[str, Any]:
    decay = problem.decay
    return {} if decay is None else {"weight_decay": number_document(decay.factor), "decay_biases": decay.biases}


def _described(h: Activation, restated: dict[str, Any]) -> Any:
    """An activation as a problem file may have it: a name, or its numbers, constants or expression."""
    try:
        if h.name and activation_from(h.name) == h:
            return h.name
    except InputError:
        pass
    if not isinstance(h, SmoothActivation):
        return restated
    if h.tree is not None:
        return {"expression": infix(h.tree)}
    constants = [number_document(value) for value in h.named_constants.values()]
    return {h.name: constants[0] if len(constants) == 1 else constants}


def _loss_document(loss: Loss) -> dict[str, Any]:
    factors: dict[str, Any] = {"scale": number_document(loss.scale), "mean": loss.averaged}
    if loss.name in FAMILIES:
        return {"name": loss.name, **factors, **{name: number_document(value) for name, value in loss.constants}}
    if not loss.is_piecewise_quadratic:
        return {"expression": infix(loss.expression), **factors}
    pieces = [vector_document(piece) for piece in loss.pieces]
    return {"gap": loss.gap, "breakpoints": vector_document(loss.breakpoints), "pieces": pieces, **factors}


def write_problem(
    path: str | os.PathLike[str], problem: Problem | RestrictedProblem, parameters: Parameters | None = None
) -> Path:
    """Write a problem file; it appears whole or not at all.

    Parameters: `path`; `problem`; `parameters` of its network. Returns: the path. Exactness: exact; the data are restated.
    Raises: `InputError` if it cannot be written; as `problem_text`. Source: `read_problem`.

    >>> import exactsurf as es, tempfile, pathlib
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, 3]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     es.load(es.write_problem(pathlib.Path(folder, "line.json"), problem))
    (Problem(Network(1-1, linear model), Data(2 samples, 1 input, 1 target), squared), None)
    """
    check_kind(problem, (Problem, RestrictedProblem), "write_problem", "build it with Problem(network, data, loss)")
    return write_file(path, problem_text(problem, parameters).encode())
