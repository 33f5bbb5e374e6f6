"""The claim `enclosed barrier`: a path below a level, and what no path below a bound crosses (FORMAT.md, section 30)."""

from __future__ import annotations

from ..arithmetic.document import Field
from ..enclosed_risk import read_enclosed_risk
from ..submission import Submission, check_sentence, counted, samples_text
from .critical_box import read_bits
from .path import read_stops


def check_enclosed_barrier(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, bound_field, level_field = claim.fields("kind", "sentence", "bound", "level")
    bits, path_field, duals_field = enclosed_evidence(evidence)
    risk = read_enclosed_risk(submission, problem_field, bits)
    bound, level = bound_field.number(), level_field.number()
    sentence = check_sentence(
        sentence_field,
        f"Every path between the first and the last point of the given path reaches a {risk.name} of at least"
        f" {bound_field.text()} of the {risk.setting.architecture} network on {samples_text(risk.setting)}, and the given path"
        f" at most {level_field.text()}.",
    )
    points = read_stops(risk.point, path_field, level, submission.done, idle_turns=risk.setting.decay is not None)
    for place, point in ((0, points[0]), (len(points) - 1, points[-1])):
        if point.risk >= bound:
            raise path_field.items()[place].reject("the risk of this end may be that of the barrier itself")
    cut = risk.cut(submission, evidence, bound, bound)
    reached = cut.check_apart(points[0], points[-1], duals_field)
    submission.done(f"a cut: below the barrier only {counted(reached, 'signed cell')} can be reached, not the last point")
    return sentence, None


def enclosed_evidence(evidence: Field) -> tuple[int, Field, Field]:
    """The number of bits, which is there for a loss given by an expression (else 0), and the fields `path` and `duals`."""
    *bits, path_field, _, duals_field = evidence.fields(*(["bits"] if evidence.has("bits") else []), "path", "cells", "duals")
    return (read_bits(bits[0]) if bits else 0), path_field, duals_field
