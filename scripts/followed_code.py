"""Find everything that a function of the package uses, by static analysis.

Types of expressions come from the annotations of parameters, fields and results. A container
counts as its items. Names are qualified, such as `mturk_mock.model.hit_life.expire`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

_NOT_RUN: Final = ("annotation", "returns", "decorator_list", "defaults", "kw_defaults")
#: Methods that both classes of the package and str, list, set, dict, Match, Random or the module
#: `time` have.
_CONTAINERS: Final = frozenset(
    {"add", "choices", "count", "discard", "end", "pop", "replace", "start", "time"}
)


class Meaning(NamedTuple):
    """Possible values of an expression: functions and constants by name, objects by class."""

    names: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()


class Code:
    """The modules, classes and functions of a package."""

    def __init__(self, package: Path) -> None:
        self.names: dict[str, dict[str, str]] = {}  # by module: the qualified name of each name
        self.trees: dict[str, ast.Module] = {}
        self.sources: dict[str, list[str]] = {}  # by module: its lines
        self.functions: dict[str, ast.FunctionDef] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.modules: dict[str, str] = {}  # of functions and classes
        self.constants: dict[str, str] = {}  # the comments above them
        self.values: dict[str, ast.expr | None] = {}  # of constants
        self.methods: set[str] = set()
        self.lost: set[tuple[str, str]] = set()  # functions, with calls not followed
        self._uses: dict[str, frozenset[str]] = {}
        for path in sorted(package.rglob("*.py")):
            parts = path.relative_to(package.parent).with_suffix("").parts
            self._read(".".join(parts).removesuffix(".__init__"), path.read_text())

    def _read(self, module: str, source: str) -> None:
        tree = ast.parse(source)
        self.trees[module] = tree
        self.sources[module] = source.splitlines()
        self.names[module] = dict(_imported(tree))
        for statement in tree.body:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                self._define(module, statement, module)
                self.names[module][statement.name] = f"{module}.{statement.name}"
            elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
                for name in _bound(statement):
                    self.names[module][name] = f"{module}.{name}"
                    self.constants[f"{module}.{name}"] = self._said_above(module, statement.lineno)
                    self.values[f"{module}.{name}"] = statement.value

    def _said_above(self, module: str, number: int) -> str:
        lines = self.sources[module][: number - 1]
        while lines and lines[-1].startswith("#:"):
            lines.pop()
        return " ".join(line[2:] for line in self.sources[module][len(lines) : number - 1])

    def comments(self, function: str) -> list[str]:
        """Return the comments in a function; adjacent comment lines are one comment."""
        definition = self.functions[function]
        lines = self.sources[self.modules[function]][definition.lineno : definition.end_lineno]
        stripped = (line.strip() for line in lines)
        text = "\n".join(line[1:] if line.startswith("#") else "" for line in stripped)
        return [block for block in text.split("\n\n") if block.strip()]

    def _define(self, module: str, what: ast.FunctionDef | ast.ClassDef, within: str) -> None:
        name = f"{within}.{what.name}"
        self.modules[name] = module
        if isinstance(what, ast.FunctionDef):
            self.methods.update({what.name} if within in self.classes else ())
            self.functions.setdefault(name, what)  # the getter of a property precedes its setter
            return
        self.classes[name] = what
        for statement in what.body:
            if isinstance(statement, ast.FunctionDef):
                self._define(module, statement, name)

    def follow(self, start: str, without: str | None = None) -> list[str]:
        """Return the functions and classes that a function uses, itself first.

        `without`: a function to leave out; LookupError if it is not used.
        """
        found: list[str] = []
        waiting = [start]
        met = {start}
        while waiting:
            name = waiting.pop()
            found.append(name)
            new = (self.uses(name) & self.modules.keys()) - met
            met |= new
            waiting += sorted(new - {without}, reverse=True)
        if without is not None and without not in met:
            raise LookupError(f"{start} does not use {without}")
        return found

    def uses(self, name: str) -> frozenset[str]:
        """Return what a function uses; a class uses its __init__ and __iter__."""
        if name not in self._uses:
            self._uses[name] = frozenset(self._read_uses(name))
        return self._uses[name]

    def _read_uses(self, name: str) -> Iterator[str]:
        if name in self.classes:
            yield from self._members(name, "__init__")
            yield from self._members(name, "__iter__")
            return
        scope = Scope(self, name)
        for node in _run(self.functions[name]):
            if isinstance(node, (ast.Name, ast.Attribute)):
                for found in scope.meaning(node).names:
                    yield found
                    yield from self._given_functions(found)
            if isinstance(node, ast.Call) and scope.is_lost(node):
                self.lost.add((name, ast.unparse(node.func)))

    def _given_functions(self, constant: str) -> Iterator[str]:
        """Yield the functions that are arguments of the call that creates a constant."""
        module = constant.rpartition(".")[0]
        for node in ast.walk(self.values.get(constant) or ast.Constant(None)):
            for argument in node.args if isinstance(node, ast.Call) else ():
                name = self._named(argument, module)
                yield from (name,) if name in self.functions else ()
            if (name := self._named(node, module)) in self.values:
                yield from self._given_functions(name)

    def meaning(self, name: str) -> Meaning:
        """Return the meaning of a name of a module; of a constant also its object."""
        value = self.values.get(name)
        made = (
            self._named(value.func, name.rpartition(".")[0]) if isinstance(value, ast.Call) else ""
        )
        return Meaning(frozenset({name}), frozenset({made} & self.classes.keys()))

    def _named(self, node: ast.AST, module: str) -> str:
        """Return the qualified name that an expression of a constant names, or ""."""
        match node:
            case ast.Name(id=name):
                return self.names[module].get(name, "")
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                return f"{self.names[module].get(name)}.{attribute}"
        return ""

    def defaults(self, function: str) -> frozenset[str]:
        """Return the names of the default values of the function's parameters."""
        scope = Scope(self, function)
        arguments = self.functions[function].args
        return frozenset().union(*(scope.meaning(each).names for each in arguments.kw_defaults))

    def _members(self, class_: str, name: str) -> Iterator[str]:
        """Yield the methods of a name, including those that override it."""
        for each in (class_, *self.bases(class_), *self._heirs(class_)):
            if f"{each}.{name}" in self.functions:
                yield f"{each}.{name}"

    def bases(self, class_: str) -> Iterator[str]:
        """Yield the base classes of a class that are in the package."""
        names = self.names[self.modules[class_]]
        for base in self.classes[class_].bases:
            if isinstance(base, ast.Name) and names.get(base.id) in self.classes:
                yield names[base.id]

    def _heirs(self, class_: str) -> Iterator[str]:
        return (each for each in self.classes if class_ in self.bases(each))

    def classes_in(self, annotation: ast.expr | None, module: str) -> frozenset[str]:
        """Return the classes of the package that an annotation names."""
        nodes = ast.walk(annotation) if annotation is not None else ()
        names = {self.names[module].get(each.id) for each in nodes if isinstance(each, ast.Name)}
        return frozenset(name for name in names if name in self.classes)

    def member(self, class_: str, name: str) -> Meaning:
        """Return the meaning of an attribute of the class; of a container, that of its items."""
        if methods := frozenset(self._members(class_, name)):
            made = [self.made_by(method) for method in methods if self._is_property(method)]
            return Meaning(methods, frozenset().union(*made))
        for owner in (class_, *self.bases(class_)):
            if annotation := self._fields(owner).get(name):
                return Meaning(classes=self.classes_in(annotation, self.modules[owner]))
        return Meaning(classes=frozenset({class_}))

    def _is_property(self, method: str) -> bool:
        decorators = self.functions[method].decorator_list
        return any(isinstance(each, ast.Name) and each.id == "property" for each in decorators)

    def _fields(self, class_: str) -> dict[str, ast.expr]:
        """Return the annotations of fields, and of parameters that __init__ stores unchanged."""
        found = {
            each.target.id: each.annotation
            for each in self.classes[class_].body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        }
        init = self.functions.get(f"{class_}.__init__")
        if init is None:
            return found
        for each in ast.walk(init):
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Attribute):
                found[each.target.attr] = each.annotation
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Attribute):
                value = each.value.func if isinstance(each.value, ast.Call) else each.value
                found.setdefault(each.targets[0].attr, _annotation(init, value))
        return found

    def made_by(self, name: str) -> frozenset[str]:
        """Return the classes of the result of calling a function or class."""
        if name in self.classes:
            return frozenset({name})
        if name not in self.functions:
            return frozenset()
        return self.classes_in(self.functions[name].returns, self.modules[name])


class Scope:
    """A function, and the meaning of the names in it."""

    def __init__(self, code: Code, function: str) -> None:
        self._code = code
        self._module = code.modules[function]
        self._locals: dict[str, frozenset[str]] = {}
        definition = code.functions[function]
        nodes = list(ast.walk(definition))
        for each in nodes:
            if isinstance(each, ast.arg):
                self._locals[each.arg] = code.classes_in(each.annotation, self._module)
        owner = function.rpartition(".")[0]
        if owner in code.classes and definition.args.args:
            self._locals[definition.args.args[0].arg] = frozenset({owner})
            self._locals["super"] = frozenset(code.bases(owner))
        for each in nodes * 2:  # twice: a name can be read before it is bound
            for name in _bound(each):
                value = getattr(each, "value", None) or getattr(each, "iter", None)
                self._locals[name] = self.meaning(value).classes

    def meaning(self, node: ast.AST | None) -> Meaning:
        """Return the possible values of an expression."""
        match node:
            case ast.Name(id=name) if name in self._locals:
                return Meaning(classes=self._locals[name])
            case ast.Name(id=name):
                found = self._code.names[self._module].get(name)
                return self._code.meaning(found) if found else Meaning()
            case ast.Attribute(value=value, attr=name):
                return self._attribute(self.meaning(value), name)
            case ast.Call(func=function):
                called = self.meaning(function)
                made = [self._code.made_by(name) for name in called.names]
                return Meaning(classes=called.classes.union(*made))
            case ast.BoolOp(values=values) | ast.Tuple(elts=values):
                return Meaning(
                    classes=frozenset().union(*(self.meaning(v).classes for v in values))
                )
            case ast.IfExp(body=body, orelse=other):
                return Meaning(classes=self.meaning(body).classes | self.meaning(other).classes)
            case ast.Subscript(value=value) | ast.NamedExpr(value=value):
                return Meaning(classes=self.meaning(value).classes)
        return Meaning()

    def is_lost(self, call: ast.Call) -> bool:
        """Tell whether the call may be of a method of the package on an object of unknown class."""
        if not isinstance(call.func, ast.Attribute) or self.meaning(call.func) != Meaning():
            return False
        known = call.func.attr in _CONTAINERS or _is_super(call.func.value)
        return not known and call.func.attr in self._code.methods

    def _attribute(self, base: Meaning, name: str) -> Meaning:
        members = [self._code.member(class_, name) for class_ in base.classes]
        for owner in base.names:
            if owner in self._code.names:
                found = self._code.names[owner].get(name)
                members.append(Meaning(frozenset({found} if found else ())))
        names = frozenset().union(*(member.names for member in members))
        return Meaning(names, frozenset().union(*(member.classes for member in members)))


def _is_super(node: ast.AST) -> bool:
    """Tell whether an expression is `super()`, whose classes are known."""
    match node:
        case ast.Call(func=ast.Name(id="super")):
            return True
    return False


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, f"{node.module}.{each.name}"


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds."""
    match node:
        case ast.Assign(targets=targets):
            places = targets
        case ast.AnnAssign(target=place) | ast.NamedExpr(target=place):
            places = [place]
        case ast.For(target=place) | ast.comprehension(target=place):
            places = [place]
        case _:
            places = []
    for place in places:
        parts = place.elts if isinstance(place, ast.Tuple) else [place]
        yield from (part.id for part in parts if isinstance(part, ast.Name))


def _annotation(function: ast.FunctionDef, value: ast.expr) -> ast.expr:
    for each in (*function.args.args, *function.args.kwonlyargs):
        if isinstance(value, ast.Name) and value.id == each.arg and each.annotation is not None:
            return each.annotation
    return value


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run with a function: no annotations, defaults or decorators."""
    for field, value in ast.iter_fields(node):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST) and field not in _NOT_RUN:
                yield each
                yield from _run(each)
