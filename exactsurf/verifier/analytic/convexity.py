"""Whether an expression is convex, by rules of composition (FORMAT.md, section 15)."""

from __future__ import annotations

from fractions import Fraction

from ..smooth_expression import Tree

# What is known of an expression: a sum of these letters.
# "n" constant, "a" affine, "v" convex, "c" concave, "e" a sum of exponentials of affine expressions with positive factors.


def is_convex(tree: Tree, variable: str) -> bool:
    """Whether the expression is convex in the variable, by the rules; the others are constants."""
    return bool({*_known(tree, variable)} & {*"nav"})


def _known(tree: Tree, variable: str) -> str:
    if not isinstance(tree, tuple):
        if tree == variable:
            return "a"
        return "ne" if isinstance(tree, (int, Fraction)) and tree > 0 else "n"
    operation, inner = tree[0], _known(tree[1], variable)
    if operation == "-":
        return _negative(inner)
    if operation == "+":
        return _sum(inner, _known(tree[2], variable))
    if operation in ("*", "/"):
        return _multiple(operation, tree[1], inner, tree[2], _known(tree[2], variable))
    if operation == "log":
        if tree[1] and isinstance(tree[1], tuple) and tree[1][0] == "sigmoid" and {*_known(tree[1][1], variable)} & {*"na"}:
            return "c"
        return "v" if "e" in inner else "n" if "n" in inner else ""
    if "n" in inner:
        return "ne" if operation == "exp" else "n"
    if operation == "power":
        return "v" if tree[2] % 2 == 0 and "a" in inner else ""
    if operation == "exp":
        return ("v" if {*inner} & {*"av"} else "") + ("e" if "a" in inner else "")
    return "v" if operation == "softplus" and {*inner} & {*"av"} else ""


def _negative(known: str) -> str:
    return "".join({"n": "n", "a": "a", "v": "c", "c": "v"}.get(letter, "") for letter in known)


def _sum(first: str, second: str) -> str:
    found = "e" if "e" in first and "e" in second else ""
    if "n" in first and "n" in second:
        return "n" + found
    for letter, kinds in (("a", "na"), ("v", "nav"), ("c", "nac")):
        if {*first} & {*kinds} and {*second} & {*kinds}:
            return letter + found
    return found


def _multiple(operation: str, left: Tree, first: str, right: Tree, second: str) -> str:
    for number, rest in ((right, first), (left, second)) if operation == "*" else ((right, first),):
        if isinstance(number, (int, Fraction)) and number:
            positive = "e" if "e" in rest and number > 0 else ""
            letters = rest.replace("e", "")
            return (letters if number > 0 else _negative(letters)) + positive
    if operation == "/":
        return "n" if "n" in first and "n" in second else ""
    return (
        "n"
        if "n" in first and "n" in second
        else "a"
        if {*first} & {*"na"} and {*second} & {*"na"} and "n" in first + second
        else ""
    )
