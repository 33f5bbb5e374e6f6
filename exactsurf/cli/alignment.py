"""``exactsurf alignment``: the extremal vectors, with which hidden units of small weights align."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exactsurf.cells.extremal_vectors import extremal_vectors
from exactsurf.certificate.problem_document import vector_document
from exactsurf.cli.point_file import CERTIFICATE_OPTION, NOT_WRITTEN, certificate_file, read_point
from exactsurf.cli.terminal import (
    DONE,
    EFFORT_OPTION,
    JSON_OPTION,
    QUIET_OPTION,
    print_counting,
    print_json,
    stages,
    stdout,
    subcommand,
)
from exactsurf.exact.number import brief, integer_text
from exactsurf.interop.problem_file import read_problem


@subcommand
def alignment(
    problem: Annotated[Path, typer.Argument(help="A problem file (JSON or TOML, exactsurf-problem/1).")],
    output: Annotated[Path | None, CERTIFICATE_OPTION] = None,
    at_parameters: Annotated[
        bool,
        typer.Option("--at-parameters", help="Take the predictions of the file's parameters, not those of zero weights."),
    ] = False,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """List the extremal vectors of a network with one hidden layer: with them units align while their weights are small.

    There are finitely many, at most one for every face of the arrangement of the samples; all are listed, each with the samples
    on which a unit in its direction is active, and those on whose boundary it lies.

    Examples:

      exactsurf alignment problem.json

      exactsurf alignment problem.json --at-parameters -o results
    """
    instance, given = read_point(problem, "no point for --at-parameters") if at_parameters else read_problem(problem)
    with stages("listing the faces", quiet):
        found = extremal_vectors(instance, given if at_parameters else None, effort=effort)
    file = None if output is None else found.certificate.save(certificate_file(output, problem, "alignment"))
    if as_json:
        vectors = [
            {
                "vector": vector_document(one.vector),
                "direction": vector_document(one.direction),
                "active": list(one.active),
                "on_walls": list(one.on_walls),
            }
            for one in found.vectors
        ]
        told = None if file is None else str(file)
        print_json({"faces": integer_text(found.faces), "vectors": vectors, "certificate": told, "claim": found.certificate.kind})
        return DONE
    console, count = stdout(), len(found.vectors)
    console.print(f"{count} extremal vector{'s' * (count != 1)}, on {found.faces} faces", markup=False)
    lines = [
        f"({', '.join(map(brief, one.vector))}){'' if one.sign > 0 else ', for units in the opposite direction'}: "
        f"active on {_samples(one.active)}" + (f", at the boundary of {_samples(one.on_walls)}" if one.on_walls else "")
        for one in found.vectors
    ]
    for line in lines:
        console.print(line, markup=False)
    console.print(f"certificate  {file or NOT_WRITTEN}", markup=False)
    print_counting(console, *lines)
    return DONE


def _samples(numbers: tuple[int, ...]) -> str:
    return f"sample{'s' * (len(numbers) != 1)} {', '.join(map(str, numbers))}" if numbers else "no sample"
