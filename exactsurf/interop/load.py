"""Any file of exactsurf back as its value: certificates and problems."""

from __future__ import annotations

import os
from pathlib import Path

from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.table import AnyClaim
from exactsurf.certificate.read import certificate_of, document_of
from exactsurf.errors import InputError
from exactsurf.files import as_path
from exactsurf.interop.problem_file import FORMAT as PROBLEM_FORMAT
from exactsurf.interop.problem_file import read_any_problem
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

_START = 200  # bytes in which a problem file of exactsurf says what it is


def load(path: str | os.PathLike[str]) -> AnyClaim | tuple[Problem | RestrictedProblem, Parameters | None]:
    """The value in a file: a certificate of any claim, verified, or a problem with its parameters.

    Saved again, a certificate that exactsurf wrote has the same bytes.

    Parameters: `path` of a certificate (also compressed), whose data file, if it names one, is looked for beside it; or of a
    problem file (JSON, or TOML if its name ends in ``.toml``). Returns: the certificate; for a problem file what
    `read_problem` or `read_restricted_problem` returns, the problem and its parameters or None. Exactness: exact.
    Raises: `RejectedCertificate` with the field if the verifier rejects the certificate; `InputError` if the file cannot be
    read, or is neither, or the data file is missing or another one. Source: proofs/FORMAT.md; `read_problem`.

    >>> import exactsurf as es, tempfile, pathlib
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, 3]))
    >>> certificate = es.decide(problem, problem.parameters(W1=[[2]], b1=[1])).certificate
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     es.load(certificate.save(pathlib.Path(folder, "minimum.json"))) == certificate
    True
    """
    file = as_path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(file)) from None
    if is_problem(file, content):
        return read_any_problem(file)
    if not content.strip().startswith((b"{", b"\x1f\x8b")):
        fix = "es.load reads certificates and problem files of exactsurf; data are read by es.Data.from_csv"
        raise InputError("is neither a certificate nor a problem file", file=str(file), fix=fix)
    verify(content, data_folder=file.parent)
    return certificate_of(document_of(content), file.parent)


def is_problem(path: Path, content: bytes) -> bool:
    """Whether a file says of itself that it is a problem; whatever else it is, the verifier judges it."""
    return path.suffix == ".toml" or PROBLEM_FORMAT.rpartition("/")[0].encode() in content[:_START]
