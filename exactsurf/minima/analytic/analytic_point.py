"""A rational point where the loss is an expression: predictions, exact derivatives, enclosures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.certificate.rules.analytic import AtomRelation
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.exponential_quotient import Relations, without
from exactsurf.exact.exponential_sum import Atom, ExponentialSum, collected, number
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.minima.local.directional import velocities
from exactsurf.model.analytic_risk import SampleLoss, sample_loss, total_loss
from exactsurf.model.loss_quotients import atom_relations
from exactsurf.model.loss_slopes import atom_ball, exact_slopes
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

RISK_BITS = 160
"""For enclosures of risks: as many as the sample losses at the first corners have (`losses_for`), which then serve both."""


@dataclass(frozen=True)
class AnalyticPosition:
    """Parameters of a problem whose loss is an expression, and what is computed there when it is first asked for.

    Exactness: exact, or enclosed. Raises: `InputError` where the loss has no value. Source: proofs/claims/analytic_point.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, -1]), "logistic")
    >>> AnalyticPosition(problem, problem.parameters(W1=[[2]], b1=[0])).atoms
    ((1, Fraction(2, 1), 1),)
    """

    problem: Problem
    parameters: Parameters

    @cached_property
    def predictions(self) -> Matrix:
        """f_θ(x_i), sample by sample."""
        return self.problem.predictions(self.parameters)

    @cached_property
    def penalty(self) -> Fraction:
        """What weight decay adds to the risk."""
        return self.problem.penalty(self.parameters)

    @cached_property
    def slopes(self) -> tuple[tuple[ExponentialSum, ...], ...]:
        """The derivatives of the risk by the predictions, sample by sample, in atoms that are independent as far as is known."""
        known = {relation.atom: relation for relation in self.relations.found}
        if not known:
            return self._slopes
        return tuple(tuple(collected(without(slope.terms, known)) for slope in row) for row in self._slopes)

    @cached_property
    def _slopes(self) -> tuple[tuple[ExponentialSum, ...], ...]:
        return exact_slopes(self.problem.without_decay, self.predictions)

    @cached_property
    def _all_atoms(self) -> tuple[Atom, ...]:
        return _atoms(self._slopes)

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """The atoms of all derivatives, in their order, without those that are combinations of others."""
        return _atoms(self.slopes)

    @cached_property
    def relations(self) -> Relations:
        """The relations between the atoms. Exponentials and powers of sigmoids have none."""
        if all(atom[0] < 2 for atom in self._all_atoms):
            return Relations()
        return atom_relations(self.problem.loss, self._all_atoms)

    @property
    def evidence_of_relations(self) -> tuple[AtomRelation, ...]:
        """The relations as evidence, by the places of the atoms."""
        place = {atom: k for k, atom in enumerate(self._all_atoms)}
        return tuple(
            AtomRelation(place[one.atom], one.constant, tuple((place[atom], value) for atom, value in one.terms))
            for one in self.relations.found
        )

    def risk(self, bits: int) -> Ball:
        """An enclosure of the risk."""
        if bits not in self._risks:
            found = total_loss(self.sample_losses(bits))
            self._risks[bits] = Ball(found.midpoint + self.penalty, found.radius)
        return self._risks[bits]

    def risk_below(self, bound: Fraction, bits: int) -> Ball | None:
        """The enclosed risk if it is below a bound; None also where the loss has no value, or one beyond all bounds."""
        try:
            risk = self.risk(bits)
        except (InputError, UnsupportedError):
            return None
        return risk if risk.upper < bound else None

    @cached_property
    def _risks(self) -> dict[int, Ball]:
        return {}

    @cached_property
    def _losses(self) -> dict[int, list[SampleLoss]]:
        return {}

    def sample_losses(self, bits: int) -> list[SampleLoss]:
        """Value and derivatives, sample by sample."""
        if bits not in self._losses:
            base = self.problem.without_decay
            self._losses[bits] = [sample_loss(base, i, row, bits) for i, row in enumerate(self.predictions)]
        return self._losses[bits]

    def enclosed(self, value: ExponentialSum, bits: int) -> Ball:
        """An enclosure of a sum of these atoms."""
        return value.ball(bits, lambda atom, precision: atom_ball(self.problem, atom, precision))

    def sign(self, value: ExponentialSum) -> int | None:
        """The sign of a sum of these atoms, None where balls do not tell."""
        return value.sign(lambda atom, precision: atom_ball(self.problem, atom, precision))

    def along(self, motion: Sequence[ScaledVector], outputs: Sequence[int] | None = None) -> ExponentialSum:
        """Σ r_ik motion_k[i], over all outputs or those given."""
        terms = []
        for column, k in zip(motion, range(len(motion)) if outputs is None else outputs, strict=True):
            for i, value in enumerate(column.fractions()):
                if value:
                    terms += [(atom, value * factor) for atom, factor in self.slopes[i][k].terms]
        return collected(terms)

    def slope_along(self, direction: Parameters) -> ExponentialSum:
        """The one-sided derivative of the risk along a direction of the parameters."""
        base, decay = self.problem.without_decay, self.problem.decay
        found = self.along(velocities(Point(base, self.parameters), direction))
        return found if decay is None else found + number(decay.factor * decay.product(self.parameters, direction))

    def moved(self, direction: Parameters, step: Fraction) -> AnalyticPosition:
        """The position at `step` times `direction` from this one."""
        return AnalyticPosition(self.problem, self.parameters.moved(direction, step))


def _atoms(slopes: Sequence[Sequence[ExponentialSum]]) -> tuple[Atom, ...]:
    return tuple(sorted({atom for row in slopes for slope in row for atom in slope.atoms}))
