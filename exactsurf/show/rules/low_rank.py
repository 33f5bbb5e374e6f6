"""The proof in words for certificates by the rule ``low rank`` (proofs/rules/low_rank.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.low_rank import LowRank
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.prose import Blocks, Display, say


def proof(evidence: LowRank, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a global minimum: no matrix of the rank that the widths allow fits better.

    Parameters: `evidence` of the certificate in `view`; `values` are not needed. Exactness: nothing is computed. Raises: nothing.
    Source: proofs/FORMAT.md, sections 4.6 and 27; proofs/rules/low_rank.md.
    """
    if evidence.left_out is not None:
        return _on_pieces(evidence.left_out, view)
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


def _on_pieces(left_out: tuple[int, ...], view: PointView) -> Blocks:
    samples = ", ".join(str(i + 1) for i in left_out)
    names = f"Sample ${samples}$ has" if len(left_out) == 1 else f"The samples ${samples}$ have"
    without = f"{names} residual $0$, the least loss there is, and can be left out. " if left_out else ""
    others = "the other samples" if left_out else "all samples"
    bias = " plus the output bias" if view.biases[-1] else ""
    centred = ", their means taken off," if view.biases[-1] else ""
    constant = " The residuals sum to $0$, so no other output bias fits better." if view.biases[-1] else ""
    return (
        say(
            f"{without}On {others} no unit is at a breakpoint with two slopes, but where its layer reads $0$ for all parameters "
            "near $θ$; and in every layer the slopes of the units are proportional: one factor a unit, one a sample. So for all "
            "parameters near $θ$ the factors of the samples can be moved into the inputs: the prediction of sample $i$ is "
            f"$W u_i${bias}, with a vector $u_i$ that does not depend on the parameters (the input, and a coordinate for what "
            "hidden biases and intercepts add, times these factors), and a matrix $W$ such that the predictions together have a "
            "rank of at most $p$, as the widths tell. "
            f"Let $X$ and $Y$ have the $u_i$ and the targets{centred} as columns, $F = W X$ at $θ$, and let $E$ be the "
            f"projection of $Y − F$ to the row space of $X$.{constant} The verifier recomputes, exactly, that"
        ),
        Display("F E^T = 0"),
        Display("F^T E = 0"),
        say(
            "that $F$ has rank $p$, and that every singular value of $F$ other than $0$ is at least every one of $E$ (compared "
            "by the signs of pivots, without computing one). So by the theorem of Eckart and Young no matrix of rank $p$ is "
            "nearer to $F + E$ than $F$: no parameters near $θ$ have lower risk."
        ),
    )
