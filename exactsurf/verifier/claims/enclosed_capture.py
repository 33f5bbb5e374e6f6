"""The claim `captured below an enclosed level`: a cut around a point, and points that lead to one (FORMAT.md, section 49)."""

from __future__ import annotations

from ..arithmetic.document import at
from ..arithmetic.effort import spend
from ..enclosed_risk import read_enclosed_risk
from ..submission import Submission, check_sentence, counted, samples_text
from .all_enclosed_valleys import heights_of
from .capture import all_minimised
from .critical_box import read_bits


def check_enclosed_capture(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    fields = claim.fields("kind", "sentence", "risk", "level", "bottom", "rise")
    _, sentence_field, risk_field, level_field, bottom_field, rise_field = fields
    wanted = (*(["bits"] if evidence.has("bits") else []), "points", "leads_to", "cells", "duals")
    *bits, points_field, leads_field, _, _ = evidence.fields(*wanted)
    risk = read_enclosed_risk(submission, problem_field, read_bits(bits[0]) if bits else 0)
    most, level, bottom, rise = (field.number() for field in fields[2:])
    if rise < 0:
        raise rise_field.reject("a path rises by 0 at least")
    sentence = check_sentence(
        sentence_field,
        f"From all parameters to which a path from the given ones leads on which the {risk.name} stays below"
        f" {level_field.text()}, some path on which it rises above that of its beginning by at most {rise_field.text()} leads to"
        f" the first of the given points, for the {risk.setting.architecture} network on {samples_text(risk.setting)}.",
    )
    start = risk.point(parameters)
    if start.risk > most:
        raise risk_field.reject("the risk of the parameters may be larger, as far as this evidence tells")
    if most >= level:
        raise level_field.reject("not above the risk of the given parameters")
    if not points_field.items():
        raise points_field.reject("no point is given")
    points = [risk.point(entry) for entry in points_field.items()]
    if points[0].risk > bottom:
        raise bottom_field.reject("the risk of the first point may be larger, as far as this evidence tells")
    heights = heights_of(points, leads_field, 1)
    submission.done(f"{counted(len(points), 'point')}; all but the first lead to others, within a signed cell")
    cut, bounds = risk.bounded_cut(submission, evidence, min(heights) - rise, level)
    with at(points_field.place):
        spend(len(heights) * (1 + len(bounds)))
        enough = [sum(1 << k for k, bound in enumerate(bounds) if bound >= height - rise) for height in heights]
        reached = all_minimised(cut, cut.cell_of(start), points, enough, points_field)
    submission.done(f"below the level {counted(reached, 'signed cell')} can be reached, each with a point near its least risk")
    return sentence, None
