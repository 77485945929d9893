"""JSON Schema of a contract, for editors (`# yaml-language-server: $schema=...`)."""

from __future__ import annotations

import json

from pipelines.contract.model import Contract


def contract_schema() -> str:
    """The schema as JSON text, the same bytes every time; sources/contract.schema.json holds it."""
    schema = Contract.model_json_schema()
    schema["properties"] = {k: v for k, v in schema["properties"].items() if not v.get("readOnly")}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Contract of one export"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
