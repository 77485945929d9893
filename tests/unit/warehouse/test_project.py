from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.home import Home
from pipelines.warehouse import Inputs, ProjectError, generate


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "var").ensure()


def properties(project: Path) -> dict[str, dict[str, object]]:
    generated = yaml.safe_load((project / "models" / "generated.yml").read_text(encoding="utf-8"))
    return {model["name"]: model for model in generated["models"]}


def kinds_of_tests(model: dict[str, object]) -> list[str]:
    assert isinstance(model["data_tests"], list)
    return [next(iter(test)) for test in model["data_tests"]]


def test_an_old_project_and_the_residue_of_dbt_are_not_carried_over(
    home: Home,
    template: Path,
    inputs: Callable[[Home], Inputs],
    typed: Contract,
    standards: dict[str, Standard],
) -> None:
    (template / "target").mkdir()
    out = home.tmp / "dbt"
    (out / "models").mkdir(parents=True)
    (out / "models" / "fct_dropped.sql").write_text("select 1", encoding="utf-8")
    generate([typed], standards, inputs(home), out, template)
    assert not (out / "models" / "fct_dropped.sql").exists()
    assert not (out / "target").exists()


def test_tests_ask_only_what_the_table_can_answer(
    home: Home,
    inputs: Callable[[Home], Inputs],
    weekly: Contract,
    typed: Contract,
    standards: dict[str, Standard],
) -> None:
    found = properties(generate([weekly, typed], standards, inputs(home), home.tmp / "dbt"))
    # A key of place names is not in the table; a column the rows in use lack cannot be required of them.
    assert kinds_of_tests(found["fct_mingguan"]) == ["wajib_terisi"]
    assert found["fct_jenis"]["data_tests"] == [
        {"wajib_terisi": {"name": "fct_jenis__wajib_terisi", "arguments": {"columns": ["kode"]}}},
        {"kunci_unik": {"name": "fct_jenis__kunci_unik", "arguments": {"columns": ["kode"]}}},
    ]


def test_handwritten_sql_and_properties_win_each_on_its_own(
    home: Home,
    template: Path,
    inputs: Callable[[Home], Inputs],
    typed: Contract,
    never_came: Contract,
    standards: dict[str, Standard],
) -> None:
    written = template / "models" / "conformed" / "fct_jenis.sql"
    written.write_text("select 1 as kode\n", encoding="utf-8")
    (template / "models" / "conformed" / "own.yml").write_text(
        "models: [{name: fct_belum_ada, description: punya kami}]\n", encoding="utf-8"
    )
    project = generate([typed, never_came], standards, inputs(home), home.tmp / "dbt", template)
    folder = project / "models" / "conformed"
    assert (folder / "fct_jenis.sql").read_text(encoding="utf-8") == "select 1 as kode\n"
    assert (folder / "fct_belum_ada.sql").exists()
    assert properties(project).keys() == {"fct_jenis", "dinas_b__jenis", "dinas_b__belum_ada"}


def test_two_datasets_cannot_share_a_table(
    home: Home, inputs: Callable[[Home], Inputs], typed: Contract, standards: dict[str, Standard]
) -> None:
    other = typed.model_copy(update={"produsen": "dinas_c"})
    with pytest.raises(ProjectError, match=r"dinas_b\.jenis and dinas_c\.jenis both claim the table fct_jenis"):
        generate([typed, other], standards, inputs(home), home.tmp / "dbt")


def test_rows_that_cannot_be_read_are_named(
    home: Home, inputs: Callable[[Home], Inputs], typed: Contract, standards: dict[str, Standard]
) -> None:
    given = inputs(home)
    path = given.staged["dinas_b.jenis"]
    assert path
    path.write_bytes(b"PAR1 cut off")
    with pytest.raises(ProjectError, match=r"dinas_b\.jenis: cannot read its accepted rows"):
        generate([typed], standards, given, home.tmp / "dbt")


def test_a_dataset_of_persons_only_is_refused(
    home: Home, inputs: Callable[[Home], Inputs], weekly: Contract, standards: dict[str, Standard]
) -> None:
    persons = weekly.model_copy(update={"kolom": {"nik": weekly.kolom["nik"]}, "wilayah": None, "kunci": []})
    with pytest.raises(ProjectError, match="every column is personal"):
        generate([persons], standards, inputs(home), home.tmp / "dbt")
