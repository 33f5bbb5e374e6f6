"""``exactsurf escape``: the escape neurons of a point, along which it can be left."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from exactsurf.certificate.problem_document import vector_document
from exactsurf.cli.point_file import POINT_ARGUMENT, read_point
from exactsurf.cli.terminal import DONE, JSON_OPTION, print_counting, print_json, stdout, subcommand
from exactsurf.exact.number import brief, to_text
from exactsurf.minima.escape_neurons import escape_neurons


@subcommand
def escape(
    problem: Annotated[Path, POINT_ARGUMENT],
    as_json: Annotated[bool, JSON_OPTION] = False,
) -> int:
    """List the escape neurons: units with output weight 0 along which a stationary point of one hidden layer can be left.

    Each with a direction of its incoming weights (and bias), and the slope along it. A stationary point is a local minimum if
    and only if there are none; exactsurf decide makes the certificate of either answer.

    Examples:

      exactsurf escape problem.json
    """
    instance, parameters = read_point(problem, "no point to leave")
    found = escape_neurons(instance, parameters)
    if as_json:
        units = [{"unit": one.unit, "direction": vector_document(one.direction), "slope": to_text(one.slope)} for one in found]
        print_json({"escape_neurons": units})
        return DONE
    console = stdout()
    lines = [
        f"unit {one.unit} escapes: along ({', '.join(map(brief, one.direction))}) its slope is {brief(one.slope)}"
        for one in found
    ]
    for line in lines or ["no escape neurons: a local minimum if the point is stationary (exactsurf decide tells)"]:
        console.print(line, markup=False)
    print_counting(console, *lines)
    return DONE
