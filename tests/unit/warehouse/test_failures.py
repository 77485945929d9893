from __future__ import annotations

import json
from pathlib import Path

from pipelines.warehouse.failures import explain


def write(target: Path, results: list[dict[str, object]], nodes: dict[str, object]) -> None:
    (target / "run_results.json").write_text(json.dumps({"results": results}), encoding="utf-8")
    (target / "manifest.json").write_text(json.dumps({"nodes": nodes}), encoding="utf-8")


def test_a_model_and_its_reason_on_one_line(tmp_path: Path) -> None:
    nodes = {"model.s.fct_a": {"name": "fct_a", "schema": "conformed", "resource_type": "model"}}
    results: list[dict[str, object]] = [
        {"unique_id": "model.s.fct_a", "status": "error", "message": "Binder Error:\n  no column"},
        {"unique_id": "model.s.fct_b", "status": "skipped", "message": None},
        {"unique_id": "model.s.fct_c", "status": "success", "message": "OK"},
    ]
    write(tmp_path, results, nodes)
    assert explain(tmp_path, "", 1) == ["model conformed.fct_a: Binder Error: no column"]


def test_many_failures_are_cut(tmp_path: Path) -> None:
    results: list[dict[str, object]] = [
        {"unique_id": f"model.s.m{i}", "status": "error", "message": "no"} for i in range(25)
    ]
    write(tmp_path, results, {})
    told = explain(tmp_path, "", 1)
    assert len(told) == 21
    assert told[-1] == "and 5 more; see log/dbt.log"


def test_without_results_dbt_itself_is_quoted(tmp_path: Path) -> None:
    assert explain(tmp_path, "Compilation Error\n  in model x", 2) == [
        "dbt stopped with code 2: Compilation Error in model x"
    ]
    (tmp_path / "run_results.json").write_text("{cut", encoding="utf-8")
    assert explain(tmp_path, "", 1) == ["dbt stopped with code 1: it said nothing; see log/dbt.log"]


def test_a_killed_process_is_said_so(tmp_path: Path) -> None:
    assert explain(tmp_path, "", -9) == ["dbt was killed by signal 9; if it is 9, memory may have run out"]
