"""Translate Coq's JSON extraction of the checker to one module of plain Python (standard library only).

``python to_python.py check.json check > checker.py``. Integers of Coq become those of Python; a list is ``()`` or
``(first, rest)``, an option ``None`` or ``(value,)``, a pair or record a tuple, a value of another type a tuple that begins
with the name of its constructor (or this name alone, if no constructor of the type has arguments). Tail calls become loops, so
that long lists need no stack.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from typing import Any

Node = dict[str, Any]

PRIMITIVES = {  # what the arithmetic of Coq's integers is in Python; {0} and {1} are the arguments
    "Z.add": ("({0} + {1})", "operator.add"),
    "Z.sub": ("({0} - {1})", "operator.sub"),
    "Z.mul": ("({0} * {1})", "operator.mul"),
    "Pos.mul": ("({0} * {1})", "operator.mul"),
    "Z.opp": ("(-{0})", "operator.neg"),
    "Z.abs": ("abs({0})", "abs"),
    "Z.eqb": ("({0} == {1})", "operator.eq"),
    "Z.ltb": ("({0} < {1})", "operator.lt"),
    "Z.leb": ("({0} <= {1})", "operator.le"),
    "Z.div": ("_div({0}, {1})", "_div"),
    "Z.modulo": ("_modulo({0}, {1})", "_modulo"),
    "Z.gcd": ("math.gcd({0}, {1})", "math.gcd"),
    "Z.lcm": ("math.lcm({0}, {1})", "math.lcm"),
    "Z.pow": ("_power({0}, {1})", "_power"),
    "Z.log2": ("_log2({0})", "_log2"),
    "Z.to_pos": ("max({0}, 1)", "_to_pos"),
}
ONE_ARGUMENT = {"Z.opp", "Z.abs", "Z.log2", "Z.to_pos"}
NUMERALS = {"Z0", "Zpos", "Zneg", "XH", "XO", "XI", "O", "S"}
KEYWORDS = {
    "lambda",
    "def",
    "from",
    "is",
    "in",
    "not",
    "and",
    "or",
    "if",
    "else",
    "for",
    "while",
    "pass",
    "class",
    "del",
    "with",
    "as",
}

HEADER = '''"""The checker that is proved correct in proofs/formal/, extracted from Coq by `make formal`; not to be edited."""
# mypy: ignore-errors
# ruff: noqa

import math
import operator
from functools import partial


def _div(a, b):
    return a // b if b else 0


def _modulo(a, b):
    return a % b if b else a


def _power(a, b):
    return a**b if b >= 0 else 0


def _log2(a):
    return a.bit_length() - 1 if a > 0 else 0


def _to_pos(a):
    return max(a, 1)


def _text(string):
    found = ()
    for character in reversed(string):
        found = (ord(character), found)
    return found
'''


class Untranslatable(Exception):
    """A construct of the extraction that this translator does not know."""


@dataclass
class Types:
    """The constructors: the number of their arguments, and how many constructors their type has."""

    arity: dict[str, int] = field(default_factory=dict)
    siblings: dict[str, list[str]] = field(default_factory=dict)

    def add(self, declaration: Node) -> None:
        names = [c["name"] for c in declaration["constructors"]]
        for c in declaration["constructors"]:
            self.arity[c["name"]] = len(c["argtypes"])
            self.siblings[c["name"]] = names

    def build(self, name: str, arguments: list[str]) -> str:
        if name in ("True", "False"):
            return name
        if name in ("Nil", "None"):
            return "()" if name == "Nil" else "None"
        if name == "Some":
            return f"({arguments[0]},)"
        if name in ("Cons", "Pair") or len(self.siblings[name]) == 1:
            return "(" + ", ".join(arguments) + ("," if len(arguments) == 1 else "") + ")"
        if all(self.arity[s] == 0 for s in self.siblings[name]):
            return repr(name)
        return "(" + ", ".join([repr(name), *arguments]) + ("," if not arguments else "") + ")"

    def test(self, name: str, value: str) -> str:
        """The condition under which a value was built by this constructor."""
        if name in ("True", "Cons"):
            return value
        if name in ("False", "Nil"):
            return f"not {value}"
        if name == "None":
            return f"{value} is None"
        if name == "Some":
            return f"{value} is not None"
        if name == "O":
            return f"{value} == 0"
        if name == "S":
            return f"{value} > 0"
        if len(self.siblings[name]) == 1:
            return "True"
        if all(self.arity[s] == 0 for s in self.siblings[name]):
            return f"{value} == {name!r}"
        return f"{value}[0] == {name!r}"

    def part(self, name: str, value: str, index: int) -> str:
        """An argument of the constructor that built a value."""
        if name == "S":
            return f"({value} - 1)"
        tagged = name not in ("Some", "Cons") and len(self.siblings[name]) > 1
        return f"{value}[{index + tagged}]"


def numeral(e: Node) -> int | None:
    """The integer that nested constructors of numbers spell."""
    if e["what"] != "expr:constructor" or e["name"] not in NUMERALS:
        return None
    name, arguments = e["name"], e["args"]
    if name in ("Z0", "O"):
        return 0
    if name == "XH":
        return 1
    inner = numeral(arguments[0])
    if inner is None:
        return None
    return {"Zpos": inner, "Zneg": -inner, "XO": 2 * inner, "XI": 2 * inner + 1, "S": inner + 1}[name]


def spelled(e: Node) -> str | None:
    """The text that a constant list of printable code points spells."""
    characters = []
    while e["what"] == "expr:constructor" and e["name"] == "Cons":
        code = numeral(e["args"][0])
        if code is None or not 32 <= code < 127:
            return None
        characters.append(chr(code))
        e = e["args"][1]
    return "".join(characters) if characters and e["what"] == "expr:constructor" and e["name"] == "Nil" else None


SIMPLE = re.compile(r"[A-Za-z_][A-Za-z_0-9]*(\[\d\])*|-?\d+|\(\)|None|True|False|'[A-Za-z]*'")


class Function:
    """One function of the generated module, or a nested one."""

    def __init__(self, module: Module, name: str | None, outer: Function | None = None) -> None:
        self.module, self.name, self.outer = module, name, outer
        self.used: set[str] = set() if outer is None else outer.used
        self.locals: set[str] = set()
        self.parameters: list[str] = []

    def fresh(self, name: str) -> str:
        base = re.sub(r"\W", "_", name).strip("_") or "value"
        base += "_" if base in KEYWORDS or base in self.module.names or base in ("partial", "math", "operator") else ""
        found, n = base, 1
        while found in self.used:
            found, n = f"{base}_{n}", n + 1
        self.used.add(found)
        self.locals.add(found)
        return found

    def atom(self, text: str, out: list[str]) -> str:
        """The same value as a name or constant."""
        if SIMPLE.fullmatch(text):
            return text
        name = self.fresh("value")
        out.append(f"{name} = {text}")
        return name

    def value(self, e: Node, env: dict[str, str], out: list[str]) -> str:
        """An expression for the value of e; statements that have to come before it are appended to `out`."""
        what = e["what"]
        if (number := numeral(e)) is not None:
            return str(number) if number >= 0 else f"({number})"
        if (text := spelled(e)) is not None:
            return f"_text({text!r})"
        if what == "expr:rel":
            return env[e["name"]]
        if what == "expr:global":
            return PRIMITIVES[e["name"]][1] if e["name"] in PRIMITIVES else self.module.function(e["name"])
        if what == "expr:constructor":
            if e["name"] in ("Zpos", "Zneg"):
                return ("" if e["name"] == "Zpos" else "-") + self.value(e["args"][0], env, out)
            if e["name"] == "S":
                return f"({self.value(e['args'][0], env, out)} + 1)"
            return self.module.types.build(e["name"], [self.value(a, env, out) for a in e["args"]])
        if what == "expr:lambda":
            return self.closure(e, env, out)
        if what == "expr:let":
            inner = self.value(e["nameval"], env, out)
            bound = inner if SIMPLE.fullmatch(inner) else self.fresh(e["name"])
            if bound != inner:
                out.append(f"{bound} = {inner}")
            return self.value(e["body"], {**env, e["name"]: bound}, out)
        if what == "expr:apply":
            return self.application(e, env, out)
        if what == "expr:case":
            return self.choice(e, env, out)
        if what == "expr:magic":
            return self.value(e["value"], env, out)
        raise Untranslatable(what)

    def application(self, e: Node, env: dict[str, str], out: list[str]) -> str:
        function, arguments = e["func"], [self.value(a, env, out) for a in e["args"]]
        if function["what"] == "expr:global":
            name = function["name"]
            arity = self.module.arity(name)
            if name in PRIMITIVES and len(arguments) == arity:
                return PRIMITIVES[name][0].format(*arguments)
            target = self.value(function, env, out)
            if len(arguments) < arity:
                return f"partial({', '.join([target, *arguments])})"
            if len(arguments) > arity:
                raise Untranslatable(f"{name} is applied to too many arguments")
            return f"{target}({', '.join(arguments)})"
        target = self.atom(self.value(function, env, out), out)
        return f"{target}({', '.join(arguments)})"

    def closure(self, e: Node, env: dict[str, str], out: list[str]) -> str:
        inner = Function(self.module, None, self)
        names = [inner.fresh(n if n != "_" else "unused") for n in e["argnames"]]
        inner.locals = set(names)
        body = inner.tail(e["body"], {**env, **{n: p for n, p in zip(e["argnames"], names, strict=True) if n != "_"}})
        text = "\n".join(body)
        outside = self.all_locals() - inner.locals
        captured = [n for n in sorted(set(re.findall(r"[A-Za-z_]\w*", text))) if n in outside]
        heads = [*names, *(f"{n}={n}" for n in captured)]
        if len(body) == 1 and body[0].startswith("return "):
            return f"(lambda {', '.join(heads)}: {body[0][7:]})"
        name = self.fresh("step")
        out.append(f"def {name}({', '.join(heads)}):")
        out.extend("    " + line for line in body)
        return name

    def all_locals(self) -> set[str]:
        return self.locals | (self.outer.all_locals() if self.outer else set())

    def branches(
        self, e: Node, scrutinee: str, env: dict[str, str], *, unpack: bool
    ) -> list[tuple[str, list[str], dict[str, str], Node]]:
        """(condition, statements that bind the arguments, environment, body) of every case."""
        found = []
        types = self.module.types
        for case in e["cases"]:
            pattern, body = case["pat"], case["body"]
            if pattern["what"] == "pat:wild":
                found.append(("True", [], env, body))
                continue
            if pattern["what"] == "pat:rel":
                found.append(("True", [], {**env, pattern["name"]: scrutinee}, body))
                continue
            if pattern["what"] != "pat:constructor":
                raise Untranslatable(pattern["what"])
            name, arguments = pattern["name"], pattern["argnames"]
            if name in NUMERALS - {"O", "S"}:
                raise Untranslatable("a match on an integer")
            parts = [(n, types.part(name, scrutinee, i)) for i, n in enumerate(arguments) if n != "_"]
            binds: list[str] = []
            if unpack and name == "Cons" and len(parts) == 2:
                names = [self.fresh(n) for n, _ in parts]
                binds = [f"{', '.join(names)} = {scrutinee}"]
                parts = [(n, p) for (n, _), p in zip(parts, names, strict=True)]
            found.append((types.test(name, scrutinee), binds, {**env, **dict(parts)}, body))
            if len(found) == len(types.siblings[name]):
                found[-1] = ("True", *found[-1][1:])
        return found

    def choice(self, e: Node, env: dict[str, str], out: list[str]) -> str:
        scrutinee = self.value(e["expr"], env, out)
        if not (len(e["cases"]) == 2 and e["cases"][0]["pat"].get("name") in ("True", "False")):
            scrutinee = self.atom(scrutinee, out)
        elif not SIMPLE.fullmatch(scrutinee):
            scrutinee = f"({scrutinee})" if not scrutinee.startswith("(") else scrutinee
        arms = self.branches(e, scrutinee, env, unpack=False)
        before: list[list[str]] = []
        values = []
        for _, binds, inner, body in arms:
            lines = list(binds)
            values.append(self.value(body, inner, lines))
            before.append(lines)
        if not any(before):
            text = values[-1]
            for (condition, *_), value in reversed(list(zip(arms[:-1], values[:-1], strict=True))):
                if text == "False":
                    text = f"({condition} and {value})"
                elif value == "True":
                    text = f"({condition} or {text})"
                elif value == "False" and condition.startswith("not "):
                    text = f"({condition[4:]} and {text})"
                else:
                    text = f"({value} if {condition} else {text})"
            return text
        result = self.fresh("chosen")
        for n, ((condition, *_), lines, value) in enumerate(zip(arms, before, values, strict=True)):
            last = n == len(arms) - 1
            out.append("else:" if last and n else f"{'elif' if n else 'if'} {condition}:")
            out.extend("    " + line for line in [*lines, f"{result} = {value}"])
        return result

    def tail(self, e: Node, env: dict[str, str]) -> list[str]:
        """Statements that return the value of e, or go on with the loop of this function."""
        out: list[str] = []
        what = e["what"]
        if what == "expr:let":
            inner = self.value(e["nameval"], env, out)
            bound = inner if SIMPLE.fullmatch(inner) else self.fresh(e["name"])
            if bound != inner:
                out.append(f"{bound} = {inner}")
            return out + self.tail(e["body"], {**env, e["name"]: bound})
        if what == "expr:apply" and self.name is not None and e["func"] == {"what": "expr:global", "name": self.name}:
            arguments = [self.value(a, env, out) for a in e["args"]]
            if len(arguments) == len(self.parameters):
                self.module.loops.add(self.name)
                changed = [(p, a) for p, a in zip(self.parameters, arguments, strict=True) if p != a]
                if changed:
                    out.append(f"{', '.join(p for p, _ in changed)} = {', '.join(a for _, a in changed)}")
                return [*out, "continue"]
        if what == "expr:case":
            scrutinee = self.value(e["expr"], env, out)
            if not (len(e["cases"]) == 2 and e["cases"][0]["pat"].get("name") in ("True", "False")):
                scrutinee = self.atom(scrutinee, out)
            arms = self.branches(e, scrutinee, env, unpack=True)
            for condition, binds, inner, body in arms:
                lines = binds + self.tail(body, inner)
                if condition == "True":
                    return out + lines
                out.append(f"if {condition}:")
                out.extend("    " + line for line in lines)
            return [*out, "raise AssertionError"]
        value = self.value(e, env, out)
        return [*out, f"return {value}"]


class Module:
    """All declarations, and the text of those that are needed."""

    def __init__(self, document: Node) -> None:
        self.types = Types()
        self.terms: dict[str, Node] = {}
        self.loops: set[str] = set()
        for declaration in document["declarations"]:
            if declaration["what"] == "decl:ind":
                self.types.add(declaration)
            elif declaration["what"] == "decl:term":
                self.terms[declaration["name"]] = declaration["value"]
            elif declaration["what"] == "decl:fixgroup":
                for one in declaration["fixlist"]:
                    self.terms[one["name"]] = one["value"]
        self.names = {self.function(n) for n in self.terms if n not in PRIMITIVES}

    def function(self, name: str) -> str:
        return name.replace("'", "_") + ("_" if name in KEYWORDS or name in ("all", "abs", "max") else "")

    def arity(self, name: str) -> int:
        if name in PRIMITIVES:
            return 1 if name in ONE_ARGUMENT else 2
        value = self.terms[name]
        return len(value["argnames"]) if value["what"] == "expr:lambda" else 0

    def needed(self, root: str) -> list[str]:
        """What the root uses, directly or not, in the order of the extraction."""
        found, open_ = set(), [root]
        while open_:
            name = open_.pop()
            if name not in found and name not in PRIMITIVES:
                found.add(name)
                open_ += re.findall(r'"what": "expr:global", "name": "([^"]+)"', json.dumps(self.terms[name]))
        return [name for name in self.terms if name in found]

    def text(self, root: str) -> str:
        parts = [HEADER]
        for name in self.needed(root):
            value = self.terms[name]
            if self.arity(name) == 0:
                out: list[str] = []
                body = value["body"] if value["what"] == "expr:lambda" else value
                result = Function(self, None).value(body, {}, out)
                parts.append("\n".join([*out, f"{self.function(name)} = {result}"]) + "\n")
                continue
            function = Function(self, name)
            function.parameters = [function.fresh(n if n != "_" else "unused") for n in value["argnames"]]
            env = {n: p for n, p in zip(value["argnames"], function.parameters, strict=True) if n != "_"}
            lines = function.tail(value["body"], env)
            if name in self.loops:
                lines = ["while True:", *("    " + line for line in lines)]
            head = f"def {self.function(name)}({', '.join(function.parameters)}):"
            parts.append("\n".join([head, *("    " + line for line in lines)]) + "\n")
        return "\n\n".join(parts)


def main() -> None:
    """Print the translation of the file that is named on the command line."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        sys.stdout.write(Module(json.load(stream)).text(sys.argv[2]))


if __name__ == "__main__":
    main()
