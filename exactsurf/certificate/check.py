"""From a certificate to the verifier and back: nothing is called PROVED before the verifier has read its bytes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from exactsurf import verifier
from exactsurf.certificate.encoding import CertificateDocument, CertificateFile
from exactsurf.effort import UNBOUNDED, Effort, OutOfTime, governing
from exactsurf.errors import InputError, InternalError, RejectedCertificate

if TYPE_CHECKING:
    from exactsurf.certificate.claims.analytic_point import AnalyticPoint
    from exactsurf.certificate.claims.critical_box import CriticalPointInBox
    from exactsurf.certificate.claims.enclosed_sharpness import EnclosedSharpnessCertificate
    from exactsurf.certificate.claims.minimum_on_walls import MinimumOnWalls
    from exactsurf.certificate.claims.population_on_lines import PopulationOnLines
    from exactsurf.certificate.claims.restricted_analytic_point import RestrictedAnalyticPoint
    from exactsurf.certificate.claims.restricted_box import RestrictedCriticalPointInBox
    from exactsurf.certificate.claims.restricted_smooth_point import RestrictedSmoothPoint
    from exactsurf.certificate.claims.smooth_point import SmoothPoint

T = TypeVar("T", bound=CertificateDocument)
OWN_EFFORT = 600  # seconds' worth of steps, for the verifier to confirm what was built here
_UNCOUNTED = 10**9  # seconds' worth of steps, where a clock bounds the verifier
_VERIFIER = "the verifier's check of the certificate"
S = TypeVar(
    "S",
    "CriticalPointInBox",
    "SmoothPoint",
    "AnalyticPoint",
    "MinimumOnWalls",
    "EnclosedSharpnessCertificate",
    "PopulationOnLines",
    "RestrictedAnalyticPoint",
    "RestrictedCriticalPointInBox",
    "RestrictedSmoothPoint",
)


def verify(
    certificate: CertificateDocument | bytes | str | os.PathLike[str],
    *,
    data_folder: str | os.PathLike[str] | None = None,
    note: Callable[[str], None] | None = None,
    effort: int | Fraction | None = None,
) -> verifier.Accepted:
    """Run the independent verifier on a certificate.

    Parameters: a certificate of any claim, the bytes of a certificate file, or its path; `data_folder`, where to look for
    the data file that a certificate names (by default beside the certificate); `note` is called with every line of what was
    checked; `effort`, how many seconds of an ordinary machine it may take (steps are counted, not time), by default 600 for a
    certificate that was built here, and for one from a file what its length lets expect. Inside of a question that has an
    effort, what was built there may take as long as that lasts, by the clock, and a tenth longer: steps are counted with a
    margin, and an answer that was found late is not lost.
    Returns: what was accepted (claim, risk, checks). Exactness: exact; the verifier uses integers only.
    Raises: `RejectedCertificate` with the field, `InputError` if the file cannot be read.
    Source: proofs/FORMAT.md.

    >>> import exactsurf as es
    >>> es.verify(b"{}")
    Traceback (most recent call last):
        ...
    exactsurf.errors.RejectedCertificate: certificate rejected at format: missing field; do not \
rely on it, and build it again if it is yours
    """
    folder = data_folder
    if isinstance(certificate, bytes):
        content = certificate
    elif not isinstance(certificate, (str, os.PathLike)):
        if not hasattr(certificate, "encoded"):
            fix = "pass a certificate (verdict.certificate), the bytes of its file, or its path"
            raise InputError("not a certificate", text=repr(certificate), fix=fix)
        content, folder = certificate.encoded, folder or certificate.data_folder
        if effort is None:
            return _own(content, folder, note)
    else:
        path = Path(certificate)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
        folder = folder or path.parent
    return _checked(content, folder, note, effort)


def _own(content: bytes, folder: str | os.PathLike[str] | None, note: Callable[[str], None] | None) -> verifier.Accepted:
    """What was built here: a clock bounds it where an effort with an end governs, and the count of steps where none does."""
    running = governing().with_its_tenth()
    if running.seconds_left is None:
        return _checked(content, folder, note, OWN_EFFORT)
    watch = partial(running.check, _VERIFIER)
    watch()
    try:
        return _checked(content, folder, note, _UNCOUNTED, watch)
    except RejectedCertificate as rejected:
        if rejected.fields["refused"]:
            raise OutOfTime(running.seconds, f"{_VERIFIER} ({rejected.fields['reason']})") from None
        raise


def _checked(
    content: bytes,
    folder: str | os.PathLike[str] | None,
    note: Callable[[str], None] | None,
    effort: int | Fraction | None,
    watch: Callable[[], None] | None = None,
) -> verifier.Accepted:
    try:
        return verifier.verify(content, data_folder=folder, note=note, effort=effort, watch=watch)
    except verifier.Rejected as rejected:
        raise RejectedCertificate(rejected.place, rejected.reason, isinstance(rejected, verifier.Refused)) from None


def confirmed(certificate: T, *, note: Callable[[str], None] | None = None) -> T:
    """`certificate`, after the verifier has accepted its bytes; otherwise exactsurf has a bug and says so.

    The verifier may take what the effort that governs has left, and a tenth of it.
    Exactness: exact. Raises: `OutOfTime` if it needs longer, `InputError` if the data file that the certificate names has
    changed since it was read, `InternalError` with the field for any other rejection. Source: CONTRIBUTING.md, rule 2.
    """
    try:
        verify(certificate, note=note)
    except RejectedCertificate as rejected:
        if isinstance(certificate, CertificateFile) and rejected.fields["field"].startswith("problem.data.csv"):
            source = certificate.problem.data.source
            name = source.file if source else None
            raise InputError(f"the data file is no longer what was read ({rejected.fields['reason']})", file=name) from rejected
        raise InternalError(f"the verifier rejects a certificate that was just built ({rejected})") from rejected
    return certificate


def accepted_with_more_bits(certificate: S, effort: Effort = UNBOUNDED) -> S | None:
    """The certificate with its own bits, or two or four times as many: the first that the verifier accepts, or None.

    The verifier rounds in its own way, so that what holds at these bits may need more of them there.
    Parameters: a certificate that the verifier follows in interval arithmetic; `effort`, whose seconds bound the verifier too.
    Exactness: exact. Raises: `RejectedCertificate` if what is rejected is the problem, which no bits change; `OutOfTime`.
    Source: proofs/smooth.md.
    """
    for factor in (1, 2, 4):
        attempt = replace(certificate, bits=factor * certificate.bits)
        try:
            with effort.governs():
                verify(attempt)
        except RejectedCertificate as rejected:
            if rejected.fields["field"].startswith("problem"):
                raise
            continue
        return attempt
    return None
