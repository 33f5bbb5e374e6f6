"""Published theorems, executable: hypotheses checked with witnesses, constructions built. One module a paper."""

from exactsurf.papers import yun_2019
from exactsurf.papers.theorem import Theorem

THEOREMS: dict[str, Theorem] = {theorem.key: theorem for theorem in (yun_2019.theorem_1,)}

__all__ = ["THEOREMS", "yun_2019"]
