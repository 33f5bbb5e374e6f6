"""The claim `exact flattest minimiser`: the least sharpness of section 48 as an algebraic number (FORMAT.md, section 61)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul

from ..algebraic_ring import Element, enclosed
from ..arithmetic.document import at
from ..arithmetic.interval_matrix import bad_pivot
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import dot
from ..exact_sharpness import read_exact_sharpness
from ..fibre import Fibre, check_shape, read_fibre
from ..field_solution import FieldSolution, read_solution
from ..submission import Submission, counted
from .critical_box import read_bits


def check_exact_flattest_minimiser(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk at the parameters."""
    stated = read_exact_sharpness(
        submission,
        check_shape,
        "Among all parameters of the {architecture} network in the signed cell of the given ones that have the same predictions"
        " on {samples}, the least {of} of the Hessian of the {risk} is ",
    )
    parameters_field, evidence = stated.parameters, stated.evidence
    with at(parameters_field.place):
        fibre = read_fibre(stated.problem, stated.point, parameters_field)
    if not any(fibre.bends):
        raise parameters_field.reject("no term of the risk is curved here")
    submission.done(f"the point: no unit at a kink, {counted(len(fibre.signs), 'unit')} with a zero gradient")
    solution = read_solution(fibre, evidence, read_bits(evidence.child("bits")), stated.by_trace)
    _check_primal(solution)
    submission.done(f"a place in the closed signed cell, in numbers of degree {solution.ring.root.degree}")
    _check_dual(solution)
    submission.done("lines that bound the sharpness of all of the signed cell")
    _check_value(solution)
    submission.done("the sharpness of the place is that bound")
    stated.check_value(solution, solution.value)
    submission.done("it is the stated algebraic number")
    return stated.sentence, stated.point.risk


def _check_primal(solution: FieldSolution) -> None:
    """Item 2."""
    fibre, ring = solution.fibre, solution.ring
    products = solution.fields["products"]
    with at(products.place):
        for i, f in enumerate(fibre.predictions):
            parts = [solution.read(j, i, own) for j, own in enumerate(solution.products)]
            if not solution.equal(solution.sum_of([*parts, *solution.bias]), ring.constant(f)):
                raise products.reject(f"the prediction of sample {i} is not that of the given parameters")
        for j, (own, item) in enumerate(zip(solution.products, products.items(), strict=True)):
            for i, side in enumerate(fibre.sides[j]):
                inside = solution.combined(own, [side * x for x in fibre.rows[i]])
                if not solution.is_nowhere_negative(inside):
                    raise item.reject(f"beyond the wall of sample {i}, as far as these bits tell")
    for j, item in enumerate(solution.fields["squares"].items()):
        with at(item.place):
            square = solution.squares[j]
            if not solution.is_nowhere_negative(square):
                raise item.reject("expected 0 or a positive number, as far as these bits tell")
            for n, i in enumerate(solution.curved):
                twice = ring.scaled(solution.read(j, i, solution.products[j]), 2)
                if not solution.equal(solution.product(square, solution.reads[j][n]), twice):
                    raise item.reject(f"this times what the line reads on sample {i} is not twice what the products read")


def _forms(solution: FieldSolution, unit: int) -> tuple[Element, Element, list[Element]]:
    """A_j, q_j and Σ_k d_k b_kj e_kj."""
    fibre, curved = solution.fibre, solution.curved
    size = len(fibre.rows[0])
    mass, form = solution.ring.constant(0), solution.ring.constant(0)
    image = [solution.ring.constant(0) for _ in range(size)]
    columns = [[fibre.slopes[unit][i] * fibre.rows[i][c] for i in curved] for c in range(size)]
    for vector, share in zip(solution.vectors, solution.shares, strict=True):
        seen = [solution.combined(vector, column) for column in columns]
        read = solution.sum_of(map(solution.product, vector, solution.reads[unit]))
        along = solution.product(share, read)
        squares = solution.sum_of(solution.product(entry, entry) for entry in seen)
        mass = solution.ring.add(mass, solution.product(share, squares))
        form = solution.ring.add(form, solution.product(along, read))
        image = [solution.ring.add(total, solution.product(along, entry)) for total, entry in zip(image, seen, strict=True)]
    return mass, form, image


def _check_dual(solution: FieldSolution) -> None:
    """Item 3."""
    fibre = solution.fibre
    multipliers = solution.fields["multipliers"]
    if fibre.has_bias and any(solution.sum_of(solution.multipliers)[0]):
        raise multipliers.reject("their sum is not 0, and the output has a bias")
    for j, (item, line) in enumerate(zip(solution.fields["prices"].items(), solution.fields["lines"].items(), strict=True)):
        with at(item.place):
            for i, (entry, value) in enumerate(zip(item.items(), solution.prices[j], strict=True)):
                if not solution.is_nowhere_negative(value) or (any(value[0]) and not fibre.sides[j][i]):
                    raise entry.reject("expected 0 or a positive number, and 0 where there is no wall")
        with at(line.place):
            mass, form, image = _forms(solution, j)
            for c, expected in enumerate(image):
                column = [row[c] for row in fibre.rows]
                pulls = solution.combined(solution.multipliers, list(map(mul, fibre.slopes[j], column)))
                holds = solution.combined(solution.prices[j], list(map(mul, fibre.sides[j], column)))
                if not solution.equal(solution.ring.add(pulls, holds), expected):
                    raise line.reject(f"multipliers and prices do not give entry {c} of this line")
            if not solution.is_nowhere_negative(solution.minus(solution.ring.scaled(mass, 4), form)):
                raise line.reject("the line is not below the term of its unit, as far as these bits tell")


def _check_value(solution: FieldSolution) -> None:
    """Item 4."""
    fibre, curved, field = solution.fibre, solution.curved, solution.fields["value"]
    with at(field.place):
        bound = solution.combined(solution.multipliers, fibre.predictions)
        if fibre.has_bias:
            for vector, share in zip(solution.vectors, solution.shares, strict=True):
                whole = solution.sum_of(vector)
                bound = solution.ring.add(bound, solution.product(share, whole, whole))
        mass = solution.ring.constant(1)
        if not solution.by_trace:
            mass = solution.sum_of(
                solution.product(share, solution.combined([solution.product(z, z) for z in vector], _inverses(fibre, curved)))
                for vector, share in zip(solution.vectors, solution.shares, strict=True)
            )
        if not solution.is_positive(mass):
            raise solution.fields["vectors"].reject("the vectors may all be 0, as far as these bits tell")
        if not solution.equal(bound, solution.product(solution.value, mass)):
            raise field.reject("the multipliers do not bound the sharpness by this number")
        if solution.by_trace:
            total = solution.ring.constant(sum((fibre.bends[i] for i in curved), start=0) if fibre.has_bias else 0)
            for j, square in enumerate(solution.squares):
                mass, form, _ = _forms(solution, j)
                part = solution.ring.add(mass, solution.ring.scaled(form, Fraction(1, 4)))
                total = solution.ring.add(total, solution.product(square, part))
            if not solution.equal(total, solution.value):
                raise field.reject("this is not the trace at the place")
            return
    shares = solution.fields["shares"]
    for item, share in zip(shares.items(), solution.shares, strict=True):
        if not solution.is_positive(share):
            raise item.reject("expected a positive number, as far as these bits tell")
    vectors = solution.fields["vectors"]
    with at(vectors.place):
        gap = _gap(solution)
        for item, vector in zip(vectors.items(), solution.vectors, strict=True):
            if any(any(solution.sum_of(map(solution.product, row, vector))[0]) for row in gap):
                raise item.reject("no vector of the largest eigenvalue at the place")
        positive = [
            [solution.sum_of([entry, *(solution.product(z[a], z[b]) for z in solution.vectors)]) for b, entry in enumerate(row)]
            for a, row in enumerate(gap)
        ]
        if bad_pivot([[enclosed(entry[0], solution.alpha) for entry in row] for row in positive]) is not None:
            raise vectors.reject("the value may not be the largest eigenvalue at the place, as far as these bits tell")


def _inverses(fibre: Fibre, curved: Sequence[int]) -> list[Rational]:
    return [Fraction(1, fibre.bends[i]) for i in curved]


def _gap(solution: FieldSolution) -> list[list[Element]]:
    """M, the value over the curvatures less the Gram matrix of the gradients."""
    fibre, curved = solution.fibre, solution.curved
    rows: list[list[Element]] = []
    for a, i in enumerate(curved):
        rows.append([])
        for b, k in enumerate(curved):
            entry = solution.ring.constant(-1 if fibre.has_bias else 0)
            if a == b:
                entry = solution.ring.add(entry, solution.ring.scaled(solution.value, Fraction(1, fibre.bends[i])))
            for j, square in enumerate(solution.squares):
                flat = fibre.slopes[j][i] * fibre.slopes[j][k] * dot(fibre.rows[i], fibre.rows[k])
                bent = solution.ring.scaled(solution.product(solution.reads[j][a], solution.reads[j][b]), Fraction(1, 4))
                part = solution.ring.add(solution.ring.constant(flat), bent)
                entry = solution.minus(entry, solution.product(square, part))
            rows[-1].append(entry)
    return rows
