"""What happens at every sample of a small certificate: predictions, frozen derivatives, pre-activations, hyperplanes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from exactsurf.certificate.reading.claim_view import InlineData, Point
from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.reading.surface_view import SurfaceView
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.minima.local.local_form import local_form
from exactsurf.model.data import Data
from exactsurf.model.forward import ForwardPass
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

MAX_WORK = 200_000
"""Most products (samples × weights) of a forward pass that is made only for display."""

MAX_LETTERS = 1_000_000
"""Most letters of the numbers that enter it."""


@dataclass(frozen=True)
class HyperplaneView:
    """A hyperplane u·δ = 0 of a unit: its samples from 0 (the first one names it), its normal u, and κ."""

    samples: tuple[int, ...]
    normal: tuple[Fraction, ...]
    kink: Fraction


@dataclass(frozen=True)
class SampleValues:
    """The point of a certificate on its samples, recomputed for display.

    Attributes: `problem`, `parameters`, `forward`; `derivatives` of the loss by output. Exactness: exact.
    """

    problem: Problem
    parameters: Parameters
    forward: ForwardPass
    derivatives: tuple[ScaledVector, ...]

    @cached_property
    def ambiguous(self) -> tuple[int, ...]:
        """Samples (from 0) on which some hidden unit sits at a breakpoint."""
        h = self.problem.network.activation
        found = {i for layer in self.forward.pre_activations for z in layer for i, (a, b) in enumerate(h.pieces(z)) if a != b}
        return tuple(sorted(found))

    @cached_property
    def active(self) -> tuple[int, ...]:
        """Samples (from 0) on which some frozen derivative is not 0."""
        return tuple(i for i in range(len(self.problem.data)) if any(r.numerators[i] for r in self.derivatives))

    @cached_property
    def repeated(self) -> tuple[tuple[int, ...], ...]:
        """The samples (from 0) that have the inputs of other ones, together with these."""
        groups: dict[tuple[Fraction, ...], list[int]] = {}
        for i, row in enumerate(self.problem.data.x):
            groups.setdefault(row, []).append(i)
        return tuple(tuple(group) for group in groups.values() if len(group) > 1)

    @property
    def merged(self) -> SampleValues:
        """The same with the sum of the derivatives of samples with the same inputs at the first one, and 0 at the others."""
        columns = [list(r.fractions()) for r in self.derivatives]
        for first, *others in self.repeated:
            for column in columns:
                for i in others:
                    column[first], column[i] = column[first] + column[i], Fraction(0)
        return replace(self, derivatives=tuple(map(ScaledVector.from_fractions, columns)))

    def gradient(self, unit: int) -> tuple[Fraction, ...]:
        """g of the local form of a unit (one hidden layer, one output)."""
        return local_form(self.problem, self.forward.pre_activations[0][unit], self.derivatives[0]).gradient

    def hyperplanes(self, unit: int) -> tuple[HyperplaneView, ...]:
        """The hyperplanes of a unit, those with κ = 0 included."""
        z, problem = self.forward.pre_activations[0][unit], self.problem
        kinks = {h.name: h.kink for h in local_form(problem, z, self.derivatives[0]).hyperplanes}
        members: dict[tuple[Fraction, ...], list[int]] = {}
        for i, (left, right) in enumerate(problem.network.activation.pieces(z)):
            point = problem.data.inputs.row(i) + ((Fraction(1),) if problem.network.biases[0] else ())
            lead = next(filter(None, point), None)
            if left != right and lead is not None:
                members.setdefault(tuple(value / lead for value in point), []).append(i)
        return tuple(HyperplaneView(tuple(m), u, kinks.get(m[0], Fraction(0))) for u, m in members.items())

    def predictions_at(self, point: Point) -> tuple[ScaledVector, ...]:
        """The predictions at another point of the certificate, by output."""
        return self.problem.forward(parameters_of(self.problem, point)).outputs


def parameters_of(problem: Problem, point: Point) -> Parameters:
    """A point of a certificate as exact parameters."""
    named = {a.name: [row[0] for row in a.rows] if a.is_vector else a.rows for a in point}
    return problem.parameters(**named)


def sample_values(view: PointView) -> SampleValues | None:
    """Recompute a certificate's point on its samples; None if the data are in a file, or if that would take long.

    Parameters: `view`. Exactness: exact. Raises: nothing for accepted certificates. Source: proofs/FORMAT.md, section 4.
    """
    problem = _small_problem(view, view.parameters)
    if problem is None:
        return None
    parameters = parameters_of(problem, view.parameters)
    forward = problem.forward(parameters)
    derivatives = [low for low, _ in problem.without_decay.subdifferentials(forward.outputs)]
    if view.subgradient is not None:
        columns = zip(*view.subgradient, strict=True)
        derivatives = list(map(ScaledVector.from_fractions, columns))
    return SampleValues(problem, parameters, forward, tuple(derivatives))


def risk_at(view: SurfaceView, point: Point) -> Fraction | None:
    """The risk at a point of a certificate, recomputed; None as `sample_values`."""
    problem = _small_problem(view, point)
    return None if problem is None else problem.rational_risk(parameters_of(problem, point))


def _small_problem(view: PointView | SurfaceView, point: Point) -> Problem | None:
    """The problem of a certificate, if its data stand there and a forward pass at `point` is quick."""
    if not isinstance(view.data, InlineData):
        return None
    arrays = [array.rows for array in point]
    work = len(view.data.y) * sum(len(rows) * len(rows[0]) for rows in arrays)
    if work > MAX_WORK:
        return None
    if sum(len(text) for rows in (view.data.x, view.data.y, *arrays) for row in rows for text in row) > MAX_LETTERS:
        return None
    network = Network(view.widths, view.activation, biases=view.biases)
    data, decay = Data.from_arrays(view.data.x, view.data.y, weights=view.weights), view.decay
    factor, biases = (None, False) if decay is None else (decay.factor, decay.biases)
    return Problem(network, data, view.loss, weight_decay=factor, decay_biases=biases)
