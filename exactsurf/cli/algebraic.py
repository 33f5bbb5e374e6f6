"""``exactsurf algebraic``: the local minimum near a point, with its coordinates as algebraic numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from exactsurf.certificate.claims.algebraic_point import AlgebraicPoint
from exactsurf.certificate.problem_document import vector_document
from exactsurf.cli.point_file import CERTIFICATE_OPTION, POINT_ARGUMENT, read_point
from exactsurf.cli.terminal import EFFORT_OPTION, EXIT_STATUS, JSON_OPTION, QUIET_OPTION, print_json, stages, stdout, subcommand
from exactsurf.cli.verdict_report import print_verdict, saved_certificate, verdict_document
from exactsurf.exact.number import near
from exactsurf.exact.polynomial_forms import whole_text
from exactsurf.minima.algebraic.algebraic_minimum import algebraic_minimum


@subcommand
def algebraic(
    problem: Annotated[Path, POINT_ARGUMENT],
    output: Annotated[Path | None, CERTIFICATE_OPTION] = None,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Find the local minimum near the parameters whose coordinates are algebraic numbers, exactly.

    One root α, by its polynomial (integer coefficients from the constant upwards) and an interval that holds no other root of
    it; every coordinate as a polynomial in α; the risk as another root. For the squared loss and piecewise linear units.

    Examples:

      exactsurf algebraic problem.json

      exactsurf algebraic problem.json -o results
    """
    instance, parameters = read_point(problem, "no point near which to look")
    with stages("looking for a critical point", quiet):
        verdict = algebraic_minimum(instance, parameters, effort=effort)
    file, found = saved_certificate(verdict, output, problem, "algebraic"), verdict.certificate
    point = found if isinstance(found, AlgebraicPoint) else None
    if as_json:
        told: dict[str, Any] = {"root": None, "coordinates": None, "risk": None}
        if point is not None:
            coordinates = {name: vector_document(values) for name, values in point.coordinates.items()}
            told = {"root": point.root.document(), "coordinates": coordinates, "risk": point.risk.document()}
        print_json({**verdict_document(verdict, file), **told})
        return EXIT_STATUS[verdict.status]
    console = stdout()
    if point is not None:
        middle = near((point.root.low + point.root.high) / 2, 12)
        console.print(f"α        the root of {_polynomial(point.root.polynomial, 'x')} near {middle}", markup=False)
        for name, values in point.coordinates.items():
            console.print(f"{name:8} {_polynomial(values, 'α')}", markup=False)
    print_verdict(console, verdict, file)
    return EXIT_STATUS[verdict.status]


def _polynomial(coefficients: Sequence[Fraction | int], variable: str) -> str:
    powers = reversed(list(enumerate(map(Fraction, coefficients))))
    return whole_text((variable,), [((power,), value) for power, value in powers if value])
