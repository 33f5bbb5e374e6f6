"""Stronger certificates for a counterexample: spurious local minima, where a lower point is among its witnesses."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import LOCAL_MINIMUM, SPURIOUS_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.encoding import CertificateDocument
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Status
from exactsurf.minima.decide import decide
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.search.claims import Answer


def spurious_certificate(problem: Problem, minimum: CertificateDocument | None, lower: Parameters) -> Certificate | None:
    """The certificate that a local minimum is spurious, from its certificate and a lower point; None without these.

    Exactness: exact; accepted by the verifier. Raises: nothing of its own. Source: proofs/FORMAT.md.
    """
    if not isinstance(minimum, Certificate) or minimum.kind != LOCAL_MINIMUM or minimum.problem != problem:
        return None
    risk = problem.rational_risk(lower)
    if risk >= minimum.risk:
        return None
    return confirmed(replace(minimum, kind=SPURIOUS_LOCAL_MINIMUM, lower_points=(LowerPoint(lower, risk),)))


def with_certificates(problem: Problem, answer: Answer) -> Answer:
    """The answer of a claim that fails, with every local minimum among its witnesses certified, as spurious where another
    witness is lower.

    Exactness: exact. Raises: nothing of its own. Source: `decide`.
    """
    if answer.status is not Status.REFUTED or not problem.network.is_piecewise_linear or not answer.witness:
        return answer
    certificates: list[CertificateDocument] = list(answer.certificates)
    if not certificates:
        found = [decide(problem, point) for point in answer.witness]
        certificates = [v.certificate for v in found if v.status is Status.PROVED and v.certificate is not None]
    risks: dict[Parameters, Fraction] = {point: problem.rational_risk(point) for point in answer.witness}
    lowest = min(answer.witness, key=risks.__getitem__)
    stronger = tuple(spurious_certificate(problem, one, lowest) or one for one in certificates)
    if stronger == answer.certificates:
        return answer
    verdict = answer.verdict
    if verdict.certificate is None or verdict.certificate in certificates:
        verdict = replace(verdict, certificate=stronger[0] if stronger else None)
    return replace(answer, verdict=verdict, certificates=stronger)
