"""The proof in words for certificates by the rule ``low rank`` (proofs/rules/low_rank.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.low_rank import LowRank
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.prose import Blocks, Display, say


def proof(evidence: LowRank, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a global minimum: no matrix of the rank that the widths allow fits better.

    Parameters: `evidence` of the certificate in `view`; `values` are not needed. Exactness: nothing is computed. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.6; proofs/rules/low_rank.md.
    """
    rank = min(view.widths)
    centred = ", their means taken off," if view.biases[-1] else ""
    constant = " The residuals sum to $0$, so no other constant part fits better." if view.biases[-1] else ""
    return (
        say(
            f"The network computes $W x$ plus a constant part, with a matrix $W$ of rank at most ${rank}$, the least width. "
            f"Let $X$ and $Y$ have the inputs and the targets{centred} as columns, $F = W X$ at $θ$, and let $E$ be the "
            f"projection of $Y − F$ to the row space of $X$.{constant} For any other matrix $M$ of that kind (in the place of "
            "$F$) the squared distance from $Y$ to $M$ is that from $F + E$ to $M$ plus a number in which $M$ does not occur. "
            "With $A$ for $F F^T$ and $D$ for $E E^T$ the verifier recomputes, exactly, that"
        ),
        Display("F E^T = 0"),
        Display("F^T E = 0"),
        say(
            f"that $F$ has rank ${rank}$, and that every eigenvalue of $A$ on its range is at least every eigenvalue of $D$ on "
            "the complement of that range. So the singular values of $F + E$ are those of $F$ and of $E$ together, and the "
            "largest are those of $F$. By the theorem of Eckart and Young no matrix of that rank is nearer to $F + E$ than "
            "$F$: $θ$ is a global minimum, and hence a local one."
        ),
    )
