"""What the certificates of all claims share: the format's name, the type and the bytes."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import Any

from exactsurf.files import write_file
from exactsurf.model.problem import Problem

FORMAT, GENERAL_FORMAT = "exactsurf-certificate/1", "exactsurf-certificate/2"
"""The formats: with the four losses that have names there, and with any convex piecewise quadratic loss and weights."""


EMBED_LIMIT = 200_000
"""Data with at most this many cells are restated in the certificate; larger files are named by their SHA-256."""


class CertificateDocument(ABC):
    """The certificate of any claim: its document, its bytes, and how it is saved. Some are about no finite data.

    Source: proofs/FORMAT.md, section 1.
    """

    kind: str

    @property
    @abstractmethod
    def sentence(self) -> str:
        """The claim in one sentence."""

    @abstractmethod
    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""

    @cached_property
    def encoded(self) -> bytes:
        """The bytes of the certificate's file."""
        return encoded_document(self.document())

    @property
    def names_data_file(self) -> bool:
        """Whether the data are not restated but named by a file's SHA-256."""
        return False

    @property
    def data_folder(self) -> Path | None:
        """The folder of the data file that the certificate may name, if the data are from a file."""
        return None

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the certificate to `path`; it appears whole or not at all.

        Parameters: `path` of the file. Returns: the path. Exactness: exact.
        Raises: `InputError` if it cannot be written. Source: `write_file`.
        """
        return write_file(path, self.encoded)


class CertificateFile(CertificateDocument):
    """The certificate of any claim about a problem with data: a frozen value with its problem.

    Source: proofs/FORMAT.md, section 3. A new kind of claim has its own class, in a module of its own; the verifier has a
    function for it in `exactsurf.verifier.claims.CLAIMS`.
    """

    problem: Problem
    embed: bool | None = None

    @property
    def names_data_file(self) -> bool:
        """Whether the data are not restated but named by a file's SHA-256."""
        return not restates_data(self.problem, self.embed)

    @property
    def data_folder(self) -> Path | None:
        """The folder of the data file that the certificate may name, if the data are from a file."""
        source = self.problem.data.source
        return source.folder if source is not None else None


def restates_data(problem: Problem, embed: bool | None) -> bool:
    """Whether the numbers of the data are written out; see `problem_document`."""
    data = problem.data
    if data.source is None:
        return True
    return len(data) * (data.inputs.columns + data.targets.columns) <= EMBED_LIMIT if embed is None else embed


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


def counted(count: int, noun: str) -> str:
    """``1 sample``, ``2 samples``."""
    return f"{count} {noun}" + "s" * (count != 1)


def architecture(problem: Problem) -> str:
    """The widths as sentences have them, e.g. ``2-3-1``."""
    return "-".join(map(str, problem.network.widths))
