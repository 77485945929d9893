"""YAML with line numbers, strict about everything that YAML turns silently into something else.

YAML 1.1 reads `0555567` as an octal number, `33.10` as 33.1, `No` as false and `12:30` as 750.
Nothing of that kind may reach a contract: such a scalar keeps its own text in the error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

KeyPath = tuple[str | int, ...]
_TREACHEROUS = re.compile(r"[+-]?(0\d+|\d+(:\d+)+(\.\d*)?|0[xob][\da-f_]+|[\d.]*_[\d_.]*|\.(inf|nan))", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a declaration: where it stands, what is wrong, what to write instead."""

    path: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.key or '(top)'}: {self.message}"


class DeclarationError(Exception):
    """Declarations that cannot be used; `problems` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Document:
    """Plain Python values of one YAML file, and the line and source text of every node."""

    path: Path
    value: object = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    texts: dict[KeyPath, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def mapping(self) -> dict[str, object]:
        """The value; read_yaml lets nothing but a mapping through."""
        assert isinstance(self.value, dict)
        return self.value

    def problem(self, key: KeyPath, message: str) -> Problem:
        """A Problem at the nearest node that exists on the way to `key`."""
        return Problem(self.path, self.line(key), ".".join(map(str, key)), message)

    def line(self, key: KeyPath) -> int:
        """Line of the deepest existing node on the way to `key`."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)


def read_yaml(path: Path) -> Document:
    """Read one YAML file. Raises DeclarationError when it is not YAML or not a mapping."""
    document = Document(path)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        if not isinstance(root, yaml.MappingNode):
            raise DeclarationError([Problem(path, 1, "", "expected 'key: value' lines")])
        document.value = _build(root, (), document)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or str(error)
        raise DeclarationError([Problem(path, line, "", f"not valid YAML: {what}")]) from None
    except RecursionError:
        raise DeclarationError([Problem(path, 1, "", "nested too deeply, or an alias of itself")]) from None
    if document.problems:
        raise DeclarationError(document.problems)
    return document


def _build(node: yaml.Node, key: KeyPath, document: Document) -> object:
    document.lines[key] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[str, object] = {}
        for key_node, value_node in node.value:
            name = str(key_node.value)
            if name in result:
                line = key_node.start_mark.line + 1
                first = document.line((*key, name))
                message = f"the key stands twice, first in line {first}; keep one"
                document.problems.append(Problem(document.path, line, ".".join(map(str, (*key, name))), message))
            result[name] = _build(value_node, (*key, name), document)
            document.lines[(*key, name)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*key, i), document) for i, child in enumerate(node.value)]
    return _scalar(node, key, document)


def _scalar(node: yaml.Node, key: KeyPath, document: Document) -> object:
    text = str(node.value)
    document.texts[key] = text
    if node.tag == "tag:yaml.org,2002:str":
        return text
    if _TREACHEROUS.fullmatch(text):
        document.problems.append(
            document.problem(key, f"{text} would be read as a number; write it in quotes: '{text}'")
        )
        return text
    match node.tag:
        case "tag:yaml.org,2002:null":
            return None
        case "tag:yaml.org,2002:bool":
            return text.lower() in ("true", "yes", "on")
        case "tag:yaml.org,2002:int":
            return int(text)
        case "tag:yaml.org,2002:float":
            return float(text)
    document.problems.append(document.problem(key, f"write it in quotes: '{text}'"))
    return text
