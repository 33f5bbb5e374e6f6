"""A refusal inside: why something was neither proved nor refuted. It is a value, not an error, and never a bare string."""

from __future__ import annotations

from dataclasses import dataclass

from exactsurf.model.parameters import Parameters


@dataclass(frozen=True)
class NotProved:
    """Attributes: `reason` in words; `directions` on which the question stayed open, if there are any that say more.

    Exactness: nothing is claimed. Source: CONTRIBUTING.md, rule 3.

    >>> NotProved("the loss has a kink").reason
    'the loss has a kink'
    """

    reason: str
    directions: tuple[Parameters, ...] = ()
