"""The whole text about a certificate, independent of the format: setting, statement, proof, and how to check it again."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace
from typing import Any

from exactsurf.certificate.claims.point import LOCAL_MINIMUM, NOT_A_LOCAL_MINIMUM, SPURIOUS_LOCAL_MINIMUM
from exactsurf.certificate.reading.claim_view import InlineData
from exactsurf.certificate.reading.smooth_view import SmoothView, smooth_view
from exactsurf.certificate.reading.surface_view import SurfaceView, surface_view
from exactsurf.show.certificate_view import CertificateView, certificate_view
from exactsurf.show.rules.convex_cells import convex_cells_proof
from exactsurf.show.rules.descent import descent_proof
from exactsurf.show.rules.low_rank import low_rank_proof
from exactsurf.show.rules.paths import paths_proof
from exactsurf.show.rules.positive_products import positive_products_proof
from exactsurf.show.rules.sample_values import SampleValues, sample_values
from exactsurf.show.rules.second_order import second_order_proof
from exactsurf.show.rules.unitwise import unitwise_proof
from exactsurf.show.rules.unitwise_vectors import unitwise_vectors_proof
from exactsurf.show.text.arrays import MAX_COLUMNS, fits, point_blocks, table
from exactsurf.show.text.numeral import CELL_DIGITS, equation, exact_digits, numeral
from exactsurf.show.text.problem_text import setting
from exactsurf.show.text.prose import Block, Blocks, Command, Name, Piece, rounded_once, say
from exactsurf.show.text.smooth_exposition import SMOOTH_TITLES, smooth_proof, smooth_setting, smooth_statement
from exactsurf.show.text.surface_exposition import SURFACE_TITLES, surface_proof, surface_statement

MAX_LOWER_POINTS = 3
"""Most lower points whose parameters are shown."""

_TITLES = {
    LOCAL_MINIMUM: "A local minimum",
    SPURIOUS_LOCAL_MINIMUM: "A spurious local minimum",
    NOT_A_LOCAL_MINIMUM: "Not a local minimum",
}
_MEANINGS = {
    LOCAL_MINIMUM: "$θ$ is a local minimum of $L$: no point in some neighbourhood of $θ$ has a lower risk.",
    SPURIOUS_LOCAL_MINIMUM: (
        "$θ$ is a spurious local minimum of $L$: no point in some neighbourhood of $θ$ has a lower risk, but some point "
        "elsewhere has."
    ),
    NOT_A_LOCAL_MINIMUM: "$θ$ is not a local minimum of $L$: every neighbourhood of $θ$ holds a point of lower risk.",
}

_PROOFS = {
    "paths": paths_proof,
    "unitwise": unitwise_proof,
    "unitwise vectors": unitwise_vectors_proof,
    "second order": second_order_proof,
    "convex cells": convex_cells_proof,
    "positive products": positive_products_proof,
    "low rank": low_rank_proof,
    "direction": descent_proof,
    "dead unit": descent_proof,
    "curve": descent_proof,
}


@dataclass(frozen=True)
class Exposition:
    """A certificate as a text of five parts, in blocks."""

    title: str
    sentence: str
    setting: Blocks
    statement: Blocks
    proof: Blocks
    check: Blocks


def exposition(
    document: dict[str, Any], *, file: str | None = None, sha256: str | None = None, digits: int = CELL_DIGITS
) -> Exposition:
    """The text about a certificate that the verifier has accepted.

    Parameters: `document`, its parsed JSON; `file` and `sha256`, the name and digest of its file, if there is one; `digits` of a
    number that is written exactly in a table or a matrix. Longer entries of a point have names and are written out below it.
    Exactness: numbers are exact unless ≈ stands before them. Raises: nothing for accepted certificates.
    Source: proofs/FORMAT.md and the proofs beside it.
    """
    with exact_digits(digits):
        text = _exposition(document, file, sha256)
    setting, statement, proof, check = rounded_once(text.setting, text.statement, text.proof, text.check)
    return replace(text, setting=setting, statement=statement, proof=proof, check=check)


def _exposition(document: dict[str, Any], file: str | None, sha256: str | None) -> Exposition:
    if document["claim"]["kind"] in SMOOTH_TITLES:
        return _smooth(smooth_view(document), file, sha256)
    if document["claim"]["kind"] in SURFACE_TITLES:
        return _surface(surface_view(document), file, sha256)
    view = certificate_view(document)
    values = sample_values(view)
    return Exposition(
        title=f"{_TITLES[view.kind]} of the {view.loss.name} risk",
        sentence=view.sentence,
        setting=(
            *setting(view),
            say(f"Samples{', units, layers' if view.hidden_layers else ', layers'} and outputs are counted from 1 in this text."),
        ),
        statement=_statement(view),
        proof=(*_PROOFS[view.rule](view, values), *_lower_points(view, values)),
        check=_check(view, file, sha256),
    )


def _smooth(view: SmoothView, file: str | None, sha256: str | None) -> Exposition:
    return Exposition(
        title=SMOOTH_TITLES[view.kind],
        sentence=view.sentence,
        setting=(*smooth_setting(view), say("Samples, units, layers and outputs are counted from 1 in this text.")),
        statement=smooth_statement(view),
        proof=smooth_proof(view),
        check=_check(view, file, sha256),
    )


def _surface(view: SurfaceView, file: str | None, sha256: str | None) -> Exposition:
    return Exposition(
        title=SURFACE_TITLES[view.kind],
        sentence=view.sentence,
        setting=(*setting(view), say("Samples and units are counted from 1 in this text.")),
        statement=surface_statement(view),
        proof=surface_proof(view),
        check=_check(view, file, sha256),
    )


def _statement(view: CertificateView) -> Blocks:
    blocks: list[Block] = [say("Let $θ$ be the point with"), *point_blocks(view.parameters)]
    blocks.append(say(f"Then {equation('L(θ)', view.risk)}, and {_MEANINGS[view.kind]}"))
    for number, point in enumerate(view.lower_points[:MAX_LOWER_POINTS], start=1):
        blocks.append(say(f"A point of lower risk is $θ_{{{number}}}$, with"))
        blocks += point_blocks(point.parameters, "bcd"[number - 1])
        name = f"L(θ_{{{number}}})"
        blocks.append(say(f"Its risk is {equation(name, point.risk)}, and the gap is {equation(f'L(θ) − {name}', point.gap)}."))
    if len(view.lower_points) > MAX_LOWER_POINTS:
        best = min(point.risk for point in view.lower_points)
        more = len(view.lower_points) - MAX_LOWER_POINTS
        blocks.append(
            say(f"The certificate holds {more} more points of lower risk; the lowest risk of all is {equation('L', best)}.")
        )
    return tuple(blocks)


def _lower_points(view: CertificateView, values: SampleValues | None) -> Blocks:
    """The last step for spurious minima: substitution."""
    if not view.lower_points:
        return ()
    shown = view.lower_points[:MAX_LOWER_POINTS]
    names = [f"θ_{{{number}}}" for number in range(1, len(shown) + 1)]
    listed = ", ".join(f"${name}$" for name in names)
    lower = "a risk" if len(shown) == 1 else "risks"
    blocks: list[Block] = [
        say(
            f"It is spurious: substitution of {listed} gives {lower} lower than $L(θ)$ by the gap{'s' * (len(shown) > 1)} "
            "stated above."
        )
    ]
    if values is not None and view.outputs == 1 and fits(view.samples, 2 + len(shown)) and 2 + len(shown) <= MAX_COLUMNS:
        columns = [values.problem.data.targets.column(0), values.forward.outputs[0]]
        columns += [values.predictions_at(point.parameters)[0] for point in shown]
        numbers = [column.fractions() for column in columns]
        header = ["i", "y_i", *(f"f(x_i; {name})" for name in ("θ", *names))]
        rows = [[str(i), *map(numeral, row)] for i, row in enumerate(zip(*numbers, strict=True), start=1)]
        blocks.append(say("The risks are sums over the rows of the following table of targets and predictions."))
        blocks += table(header, rows, (value for column in numbers for value in column))
    return tuple(blocks)


def _check(view: CertificateView | SmoothView | SurfaceView, file: str | None, sha256: str | None) -> Blocks:
    pieces: list[Piece] = ["All numbers stand exactly in the certificate"]
    if file is not None:
        pieces += [", the file ", Name(os.path.basename(file))]
    if sha256 is not None:
        pieces += [" (SHA-256 ", Name(sha256), ")"]
    pieces.append(
        ", which counts samples, units and outputs from 0. The verifier recomputes everything from the file with integers and "
        "needs Python's standard library only."
    )
    if not isinstance(view.data, InlineData):
        pieces += [
            " (It looks for ",
            Name(view.data.file),
            " beside the certificate, or in the folder given with ",
            Name("--data"),
            ".)",
        ]
    path = "CERTIFICATE.json" if file is None else file
    printable = path if path.isprintable() else ascii(path)[1:-1]
    quoted = shlex.quote(printable if not printable.startswith("-") else f"./{printable}")
    return say(*pieces), Command(f"python -m exactsurf.verifier {quoted}")
