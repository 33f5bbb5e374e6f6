"""The claim `near global minimum`: a risk with weight decay, bounded at all parameters (FORMAT.md, sections 19 and 39)."""

from __future__ import annotations

from ..arithmetic.rational import Rational, display
from ..decay_duals import check_central
from ..decay_tree import check_decay_evidence
from ..dual_bounds import bound_by_pieces
from ..problem import read_point
from ..submission import Submission, check_sentence, samples_text

_FIELDS = ("format", "claim", "problem", "parameters", "evidence")


def check_near_global_minimum(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and its risk."""
    _, claim, problem_field, parameters, evidence = submission.root.fields(*_FIELDS)
    _, sentence_field, stated, bound_field = claim.fields("kind", "sentence", "risk", "bound")
    problem = submission.problem(problem_field, may_decay=True)
    if problem.decay is None:
        raise problem_field.reject("this claim needs weight decay")
    check_central(problem, problem_field)
    point, bound = read_point(problem, parameters, stated), bound_field.number()
    sentence = check_sentence(
        sentence_field,
        f"The given parameters have the risk {stated.text()}, and no parameters have a lower {problem.decay.phrase} than "
        f"{bound_field.text()}, for the {problem.architecture} network on {samples_text(problem)}.",
    )
    submission.done(f"risk recomputed: {display(point.risk.numerator, point.risk.denominator)}")
    names = ("duals", "forms", "nodes") if evidence.has("nodes") else ("cells", "duals")
    fields = evidence.fields(*names)
    bounded = check_decay_evidence(
        problem, problem.decay, bound_by_pieces(problem), problem_field, fields, bound, submission.done
    )
    submission.done(f"{bounded}: it is at least {bound_field.text()}")
    return sentence, point.risk
