"""Claims about all values of the free parameters of a restriction (FORMAT.md, sections 45 and 56)."""

from __future__ import annotations

from ..arithmetic.document import Field
from ..arithmetic.rational import Rational, display
from ..free_tree import FreeNetwork, Region, check_leaves
from ..problem import Point, Problem, point_at
from ..restriction import Restriction, read_restriction
from ..scales import choices_of_signs, read_scales, restriction_at
from ..submission import Submission, check_sentence, counted, samples_text


def check_global_minimum(submission: Submission) -> tuple[str, Rational]:
    """Check the claim `global minimum of a restricted risk`; its sentence and its risk."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, stated, values = claim.fields("kind", "sentence", "risk", "values")
    has_scales = evidence.has("scales")
    problem, restriction = read_restricted(submission, problem_field, not has_scales)
    sentence = check_sentence(
        sentence_field,
        f"The given values of the {counted(restriction.free, 'free parameter')} are a global minimum of the"
        f" {restricted_risk(problem)}"
        f" of the {problem.architecture} network on {samples_text(problem)}.",
    )
    point = read_values(problem, restriction, values, stated)
    submission.done(f"risk recomputed: {display(point.risk.numerator, point.risk.denominator)}")
    if has_scales:
        _check_trees(submission, evidence, restriction, point.risk)
        return sentence, point.risk
    (nodes,) = evidence.fields("nodes")
    leaves = _check_tree(restriction, nodes, point.risk)
    submission.done(
        f"tree over the free parameters: {leaves} {'leaf' if leaves == 1 else 'leaves'}, each with a bound of at least the risk"
    )
    return sentence, point.risk


def _check_tree(restriction: Restriction, nodes: Field, least: Rational) -> int:
    """Check that every leaf has a bound of at least this; how many leaves there are."""
    network = FreeNetwork(restriction)

    def check(node: Field, region: Region) -> None:
        node.fields(*network.leaf)
        network.check_bound(region, node, least)

    return check_leaves(network, nodes, check)


def _check_trees(submission: Submission, evidence: Field, restriction: Restriction, least: Rational) -> None:
    """Check the trees of section 56, one for each choice of signs of the scales."""
    scales_field, trees = evidence.fields("scales", "trees")
    scales = read_scales(scales_field, restriction)
    submission.done(f"{counted(len(scales), 'scale')}: each can be moved into its filter")
    choices = choices_of_signs(restriction, scales, trees)
    leaves = 0
    for signs, nodes in zip(choices, trees.items(), strict=True):
        fixed = restriction_at(restriction, scales, signs)
        if fixed.degree > 1:
            raise scales_field.reject("with the scales fixed the degree is more than 1: on some path several weights vary")
        leaves += _check_tree(fixed, nodes, least)
    count = counted(len(trees.items()), "choice") + " of signs"
    submission.done(f"{count}: {leaves} {'leaf' if leaves == 1 else 'leaves'} of trees, each with a bound of at least the risk")


def restricted_risk(problem: Problem) -> str:
    """What sentences call the risk (FORMAT.md, sections 51 and 58)."""
    return "restricted risk" if problem.decay is None else f"restricted {problem.decay.phrase}"


def read_restricted(submission: Submission, problem_field: Field, is_affine: bool) -> tuple[Problem, Restriction]:
    """The problem and its restriction, which must have degree 1 where `is_affine`."""
    problem = submission.problem(problem_field, may_decay=True, beside=("restriction",))
    field = problem_field.child("restriction")
    restriction = read_restriction(field, problem)
    if is_affine and restriction.degree > 1:
        raise field.reject("the degree is more than 1: on some path several weights vary")
    degree = " of degree 1" if is_affine else ""
    submission.done(f"restriction{degree}: {counted(restriction.free, 'free parameter')} of {len(restriction.origin)}")
    return problem, restriction


def read_network(submission: Submission, problem_field: Field) -> tuple[Problem, Restriction, FreeNetwork]:
    """The problem, its restriction, and the network as a function of the free parameters, which must have degree 1."""
    problem, restriction = read_restricted(submission, problem_field, True)
    return problem, restriction, FreeNetwork(restriction)


def read_values(problem: Problem, restriction: Restriction, values: Field, stated: Field) -> Point:
    """The point of values, and its risk recomputed."""
    return point_at(problem, restriction.parameters(values.vector(restriction.free)), values, stated)
