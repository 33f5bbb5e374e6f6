"""A training problem: network, data and loss. The risk is its objective."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.data import Data
from exactsurf.model.forward import ForwardPass, forward_pass
from exactsurf.model.loss import Loss, loss_from, squared
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters, parameters_from

if TYPE_CHECKING:
    from exactsurf.cells.cell import Cell


@dataclass(frozen=True, init=False)
class Problem:
    """The problem of minimising the risk L(θ) = Σ_i ℓ(f_θ(x_i), y_i) over the parameters θ of a network.

    Parameters: `network`; `data`; `loss`, a `Loss` or a name (`squared`, the default, is ½Σ(f−y)²).
    Exactness: exact. Raises: `ShapeError` if the data do not fit the network, `InputError` if the loss does not fit the
    labels. Source: theory.md, section 1.

    >>> problem = Problem(Network([1, 2, 1]), Data.from_arrays([[0], [1], [2], [3]], [0, 1, 0, 2]))
    >>> problem
    Problem(Network(1-2-1, relu), Data(4 samples, 1 input, 1 target), squared)
    >>> problem.risk(problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1]))
    Fraction(3, 4)
    """

    network: Network
    data: Data
    loss: Loss

    def __init__(self, network: Network, data: Data, loss: Loss | str | dict[str, Any] = squared) -> None:
        for what, wanted, given in (("network", Network, network), ("data", Data, data)):
            if not isinstance(given, wanted):
                raise InputError(f"the {what} of a problem must be a {wanted.__name__}", text=repr(given))
        for what, width, got in (
            ("the table of inputs (columns)", network.widths[0], data.inputs.columns),
            ("the table of targets (columns)", network.widths[-1], data.targets.columns),
        ):
            if width != got:
                raise ShapeError(f"{what} for {network!r}", (data.inputs.rows, width), (data.inputs.rows, got))
        chosen = loss_from(loss)
        if chosen.name == "hinge":
            for sample, row in enumerate(data.targets):
                chosen.check_targets(row[0], sample, len(row))
        object.__setattr__(self, "network", network)
        object.__setattr__(self, "data", data)
        object.__setattr__(self, "loss", chosen)

    def parameters(self, **named: Any) -> Parameters:
        """Exact parameters from ``W1=…, b1=…, …``; see `parameters_from` for shapes and errors.

        >>> problem = Problem(Network([1, 1]), Data.from_arrays([[0], [1]], [0, 1]))
        >>> problem.parameters(W1=[["0.5"]], b1=[0])
        Parameters(W1=[[1/2]], b1=[0])
        """
        return parameters_from(self.network, **named)

    def cell(self, parameters: Parameters, *, side: Parameters | Literal["left", "right"] | None = None) -> Cell:
        """The cell of parameter space that holds `parameters`; its outputs and squared risk are exact polynomials.

        Parameters: `parameters` of this network; at a boundary point `side` chooses a cell; see `exactsurf.cells.cell.cell_of`.
        Exactness: exact. Raises: `ShapeError` for parameters of another network, `InputError` naming the boundary pairs at a
        point on a wall. Source: theory.md, section 1.

        >>> problem = Problem(Network([1, 1, 1]), Data.from_arrays([-1, 2], [0, 1]))
        >>> problem.cell(problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])).risk
        Polynomial(10 terms in 4 variables, degree 4)
        """
        # The interface has this method on the problem, two floors below cells; the architecture contract names the exception.
        from exactsurf.cells.cell import cell_of

        return cell_of(self, parameters, side=side)

    def forward(self, parameters: Parameters) -> ForwardPass:
        """The exact forward pass on all samples; raises `ShapeError` for parameters of another network."""
        self.check_shapes(parameters)
        return forward_pass(self.network, self.data.inputs, parameters)

    def predictions(self, parameters: Parameters) -> Matrix:
        """f_θ(x_i) for every sample: N rows of n_{L+1} Fractions."""
        columns = [vector.fractions() for vector in self.forward(parameters).outputs]
        return tuple(zip(*columns, strict=True))

    def risk(self, parameters: Parameters) -> Fraction:
        """L(θ), exactly.

        Parameters: `parameters` of this network. Exactness: exact. Raises: `ShapeError` naming both shapes.
        Source: theory.md, section 1.
        """
        return self.risk_of(self.forward(parameters).outputs)

    def risk_of(self, outputs: tuple[ScaledVector, ...]) -> Fraction:
        """The risk of given predictions, one vector over the samples per output."""
        total = Fraction(0)
        for k, vector in enumerate(outputs):
            target = self.data.targets.column(k)
            if self.loss.name == "squared":
                residual = vector.minus(target)
                total += self.loss.scale * residual.dot(residual)
            else:
                total += sum(map(self.loss.value, vector.fractions(), target.fractions()), Fraction(0))
        return total / len(self.data) if self.loss.averaged else total

    def subdifferentials(self, outputs: tuple[ScaledVector, ...]) -> tuple[tuple[ScaledVector, ScaledVector], ...]:
        """For every output the left and the right derivatives of the loss at the predictions, with the full scale."""
        share = Fraction(1, len(self.data)) if self.loss.averaged else Fraction(1)
        found = []
        for k, vector in enumerate(outputs):
            target = self.data.targets.column(k)
            if self.loss.name == "squared":
                slope = vector.minus(target).scaled(2 * self.loss.scale * share)
                found.append((slope, slope))
            else:
                pairs = [self.loss.subdifferential(*pair) for pair in zip(vector.fractions(), target.fractions(), strict=True)]
                low, high = (ScaledVector.from_fractions([share * pair[side] for pair in pairs]) for side in (0, 1))
                found.append((low, high))
        return tuple(found)

    def check_shapes(self, parameters: Parameters) -> None:
        """Raise `ShapeError` naming both shapes unless `parameters` (or a direction) belong to this network."""
        if not isinstance(parameters, Parameters):
            raise InputError("not parameters", text=repr(parameters), fix="build them with problem.parameters(W1=…, b1=…, …)")
        shapes = self.network.shapes
        got = {name: (len(v), len(v[0])) if name[0] == "W" else (len(v),) for name, v in parameters.items()}  # type: ignore[arg-type]
        if got != shapes:
            wrong = next(name for name in {**shapes, **got} if shapes.get(name) != got.get(name))
            raise ShapeError(f"{wrong} for {self.network!r}", shapes.get(wrong, "no such parameter"), got.get(wrong, "nothing"))

    def __repr__(self) -> str:
        return f"Problem({self.network!r}, {self.data!r}, {self.loss!r})"

    def _repr_html_(self) -> str:
        from exactsurf.show.notebook_view import problem_html

        return problem_html(self)
