"""The claim `extremal vectors`: all faces of the arrangement of a hidden unit (FORMAT.md, section 33.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from operator import mul

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import bits_of, dot
from ..arithmetic.region_count import Effort, count_regions
from ..problem import Problem, read_point
from ..submission import Submission, check_sentence, counted, samples_text

_MOST_FLATS = 1 << 14


@dataclass(frozen=True)
class _Setting:
    """Whole multiples of the x̃_i, all by one positive factor, the vectors g_i x̃_i, and the slopes of h left and right of 0."""

    rows: list[list[int]]
    pulls: list[list[Fraction]]
    left: Rational
    right: Rational


def check_extremal_vectors(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk at the parameters."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, stated, vectors_field = claim.fields("kind", "sentence", "risk", "vectors")
    (faces_field,) = evidence.fields("faces")
    problem = submission.problem(problem_field)
    _check_shape(problem, problem_field)
    point = read_point(problem, parameters, stated)
    if point.residuals.kinks:
        raise problem_field.child("loss").reject("the loss is not differentiable at every prediction")
    entries = vectors_field.items()
    sentence = check_sentence(
        sentence_field,
        f"At the given parameters the {problem.loss.risk} of the {problem.architecture} network on {samples_text(problem)}"
        f" has exactly {counted(len(entries), 'extremal vector')}.",
    )
    slopes = point.residuals.derivative
    setting = _setting(problem, [value * slopes.factor for value in slopes.values[0]])
    with at(faces_field.place):
        flats, count = _flats(setting.rows)
    submission.done(f"counted by deletion and restriction: {counted(count, 'face')} in {counted(len(flats), 'flat')}")
    seen: set[tuple[int, ...]] = set()
    found = []
    for entry in faces_field.items(count):
        with at(entry.place):
            extremal = _read_face(setting, flats, entry, seen)
        if extremal is not None:
            found.append(extremal)
    submission.done(f"{counted(count, 'listed face')}, all different; extremal vectors on {len(found)} of them")
    if len(found) != len(entries):
        raise vectors_field.reject(f"the faces have {counted(len(found), 'extremal vector')}")
    for entry, (sign, vector) in zip(entries, found, strict=True):
        first, second = entry.items(2)
        if first.number() != sign:
            raise first.reject(f"the face of this vector has the sign {sign}")
        if second.vector(len(vector)) != vector:
            raise second.reject("not the vector of its face")
    return sentence, point.risk


def _check_shape(problem: Problem, field: Field) -> None:
    if problem.hidden_layers != 1 or problem.widths[-1] != 1:
        raise field.child("widths").reject("expected one hidden layer and one output")
    h = problem.activation
    if h.breakpoints != [0] or any(h.intercepts) or h.slopes[0] == h.slopes[1]:
        raise field.child("activation").reject("expected the single breakpoint 0, two different slopes and h(0) = 0")


def _setting(problem: Problem, slopes: Sequence[Rational]) -> _Setting:
    size = len(problem.x.denominators) + problem.biases[0]
    spend(problem.samples * size)
    common = 1
    for denominator in problem.x.denominators:
        common = common * denominator // gcd(common, denominator)
    lifts = [common // denominator for denominator in problem.x.denominators]
    last = [common] if problem.biases[0] else []
    rows = [[*map(mul, row, lifts), *last] for row in problem.x.rows]
    pulls = [
        [Fraction(-r.numerator * value, r.denominator * common) for value in row] for r, row in zip(slopes, rows, strict=True)
    ]
    left, right = problem.activation.slopes
    return _Setting(rows, pulls, left, right)


def _values(row: list[int], basis: list[list[int]]) -> list[int]:
    """A form on a basis."""
    return [sum(map(mul, row, vector)) for vector in basis]


def _flats(rows: list[list[int]]) -> tuple[dict[frozenset[int], list[list[int]]], int]:
    """A basis of every flat but 0, by the samples that vanish on it, and how many faces are open in one of them."""
    size = len(rows[0])
    whole = [[int(p == q) for q in range(size)] for p in range(size)]
    effort = Effort()
    flats = {_zeros(rows, whole): whole}
    waiting, count = [*flats.items()], 0
    while waiting:
        samples, basis = waiting.pop()
        normals = [_values(row, basis) for i, row in enumerate(rows) if i not in samples]
        effort.spend(1 + len(rows) * len(basis) * size)
        count += count_regions(normals, [0] * len(normals), effort) if normals else 1
        if len(basis) == 1:
            continue
        for normal in normals:
            smaller = _cut(basis, normal)
            effort.spend(1 + len(rows) * len(smaller) * size)
            key = _zeros(rows, smaller)
            if key not in flats:
                if len(flats) >= _MOST_FLATS:
                    raise OverflowError(f"more than {_MOST_FLATS} flats are beyond the limits of this verifier")
                flats[key] = smaller
                waiting.append((key, smaller))
    return flats, count


def _zeros(rows: list[list[int]], basis: list[list[int]]) -> frozenset[int]:
    return frozenset(i for i, row in enumerate(rows) if not any(_values(row, basis)))


def _cut(basis: list[list[int]], normal: Sequence[int]) -> list[list[int]]:
    """A basis of the vectors of a flat on which a form vanishes, given by its values on the basis."""
    pivot = next(k for k, value in enumerate(normal) if value)
    found = []
    for k, vector in enumerate(basis):
        if k != pivot:
            mixed = [normal[pivot] * a - normal[k] * b for a, b in zip(vector, basis[pivot], strict=True)]
            common = gcd(*mixed)
            found.append([value // common for value in mixed])
    return found


def _signs(rows: list[list[int]], vector: Sequence[Rational]) -> tuple[int, ...]:
    values = [dot(row, vector) for row in rows]
    return tuple([(value > 0) - (value < 0) for value in values])


def _projected(basis: list[list[int]], vector: Sequence[Rational]) -> list[Fraction]:
    """The orthogonal projection on the span of a basis, which is made orthogonal first."""
    found, orthogonal = [Fraction(0)] * len(vector), list[tuple[list[Fraction], Rational]]()
    for one in basis:
        own = [Fraction(value) for value in one]
        for other, square in orthogonal:
            share = Fraction(dot(own, other), square)
            own = [a - share * b for a, b in zip(own, other, strict=True)]
        spend(len(own) * (1 + len(orthogonal)) * price(bits_of(own)))
        square = dot(own, own)
        orthogonal.append((own, square))
        share = Fraction(dot(vector, own), square)
        found = [a + share * b for a, b in zip(found, own, strict=True)]
    return found


def _read_face(
    setting: _Setting, flats: dict[frozenset[int], list[list[int]]], entry: Field, seen: set[tuple[int, ...]]
) -> tuple[int, list[Fraction]] | None:
    """The extremal vector of a face, with its sign; None if it has none."""
    name = next((name for name in ("multipliers", "separator") if entry.has(name)), None)
    witness_field, *proof = entry.fields("witness", *([] if name is None else [name]))
    size = len(setting.rows[0])
    witness = witness_field.vector(size)
    spend(len(setting.rows) * size * (4 + size))
    if not any(witness):
        raise witness_field.reject("0 lies in the face that has no direction")
    signs = _signs(setting.rows, witness)
    if signs in seen:
        raise witness_field.reject("this face was listed before")
    seen.add(signs)
    walls = [i for i, sign in enumerate(signs) if not sign]
    start = [Fraction(0)] * size
    for sign, pull in zip(signs, setting.pulls, strict=True):
        if sign:
            slope = setting.right if sign > 0 else setting.left
            start = [a + slope * b for a, b in zip(start, pull, strict=True)]
    vector = _projected(flats[frozenset(walls)], start)
    own = _signs(setting.rows, vector)
    c = 1 if own == signs else -1 if own == tuple([-sign for sign in signs]) else 0
    if not c or not any(vector):
        for field in proof:
            raise field.reject("the vector of this face lies on another face")
        return None
    if name is None:
        raise entry.reject("the vector of this face lies on it; expected multipliers or a separator")
    (field,) = proof
    if name == "separator":
        _check_separator(setting, walls, start, vector, field)
        return None
    sums = start
    for i, item, slope in zip(walls, field.items(len(walls)), field.vector(len(walls)), strict=True):
        if not min(setting.left, setting.right) <= slope <= max(setting.left, setting.right):
            raise item.reject("not between the slopes of the activation")
        sums = [a + slope * b for a, b in zip(sums, setting.pulls[i], strict=True)]
    if sums != vector:
        raise field.reject("these slopes do not give the vector of the face")
    return c, vector


def _check_separator(setting: _Setting, walls: list[int], start: list[Fraction], vector: list[Fraction], field: Field) -> None:
    against = field.vector(len(vector))
    least = dot(against, start) - dot(against, vector)
    most = least
    for i in walls:
        pull = dot(against, setting.pulls[i])
        ends = (setting.left * pull, setting.right * pull)
        least, most = least + min(ends), most + max(ends)
    if least <= 0 <= most:
        raise field.reject("this vector does not separate")
