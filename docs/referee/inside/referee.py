"""What the page asks of Python: bytes in, text out. It runs in the browser; nothing here decides anything itself."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from exactsurf.verifier import Refused, Rejected, verify
from exactsurf.verifier.arithmetic.rational import display


def _bytes(given: Any) -> bytes:
    return given if isinstance(given, bytes) else given.to_bytes()


@contextmanager
def data_folder(names: Sequence[str], files: Sequence[Any]) -> Iterator[Path]:
    """The files that were chosen beside the certificate, in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in zip(names, files, strict=True):
            (Path(folder) / Path(name).name).write_bytes(_bytes(content))
        yield Path(folder)


def check(given: Any, names: Sequence[str], files: Sequence[Any], effort: int, note: Callable[[str], object]) -> str:
    """The verdict of the verifier as JSON: status, and sentence with risk, or place with reason."""
    document = _bytes(given)
    report: dict[str, Any] = {"sha256": hashlib.sha256(document).hexdigest()}
    with data_folder(names, files) as folder:
        try:
            result = verify(document, data_folder=folder, note=lambda line: void(note(line)), effort=effort or None)
        except Rejected as error:
            report |= {"status": "refused" if isinstance(error, Refused) else "rejected"}
            report |= {"place": error.place, "reason": error.reason}
        except (MemoryError, RecursionError) as error:
            report |= {"status": "refused", "place": "", "reason": f"the browser has too little memory for it ({error!r})"}
        else:
            risk = result.risk
            report |= {"status": "accepted", "sentence": result.sentence}
            report["risk"] = None if risk is None else display(risk.numerator, risk.denominator)
    return json.dumps(report)


def void(_: object) -> None:
    """Nothing of what JavaScript gives back is wanted."""


def exposition(given: Any) -> str:
    """The theorem and its proof as HTML; where they need more than a browser has, the command that writes them."""
    from exactsurf.certificate.read import document_of
    from exactsurf.show.claims.exposition import exposition as words
    from exactsurf.show.text.html_page import html_text

    document = _bytes(given)
    try:
        return html_text(words(document_of(document), sha256=hashlib.sha256(document).hexdigest()))
    except Exception:  # the verdict stands without these words
        return "<p>The proof of this one is written by <code>exactsurf show FILE</code> on a machine with exactsurf.</p>"


def prove(given: Any, names: Sequence[str], files: Sequence[Any]) -> str:
    """What the checker says that is proved in Coq."""
    from exactsurf.formal import judge

    with data_folder(names, files) as folder:
        try:
            return str(judge(_bytes(given), folder).value)
        except OSError:
            return "rejected by the proved checker: the data file is not here"
