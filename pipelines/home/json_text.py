"""JSON as people read it: a line for each member, indented."""

from __future__ import annotations

import json
from json.encoder import encode_basestring

_compact = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def as_json(value: object) -> str:
    """The text of `json.dumps(indent=1)` and a line end; NaN is refused (ValueError).

    Written here since Python indents without its encoder in C: this takes half the time.
    """
    return _indented(value, "\n") + "\n"


def _indented(value: object, line: str) -> str:
    """The text of a value; `line` is a line end and what its last line is indented by."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    deeper = line + " "
    if isinstance(value, dict) and value:
        members = [f"{_name(key)}: {_indented(member, deeper)}" for key, member in value.items()]
        return f"{{{deeper}{f',{deeper}'.join(members)}{line}}}"
    if isinstance(value, list | tuple) and value:
        return f"[{deeper}{f',{deeper}'.join([_indented(member, deeper) for member in value])}{line}]"
    return _compact(value)


def _name(key: object) -> str:
    return encode_basestring(key) if isinstance(key, str) else _compact({key: 0}).removeprefix("{").removesuffix(": 0}")
