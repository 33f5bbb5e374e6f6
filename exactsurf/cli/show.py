"""``exactsurf show``: a certificate as a theorem with its proof, in Markdown, LaTeX or HTML."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown

from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.point import CLAIMS_ABOUT_A_POINT
from exactsurf.certificate.problem_document import vector_document
from exactsurf.certificate.read import document_of
from exactsurf.certificate.reading.claim_view import InlineData
from exactsurf.certificate.reading.point_view import PointView, point_claim_view
from exactsurf.cli.terminal import DONE, JSON_OPTION, print_document, print_json, stdout, subcommand
from exactsurf.errors import InputError
from exactsurf.exact.number import to_text
from exactsurf.files import write_file
from exactsurf.interop.load import is_problem
from exactsurf.show.certificates import html_page, latex, markdown
from exactsurf.show.text.numeral import CELL_DIGITS

_WALKS = 6  # of a page, at most
_LISTED_ORBITS = 5_000  # signed cells up to the order of the units whose local minima a page lists, at most


@subcommand
def show(
    certificate: Annotated[Path, typer.Argument(help="A certificate file; with --html also a problem file.")],
    as_latex: Annotated[bool, typer.Option("--latex", help="LaTeX: a theorem and its proof (amsmath, amsthm).")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="One HTML page that needs nothing else.")] = False,
    as_coq: Annotated[
        bool, typer.Option("--coq", help="A Coq file whose last theorem is the claim; it needs nothing but Coq.")
    ] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Markdown as text, also on a terminal.")] = False,
    standalone: Annotated[bool, typer.Option("--standalone", help="With --latex: a whole document with a preamble.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    digits: Annotated[
        int, typer.Option("--digits", min=1, max=4000, help="Digits up to which a number is written exactly in tables.")
    ] = CELL_DIGITS,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="The folder of the data file that the certificate names. Default: beside it."),
    ] = None,
    as_json: Annotated[bool, JSON_OPTION] = False,
) -> int:
    """Show a certificate as a theorem with its proof, after the verifier has accepted it.

    Examples:

      exactsurf show iris.certificate.json

      exactsurf show iris.certificate.json --latex --standalone -o iris.tex

      exactsurf show iris.certificate.json --html -o iris.html

      exactsurf show iris.certificate.json --coq -o iris.v && coqc iris.v

      exactsurf show problem.json --html -o landscape.html
    """
    if as_latex + as_html + as_coq + as_markdown + as_json > 1:
        raise typer.BadParameter("choose one of --latex, --html, --coq, --markdown and --json")
    if standalone and not as_latex:
        raise typer.BadParameter("--standalone is about LaTeX; add --latex")
    content = _content(certificate)
    if is_problem(certificate, content):
        if not as_html:
            raise InputError(
                "this is a problem, not a certificate",
                file=str(certificate),
                fix="add --html for a page of its landscape, or use exactsurf landscape, cells or decide",
            )
        text = _landscape(certificate)
        if output is None:
            print_document(text, is_html=True)
        else:
            _write(output, text)
        return DONE
    accepted = verify(content, data_folder=data or certificate.parent)
    document, sha256 = document_of(content), hashlib.sha256(content).hexdigest()
    is_about_a_point = accepted.kind in CLAIMS_ABOUT_A_POINT
    if as_json:
        summary = (
            _summary(point_claim_view(document), str(certificate), sha256)
            if is_about_a_point
            else {
                "accepted": True,
                "claim": accepted.kind,
                "sentence": accepted.sentence,
                "checks": list(accepted.checks),
                "file": str(certificate),
                "sha256": sha256,
            }
        )
        if output is None:
            print_json(summary)
            return DONE
        text = json.dumps(summary, indent=2, ensure_ascii=False) + "\n"
    elif as_coq:
        text = _coq(certificate, content, data or certificate.parent)
    elif as_latex:
        text = latex(document, standalone=standalone, file=str(certificate), sha256=sha256, digits=digits)
    elif as_html:
        text = html_page(document, file=str(certificate), sha256=sha256, digits=digits)
    else:
        text = markdown(document, file=str(certificate), sha256=sha256, digits=digits)
    if output is not None:
        _write(output, text)
    elif as_latex or as_html or as_coq or as_markdown or not stdout().is_terminal:
        print_document(text, is_html=as_html)
    else:
        stdout().print(Markdown(text))
    return DONE


def _write(output: Path, text: str) -> None:
    write_file(output, text.encode())
    Console(stderr=True, soft_wrap=True).print(f"written to {output}", markup=False, highlight=False)


def _landscape(path: Path) -> str:
    """The page of a landscape: walks from every valley to a global minimum, and other local minima, as far as there are few."""
    # Certificates are shown without loading any of this.
    from exactsurf.interop.problem_file import read_piecewise_linear_problem
    from exactsurf.show.pages.landscape_page import landscape_page
    from exactsurf.surface.paths import lowest_path
    from exactsurf.surface.surface import landscape

    land = landscape(read_piecewise_linear_problem(path, "the page of a landscape")[0])
    attained = [valley.parameters for valley in land.valleys if valley.parameters is not None]
    by_height = sorted(land.valleys, key=lambda valley: -(valley.persistence or 0))
    starts = [valley.parameters for valley in by_height if valley.parameters is not None][:_WALKS]
    walks = []
    for start in starts:
        # A global minimum is left for another one; all other valleys for the first.
        end = next((point for point in attained if point != start), None)
        if end is not None:
            walks.append(lowest_path(land, start, end))
    return landscape_page(land, walks, local_minima=land.has_all_local_minima and land.orbits <= _LISTED_ORBITS)


def _coq(path: Path, content: bytes, folder: Path) -> str:
    from exactsurf.formal import Verdict, judge
    from exactsurf.formal.coq_file import coq_file

    if (verdict := judge(content, folder)) is not Verdict.ACCEPTED:
        raise InputError(f"no Coq file: {verdict.value}", file=str(path))
    return coq_file(content, data_folder=folder)


def _content(path: Path) -> bytes:
    """The bytes that are verified are the bytes that are shown, even if the file changes meanwhile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None


def _summary(view: PointView, file: str, sha256: str) -> dict[str, Any]:
    h, data = view.activation, view.data
    loss: dict[str, Any] = {"name": view.loss.name, "scale": to_text(view.loss.scale)}
    loss |= {name: to_text(value) for name, value in view.loss.constants}
    if not view.names_loss:
        function = view.loss.function.scaled(view.loss.scale)
        pieces = [vector_document(piece) for piece in function.pieces]
        loss = {"gap": view.loss.gap, "breakpoints": vector_document(function.breakpoints), "pieces": pieces}
        loss |= {} if view.weights is None else {"weights": vector_document(view.weights)}
    return {
        "accepted": True,
        "claim": view.kind,
        "sentence": view.sentence,
        "rule": view.evidence.rule,
        "risk": to_text(view.risk),
        "lower_risks": [to_text(risk) for risk in view.lower_risks],
        "problem": {
            "widths": list(view.widths),
            "biases": list(view.biases),
            "activation": {
                "breakpoints": vector_document(h.breakpoints),
                "slopes": vector_document(h.slopes),
                "value_at_0": to_text(h.value_at_0),
            },
            "loss": loss,
            "samples": view.samples,
            "data": {"file": None if isinstance(data, InlineData) else data.file, "sha256": data.sha256},
        },
        "file": file,
        "sha256": sha256,
    }
