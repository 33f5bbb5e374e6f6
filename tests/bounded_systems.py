"""Bounded systems for tests: drawn by Hypothesis, and judged by the definition, in plain loops over Fractions."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system

F = Fraction

numbers = st.fractions(min_value=-3, max_value=3, max_denominator=3)
bounds = st.one_of(st.none(), numbers)


def dot(left, right):
    return sum((a * b for a, b in zip(left, right, strict=True)), F(0))


def solves(values, system):
    vectors, target, lower, upper = system
    sums = [dot(values, [u[i] for u in vectors]) for i in range(len(target))]
    fits = all((a is None or a <= v) and (b is None or v <= b) for v, a, b in zip(values, lower, upper, strict=True))
    return fits and sums == list(target)


def separates(direction, system):
    vectors, target, lower, upper = system
    reach = F(0)
    for vector, low, high in zip(vectors, lower, upper, strict=True):
        slope = dot(vector, direction)
        ends = [F(0)] if slope == 0 else [low, high]
        if slope > 0 and high is None or slope < 0 and low is None:
            return False
        reach += max(end * slope for end in ends if end is not None)
    return dot(target, direction) > reach


def answered(system):
    """The kind of the answer, after judging it."""
    answer = solve_bounded_system(*system)
    assert all(type(value) is Fraction for value in answer.values)
    if isinstance(answer, Multipliers):
        assert solves(answer.values, system)
    else:
        assert separates(answer.values, system)
    return type(answer)


@st.composite
def systems(draw, most_vectors=7, most_coordinates=4, entries=numbers):
    size, count = draw(st.integers(0, most_coordinates)), draw(st.integers(0, most_vectors))
    vectors = [draw(st.lists(entries, min_size=size, max_size=size)) for _ in range(count)]
    pairs = [draw(st.tuples(bounds, bounds)) for _ in range(count)]
    fixed = draw(st.sets(st.integers(0, most_vectors)))
    pairs = [(a, a) if c in fixed else (a, b) for c, (a, b) in enumerate(pairs)]
    pairs = [(b, a) if a is not None and b is not None and a > b else (a, b) for a, b in pairs]
    if draw(st.booleans()):
        target = draw(st.lists(entries, min_size=size, max_size=size))
    else:  # on the boundary: every multiplier at one of its bounds, or zero
        corner = [draw(st.sampled_from([v for v in pair if v is not None] or [F(0)])) for pair in pairs]
        target = [dot(corner, [u[i] for u in vectors]) for i in range(size)]
    return vectors, target, [a for a, _ in pairs], [b for _, b in pairs]
