"""The one-sided derivative of the risk where only the first layer has kinks: G·δ + Σ_j F_j(δ_j), unit by unit.

Pre-activations of the first layer are linear in the parameters, so nothing is lost to first order, and rays from the point
stay in closed cells. One hidden layer is always of this kind; deeper networks are where no unit above sits on a breakpoint.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.exact.linear_algebra import Vector, dot, to_flint, to_fraction
from exactsurf.exact.scaled_vector import ScaledVector, combine
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.local.local_form import LocalForm, local_form
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import fmpq_mat


@dataclass(frozen=True)
class FirstLayerForm:
    """F(δ) = G·δ + Σ_j F_j(δ_j): `above` is G, zero in layer 1; `units[j]` is F_j in the weights (and bias) of unit j.

    Without hidden layers there are no units, and G is all. The gradient of weight decay is in them.

    Exactness: exact. Source: theory.md, sections 3 and 5; proofs/rules/unitwise.md, lemma 2, for the frozen risk.
    """

    above: Parameters
    units: tuple[LocalForm, ...]

    @property
    def is_linear(self) -> bool:
        """Whether no unit has a kink, so that the risk is differentiable."""
        return not any(form.hyperplanes for form in self.units)

    def mean_gradient(self, problem: Problem) -> Parameters:
        """G and the linear parts g_j of the F_j: the gradient where there is one."""
        if problem.network.layers == 1:
            return self.above  # there are no units
        width = problem.network.widths[0]
        first = tuple(tuple(form.gradient[:width]) for form in self.units)
        shift = tuple(form.gradient[width] for form in self.units) if problem.network.biases[0] else None
        return Parameters((first, *self.above.weights[1:]), (shift, *self.above.biases[1:]))


def first_layer_form(point: Point) -> FirstLayerForm | NotProved:
    """The derivative form at `point`, or in words which kink lies elsewhere.

    Parameters: `point`. Exactness: exact. Raises: nothing. Source: `FirstLayerForm`.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [1, 1]))
    >>> theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    >>> first_layer_form(Point(problem, theta)).units[0]
    LocalForm(gradient=(Fraction(0, 1), Fraction(-1, 2)), hyperplanes=(Hyperplane(name=0, normal=(Fraction(0, 1), \
Fraction(1, 1)), kink=Fraction(-1, 2)),))
    """
    problem, parameters, forward = point.problem, point.parameters, point.forward
    h, size = problem.network.activation, len(problem.data)
    errors = []
    for low, high in point.undecayed.subdifferentials:
        if low is not high:
            kink = next((i for i in range(size) if low[i] != high[i]), None)
            if kink is not None:
                return NotProved(f"the {problem.loss.title} loss has a kink at the prediction of sample {kink}")
        errors.append(low)
    for layer in range(problem.network.layers, 1, -1):
        columns = zip(*parameters.weights[layer - 1], strict=True)
        errors = [combine(errors, column, Fraction(0), size) for column in columns]
        if layer == 2:
            break
        slopes = []
        for j, z in enumerate(forward.pre_activations[layer - 2]):
            pieces = h.pieces(z)
            kink = next((i for i, (left, right) in enumerate(pieces) if left != right), None)
            if kink is not None:
                return NotProved(f"unit {j} of layer {layer - 1} sits on a breakpoint on sample {kink}")
            slopes.append(ScaledVector.from_fractions([h.slopes[left] for left, _ in pieces]))
        errors = [error.times(slope) for error, slope in zip(errors, slopes, strict=True)]
    whole, decay = selected_gradient(point.undecayed), problem.decay
    pull = None if decay is None else decay.gradient(parameters)
    if pull is not None:
        whole = whole.moved(pull, Fraction(1))
    if problem.network.layers == 1:
        return FirstLayerForm(whole, ())
    units = tuple(local_form(problem, z, error) for z, error in zip(forward.pre_activations[0], errors, strict=True))
    if pull is not None:
        entries, rows = vector_of(pull), row_positions(problem.network)[0]
        units = tuple(form.tilted(tuple(entries[p] for p in row)) for form, row in zip(units, rows, strict=True))
    first = tuple((Fraction(0),) * len(row) for row in whole.weights[0])
    shift = whole.biases[0] and (Fraction(0),) * len(whole.biases[0])
    return FirstLayerForm(Parameters((first, *whole.weights[1:]), (shift, *whole.biases[1:])), units)


def kinked_pair(form: LocalForm) -> tuple[Vector, Vector]:
    """Two directions with F(d) + F(e) ≠ F(d + e), for a local form with a hyperplane: F is not linear.

    Parameters: `form` with at least one hyperplane. Exactness: exact. Raises: nothing. Source: a kink is an additive failure.

    >>> from exactsurf.minima.local.local_form import Hyperplane
    >>> kinked_pair(LocalForm((Fraction(3),), (Hyperplane(0, (Fraction(1),), Fraction(2)),)))
    ((Fraction(1, 1),), (Fraction(-1, 1),))
    """
    plane, *others = (hyperplane.normal for hyperplane in form.hyperplanes)
    square, table, rnd = dot(plane, plane), to_flint(others, len(plane)), random.Random(0)
    reach = rows_times(table, plane)
    while True:
        # A point at random, projected to the first hyperplane: few of them meet the other ones.
        point = tuple(Fraction(rnd.randint(-99, 99)) for _ in plane) if len(plane) > 1 else (Fraction(0),)
        scale = dot(point, plane) / square
        base = tuple(p - scale * n for p, n in zip(point, plane, strict=True))
        slopes = rows_times(table, base)
        if all(slopes):
            break
    step = min([Fraction(1), *(abs(slope / across) / 2 for slope, across in zip(slopes, reach, strict=True) if across)])
    there, back = (tuple(b + sign * step * n for b, n in zip(base, plane, strict=True)) for sign in (1, -1))
    return there, back


def rows_times(table: fmpq_mat, vector: Vector) -> Vector:
    """The products of the rows of a matrix with a vector. Exactness: exact. Raises: nothing for a fitting length."""
    return tuple(map(to_fraction, (table * to_flint([[value] for value in vector])).entries()))
