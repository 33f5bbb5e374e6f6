"""A training problem with a smooth activation: its risk is a real number that balls enclose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exactsurf import display
from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.model.activation import Activation, linear
from exactsurf.model.data import Data
from exactsurf.model.loss import Loss, loss_from, squared
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters, parameters_from
from exactsurf.model.smooth_activation import PIECEWISE_LINEAR, SmoothActivation, smooth_activation_from


@dataclass(frozen=True, init=False)
class SmoothProblem:
    """The problem of minimising the squared risk of a network whose hidden units have a smooth activation.

    Parameters: `widths`, `data`, `activation` (a `SmoothActivation`, its name, or ``{"elu": "1/2"}``), `biases` as for
    `Network`, `loss` (squared, with any scale). It is a type of its own, because everything that `Problem` promises is
    rational. A piecewise linear `Activation` is smooth between its breakpoints, where `find_critical_box` finds boxes; it
    then has no name here, as for everything else there is `Problem`.
    Exactness: exact. Raises: `InputError`, `ShapeError` as `Problem` and `Network`; `UnsupportedError` for other losses.
    Source: theory.md, section 7.

    >>> SmoothProblem([1, 2, 1], Data.from_arrays([0, 1, 2], [0, 1, 0]), "tanh")
    SmoothProblem(1-2-1, tanh, Data(3 samples, 1 input, 1 target), squared)
    """

    architecture: Network
    activation: SmoothActivation
    data: Data
    loss: Loss

    def __init__(
        self,
        widths: Sequence[int],
        data: Data,
        activation: SmoothActivation | Activation | str | Mapping[str, Any],
        *,
        biases: bool | Sequence[bool] = True,
        loss: Loss | str = squared,
    ) -> None:
        architecture, chosen = Network(widths, linear, biases=biases), loss_from(loss)
        if not isinstance(data, Data):
            raise InputError("the data of a problem must be a Data", text=repr(data))
        if chosen.name != "squared":
            raise UnsupportedError(f"smooth activations are analysed with the squared loss, not with {chosen!r}")
        sizes = architecture.widths
        for what, width, got in (
            ("the table of inputs (columns)", sizes[0], data.inputs.columns),
            ("the table of targets (columns)", sizes[-1], data.targets.columns),
        ):
            if width != got:
                raise ShapeError(what, (data.inputs.rows, width), (data.inputs.rows, got))
        object.__setattr__(self, "architecture", architecture)
        if isinstance(activation, Activation):
            activation = SmoothActivation(PIECEWISE_LINEAR, piecewise=activation)
        object.__setattr__(self, "activation", smooth_activation_from(activation))
        object.__setattr__(self, "data", data)
        object.__setattr__(self, "loss", chosen)

    @property
    def widths(self) -> tuple[int, ...]:
        """n_0, …, n_{L+1}."""
        return self.architecture.widths

    @property
    def biases(self) -> tuple[bool, ...]:
        """Which layers have a bias."""
        return self.architecture.biases

    def parameters(self, **named: Any) -> Parameters:
        """Exact parameters from ``W1=…, b1=…, …``; see `parameters_from` for shapes and errors."""
        return parameters_from(self.architecture, **named)

    def check_shapes(self, parameters: Parameters) -> None:
        """Raise `ShapeError` naming both shapes unless `parameters` belong to this network."""
        if not isinstance(parameters, Parameters):
            raise InputError("not parameters", text=repr(parameters), fix="build them with problem.parameters(W1=…, b1=…, …)")
        shapes = self.architecture.shapes
        got = {name: (len(v), len(v[0])) if isinstance(v[0], tuple) else (len(v),) for name, v in parameters.items()}
        for name in {**shapes, **got}:
            if shapes.get(name) != got.get(name):
                raise ShapeError(name, shapes.get(name, "no such parameter"), got.get(name, "nothing"))

    def __repr__(self) -> str:
        widths = "-".join(map(str, self.widths))
        biases = "" if all(self.biases) else f", biases={list(self.biases) if any(self.biases) else False}"
        return f"SmoothProblem({widths}, {self.activation!r}{biases}, {self.data!r}, {self.loss!r})"

    def _repr_html_(self) -> str:
        return display.problem_html(self)
