"""A Coq file whose last theorem is what a certificate states; the theory of proofs/formal/ is written into it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .syntax import plain_tree

KINDS = {
    "local minimum": ("LocalMinimum", "local_minimum"),
    "spurious local minimum": ("SpuriousLocalMinimum", "spurious_local_minimum"),
    "not a local minimum": ("NotALocalMinimum", "not_a_local_minimum"),
}
GAPS = {"difference": "Difference", "margin": "Margin", "lead": "Classes"}
LIBRARIES = "ZArith QArith Qreals Reals List Permutation Lra Lia Bool String Ascii FunctionalExtensionality"


def coq_file(document: bytes, theory: str | None = None, data_folder: Path | None = None) -> str:
    """The text of the file, for a certificate that the proved checker accepts.

    `theory` is what stands before the certificate; the whole theory by default, so that the file needs nothing but Coq.
    """
    tree = plain_tree(document, data_folder)
    sentence = tree["claim"]["sentence"]
    others = {"path": _path, "barrier": _barrier, "global minimum": _everywhere, "lower bound": _everywhere}
    statement, definitions, claim, proof = others.get(tree["claim"]["kind"], _point)(tree)
    parts = [
        f"(* {sentence}\n   Coq checks it: coqc on this file, which needs nothing else. *)",
        theory_text() if theory is None else theory,
        "Import ZArith QArith Reals List String Network Evaluate Json RiskSound ForwardSound Soundness.\nImport ListNotations.\n"
        "Open Scope Z_scope. Open Scope Q_scope. Open Scope string_scope.",
        "(* The problem, and what is claimed about it. *)",
        f"Definition the_problem : Evaluate.problem :=\n  {_problem(tree['problem'])}.",
        *definitions,
        "(* The certificate, as the syntax tree of its JSON text. *)\nDefinition T (s : string) : json := Text (codes s).\n"
        "Definition F (l : list (string * json)) : json := Fields (map (fun f => (codes (fst f), snd f)) l).",
        f"Definition the_certificate : json :=\n  {_term(tree)}.",
        f"Definition the_statement : Reader.statement :=\n  {statement}.",
        "Lemma it_states : Reader.statement_of the_certificate = Some the_statement.\nProof. vm_compute. reflexivity. Qed.",
        "Lemma it_is_accepted : Check.check the_certificate = CheckPaths.Accepted.\nProof. vm_compute. reflexivity. Qed.",
        f"(* {sentence} *)\nTheorem the_claim :\n  {claim}.\n"
        "Proof.\n  destruct (accepted_certificates_hold _ it_is_accepted) as [s [E H]]. rewrite it_states in E.\n"
        f"  assert (S : s = the_statement) by congruence. subst s. {proof}\nQed.\nPrint Assumptions the_claim.",
    ]
    return "\n\n".join(parts) + "\n"


def _point(tree: Any) -> tuple[str, list[str], str, str]:
    """Of a claim about one point: the statement, its parts, what is claimed, and how that follows from H."""
    kind, predicate = KINDS[tree["claim"]["kind"]]
    definitions = [
        f"Definition the_parameters : list Evaluate.layer :=\n  {_parameters(tree['problem']['biases'], tree['parameters'])}.",
        f"Definition the_risk : Q := {_number(tree['claim']['risk'])}.",
    ]
    claim = (
        f"Network.{predicate} (problem_R the_problem) (parameters_R the_parameters)\n"
        "  /\\ Network.risk (problem_R the_problem) (parameters_R the_parameters) = Q2R the_risk"
    )
    statement = f"Reader.AboutPoint (Reader.PointStatement Reader.{kind} the_problem the_parameters the_risk)"
    return statement, definitions, claim, "destruct H as [_ [R M]]. exact (conj M R)."


def _path(tree: Any) -> tuple[str, list[str], str, str]:
    """The same of a path."""
    points = ";\n   ".join(_parameters(tree["problem"]["biases"], point) for point in tree["evidence"]["path"])
    definitions = [
        f"Definition the_points : list (list Evaluate.layer) :=\n  [{points}].",
        f"Definition the_level : Q := {_number(tree['claim']['level'])}.",
    ]
    claim = "Network.path_below (problem_R the_problem) (Q2R the_level) (map parameters_R the_points)"
    return "Reader.AboutPath (Reader.PathStatement the_problem the_points the_level)", definitions, claim, "apply H."


def _barrier(tree: Any) -> tuple[str, list[str], str, str]:
    """The same of a barrier."""
    _, definitions, path, _ = _path(tree)
    claim = (
        f"{path}\n  /\\ Network.separated (problem_R the_problem) (Q2R the_level)\n"
        "       (hd [] (map parameters_R the_points)) (last (map parameters_R the_points) [])"
    )
    statement = "Reader.AboutBarrier (Reader.PathStatement the_problem the_points the_level)"
    return statement, definitions, claim, "destruct H as [[_ P] S]. exact (conj P S)."


def _everywhere(tree: Any) -> tuple[str, list[str], str, str]:
    """The same of all parameters."""
    claim = tree["claim"]
    inputs, *widths = tree["problem"]["widths"]
    sizes = _list([f"{n}%nat" for n in widths])
    biases = _list([str(b).lower() for b in tree["problem"]["biases"]])
    if claim["kind"] == "lower bound":
        definitions = [f"Definition the_bound : Q := {_number(claim['bound'])}."]
        words = f"Network.lower_bound (problem_R the_problem) {inputs}%nat {sizes} {biases} (Q2R the_bound)"
        return "Reader.AboutAll (Reader.BoundStatement the_problem None the_bound)", definitions, words, "exact (proj1 H)."
    definitions = [
        f"Definition the_parameters : list Evaluate.layer :=\n  {_parameters(tree['problem']['biases'], tree['parameters'])}.",
        f"Definition the_risk : Q := {_number(claim['risk'])}.",
    ]
    words = (
        "Network.global_minimum (problem_R the_problem) (parameters_R the_parameters)\n"
        "  /\\ Network.risk (problem_R the_problem) (parameters_R the_parameters) = Q2R the_risk"
    )
    statement = "Reader.AboutAll (Reader.BoundStatement the_problem (Some the_parameters) the_risk)"
    return statement, definitions, words, "destruct H as [_ [_ [R M]]]. exact (conj M R)."


def theory_text() -> str:
    """The files of proofs/formal/ as modules of one file."""
    folder = _theory_folder()
    names = [line[:-2] for line in folder.joinpath("_CoqProject").read_text(encoding="utf-8").splitlines() if line.endswith(".v")]
    parts = [f"From Coq Require {LIBRARIES}."]
    for name in names:
        text = folder.joinpath(f"{name}.v").read_text(encoding="utf-8")
        text = re.sub(
            r"^From Exactsurf Require [A-Z][\w ]*\.$",
            "",
            re.sub(r"^From \w+ Require Import", "Import", text, flags=re.M),
            flags=re.M,
        )
        parts.append(f"Module {name}.\n{text}End {name}.")
    return "\n\n".join(parts)


def _theory_folder() -> Path:
    inside = Path(__file__).parent.joinpath("theory")
    return inside if inside.is_dir() else Path(__file__).parents[2].joinpath("proofs", "formal")


def _number(text: str) -> str:
    top, _, bottom = text.partition("/")
    return f"({top} # {bottom or 1})"


def _list(values: list[str]) -> str:
    return "[" + "; ".join(values) + "]"


def _vector(values: list[str]) -> str:
    return _list([_number(value) for value in values])


def _matrix(rows: list[list[str]]) -> str:
    return _list([_vector(row) for row in rows])


def _problem(problem: dict[str, Any]) -> str:
    h, data = problem["activation"], problem["data"]
    bends = _list([f"({_number(t)}, {_number(a)})" for t, a in zip(h["breakpoints"], h["slopes"][1:], strict=True)])
    weights = problem.get("weights", ["1"] * len(data["x"]))
    samples = [
        f"Evaluate.Sample {_vector(x)} {_vector(y)} {_number(w)}" for x, y, w in zip(data["x"], data["y"], weights, strict=True)
    ]
    widths = _list([f"{n}%Z" for n in problem["widths"]])
    biases = _list([str(b).lower() for b in problem["biases"]])
    activation = f"(Evaluate.Activation {_number(h['slopes'][0])} {_number(h['value_at_0'])} {bends})"
    loss, scale = _loss(problem["loss"], problem["widths"][-1])
    return f"Evaluate.Problem {widths} {biases}\n  {activation}\n  {loss} {scale}\n  {_list(samples)}"


def _loss(loss: dict[str, Any], outputs: int) -> tuple[str, str]:
    """The loss, and the factor before it."""
    if "gap" in loss:
        first, *rest = [f"({_number(c)}, {_number(b)}, {_number(a)})" for a, b, c in loss["pieces"]]
        more = _list([f"({_number(t)}, {piece})" for t, piece in zip(loss["breakpoints"], rest, strict=True)])
        return f"(Evaluate.Loss Network.{GAPS[loss['gap']]} {first} {more})", _number("1")
    name = f"Reader.{loss['name']}"
    if loss["name"] == "huber":
        name = f"(Reader.huber {_number(loss['delta'])})"
    elif loss["name"] == "hinge" and outputs > 1:
        name = "Reader.hinge_of_classes"
    return name, _number(loss["scale"])


def _parameters(biases: list[bool], parameters: dict[str, Any]) -> str:
    layers = []
    for n, bias in enumerate(biases, 1):
        vector = f"(Some {_vector(parameters[f'b{n}'])})" if bias else "None"
        layers.append(f"Evaluate.Layer {_matrix(parameters[f'W{n}'])} {vector}")
    return _list(layers)


def _string(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def _term(value: Any) -> str:
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return f"T {_string(value)}"
        return f"Text {_list([f'{ord(c)}%Z' for c in value])}"
    if isinstance(value, bool):
        return f"Truth {str(value).lower()}"
    if isinstance(value, int):
        return f"Integer {value}%Z"
    if isinstance(value, list):
        return f"Items {_list([_term(item) for item in value])}"
    return f"F {_list([f'({_string(key)}, {_term(item)})' for key, item in value.items()])}"
