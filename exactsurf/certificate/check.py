"""From a certificate to the verifier and back: nothing is called PROVED before the verifier has read its bytes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from exactsurf import verifier
from exactsurf.certificate.encoding import AnyCertificate
from exactsurf.certificate.encoding import data_folder as folder_of_data
from exactsurf.errors import InputError, InternalError, RejectedCertificate

T = TypeVar("T", bound=AnyCertificate)


def verify(
    certificate: AnyCertificate | bytes | str | os.PathLike[str],
    *,
    data_folder: str | os.PathLike[str] | None = None,
    note: Callable[[str], None] | None = None,
) -> verifier.Accepted:
    """Run the independent verifier on a certificate.

    Parameters: a certificate of any claim, the bytes of a certificate file, or its path; `data_folder`, where to look for
    the data file that a certificate names (by default beside the certificate); `note` is called with every line of what was
    checked.
    Returns: what was accepted (claim, risk, checks). Exactness: exact; the verifier uses integers only.
    Raises: `RejectedCertificate` with the field, `InputError` if the file cannot be read.
    Source: proofs/FORMAT.md.

    >>> verify(b"{}")
    Traceback (most recent call last):
        ...
    exactsurf.errors.RejectedCertificate: certificate rejected at format: missing field; do not \
rely on it, and build it again if it is yours
    """
    folder = data_folder
    if isinstance(certificate, bytes):
        content = certificate
    elif not isinstance(certificate, (str, os.PathLike)):
        content, folder = certificate.encoded, folder or folder_of_data(certificate.problem)
    else:
        path = Path(certificate)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
        folder = folder or path.parent
    try:
        return verifier.verify(content, data_folder=folder, note=note)
    except verifier.Rejected as rejected:
        raise RejectedCertificate(rejected.place, rejected.reason) from None


def confirmed(certificate: T, *, note: Callable[[str], None] | None = None) -> T:
    """`certificate`, after the verifier has accepted its bytes; otherwise exactsurf has a bug and says so.

    Exactness: exact. Raises: `InputError` if the data file that the certificate names has changed since it was read,
    `InternalError` with the field for any other rejection. Source: design.md.
    """
    try:
        verify(certificate, note=note)
    except RejectedCertificate as rejected:
        if rejected.fields["field"].startswith("problem.data.csv"):
            source = certificate.problem.data.source
            name = source.file if source else None
            raise InputError(f"the data file is no longer what was read ({rejected.fields['reason']})", file=name) from rejected
        raise InternalError(f"the verifier rejects a certificate that was just built ({rejected})") from rejected
    return certificate
