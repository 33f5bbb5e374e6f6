"""The claim `linear regions` (FORMAT.md, section 34.3)."""

from __future__ import annotations

from collections.abc import Sequence

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import bits_of
from ..input_network import InputNetwork, read_input_network, read_inputs
from ..input_tree import Region, regions
from ..network import Parameters
from ..submission import Submission, check_sentence, counted


def check_linear_regions(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, activation, proper, affine = claim.fields("kind", "sentence", "activation", "proper", "affine")
    witnesses, tree, half_open_witnesses, half_open_tree = evidence.fields(
        "witnesses", "tree", "half_open_witnesses", "half_open_tree"
    )
    network, _ = read_input_network(problem_field)
    parameters = network.parameters(parameters_field)
    submission.done(f"problem: {network.architecture} network")
    functions = counted(affine.size(1), "affine function")
    sentence = check_sentence(
        sentence_field,
        f"The {network.architecture} network at the given parameters has {counted(activation.size(1), 'activation region')}, "
        f"{proper.size(1)} of them with inner points, on which it is {functions}.",
    )
    found = _leaves(network, parameters, tree, witnesses, half_open=False)
    if len(found) != proper.size():
        raise proper.reject(f"the tree has {counted(len(found), 'leaf').replace('leafs', 'leaves')}")
    submission.done(f"{counted(len(found), 'region')} with inner points, each with an input, and no others")
    different = {tuple(map(tuple, region.outputs[0])) for region in found}
    if len(different) != affine.size():
        raise affine.reject(f"the outputs are {counted(len(different), 'affine function')} on these regions")
    count = len(_leaves(network, parameters, half_open_tree, half_open_witnesses, half_open=True))
    if count != activation.size():
        raise activation.reject(f"the half-open tree has {counted(count, 'leaf').replace('leafs', 'leaves')}")
    submission.done(f"{counted(count, 'activation region')}, each with an input, and no others")
    return sentence, None


def _leaves(network: InputNetwork, parameters: Parameters, tree: Field, field: Field, *, half_open: bool) -> list[Region]:
    """The leaves of a tree, each of which has its witness inside."""
    witnesses = read_inputs(field, network)
    places = field.items()
    found: list[Region] = []
    with at(tree.place):
        for region in regions(tree, network, [parameters], half_open=half_open):
            if len(found) == len(witnesses):
                raise field.reject("there are fewer witnesses than leaves")
            _check_inside(region, witnesses[len(found)], places[len(found)])
            found.append(region)
    if len(found) < len(witnesses):
        raise field.reject("there are more witnesses than leaves")
    return found


def _check_inside(region: Region, x: Sequence[Rational], place: Field) -> None:
    for index, form in enumerate(region.inequalities):
        spend(len(form) * price(bits_of(form), bits_of(x)))
        value = sum((a * v for a, v in zip(form, x, strict=False)), form[-1])
        if value < 0 or (value == 0 and index not in region.weak):
            raise place.reject(f"this input does not satisfy inequality {index} of its leaf")
