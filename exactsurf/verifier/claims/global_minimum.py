"""The claims `lower bound` and `global minimum`: the risk at all parameters at once (FORMAT.md, sections 7, 18, 25 and 29)."""

from __future__ import annotations

from ..arithmetic.document import Field
from ..arithmetic.rational import Rational, display
from ..arithmetic.region_count import Effort
from ..dual_bounds import check_cover, read_duals
from ..form_tree import check_form_tree
from ..problem import Problem, read_point
from ..region_tree import check_region_tree
from ..sign_tree import check_sign_tree
from ..submission import Submission, check_sentence, counted, samples_text
from ..unit_cells import read_unit_cells


def check_lower_bound(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    _, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    _, sentence_field, bound_field = claim.fields("kind", "sentence", "bound")
    problem = submission.problem(problem_field)
    bound = bound_field.number()
    sentence = check_sentence(
        sentence_field,
        f"The {problem.loss.risk} of the {problem.architecture} network on {samples_text(problem)}"
        f" is at least {bound_field.text()} at all parameters.",
    )
    _check_bound_everywhere(problem, problem_field, evidence, bound, submission)
    return sentence, None


def check_global_minimum(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and its risk."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    _, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    _, sentence_field, stated = claim.fields("kind", "sentence", "risk")
    problem = submission.problem(problem_field)
    sentence = check_sentence(
        sentence_field,
        f"The given parameters are a global minimum of the {problem.loss.risk}"
        f" of the {problem.architecture} network on {samples_text(problem)}.",
    )
    point = read_point(problem, parameters, stated)
    submission.done(f"risk recomputed: {display(point.risk.numerator, point.risk.denominator)}")
    _check_bound_everywhere(problem, problem_field, evidence, point.risk, submission)
    return sentence, point.risk


def _check_bound_everywhere(
    problem: Problem, problem_field: Field, evidence: Field, bound: Rational, submission: Submission
) -> None:
    done, shown = submission.done, display(bound.numerator, bound.denominator)
    if submission.version > 1 and evidence.has("forms"):
        duals_field, forms, nodes = evidence.fields("duals", "forms", "nodes")
        count = check_form_tree(problem, problem_field, (duals_field, forms, nodes), bound, done)
        done(f"{counted(count, 'dual vector')}, each with a bound of at least {shown}; together at all parameters")
        return
    if submission.version > 1 and evidence.has("nodes"):
        duals_field, nodes = evidence.fields("duals", "nodes")
        tree = check_sign_tree(problem, problem_field, duals_field, nodes, bound, done)
        done(f"{counted(len(tree.bounds), 'dual vector')}, each with a bound of at least {shown}; together at all parameters")
        return
    if submission.version > 1 and evidence.has("tree"):
        duals_field, tree_field = evidence.fields("duals", "tree")
        count = check_region_tree(problem, problem_field, duals_field, tree_field, bound, done)
        done(f"{counted(count, 'dual vector')}, each with a bound of at least {shown}; together at all parameters")
        return
    cells_field, duals_field = evidence.fields("cells", "duals")
    effort = Effort()
    units = read_unit_cells(problem, problem_field, cells_field, effort, done)
    duals = read_duals(problem, units, duals_field, bound, effort)
    check_cover(duals.masks, len(duals.bounds), problem, duals_field, effort)
    done(f"{counted(len(duals.bounds), 'dual vector')}, each with a bound of at least {shown}; together on all signed cells")
