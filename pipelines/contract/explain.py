"""Validate a YAML document with a model; every error says where it stands and what to write instead."""

from __future__ import annotations

import difflib
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipelines.contract.part import Part
from pipelines.contract.yaml_lines import DeclarationError, Document, KeyPath

P = TypeVar("P", bound=Part)


def validate(model: type[P], document: Document) -> P:
    """The document as `model`; raises DeclarationError with every problem."""
    hidden = {n for n, f in model.model_fields.items() if f.exclude} & document.mapping.keys()
    if hidden:
        message = "is known from the file's place; remove it"
        raise DeclarationError([document.problem((n,), message) for n in sorted(hidden)])
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        found: dict[KeyPath, list[dict[str, Any]]] = {}
        for detail in error.errors():
            found.setdefault(_key(document, detail), []).append(dict(detail))
        problems = [document.problem(key, _explain(model, document, key, e)) for key, e in found.items()]
        raise DeclarationError(problems) from None


def _key(document: Document, error: Any) -> KeyPath:
    """Where an error stands; pydantic adds the branch of a union and '[key]' to the path."""
    key: KeyPath = (*error["loc"], *error.get("ctx", {}).get("key", ()))
    if error["type"] not in ("missing", "extra_forbidden", "declaration"):
        while key and key not in document.lines:
            key = key[:-1]
    return key


def _explain(model: type[BaseModel], document: Document, key: KeyPath, errors: list[dict[str, Any]]) -> str:
    """What to write at `key`; several errors are the branches of a union."""
    error = errors[0]
    is_key = error["loc"][-1:] == ("[key]",)
    text = str(error["loc"][-2]) if is_key else document.texts.get(key, "")
    advice = list(dict.fromkeys(filter(None, (_advice(e, text) for e in errors))))
    if advice:
        return f"{repr(text) if text else 'this'} is not possible; write {' or '.join(advice)}"
    match error["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            known = _known_keys(model, key)
            near = difflib.get_close_matches(str(key[-1]), known, n=1)
            return "unknown key; " + (f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}")
    return str(error["msg"]).removeprefix("Value error, ")


def _advice(error: dict[str, Any], text: str) -> str | None:
    """What may stand there instead, to follow 'write'."""
    match error["type"]:
        case "literal_error":
            return str(error["ctx"]["expected"])
        case "string_type":
            return f"it in quotes: '{text}'" if text else "a text"
        case "list_type":
            return f"a list: [{text}]" if text else "a list, each entry behind '- '"
        case "dict_type" | "model_type":
            return "'key: value' lines below it"
        case "bool_type":
            return "true or false"
        case "int_type" | "int_from_float":
            return "a whole number"
        case "float_type" | "less_than_equal" | "greater_than":
            return "a share: 0.02 or 2%"
        case "greater_than_equal":
            return f"{error['ctx']['ge']} or more"
        case "string_too_long":
            return f"at most {error['ctx']['max_length']} character(s)"
        case "string_too_short":
            return f"at least {error['ctx']['min_length']} characters"
        case "string_pattern_mismatch":
            return "lower case letters, digits and _, a letter first"
    return None


def _known_keys(model: type[BaseModel], key: KeyPath) -> list[str]:
    """Keys that the model at the parent of `key` knows."""
    for part in key[:-1]:
        field = model.model_fields.get(str(part))
        nested = _models(field.annotation) if field else []
        if nested:
            model = nested[0]
    return [n for n, f in model.model_fields.items() if not f.exclude]


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for a in getattr(annotation, "__args__", ()) for m in _models(a)]
