"""Types of the values in a declaration, each with the shorter forms that a person may write."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError


def wrong(key: tuple[str | int, ...], message: str) -> PydanticCustomError:
    """The error of a model validator: `key` is where it stands below that model, `message` what to write."""
    return PydanticCustomError("declaration", "{message}", {"message": message, "key": key})


def _share(value: object) -> object:
    """Accept '2%' as 0.02."""
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?%", value):
        return float(value[:-1]) / 100
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"'{value}' is no regular expression: {error}; correct it") from None
    return value


def _re2(value: str) -> str:
    if re.search(r"\(\?<?[=!]|\\[1-9]", value):
        raise ValueError(f"'{value}': DuckDB has no look-around and no back-reference; write it without")
    return value


_Percent = Annotated[str, Field(pattern=r"^\d+(\.\d+)?%$")]
_Fraction = Annotated[float, Field(ge=0, le=1)]
Share = Annotated[
    float,
    BeforeValidator(_share, json_schema_input_type=_Fraction | _Percent),
    Field(ge=0, le=1, description="A share: 0.02 or 2%"),
]
TextList = Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
Regex = Annotated[str, AfterValidator(_regex)]
Re2 = Annotated[Regex, AfterValidator(_re2)]
