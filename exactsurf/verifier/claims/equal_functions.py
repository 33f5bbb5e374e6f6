"""The claims `equal functions`, `equal predictions` and `different functions` (FORMAT.md, section 34.2)."""

from __future__ import annotations

from collections.abc import Sequence

from ..arithmetic.document import Field, at
from ..arithmetic.rational import Rational
from ..input_network import InputNetwork, outputs_on, pieces_at, read_input_network, read_inputs
from ..input_tree import regions
from ..network import Parameters
from ..submission import Submission, check_sentence, counted


def check_equal_functions(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, other_field = claim.fields("kind", "sentence", "other")
    on_inputs = submission.kind == "equal predictions"
    network, others = read_input_network(problem_field, *(["inputs"] if on_inputs else []))
    points = [network.parameters(parameters_field), network.parameters(other_field)]
    inputs = read_inputs(others[0], network) if on_inputs else []
    submission.done(f"problem: {network.architecture} network")
    differ = submission.kind == "different functions"
    where = f" on {counted(len(inputs), 'input')}" if on_inputs else ""
    what = "different functions" if differ else f"the same function{where}"
    sentence = check_sentence(
        sentence_field, f"At the given parameters and at the other ones the {network.architecture} network computes {what}."
    )
    if differ:
        (field,) = evidence.fields("input")
        if _are_equal_at(field, network, points, field.vector(network.widths[0])):
            raise field.reject("the outputs are equal on this input")
        submission.done("the outputs differ on an input")
    elif on_inputs:
        evidence.fields()
        if not inputs:
            raise others[0].reject("expected at least one input")
        for item, x in zip(others[0].items(), inputs, strict=True):
            if not _are_equal_at(item, network, points, x):
                raise item.reject("the outputs differ on this input")
        submission.done(f"the outputs are equal on {counted(len(inputs), 'input')}")
    else:
        (tree,) = evidence.fields("tree")
        count = 0
        with at(tree.place):
            for region in regions(tree, network, points):
                count += 1
                if region.outputs[0] != region.outputs[1]:
                    raise tree.reject(f"the outputs are not the same affine functions on region {count - 1}")
        submission.done(f"the outputs are equal on {counted(count, 'region')}, whose closures cover all inputs")
    return sentence, None


def _are_equal_at(field: Field, network: InputNetwork, points: list[Parameters], x: Sequence[Rational]) -> bool:
    found = []
    with at(field.place):
        for point in points:
            pieces, _ = pieces_at(network, point, x)
            found.append(outputs_on(network, point, pieces, [[value] for value in x]))
    return found[0] == found[1]
