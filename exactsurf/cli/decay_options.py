"""The options for weight decay, and the problem with it."""

from __future__ import annotations

import typer

from exactsurf.errors import InputError
from exactsurf.model.problem import Problem

WEIGHT_DECAY_OPTION = typer.Option(
    "--weight-decay", help="Add (λ/2)·Σ w² over all weights to the risk; λ is a positive number such as 1/100."
)
DECAY_BIASES_OPTION = typer.Option("--decay-biases", help="With weight decay: penalise biases too.")


def with_decay(problem: Problem, factor: str | None, biases: bool, source: str) -> Problem:
    """The problem with what was said with ``--weight-decay`` and ``--decay-biases``; as it is if nothing was.

    Parameters: `source`, the file of the problem or its table. Exactness: exact. Raises: `InputError` if the problem has weight
    decay already, for a factor that is not positive, and for penalised biases without a factor. Source: proofs/FORMAT.md,
    section 16.
    """
    if factor is None and not biases:
        return problem
    if problem.decay is not None:
        raise InputError("the problem file has weight decay", file=source, fix="leave --weight-decay out, or the keys")
    if factor is None:
        fix = "say --weight-decay, too, for example --weight-decay 1/100"
        raise InputError("--decay-biases without weight decay (weight_decay)", text="--decay-biases", fix=fix)
    return Problem(problem.network, problem.data, problem.loss, weight_decay=factor, decay_biases=biases)
