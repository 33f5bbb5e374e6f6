"""``exactsurf regions``: the regions of input space on which a network is affine, counted and listed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from exactsurf.cells.inputs.linear_regions import LinearRegions, linear_regions
from exactsurf.certificate.problem_document import matrix_document, vector_document
from exactsurf.cli.point_file import CERTIFICATE_OPTION, NOT_WRITTEN, POINT_ARGUMENT, certificate_file, read_point
from exactsurf.cli.terminal import DONE, EFFORT_OPTION, JSON_OPTION, QUIET_OPTION, print_json, stages, stdout, subcommand
from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import brief, integer_text, to_text


@subcommand
def regions(
    problem: Annotated[Path, POINT_ARGUMENT],
    output: Annotated[Path | None, CERTIFICATE_OPTION] = None,
    with_list: Annotated[
        bool, typer.Option("--list", help="List the regions: an input in each, the network there, its neighbours.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Most regions to list.")] = 1000,
    convex: Annotated[
        bool, typer.Option("--convex", help="Count convex regions, too; this may take much longer than the rest.")
    ] = False,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Count the linear regions of a network in input space, in the ways in which papers count them.

    The network is that of the problem file at its parameters; the data do not count. The certificate is of the numbers of
    activation regions, of those with inner points, and of affine functions.

    Examples:

      exactsurf regions problem.json

      exactsurf regions problem.json --list -o results

      exactsurf regions problem.json --convex
    """
    instance, parameters = read_point(problem, "no function whose regions could be counted")
    running = Effort.of(effort).started()
    with stages("splitting input space", quiet) as stage:
        found = linear_regions(instance, parameters, effort=running)
        stage("counting")
        counts: dict[str, int | tuple[int, int]] = {
            "activation_regions": found.activation_regions,
            "proper_activation_regions": found.proper_activation_regions,
            **({"convex_regions": found.count_convex_regions(running)} if convex else {}),
            "open_connected_regions": found.open_connected_regions,
            "closed_connected_regions": found.count_closed_regions(running),
            "affine_regions": found.affine_regions,
        }
    file = None if output is None else found.certificate.save(certificate_file(output, problem, "regions"))
    listed = range(min(limit, len(found.regions)) if with_list else 0)
    if as_json:
        document: dict[str, Any] = {name: _numbers(value) for name, value in counts.items()}
        if with_list:
            document["regions"] = [_region(found, number) for number in listed]
        print_json({**document, "certificate": None if file is None else str(file), "claim": found.certificate.kind})
        return DONE
    console = stdout()
    for name, value in counts.items():
        numbers = _numbers(value)
        told = numbers if isinstance(numbers, str) else numbers[0] if numbers[0] == numbers[1] else " to ".join(numbers)
        console.print(f"{told:>8}  {_WORDS[name]}", markup=False)
    for number in listed:
        region = found.regions[number]
        functions = ", ".join(map(_affine, region.outputs[0]))
        beside = ", ".join(map(str, _beside(found, number))) or "none"
        console.print(f"region {number}: at ({', '.join(map(brief, region.witness))}) it is {functions}; neighbours {beside}")
    if with_list and len(listed) < len(found.regions):
        console.print(f"… only the first {len(listed)} are listed; raise --limit")
    console.print(f"certificate  {file or NOT_WRITTEN}", markup=False)
    return DONE


_WORDS = {
    "activation_regions": "activation regions: patterns that some input has",
    "proper_activation_regions": "proper activation regions: those that have inner points",
    "convex_regions": "convex regions: the fewest convex sets on each of which the network is affine",
    "open_connected_regions": "open connected regions: joined where they share a facet",
    "closed_connected_regions": "closed connected regions: joined where they share a point",
    "affine_regions": "affine functions that the network is on open sets",
}


def _numbers(value: int | tuple[int, int]) -> str | list[str]:
    return integer_text(value) if isinstance(value, int) else [integer_text(bound) for bound in value]


def _beside(found: LinearRegions, number: int) -> list[int]:
    """The numbers of the regions that share a facet with one."""
    return sorted(j if i == number else i for i, j in found.neighbours if number in (i, j))


def _region(found: LinearRegions, number: int) -> dict[str, Any]:
    """A region: an input in it, the coefficients of each output and then its constant, and its neighbours."""
    region = found.regions[number]
    return {
        "input": vector_document(region.witness),
        "outputs": matrix_document(region.outputs[0]),
        "inequalities": matrix_document(region.inequalities),
        "neighbours": _beside(found, number),
    }


def _affine(function: Vector) -> str:
    """An affine function of x1, x2, … in words.

    >>> from fractions import Fraction
    >>> _affine((Fraction(1), Fraction(-1, 2), Fraction(0), Fraction(3))), _affine((Fraction(0), Fraction(0)))
    ('x1 - 1/2*x2 + 3', '0')
    """
    text = ""
    for place, value in enumerate(function, start=1):
        name = f"x{place}" if place < len(function) else ""
        if value:
            size = to_text(abs(value))
            term = size if not name else name if size == "1" else f"{size}*{name}"
            text += f" {'-' if value < 0 else '+'} {term}" if text else f"{'-' if value < 0 else ''}{term}"
    return text or "0"
