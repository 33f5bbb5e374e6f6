"""Claims about all values of the free parameters of a restriction (FORMAT.md, section 45)."""

from __future__ import annotations

from ..arithmetic.document import Field
from ..arithmetic.rational import Rational, display
from ..free_tree import FreeNetwork, Region, check_leaves
from ..problem import Point, Problem, point_at
from ..restriction import Restriction, read_restriction
from ..submission import Submission, check_sentence, counted, samples_text


def check_global_minimum(submission: Submission) -> tuple[str, Rational]:
    """Check the claim `global minimum of a restricted risk`; its sentence and its risk."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, stated, values = claim.fields("kind", "sentence", "risk", "values")
    problem, restriction, network = read_network(submission, problem_field)
    sentence = check_sentence(
        sentence_field,
        f"The given values of the {counted(restriction.free, 'free parameter')} are a global minimum of the restricted risk"
        f" of the {problem.architecture} network on {samples_text(problem)}.",
    )
    point = read_values(problem, restriction, values, stated)
    submission.done(f"risk recomputed: {display(point.risk.numerator, point.risk.denominator)}")
    (nodes,) = evidence.fields("nodes")

    def check(node: Field, region: Region) -> None:
        node.fields("vector", "multipliers")
        network.check_bound(region, node, point.risk)

    leaves = check_leaves(network, nodes, check)
    submission.done(
        f"tree over the free parameters: {leaves} {'leaf' if leaves == 1 else 'leaves'}, each with a bound of at least the risk"
    )
    return sentence, point.risk


def read_network(submission: Submission, problem_field: Field) -> tuple[Problem, Restriction, FreeNetwork]:
    """The problem, its restriction, and the network as a function of the free parameters, which must have degree 1."""
    problem = submission.problem(problem_field, beside=("restriction",))
    field = problem_field.child("restriction")
    restriction = read_restriction(field, problem)
    if restriction.degree > 1:
        raise field.reject("the degree is more than 1: on some path several weights vary")
    submission.done(f"restriction of degree 1: {counted(restriction.free, 'free parameter')} of {len(restriction.origin)}")
    return problem, restriction, FreeNetwork(restriction)


def read_values(problem: Problem, restriction: Restriction, values: Field, stated: Field) -> Point:
    """The point of values, and its risk recomputed."""
    return point_at(problem, restriction.parameters(values.vector(restriction.free)), values, stated)
