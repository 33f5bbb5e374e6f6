"""Classes by name, made into targets: −1 and 1, or one output a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.errors import InputError
from exactsurf.exact.number import exact


@dataclass(frozen=True)
class ClassTargets:
    """The targets of samples with classes.

    Attributes: `classes`, the names of the classes in order (by number if all are numbers, else by text); `names` of the targets;
    `rows`, one a sample: −1 for the first of two classes and 1 for the second, or 1 at the class and 0 elsewhere.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]

    @property
    def note(self) -> str:
        """How classes became targets, in words."""
        if len(self.rows[0]) == 1:
            return f"class {self.classes[0]} has the target −1, class {self.classes[1]} the target 1"
        return f"one target a class, 1 where it is the class and 0 elsewhere: {', '.join(self.classes)}"


def class_targets(labels: Sequence[str], column: str, kind: bool | str = True, file: str | None = None) -> ClassTargets:
    """The targets for the names of classes.

    Parameters: `labels`, one a sample; `column`, what they are called; `kind`: ``"signs"`` (two classes), ``"one-hot"``, or True
    for signs if there are two classes and else one-hot; `file` for messages. Exactness: labels that are equal numbers ("1" and
    "1.0") are one class. Raises: `InputError` for one class, or for signs of more than two. Source: theory.md, section 1.

    >>> class_targets(["no", "yes", "no"], "spam").rows, class_targets(["b", "c", "a"], "kind").names
    (((-1,), (1,), (-1,)), ('kind = a', 'kind = b', 'kind = c'))
    """
    keys: list[Fraction | str]
    try:
        keys = [exact(label) for label in labels]
        order: list[Fraction | str] = sorted(set(keys))
    except InputError:
        keys = list(labels)
        order = sorted(set(labels))
    first = dict(reversed(list(zip(keys, labels, strict=True))))
    classes = tuple(first[key] for key in order)
    if len(classes) < 2:
        raise InputError("all samples have one class", file=file, column=column, text=classes[0], fix="at least two are needed")
    if kind == "signs" and len(classes) != 2:
        fix = "take one target a class (one-hot)"
        raise InputError(
            f"the targets −1 and 1 are for two classes, and there are {len(classes)}", file=file, column=column, fix=fix
        )
    place = {key: k for k, key in enumerate(order)}
    if len(classes) == 2 and kind != "one-hot":
        return ClassTargets(classes, (column,), tuple((2 * place[key] - 1,) for key in keys))
    rows = tuple(tuple(int(place[key] == k) for k in range(len(order))) for key in keys)
    return ClassTargets(classes, tuple(f"{column} = {name}" for name in classes), rows)
