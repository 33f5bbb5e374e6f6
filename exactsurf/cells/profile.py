"""One-parameter profiles: the risk along a line through parameter space, piece by piece, with its exact kinks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from exactsurf.cells.activation_pattern import ActivationPattern, activation_pattern
from exactsurf.cells.parameter_slice import ParameterSlice, SliceNetwork, Table
from exactsurf.cells.slice import SliceWall
from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.number import Exact, exact
from exactsurf.exact.polynomial import Polynomial
from exactsurf.exact.real_roots import RealRoot, rational_between, real_roots
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class ProfilePiece:
    """An interval of a profile without a wall inside it.

    Attributes: `start` < `stop`; `inside`, a rational number between them; `pattern` there, with boundary pairs only where
    a unit sits on a breakpoint all along; `risk`, exact on the closed interval, a polynomial in t.
    """

    start: RealRoot
    stop: RealRoot
    inside: Fraction
    pattern: ActivationPattern
    risk: Polynomial


@dataclass(frozen=True)
class Profile:
    """The risk t ↦ L(base + t·direction) on an interval; see `profile`.

    `pieces` from left to right; `walls[k]` are the walls between pieces k and k + 1.
    Exactness: exact. Source: `profile`.
    """

    problem: Problem
    line: ParameterSlice
    pieces: tuple[ProfilePiece, ...]
    walls: tuple[tuple[SliceWall, ...], ...]

    @property
    def kinks(self) -> tuple[RealRoot, ...]:
        """Where the line crosses walls: rational numbers, or real roots of integer polynomials with exact enclosures."""
        return tuple(piece.stop for piece in self.pieces[:-1])

    def risk_at(self, t: Exact) -> Fraction:
        """The risk at a rational t of the interval, from the piece that holds it.

        Parameters: `t`. Exactness: exact. Raises: `InputError` outside the interval. Source: theory.md, section 1.
        """
        value = exact(t, "t")
        place = RealRoot.rational(value)
        for piece in self.pieces:
            if piece.start <= place <= piece.stop:
                return piece.risk({"t": value})
        raise InputError("outside the interval of the profile", text=str(t))


def profile(problem: Problem, base: Parameters, direction: Parameters, interval: Sequence[Exact] = (0, 1)) -> Profile:
    """The risk along base + t·direction: all walls that are crossed, and the exact polynomial between them.

    Parameters: `base` and `direction` of the problem's network, of any depth and loss; `interval`, two numbers.
    Returns: a `Profile`. Exactness: exact; walls are real roots of polynomials in t, isolated by Sturm's theorem.
    Raises: `ShapeError` for parameters of another network, `InputError` for an empty interval. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 2]))
    >>> base = problem.parameters(W1=[[1]], b1=[-1], W2=[[1]], b2=[0])
    >>> found = es.profile(problem, base, problem.parameters(W1=[[0]], b1=[1], W2=[[0]], b2=[0]), (-1, 1))
    >>> found.kinks, [piece.risk for piece in found.pieces]
    ((RealRoot(0),), [Polynomial(1/2*t^2 - t + 1), Polynomial(t^2 - 2*t + 1)])
    """
    check_piecewise_linear(problem, "profile")
    problem.check_no_decay()
    line = ParameterSlice(base, (direction,), ("t",))
    network = SliceNetwork(problem, line)
    if len(interval) != 2:
        raise ShapeError("the interval of a profile (start, stop)", (2,), (len(interval),))
    start, stop = (exact(value, "interval") for value in interval)
    if start >= stop:
        raise InputError("the interval of a profile is empty", text=str(tuple(interval)), fix="give start < stop")
    met: dict[RealRoot, set[SliceWall]] = defaultdict(set)
    pieces: list[ProfilePiece] = []
    for piece in _refined(network, RealRoot.rational(start), RealRoot.rational(stop), 1, network.inputs(), met):
        before = pieces[-1] if pieces else None
        # A wall that is touched and not crossed does not end a piece.
        if before is not None and (before.pattern, before.risk) == (piece.pattern, piece.risk):
            pieces[-1] = ProfilePiece(before.start, piece.stop, before.inside, before.pattern, before.risk)
        else:
            pieces.append(piece)
    walls = tuple(tuple(sorted(met[piece.stop], key=str)) for piece in pieces[:-1])
    return Profile(problem, line, tuple(pieces), walls)


def _refined(
    network: SliceNetwork, start: RealRoot, stop: RealRoot, layer: int, below: Table, met: dict[RealRoot, set[SliceWall]]
) -> Iterator[ProfilePiece]:
    """The pieces between two walls of the layers below; the walls found on the way go into `met`."""
    z = network.pre_activations(layer, below)
    last = layer == network.problem.network.layers
    cuts = {start, stop}
    for wall, form in network.loss_walls(z) if last else network.walls(layer, z):
        for root in _roots(form):
            if start <= root <= stop:
                cuts.add(root)
                met[root].add(wall)
    for left, right in pairwise(sorted(cuts)):
        inside = rational_between(left, right)
        if last:
            pattern = activation_pattern(network.problem, network.family.parameters_at((inside,)))
            yield ProfilePiece(left, right, inside, pattern, network.risk(z, (inside,)))
        else:
            yield from _refined(network, left, right, layer + 1, network.images(z, (inside,)), met)


def _roots(form: Polynomial) -> tuple[RealRoot, ...]:
    coefficients = [Fraction(0)] * (form.total_degree + 1)
    for (exponent,), value in form.items():
        coefficients[exponent] = value
    return real_roots(coefficients)
