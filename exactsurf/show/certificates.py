"""A certificate as a theorem with its proof: Markdown, LaTeX, HTML."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.table import CLAIMS, AnyClaim
from exactsurf.certificate.encoding import CertificateDocument
from exactsurf.errors import InputError
from exactsurf.show.claims.exposition import exposition
from exactsurf.show.text.exposition import Exposition
from exactsurf.show.text.html_page import html_text
from exactsurf.show.text.latex import latex_text
from exactsurf.show.text.markdown import markdown_text
from exactsurf.show.text.numeral import CELL_DIGITS


def markdown(
    certificate: AnyClaim | dict[str, Any], *, file: str | None = None, sha256: str | None = None, digits: int = CELL_DIGITS
) -> str:
    """A certificate as a theorem with its proof, in Markdown; formulas are Unicode text.

    Parameters: `certificate`, a certificate of any claim, which is verified first; or the parsed JSON of one that the verifier
    has accepted (nothing is checked then); `file` and `sha256` name the certificate's file; `digits` as in `exposition`.
    Exactness: numbers are exact unless ≈ stands before them. Raises: `RejectedCertificate` as `verify`; `InputError` for
    anything else than a certificate. Source: proofs/FORMAT.md and the proofs beside it.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, 3]))
    >>> verdict = es.decide(problem, problem.parameters(W1=[[2]], b1=[1]))
    >>> print(es.markdown(verdict.certificate).splitlines()[0])
    # A local minimum of the squared risk
    """
    return markdown_text(_exposed(certificate, file, sha256, digits))


def latex(
    certificate: AnyClaim | dict[str, Any],
    *,
    standalone: bool = False,
    file: str | None = None,
    sha256: str | None = None,
    digits: int = CELL_DIGITS,
) -> str:
    r"""A certificate as a LaTeX theorem with its proof.

    The theorem has a label, ``thm:`` and the beginning of the SHA-256 of what it states, so that several fit into one paper.
    Parameters: as `markdown`; `standalone` adds a preamble and a heading, otherwise the first line says what the fragment needs.
    Returns: ASCII text, whose lines fit into one or two columns.
    Exactness: numbers are exact unless an approximation sign stands before them. Raises: as `markdown`.
    Source: proofs/FORMAT.md and the proofs beside it.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, 3]))
    >>> verdict = es.decide(problem, problem.parameters(W1=[[2]], b1=[1]))
    >>> [line for line in es.latex(verdict.certificate, standalone=True).splitlines() if "section" in line]
    ['\\section*{A local minimum of the squared risk}']
    """
    return latex_text(_exposed(certificate, file, sha256, digits), standalone=standalone)


def html_page(
    certificate: AnyClaim | dict[str, Any], *, file: str | None = None, sha256: str | None = None, digits: int = CELL_DIGITS
) -> str:
    """A certificate as a theorem with its proof, in one HTML page that refers to nothing outside itself.

    Parameters, Exactness, Raises: as `markdown`. Source: proofs/FORMAT.md and the proofs beside it.
    """
    return html_text(_exposed(certificate, file, sha256, digits))


def _exposed(certificate: AnyClaim | dict[str, Any], file: str | None, sha256: str | None, digits: int) -> Exposition:
    if isinstance(certificate, CertificateDocument):
        verify(certificate)
        document = certificate.document()
    elif isinstance(certificate, dict) and certificate.get("claim", {}).get("kind") in CLAIMS:
        document = certificate
    else:
        fix = "pass a certificate: verdict.certificate, or es.load(path) for one in a file"
        raise InputError("not a certificate", text=repr(certificate), fix=fix)
    return exposition(document, file=file, sha256=sha256, digits=digits)
