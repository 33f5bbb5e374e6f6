"""The claim `near global minimum`: a risk with weight decay, bounded at all parameters (FORMAT.md, section 19)."""

from __future__ import annotations

from ..arithmetic.rational import Rational, display
from ..arithmetic.region_count import Effort
from ..decay_duals import DecayDuals, check_central
from ..dual_bounds import bound_by_pieces, check_cover
from ..problem import read_point
from ..submission import Submission, check_sentence, counted, samples_text
from ..unit_cells import read_all_cells


def check_near_global_minimum(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and its risk."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    _, claim, problem_field, parameters, evidence = submission.root.fields(*names)
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
    cells_field, duals_field = evidence.fields("cells", "duals")
    cells = read_all_cells(problem, cells_field, submission.done)
    masks = DecayDuals(problem, problem.decay, bound_by_pieces(problem), problem_field, cells, bound).read(duals_field).masks
    check_cover(masks, len(duals_field.items()), problem, duals_field, Effort())
    submission.done(
        f"{counted(len(duals_field.items()), 'dual vector')} bound the risk by {bound_field.text()} on all signed cells"
    )
    return sentence, point.risk
