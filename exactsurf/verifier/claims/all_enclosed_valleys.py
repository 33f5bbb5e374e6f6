"""The claim `all enclosed valleys`: points from which no valley but a shallow one is far (FORMAT.md, section 31)."""

from __future__ import annotations

from math import comb

from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational
from ..arithmetic.region_count import Effort
from ..enclosed_risk import NearPoint, read_enclosed_risk
from ..submission import Submission, check_sentence, counted, samples_text
from .all_valleys import covered, read_count
from .critical_box import read_bits
from .path import check_step


def check_all_enclosed_valleys(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, count_field, rise_field = claim.fields("kind", "sentence", "valleys", "rise")
    names = ("points", "leads_to", "cells", "duals")
    *bits, points_field, leads_field, _, _ = evidence.fields(*(["bits"] if evidence.has("bits") else []), *names)
    risk = read_enclosed_risk(submission, problem_field, read_bits(bits[0]) if bits else 0)
    count, rise = read_count(count_field, points_field), rise_field.number()
    if rise < 0:
        raise rise_field.reject("a path rises by 0 at least")
    sentence = check_sentence(
        sentence_field,
        f"From all parameters some path on which the {risk.name} rises above that of its beginning by at most"
        f" {rise_field.text()} leads, up to the order of the hidden units, to one of the first {counted(count, 'given point')},"
        f" for the {risk.setting.architecture} network on {samples_text(risk.setting)}.",
    )
    points = [risk.point(entry) for entry in points_field.items()]
    heights = heights_of(points, leads_field, count)
    submission.done(f"{counted(len(points), 'point')}; all but {count} of them lead to others, within a signed cell")
    effort = Effort()
    cover = risk.cover(submission, evidence, min(heights) - rise, effort)
    units = risk.setting.widths[1]
    orbits = comb(2 * len(cover.pieces) + units - 1, units)
    with at(points_field.place):
        spend(len(heights) * (1 + len(cover.bounds)))
        enough = [sum(1 << k for k, bound in enumerate(cover.bounds) if bound >= height - rise) for height in heights]
        found = covered(points, enough, cover.pieces, cover.masks, effort)
    if found != orbits:
        raise points_field.reject(
            f"they are near the least risk, by the dual vectors, in {found} of {orbits} signed cells up to the order of units"
        )
    dual_count = counted(len(cover.bounds), "dual vector")
    submission.done(f"{dual_count}: one of the points is near the least risk in each of {orbits} signed cells")
    return sentence, None


def heights_of(points: list[NearPoint], leads_field: Field, count: int) -> list[Rational]:
    """For every point what the way from it to one of the first `count` does not exceed."""
    heights: list[Rational] = [point.risk for point in points]
    for entry, lead in zip(range(count, len(points)), leads_field.items(len(points) - count), strict=True):
        goal = lead.index(entry)
        check_step(points[entry], points[goal], lead, dead_move=True)
        heights[entry] = max(heights[entry], heights[goal])
    return heights
