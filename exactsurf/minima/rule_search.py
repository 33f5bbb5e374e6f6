"""The rules asked one after the other, until one of them decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exactsurf.effort import Effort, OutOfTime
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules import RULES
from exactsurf.minima.rules.curve import not_deep_linear
from exactsurf.minima.rules.rule import Answer, Proved, Refuted, Rule
from exactsurf.model.point import Point

_FAN = "second order"
_CUT = NotProved("cut short")


@dataclass(frozen=True)
class RuleAnswer:
    """What the rules said: the `answer` of the one that decided, named by `rule`, or of all together what they left open."""

    answer: Answer
    rule: str = ""


def ask_rules(point: Point, effort: Effort, rules: Sequence[Rule] = RULES) -> RuleAnswer:
    """Ask the rules about a point, in their order.

    Parameters: `point`; `effort`, whose time is bounded; `rules`. Exactness: exact. Raises: nothing.
    Source: proofs/FORMAT.md, sections 4 and 5.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1], [1]))
    >>> ask_rules(Point(problem, problem.parameters(W1=[[1]], b1=[0])), es.Effort()).rule
    'paths'
    """
    said: dict[str, NotProved] = {}
    tried: list[str] = []
    for rule in rules:
        why = rule.why_not(point)
        answer = NotProved(why) if why else _asked(rule, point, effort)
        if isinstance(answer, (Proved, Refuted)):
            return RuleAnswer(answer, rule.name)
        if said.get(rule.name) is not _CUT and not (why and rule.name in said):
            said[rule.name] = answer
        tried += [] if why else [rule.name]
        if effort.is_over or (tried and tried[-1] == rule.name and rule.is_complete):
            break
    directions = said[_FAN].directions if _FAN in said else ()
    return RuleAnswer(NotProved(_why(point, said, tried, effort), directions))


def _asked(rule: Rule, point: Point, effort: Effort) -> Answer:
    try:
        with effort.share(rule.share).governs() as own:
            return rule.ask(point, own)
    except OutOfTime:
        return _CUT


def _why(point: Point, said: dict[str, NotProved], tried: list[str], effort: Effort) -> str:
    """What the rules said, in one sentence."""
    cut = [name for name in dict.fromkeys(tried) if said[name] is _CUT]
    if cut:
        done = [name for name in dict.fromkeys(tried) if name not in cut]
        tried_to_the_end = f"tried {', '.join(done)}; " if done else ""
        return str(OutOfTime(effort.seconds, f"{tried_to_the_end}{' and '.join(cut)} cut short"))
    if "low rank" in tried and not not_deep_linear(point):
        return said["low rank"].reason
    if not tried and effort.is_over:
        return str(OutOfTime(effort.seconds, "no rule was tried"))
    if _FAN not in said:
        return said[tried[-1] if tried else next(reversed(said))].reason
    if "unitwise decay" in said:
        return f"the criterion for weight decay: {said['unitwise decay'].reason}; and {said[_FAN].reason}"
    return f"{said['unitwise'].reason}, the path test does not apply ({said['paths'].reason}), and {said[_FAN].reason}"
