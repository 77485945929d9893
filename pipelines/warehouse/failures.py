"""Say in a few lines why dbt did not finish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_BAD = ("error", "fail", "runtime error")
_MANY = 20


def explain(target: Path, output: str, code: int) -> list[str]:
    """One line per failed model or test: what, where, why, and the SQL to look at.

    `target` is dbt's target folder. `output` is what dbt printed; it is used when dbt did not come as far
    as running anything.
    """
    results = _load(target / "run_results.json").get("results", [])
    nodes = _load(target / "manifest.json").get("nodes", {})
    found = [_line(nodes.get(r["unique_id"], {}), r) for r in results if r["status"] in _BAD]
    if found:
        more = [f"and {len(found) - _MANY} more; see log/dbt.log"] if len(found) > _MANY else []
        return found[:_MANY] + more
    if code < 0:
        return [f"dbt was killed by signal {-code}; if it is 9, memory may have run out"]
    said = " ".join(output.split())
    return [f"dbt stopped with code {code}: {said[-1000:] or 'it said nothing; see log/dbt.log'}"]


def _line(node: dict[str, Any], result: dict[str, Any]) -> str:
    name = node.get("name", result["unique_id"])
    reason = " ".join(str(result.get("message") or "no message").split())
    if node.get("resource_type") != "test":
        return f"model {node.get('schema')}.{name}: {reason}"
    columns = node.get("test_metadata", {}).get("kwargs", {}).get("columns") or [node.get("column_name")]
    about = ", ".join(str(c).strip('"') for c in columns if c)
    where = f" on ({about})" if about else ""
    table = str(node.get("attached_node") or "").rpartition(".")[2]
    sql = node.get("compiled_path") or result.get("compiled_code") or ""
    return f"test {name} of {table}{where}: {reason}; the rows: {sql}"


def _load(path: Path) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded
