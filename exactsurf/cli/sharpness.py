"""``exactsurf sharpness``: the largest eigenvalue of the Hessian at a point, and the steps that a minimum there bears."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from exactsurf.certificate.claims.exact_sharpness import ExactSharpness
from exactsurf.certificate.problem_document import parameters_document, vector_document
from exactsurf.cli.point_file import CERTIFICATE_OPTION, NOT_WRITTEN, POINT_ARGUMENT, certificate_file, read_point
from exactsurf.cli.terminal import DONE, EFFORT_OPTION, JSON_OPTION, QUIET_OPTION, print_json, stages, stdout, subcommand
from exactsurf.effort import Effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import approximate, brief, equal_or_near, integer_text, to_text
from exactsurf.exact.real_roots import RealRoot
from exactsurf.minima.flattest_minimiser import WIDTH, FlattestMinimiser, flattest_minimiser
from exactsurf.minima.flattest_rescaling import FlattestRescaling, flattest_rescaling
from exactsurf.minima.local.stable_step import largest_eigenvalue_of, stable_between
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.sharpness import Sharpness
from exactsurf.minima.sharpness import sharpness as find_sharpness
from exactsurf.minima.smooth.enclosed_sharpness import EnclosedSharpness, enclosed_sharpness

if TYPE_CHECKING:
    from rich.console import Console


@subcommand
def sharpness(
    problem: Annotated[Path, POINT_ARGUMENT],
    output: Annotated[Path | None, CERTIFICATE_OPTION] = None,
    flattest: Annotated[
        bool,
        typer.Option("--flattest", help="Also how flat the point becomes where hidden units are rescaled; -o writes that claim."),
    ] = False,
    valley: Annotated[
        bool,
        typer.Option(
            "--valley",
            help="Also the flattest of all minimisers in the signed cell with its predictions; -o writes that claim.",
        ),
    ] = False,
    width: Annotated[
        str | None, typer.Option(help="With --valley: how far apart bounds may be, as a part of the upper one. Default: 1e-9.")
    ] = None,
    exactly: Annotated[
        bool,
        typer.Option(
            "--exactly",
            help="With --flattest or --valley: also as algebraic numbers, up to degree 24; -o writes a claim for each.",
        ),
    ] = False,
    step: Annotated[str | None, typer.Option(help="Whether gradient descent with this step is stable, to first order.")] = None,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """The sharpness of the risk at the parameters of a problem file: the largest eigenvalue of its Hessian, and its trace.

    The eigenvalue is exact: a rational number, or a root of an irreducible polynomial (with --json: its integer coefficients
    from the constant upwards, and which of its real roots, from the least, counted from 0), between two bounds. At a minimum,
    the linear part of gradient descent is unstable with a step above 2 over the eigenvalue. For smooth activations, losses by
    expression and weight decay it is told between two bounds (with --json, the trace too).

    Examples:

      exactsurf sharpness problem.json

      exactsurf sharpness problem.json -o results

      exactsurf sharpness problem.json --flattest

      exactsurf sharpness problem.json --valley --width 1e-20 --step 1/10

      exactsurf sharpness problem.json --valley --exactly -o results

      exactsurf sharpness problem.json --flattest --exactly
    """
    if flattest and valley:
        raise InputError("--flattest and --valley are two questions, each with a claim of its own", fix="ask one after the other")
    if width is not None and not valley:
        raise InputError("--width is for --valley: other answers are exact, or as near as enclosures are", fix="leave it out")
    if exactly and not (valley or flattest):
        what = "--exactly is for --flattest and --valley: other answers are exact, or as near as enclosures are"
        raise InputError(what, fix="leave it out")
    if step is not None:
        largest_eigenvalue_of(step)
    instance, parameters = read_point(problem, "no point at which to ask for the sharpness")
    running = Effort.of(effort).started()
    if not instance.network.is_piecewise_linear or instance.decay is not None or not instance.loss.is_piecewise_quadratic:
        if flattest or valley:
            raise UnsupportedError(
                f"--{'flattest' if flattest else 'valley'} is for piecewise linear units, a loss by pieces and no weight decay",
                "leave it out",
            )
        with stages("enclosing the Hessian", quiet):
            enclosed = enclosed_sharpness(instance, parameters, effort=running)
        return _tell_enclosed(enclosed, output, problem, step, as_json)
    with stages("computing the Hessian", quiet) as stage:
        found = find_sharpness(instance, parameters, effort=running)
        flat: FlattestRescaling | FlattestMinimiser | None = None
        if flattest:
            stage("rescaling the units")
            flat = flattest_rescaling(instance, parameters, exactly=exactly, effort=running)
        if valley:
            stage("looking for the flattest minimiser")
            wanted = WIDTH if width is None else width
            flat = flattest_minimiser(instance, parameters, width=wanted, exactly=exactly, effort=running)
    claimed = found.certificate if flat is None else flat.certificate
    ending = "flattest" if flattest or valley else "sharpness"
    file = None if output is None else claimed.save(certificate_file(output, problem, ending))
    exact_files = {} if flat is None else _save_exact(flat, output, problem)
    longest = found.largest_step
    stable = None if step is None else found.is_stable(step)
    if as_json:
        largest = found.largest
        print_json(
            {
                "largest_eigenvalue": vector_document(found.certificate.bounds),
                "polynomial": [integer_text(value) for value in largest.polynomial],
                "root": largest.index,
                "trace": to_text(found.trace),
                "largest_step": None if longest is None else vector_document(longest),
                "is_critical": found.is_critical,
                **({} if step is None else {"step": step, "is_stable": stable if found.is_critical else None}),
                **({} if flat is None else {"flattest": _flattest_document(flat, step)}),
                **({"exact_certificates": exact_files} if exactly else {}),
                "certificate": None if file is None else str(file),
                "claim": claimed.kind,
            }
        )
        return DONE
    console = stdout()
    console.print(f"sharpness    {_eigenvalue(found)}", markup=False)
    console.print(f"trace        {brief(found.trace)}", markup=False)
    if longest is not None and found.is_critical:
        told = brief(longest[0]) if longest[0] == longest[1] else equal_or_near(longest[0])
        console.print(f"step         {told}: with a longer one, gradient descent is unstable here, to first order", markup=False)
    console.print(f"gradient     {'zero' if found.is_critical else 'not zero: this is no critical point'}", markup=False)
    if stable is not None and found.is_critical:
        console.print(f"step {step}: gradient descent is {'stable' if stable else 'unstable'} here, to first order", markup=False)
    if flat is not None:
        _print_flattest(console, flat, step)
    console.print(f"certificate  {file or NOT_WRITTEN}", markup=False)
    for name in exact_files.values():
        console.print(f"certificate  {name}", markup=False)
    return DONE


def _save_exact(flat: FlattestRescaling | FlattestMinimiser, output: Path | None, problem: Path) -> dict[str, str]:
    """The files of the certificates of algebraic numbers, by what is least."""
    parts = {"trace": flat.exact_trace, "eigenvalue": flat.exact_eigenvalue}
    found = {name: part for name, part in parts.items() if isinstance(part, ExactSharpness)}
    if output is None:
        return {}
    return {name: str(part.save(certificate_file(output, problem, f"least_{name}"))) for name, part in found.items()}


def _tell_enclosed(found: EnclosedSharpness, output: Path | None, problem: Path, step: str | None, as_json: bool) -> int:
    """The same between bounds, for what has no rational Hessian."""
    file = None if output is None else found.certificate.save(certificate_file(output, problem, "sharpness"))
    longest = found.largest_step
    stable = None if step is None or not found.may_be_critical else stable_between(found.bounds, step)
    if as_json:
        print_json(
            {
                "largest_eigenvalue": vector_document(found.bounds),
                "trace": vector_document(found.trace),
                "largest_step": None if longest is None else vector_document(longest),
                "may_be_critical": found.may_be_critical,
                **({} if step is None else {"step": step, "is_stable": stable}),
                "certificate": None if file is None else str(file),
                "claim": found.certificate.kind,
            }
        )
        return DONE
    console = stdout()
    for name, (low, high) in (("sharpness", found.bounds), ("trace", found.trace)):
        console.print(f"{name:12} from {approximate(low, 12)} to {approximate(high, 12)}", markup=False)
    if longest is not None and found.may_be_critical:
        console.print(
            f"step         {equal_or_near(longest[1])}: with a longer one, gradient descent is unstable here", markup=False
        )
    if step is not None and found.may_be_critical:
        told = {True: "stable", False: "unstable", None: "perhaps stable"}[stable]
        console.print(f"step {step}: gradient descent is {told} here, to first order, if the gradient is zero", markup=False)
    console.print(
        f"gradient     {'may be zero' if found.may_be_critical else 'not zero: this is no critical point'}", markup=False
    )
    console.print(f"certificate  {file or NOT_WRITTEN}", markup=False)
    return DONE


def _flattest_document(flat: FlattestRescaling | FlattestMinimiser, step: str | None) -> dict[str, Any]:
    """The least values over rescalings or minimisers: two bounds, and the polynomial and root number where they are known."""
    stable = {} if step is None else {"is_stable_somewhere": flat.is_stable(step)}
    more: dict[str, Any] = {}
    if isinstance(flat, FlattestRescaling):
        more = {"least_trace_is_attained": flat.is_attained, "only_rescalings": flat.only_rescalings}
    if flat.exact_trace is not None:
        parts = {"least_trace": flat.exact_trace, "least_eigenvalue": flat.exact_eigenvalue}
        more["not_exact"] = {name: part.reason for name, part in parts.items() if isinstance(part, NotProved)}
    return {
        name: {
            "bounds": vector_document(bounds),
            "polynomial": None if root is None else [integer_text(value) for value in root.polynomial],
            "root": None if root is None else root.index,
            "parameters": parameters_document(there),
        }
        for name, bounds, root, there in (
            ("least_trace", flat.trace, flat.least_trace, flat.with_least_trace),
            ("least_eigenvalue", flat.eigenvalue, flat.least_eigenvalue, flat.with_least_eigenvalue),
        )
    } | {
        **more,
        "largest_step": None if flat.largest_step is None else vector_document(flat.largest_step),
        **stable,
    }


def _print_flattest(console: Console, flat: FlattestRescaling | FlattestMinimiser, step: str | None) -> None:
    rescales = isinstance(flat, FlattestRescaling)
    among = "rescalings of hidden units" if rescales else "minimisers with these predictions in the signed cell"
    for name, (low, high), root in (
        ("least sharpness", flat.eigenvalue, flat.least_eigenvalue),
        ("least trace", flat.trace, flat.least_trace),
    ):
        told = f"from {approximate(low, 12)} to {approximate(high, 12)}"
        if low == high or (root is not None and root.value is not None):
            told = brief(low if root is None or root.value is None else root.value)
        elif root is not None:
            told = f"{equal_or_near(low, 12)}: {_as_root(root)}"
        console.print(f"{name}: {told}, over all {among}", markup=False)
    for name, part in (("sharpness", flat.exact_eigenvalue), ("trace", flat.exact_trace)):
        if isinstance(part, NotProved):
            console.print(f"no certificate of the least {name} as an algebraic number: {part.reason}", markup=False)
    if isinstance(flat, FlattestRescaling) and flat.only_rescalings:
        console.print("all minima nearby are rescalings of this one", markup=False)
    if flat.largest_step is not None:
        console.print(f"with steps above {equal_or_near(flat.largest_step[1])} none of them is stable", markup=False)
    if step is not None:
        words = {True: "stable at one of them", False: "stable at none of them", None: "perhaps stable at one of them"}
        console.print(f"with the step {step} gradient descent is {words[flat.is_stable(step)]}, to first order", markup=False)


def _eigenvalue(found: Sharpness) -> str:
    if found.largest.value is not None:
        return brief(found.largest.value)
    low, _ = found.certificate.bounds
    return f"{equal_or_near(low, 8)}: {_as_root(found.largest)}"


def _as_root(root: RealRoot) -> str:
    coefficients = ", ".join(brief(Fraction(value)) for value in root.polynomial)
    return f"root {root.index} (from the least, from 0) of the polynomial with coefficients {coefficients}"
