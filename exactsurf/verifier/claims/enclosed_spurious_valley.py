"""The claim `enclosed spurious valley`: a point, a path to a lower risk, and a cut below its barrier (FORMAT.md, section 30)."""

from __future__ import annotations

from ..enclosed_risk import read_enclosed_risk
from ..submission import Submission, check_sentence, counted, samples_text
from .enclosed_barrier import enclosed_evidence
from .path import read_stops


def check_enclosed_spurious_valley(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    fields = claim.fields("kind", "sentence", "risk", "floor", "bound", "level")
    _, sentence_field, stated, floor_field, bound_field, level_field = fields
    bits, path_field, duals_field = enclosed_evidence(evidence)
    risk = read_enclosed_risk(submission, problem_field, bits)
    most, floor, bound, level = (field.number() for field in fields[2:])
    sentence = check_sentence(
        sentence_field,
        f"The given parameters have a {risk.name} of at most {stated.text()}, every path from them to a point where it is below"
        f" {floor_field.text()} reaches at least {bound_field.text()}, and the given path, which leads to one, at most"
        f" {level_field.text()}, for the {risk.setting.architecture} network on {samples_text(risk.setting)}.",
    )
    bottom = risk.point(parameters)
    if bottom.risk > most:
        raise stated.reject("the risk of the parameters may be larger, as far as this evidence tells")
    if floor > most:
        raise floor_field.reject("above the risk of the given parameters")
    if most >= bound:
        raise bound_field.reject("not above the risk of the given parameters")
    points = read_stops(risk.point, path_field, level, submission.done, bottom, idle_turns=risk.setting.decay is not None)
    if points[-1].risk >= floor:
        raise path_field.items()[-1].reject("the path does not end below the floor of the valley")
    cut = risk.cut(submission, evidence, floor, bound)
    reached = cut.check_bounded(bottom, duals_field)
    submission.done(f"a cut: below the barrier {counted(reached, 'signed cell')} can be reached, with no risk below the floor")
    return sentence, None
