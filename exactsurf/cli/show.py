"""``exactsurf show``: a certificate as a theorem with its proof, in Markdown or LaTeX."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown

from exactsurf.certificate.check import verify
from exactsurf.certificate.document import write_file
from exactsurf.certificate.problem_document import vector_document
from exactsurf.cli.terminal import DONE, JSON_OPTION, print_json, stdout, subcommand
from exactsurf.errors import InputError
from exactsurf.exact.number import to_text
from exactsurf.show.certificate_view import CertificateView, InlineData, certificate_view
from exactsurf.show.latex import latex
from exactsurf.show.markdown import markdown


@subcommand
def show(
    certificate: Annotated[Path, typer.Argument(help="A certificate file.")],
    as_latex: Annotated[bool, typer.Option("--latex", help="LaTeX: a theorem and its proof (amsmath, amsthm).")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Markdown as text, also on a terminal.")] = False,
    standalone: Annotated[bool, typer.Option("--standalone", help="With --latex: a whole document with a preamble.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
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
    """
    if as_latex + as_markdown + as_json > 1:
        raise typer.BadParameter("choose one of --latex, --markdown and --json")
    if standalone and not as_latex:
        raise typer.BadParameter("--standalone is about LaTeX; add --latex")
    content = _content(certificate)
    verify(content, data_folder=data or certificate.parent)
    document, sha256 = json.loads(content), hashlib.sha256(content).hexdigest()
    if as_json:
        summary = _summary(certificate_view(document), str(certificate), sha256)
        if output is None:
            print_json(summary)
            return DONE
        text = json.dumps(summary, indent=2, ensure_ascii=False) + "\n"
    elif as_latex:
        text = latex(document, standalone=standalone, file=str(certificate), sha256=sha256)
    else:
        text = markdown(document, file=str(certificate), sha256=sha256)
    if output is not None:
        write_file(output, text.encode())
        Console(stderr=True, soft_wrap=True).print(f"written to {output}", markup=False, highlight=False)
    elif as_latex or as_markdown or not stdout().is_terminal:
        typer.echo(text, nl=False)
    else:
        stdout().print(Markdown(text))
    return DONE


def _content(path: Path) -> bytes:
    """The bytes that are verified are the bytes that are shown, even if the file changes meanwhile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None


def _summary(view: CertificateView, file: str, sha256: str) -> dict[str, Any]:
    h, data = view.activation, view.data
    loss: dict[str, Any] = {"name": view.loss.name, "scale": to_text(view.loss.scale)}
    if view.loss.delta is not None:
        loss["delta"] = to_text(view.loss.delta)
    return {
        "accepted": True,
        "claim": view.kind,
        "sentence": view.sentence,
        "rule": view.rule,
        "risk": to_text(view.risk),
        "lower_risks": [to_text(point.risk) for point in view.all_lower_points],
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
