"""``exactsurf dimension``: how many parameters matter at a point, on the data or over all inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exactsurf.cells.inputs.functional_dimension import functional_dimension
from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.point_file import CERTIFICATE_OPTION, NOT_WRITTEN, POINT_ARGUMENT, certificate_file, read_point
from exactsurf.cli.terminal import DONE, EFFORT_OPTION, JSON_OPTION, QUIET_OPTION, print_json, stages, stdout, subcommand
from exactsurf.exact.number import integer_text


@subcommand
def dimension(
    problem: Annotated[Path, POINT_ARGUMENT],
    output: Annotated[Path | None, CERTIFICATE_OPTION] = None,
    all_inputs: Annotated[
        bool, typer.Option("--all-inputs", help="Of the network as a function on all of input space, not on the data.")
    ] = False,
    with_kernel: Annotated[
        bool, typer.Option("--kernel", help="List a basis of the directions along which no prediction moves to first order.")
    ] = False,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """The functional dimension: the rank of the predictions in the parameters, at the parameters of a problem file.

    On the data it is the rank of the matrix of derivatives of all predictions; with --all-inputs the largest such rank over all
    finite sets of inputs. The certificate holds a minor that is not 0 and a basis of the kernel.

    Examples:

      exactsurf dimension problem.json

      exactsurf dimension problem.json --all-inputs -o results

      exactsurf dimension problem.json --kernel
    """
    instance, parameters = read_point(problem, "no point at which to ask for the dimension")
    with stages("computing the rank", quiet):
        found = functional_dimension(instance.network if all_inputs else instance, parameters, effort=effort)
    file = None if output is None else found.certificate.save(certificate_file(output, problem, "dimension"))
    if as_json:
        print_json(
            {
                "dimension": integer_text(found.dimension),
                "parameters": integer_text(found.parameters),
                "bound": integer_text(found.bound),
                "inputs": "all" if all_inputs else "data",
                **({"kernel": [parameters_document(direction) for direction in found.kernel]} if with_kernel else {}),
                "certificate": None if file is None else str(file),
                "claim": found.certificate.kind,
            }
        )
        return DONE
    console = stdout()
    where = "over all inputs" if all_inputs else f"on {len(instance.data.x)} samples"
    console.print(f"dimension    {found.dimension} of {found.parameters} parameters, {where}", markup=False)
    console.print(f"at most      {found.bound}{_why(found.bound, found.parameters, all_inputs)}", markup=False)
    for direction in found.kernel if with_kernel else ():
        console.print(f"kernel       {direction!r}", markup=False)
    console.print(f"certificate  {file or NOT_WRITTEN}", markup=False)
    return DONE


def _why(bound: int, parameters: int, all_inputs: bool) -> str:
    """Where the bound comes from."""
    if bound == parameters:
        return ", all parameters"
    return ", since units can be rescaled" if all_inputs else ", by the number of predictions and since units can be rescaled"
