"""What the certificates of all claims share: the format's name, the type and the bytes."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from exactsurf.files import write_file
from exactsurf.model.data import Data
from exactsurf.model.problem import Problem

FORMAT, GENERAL_FORMAT = "exactsurf-certificate/1", "exactsurf-certificate/2"
"""The formats: with the four losses that have names there, and with any convex piecewise quadratic loss and weights."""


class AnyProblem(Protocol):
    """A problem of any kind; all have data, which a certificate restates or names by a file."""

    @property
    def data(self) -> Data:
        """The data."""


class AnyCertificate(Protocol):
    """A certificate of any claim: a frozen dataclass whose bytes the verifier reads.

    Source: proofs/FORMAT.md, section 3. A new kind of claim has its own class, in a module of its own; the verifier has a
    function for it in `exactsurf.verifier.claims.CLAIMS`.
    """

    @property
    def kind(self) -> str:
        """The kind of the claim."""

    @property
    def problem(self) -> AnyProblem:
        """The problem that the claim is about."""

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""

    @property
    def encoded(self) -> bytes:
        """The bytes of the certificate's file."""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the certificate to `path`; it appears whole or not at all."""


class CertificateFile(ABC):
    """The file of a certificate: its document, its bytes, and how it is saved."""

    @abstractmethod
    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""

    @cached_property
    def encoded(self) -> bytes:
        """The bytes of the certificate's file."""
        return encoded_document(self.document())

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the certificate to `path`; it appears whole or not at all.

        Parameters: `path` of the file. Returns: the path. Exactness: exact.
        Raises: `InputError` if it cannot be written. Source: `write_file`.
        """
        return write_file(path, self.encoded)


def encoded_document(document: dict[str, Any]) -> bytes:
    """The bytes of a certificate's file: JSON, one line per field of the top two levels."""
    parts = []
    for name, value in document.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"    {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items())
            parts.append(f"  {json.dumps(name)}: {{\n{inner}\n  }}")
        else:
            parts.append(f"  {json.dumps(name)}: {json.dumps(value)}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def data_folder(problem: AnyProblem) -> Path | None:
    """The folder of the data file that a certificate of this problem may name, if the data are from a file."""
    source = problem.data.source
    return source.folder if source is not None else None


def counted(count: int, noun: str) -> str:
    """``1 sample``, ``2 samples``."""
    return f"{count} {noun}" + "s" * (count != 1)


def architecture(problem: Problem) -> str:
    """The widths as sentences have them, e.g. ``2-3-1``."""
    return "-".join(map(str, problem.network.widths))
