"""Grillo and Montúfar, "Most ReLU Networks Admit Identifiable Parameters", 2026: widths of two or more are enough."""

from __future__ import annotations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import OutOfTime
from exactsurf.errors import UnsupportedError
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.grigsby_2023 import relu_like, without_hidden_symmetries
from exactsurf.theorems.network_conditions import biases_everywhere, hidden_layers
from exactsurf.theorems.references import GRILLO_2026
from exactsurf.theorems.theorem import Check, Hypothesis, Theorem

__all__ = ["identifiable_parameters"]


def _two_or_more(problem: Problem) -> Check:
    widths = problem.network.widths[:-1]
    narrow = [layer for layer, width in enumerate(widths) if width < 2]
    if not narrow:
        return True, f"the widths {'-'.join(map(str, widths))} are at least 2", ()
    return False, "there is one input" if not narrow[0] else f"hidden layer {narrow[0]} has one unit", tuple(narrow)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    try:
        found = without_hidden_symmetries(problem)
    except (OutOfTime, UnsupportedError) as error:
        return Verdict(Status.UNDECIDED, str(error))
    told = f"{found.parameters} parameters less {found.parameters - found.dimension} hidden units"
    return Verdict(
        Status.PROVED, f"the functional dimension is {found.dimension} at parameters that were found: {told}", found.certificate
    )


identifiable_parameters = Theorem(
    key="grillo_2026.identifiable_parameters",
    title="With two inputs or more and two units or more in every hidden layer, some parameters are identifiable",
    statement=(
        r"For every architecture whose input and hidden layers have width at least two there is an open set of parameters that "
        r"the function determines up to scaling and permutation; so the functional dimension of the architecture is the number "
        r"of parameters less the number of hidden units."
    ),
    reference=GRILLO_2026,
    hypotheses=(
        Hypothesis("depth", "one hidden layer or more", hidden_layers(1), setting=True),
        Hypothesis("activation", "positively homogeneous of degree 1, and not linear", relu_like, setting=True),
        Hypothesis("biases", "biases in all layers", biases_everywhere, setting=True),
        Hypothesis("widths", "the input and every hidden layer have width at least 2", _two_or_more),
    ),
    construct=without_hidden_symmetries,
    conclude=_conclude,
    without_example=(("widths", "none is known: one-dimensional networks may attain the dimension, too"),),
    remarks=(
        "The abstract was read. The dimension is decided by parameters that are found, with a certificate, and never REFUTED; "
        "that the function determines them up to scaling and permutation is decided nearby only (no other direction keeps it). "
        "Layers may be narrower than the input, which grigsby_2023 excludes."
    ),
)
