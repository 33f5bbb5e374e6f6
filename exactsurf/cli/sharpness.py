"""``exactsurf sharpness``: the largest eigenvalue of the Hessian at a point, and the steps that a minimum there bears."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from exactsurf.certificate.problem_document import vector_document
from exactsurf.cli.point_file import CERTIFICATE_OPTION, NOT_WRITTEN, POINT_ARGUMENT, certificate_file, read_point
from exactsurf.cli.terminal import DONE, EFFORT_OPTION, JSON_OPTION, QUIET_OPTION, print_json, stages, stdout, subcommand
from exactsurf.exact.number import equal_or_near, integer_text, to_text
from exactsurf.minima.sharpness import Sharpness
from exactsurf.minima.sharpness import sharpness as find_sharpness


@subcommand
def sharpness(
    problem: Annotated[Path, POINT_ARGUMENT],
    output: Annotated[Path | None, CERTIFICATE_OPTION] = None,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """The sharpness of the risk at the parameters of a problem file: the largest eigenvalue of its Hessian, and its trace.

    The eigenvalue is exact: a rational number, or a root of an irreducible polynomial (with --json: its integer coefficients
    from the constant upwards, and which of its real roots, from the least, counted from 0), between two bounds. At a minimum,
    the linear part of gradient descent is unstable with a step above 2 over the eigenvalue.

    Examples:

      exactsurf sharpness problem.json

      exactsurf sharpness problem.json -o results
    """
    instance, parameters = read_point(problem, "no point at which to ask for the sharpness")
    with stages("computing the Hessian", quiet):
        found = find_sharpness(instance, parameters, effort=effort)
    file = None if output is None else found.certificate.save(certificate_file(output, problem, "sharpness"))
    step = found.largest_step
    if as_json:
        largest = found.largest
        print_json(
            {
                "largest_eigenvalue": vector_document(found.certificate.bounds),
                "polynomial": [integer_text(value) for value in largest.polynomial],
                "root": largest.index,
                "trace": to_text(found.trace),
                "largest_step": None if step is None else vector_document(step),
                "is_critical": found.is_critical,
                "certificate": None if file is None else str(file),
                "claim": found.certificate.kind,
            }
        )
        return DONE
    console = stdout()
    console.print(f"sharpness    {_eigenvalue(found)}", markup=False)
    console.print(f"trace        {to_text(found.trace)}", markup=False)
    if step is not None and found.is_critical:
        told = to_text(step[0]) if step[0] == step[1] else equal_or_near(step[0])
        console.print(f"step         {told}: with a longer one, gradient descent is unstable here, to first order", markup=False)
    console.print(f"gradient     {'zero' if found.is_critical else 'not zero: this is no critical point'}", markup=False)
    console.print(f"certificate  {file or NOT_WRITTEN}", markup=False)
    return DONE


def _eigenvalue(found: Sharpness) -> str:
    if found.largest.value is not None:
        return to_text(found.largest.value)
    number, polynomial = found.largest.index, ", ".join(map(integer_text, found.largest.polynomial))
    low, _ = found.certificate.bounds
    return f"{equal_or_near(low, 8)}: root {number} (from the least, from 0) of the polynomial with coefficients {polynomial}"
