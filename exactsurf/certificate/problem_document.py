"""The problem part of a certificate, and parameters, as JSON values (proofs/FORMAT.md, section 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import FORMAT, GENERAL_FORMAT, CertificateFile, restates_data
from exactsurf.errors import UnsupportedError
from exactsurf.exact.number import MAX_HEX, to_text
from exactsurf.exact.rational_table import RationalTable
from exactsurf.model.activation import Activation
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.smooth_activation import SmoothActivation
from exactsurf.model.smooth_expression import tree_document


def claim_at_point(
    certificate: CertificateFile, parameters: Parameters, stated: Mapping[str, Any], evidence: Mapping[str, Any]
) -> dict[str, Any]:
    """A certificate of format 2 about given parameters, with the fields of the claim behind its sentence, as a JSON value.

    Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, sections 3 and 14.
    """
    return {
        "format": GENERAL_FORMAT,
        "claim": {"kind": certificate.kind, "sentence": certificate.sentence, **stated},
        "problem": problem_document(certificate.problem, embed=certificate.embed, general=True),
        "parameters": parameters_document(parameters),
        "evidence": dict(evidence),
    }


def problem_document(problem: Problem, *, embed: bool | None = None, general: bool = False) -> dict[str, Any]:
    """The problem restated: widths, biases, activation (a smooth one by its name and constants), loss and data, and weights.

    Parameters: `general`, whether the loss is written by its pieces even if it has a name; `embed` decides whether the numbers
    of the data are written out (the default for data without a file and for up to 200,000 cells) or the file is named by its
    SHA-256. Exactness: exact. Raises: nothing.
    Source: proofs/FORMAT.md, sections 2, 10 and 14.
    """
    loss = _loss_and_weights(problem.without_decay, general or problem.decay is not None)
    return {**network_document(problem.network), **loss, **decay_document(problem), "data": data_document(problem, embed)}


def decay_document(problem: Problem) -> dict[str, Any]:
    """The weight decay as the field of format 2 (proofs/FORMAT.md, section 16); nothing without."""
    decay = problem.decay
    return {} if decay is None else {"weight_decay": {"factor": number_document(decay.factor), "biases": decay.biases}}


def network_document(network: Network) -> dict[str, Any]:
    """Widths, biases and activation."""
    h = network.activation
    return {
        "widths": list(network.widths),
        "biases": list(network.biases),
        "activation": _smooth_document(h) if isinstance(h, SmoothActivation) else _piecewise_document(h),
    }


def units(problem: Problem) -> str:
    """What the hidden units are, in the words of sentences (proofs/FORMAT.md, section 10)."""
    h = problem.network.activation
    return f"{h.name if h.is_smooth else 'piecewise linear'} units"


def _piecewise_document(h: Activation) -> dict[str, Any]:
    return {
        "breakpoints": vector_document(h.breakpoints),
        "slopes": vector_document(h.slopes),
        "value_at_0": number_document(h.value_at_0),
    }


def _smooth_document(h: SmoothActivation) -> dict[str, Any]:
    return {
        "name": h.name,
        **({} if h.tree is None else {"tree": tree_document(h.tree)}),
        **{key: number_document(value) for key, value in h.named_constants.items()},
    }


def certificate_format(problem: Problem) -> str:
    """The format of certificates about a problem: the first one where it can say the loss, else the second."""
    return FORMAT if problem.as_named_loss else GENERAL_FORMAT


def named_risk(problem: Problem, general: bool = False) -> str:
    """The risk in the words of sentences: with the loss's name in the first format, without it in the second (`general`)."""
    decay = problem.decay
    if decay is not None:
        return f"risk with weight decay {number_document(decay.factor)}" + (" of weights and biases" if decay.biases else "")
    named = None if general else problem.as_named_loss
    return f"{named[0].name} risk" if named else "risk"


def named_loss(problem: Problem) -> dict[str, Any] | None:
    """The loss as format 1 says it: by its name, with everything that multiplies it; None if it has no such form.

    Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 2.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1], [0, 1])
    >>> [named_loss(es.Problem(es.Network([1, 1]), data, f"quantile(1/{n})")) for n in (2, 3)]
    [{'name': 'absolute', 'scale': '1/2'}, None]
    """
    named = problem.as_named_loss
    if named is None:
        return None
    loss, factor = named
    constants = {name: number_document(value) for name, value in loss.constants}
    return {"name": loss.name, "scale": number_document(factor), **constants}


def _loss_and_weights(problem: Problem, general: bool) -> dict[str, Any]:
    named = None if general else named_loss(problem)
    if named is not None:
        return {"loss": named}
    loss, weights = problem.loss, None if problem.has_equal_weights else problem.data.weights
    share = problem.shares[0] / (1 if weights is None else weights[0])
    if not loss.is_piecewise_quadratic:
        tree, scale = tree_document(loss.expression), number_document(loss.scale * share)
        described: dict[str, Any] = {"loss": {"gap": loss.gap, "tree": tree, "scale": scale}}
        return described if weights is None else {**described, "weights": vector_document(weights)}
    function, gap = loss.function.scaled(loss.scale * share), loss.gap
    if problem.right_outputs is not None and gap == "margin":
        function, gap = function.of_affine(Fraction(-1), Fraction(0)), "lead"
    pieces = [vector_document(piece) for piece in function.pieces]
    described = {"loss": {"gap": gap, "breakpoints": vector_document(function.breakpoints), "pieces": pieces}}
    return described if weights is None else {**described, "weights": vector_document(weights)}


def data_document(problem: Problem, embed: bool | None) -> dict[str, Any]:
    """The data restated or named by the SHA-256 of their file; see `problem_document`. Weights are not among them."""
    data, source = problem.data, problem.data.source
    if source is None or restates_data(problem, embed):
        return {"x": table_document(data.inputs), "y": table_document(data.targets)}
    return {
        "csv": {
            "file": source.file,
            "sha256": source.sha256,
            "delimiter": source.delimiter,
            "skip_rows": source.skip_rows,
            "samples": source.samples,
            "x": list(source.x),
            "y": list(source.y),
        }
    }


def number_document(value: Fraction) -> str:
    """A number's text, if the certificate format can hold it (integers of at most 250,000 hexadecimal digits)."""
    digits = max(value.numerator.bit_length(), value.denominator.bit_length()) // 4 + 1
    if digits > MAX_HEX:
        raise UnsupportedError(
            f"a certificate would need an integer of {digits} hexadecimal digits, and its format ends at {MAX_HEX}",
            "use data and parameters with shorter numbers",
        )
    return to_text(value)


def matrix_document(rows: Sequence[Sequence[Fraction]]) -> list[list[str]]:
    """A matrix as the list of its rows."""
    return [vector_document(row) for row in rows]


class _Texts(dict[tuple[int, int], str]):
    """The texts of numbers, each written once: numerator and denominator, which may have common factors."""

    def __missing__(self, ratio: tuple[int, int]) -> str:
        text = number_document(Fraction(*ratio))
        self[ratio] = text
        return text


def table_document(table: RationalTable) -> list[list[str]]:
    """A table as the list of its rows."""
    texts = _Texts()
    rows = map(table.integer_row, range(table.rows))
    return [[texts[ratio] for ratio in zip(row, table.denominators, strict=True)] for row in rows]


def vector_document(values: Sequence[Fraction]) -> list[str]:
    """A vector as the list of its numbers' texts."""
    return [number_document(value) for value in values]


def parameters_document(parameters: Parameters) -> dict[str, Any]:
    """Parameters as ``{"W1": [[…]], "b1": […], …}``."""
    return {
        name: [vector_document(row) if isinstance(row, tuple) else number_document(row) for row in value]
        for name, value in parameters.items()
    }
