"""Walls on which a point lies, and how the risk is followed on them (FORMAT.md, section 32)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .arithmetic.document import Field, at
from .arithmetic.effort import spend
from .arithmetic.interval import Interval, enclose
from .risk_jet import Jet
from .smooth_problem import SmoothProblem

Place = tuple[int, int, int]
"""A layer, a unit or term of it, and a sample."""


@dataclass
class Walls:
    """The walls of a claim: by places their numbers, by numbers their breakpoints and first samples, and what is found there.

    `heights` are z − t, or u − t for the loss; the coordinate of the rise of wall n is `first` + n. `seen` has the
    pre-activations of the units that are its keys, on all samples.
    """

    problem: SmoothProblem
    first: int
    numbers: dict[Place, int] = field(default_factory=dict)
    entries: list[tuple[int, int]] = field(default_factory=list)
    heights: dict[int, Jet] = field(default_factory=dict)
    seen: dict[tuple[int, int], list[Interval]] = field(default_factory=dict)

    def rise(self, wall: int) -> int:
        """The coordinate of how far the point is on the right of a wall."""
        return self.first + wall

    def followed(self, layer: int, unit: int, sample: int, z: Jet) -> Jet | None:
        """The value of a unit, followed from the left side of the wall; None if it is on no wall."""
        if (layer, unit) in self.seen:
            self.seen[layer, unit].append(z.value)
        wall = self.numbers.get((layer, unit, sample))
        if wall is None:
            return None
        h, (breakpoint, first) = self.problem.activation.piecewise, self.entries[wall]
        assert h is not None
        bits = z.value.bits
        slope = enclose(h.slopes[breakpoint], bits)
        result = Jet(z.value * slope + enclose(h.intercepts[breakpoint], bits))
        result.add(z, slope)
        result.gradient[self.rise(wall)] = enclose(h.slopes[breakpoint + 1] - h.slopes[breakpoint], bits)
        if sample == first:
            self.heights[wall] = Jet(z.value - enclose(h.breakpoints[breakpoint], bits), z.gradient, z.hessian)
        return result

    def followed_by_the_loss(self, term: int, sample: int, g: Jet, u: Interval, sign: int, total: Jet) -> bool:
        """Add a term of the loss by pieces to the risk, followed from the left side of the wall; False if it is on no wall."""
        wall = self.numbers.get((len(self.problem.widths) - 1, term, sample))
        if wall is None:
            return False
        weighted, (breakpoint, first) = self.problem.loss, self.entries[wall]
        bits, t = u.bits, weighted.loss.breakpoints[breakpoint]
        unit, growth = enclose(weighted.unit, bits), Interval(sign << bits, sign << bits, bits)
        value, slope, curvature = weighted.on_piece(sample, u, breakpoint)
        total.value = total.value + unit * value
        total.add(g, unit * slope.times(sign))
        total.add_square(g.gradient, unit.times(curvature))
        jump = weighted.loss.slope(breakpoint + 1, t) - weighted.loss.slope(breakpoint, t)
        steeper = enclose(jump * self.problem.weight(sample), bits)
        place = self.rise(wall)
        total.gradient[place] = total.gradient[place] + steeper if place in total.gradient else steeper
        if sample == first:
            self.heights[wall] = Jet(u - enclose(t, bits))
            self.heights[wall].add(g, growth)
        return True


def read_walls(field: Field, problem: SmoothProblem, first: int) -> Walls:
    """The field `walls` of a claim; `first` is the number of coordinates."""
    walls, inputs, outer = Walls(problem, first), problem.inputs, len(problem.widths) - 1
    assert problem.activation.piecewise is not None
    before: tuple[int, ...] = ()
    for item in field.items():
        layer_field, unit_field, sample_field, breakpoint_field = item.items(4)
        layer = layer_field.index(outer + 1)
        if not layer:
            raise layer_field.reject("layers are counted from 1")
        unit, sample = unit_field.index(problem.widths[layer]), sample_field.index(problem.samples)
        if (layer, unit, sample) <= before:
            raise item.reject("walls must be listed in order, and a unit has one at most on a sample")
        before = (layer, unit, sample)
        loss = problem.loss.loss if problem.expression is None else None
        if layer < outer:
            breakpoint = breakpoint_field.index(len(problem.activation.piecewise.breakpoints))
        elif loss is None:
            raise layer_field.reject("a loss given by an expression has no walls")
        else:
            breakpoint = breakpoint_field.index(len(loss.breakpoints))
            if unit not in (k for k, _ in problem.loss.terms(sample)):
                raise unit_field.reject("not a term of the loss")
        with at(item.place):
            spend(problem.samples)
        twins = [
            i
            for i in range(problem.samples)
            if inputs[i] == inputs[sample] and (layer < outer or problem.targets[i] == problem.targets[sample])
        ]
        if twins[0] != sample:
            raise sample_field.reject(f"sample {twins[0]} is the first one of this wall")
        walls.numbers |= dict.fromkeys(((layer, unit, i) for i in twins), len(walls.entries))
        walls.entries.append((breakpoint, sample))
    return walls


def read_shifted(field: Field, problem: SmoothProblem) -> list[tuple[int, int]]:
    """The field `shifted` of a claim: units whose biases are held."""
    found: list[tuple[int, int]] = []
    for item in field.items():
        layer_field, unit_field = item.items(2)
        layer = layer_field.index(len(problem.widths) - 1)
        if not layer:
            raise layer_field.reject("layers are counted from 1")
        if not problem.has_free_biases(layer):
            raise layer_field.reject("this layer has no biases that are not penalised")
        unit = unit_field.index(problem.widths[layer])
        if found and (layer, unit) <= found[-1]:
            raise item.reject("units must be listed in order")
        found.append((layer, unit))
    return found


def check_shifted(field: Field, problem: SmoothProblem, walls: Walls) -> None:
    """A unit of the field lies in one piece on all samples: what a change of its bias adds, biases of the next layer take off."""
    h = problem.activation.piecewise
    assert h is not None
    for item, ((layer, _), values) in zip(field.items(), walls.seen.items(), strict=True):
        low = min(Fraction(z.low, 1 << z.bits) for z in values)
        high = max(Fraction(z.high, 1 << z.bits) for z in values)
        if any(low <= t <= high for t in h.breakpoints):
            raise item.reject("this unit may not lie in one piece on all samples, as far as these bits tell")
        if h.slopes[sum(t < low for t in h.breakpoints)] and not problem.has_free_biases(layer + 1):
            raise item.reject("the next layer has no biases that are not penalised and that could take off what is shifted")
