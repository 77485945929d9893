from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import dagster as dg

from pipelines.assets import specs
from pipelines.assets.handwritten import handwritten_specs
from pipelines.contract.load import Library
from pipelines.contract.model import Contract


def every(library: Library) -> dict[str, dg.AssetSpec]:
    stages = (specs.landing_specs, specs.staging_specs, specs.warehouse_specs, specs.release_specs)
    return {s.key.to_user_string(): s for stage in stages for s in stage(library)}


def upstream(spec: dg.AssetSpec) -> set[str]:
    return {dep.asset_key.to_user_string() for dep in spec.deps}


def column_names(spec: dg.AssetSpec) -> list[str]:
    return [column.name for column in spec.metadata["dagster/column_schema"].columns]


def test_one_line_from_landing_to_release(library: Library) -> None:
    line = ["landing/dinkes/kasus", "staging/dinkes/kasus", "conformed/fct_kasus", "open_data/dinkes__kasus"]
    every_spec = every(library)
    for before, after in zip(line, [*line[1:], "rilis/latest"], strict=True):
        assert before in upstream(every_spec[after])


def test_nothing_hangs_on_what_is_not_there(library: Library) -> None:
    every_spec = every(library)
    assert {up for spec in every_spec.values() for up in upstream(spec)} <= every_spec.keys()


def test_a_group_per_produsen(library: Library) -> None:
    groups = {key: spec.group_name for key, spec in every(library).items()}
    assert {groups[k] for k in groups if "dinkes" in k or k.endswith(("fct_kasus", "fct_anggaran"))} == {"dinkes"}
    assert groups["conformed/fct_bantuan"] == groups["landing/dinsos/bantuan"] == "dinsos"
    assert (groups["rilis/latest"], groups["conformed/dim_wilayah"], groups["ops/muatan"]) == (
        "rilis",
        "bersama",
        "ops",
    )


def test_only_what_may_leave_is_published(library: Library) -> None:
    published = [key for key in every(library) if key.startswith("open_data/")]
    assert published == ["open_data/dinkes__anggaran", "open_data/dinkes__kasus"]
    assert {check.asset_key.path[-1] for check in specs.gate_specs(library)} == {"dinkes__anggaran", "dinkes__kasus"}


def test_columns_without_personal_ones(library: Library) -> None:
    every_spec = every(library)
    assert column_names(every_spec["conformed/fct_kasus"]) == ["kode_wilayah", "tahun"]
    assert column_names(every_spec["open_data/dinkes__anggaran"]) == ["tahun"]


def test_a_table_without_a_place_does_not_read_the_places(library: Library) -> None:
    every_spec = every(library)
    assert upstream(every_spec["conformed/fct_anggaran"]) == {"staging/dinkes/anggaran"}
    assert "conformed/dim_wilayah" in upstream(every_spec["conformed/fct_kasus"])


def test_freshness_follows_from_the_schedule(library: Library) -> None:
    windows = {
        spec.metadata["jadwal"]: spec.freshness_policy.fail_window.to_timedelta()
        for spec in specs.landing_specs(library)
        if spec.freshness_policy
    }
    assert timedelta(days=7) < windows["mingguan"] < timedelta(days=14)
    assert timedelta(days=365) < windows["tahunan"] < timedelta(days=730)
    assert windows["mingguan"] < windows["bulanan"] < windows["tahunan"]


def test_every_staging_asset_has_its_check(library: Library) -> None:
    checks = specs.check_specs(library)
    assert {check.asset_key for check in checks} == {spec.key for spec in specs.staging_specs(library)}
    assert not any(check.blocking for check in checks)


def test_handwritten_models_come_from_the_folder(tmp_path: Path, library: Library) -> None:
    marts, conformed = tmp_path / "marts", tmp_path / "conformed"
    for folder in (marts, conformed):
        folder.mkdir()
    (marts / "ringkas.sql").write_text("select * from {{ ref('fct_kasus') }}, {{ ref( \"lain\" ) }}, {{ ref('x') }}")
    (marts / "lain.sql").write_text("select 1")
    (conformed / "fct_kasus.sql").write_text("select 2")  # takes the place of the generated one
    (marts / "_m.yml").write_text(
        "models: [{name: ringkas, description: Ringkasan., columns: [{name: a, description: A.}]}]"
    )
    found = {spec.key.to_user_string(): spec for spec in handwritten_specs(library, tmp_path)}
    assert set(found) == {"marts/ringkas", "marts/lain"}
    assert upstream(found["marts/ringkas"]) == {"marts/lain", "conformed/fct_kasus"}
    assert (found["marts/ringkas"].description, column_names(found["marts/ringkas"])) == ("Ringkasan.", ["a"])


def test_a_mart_without_its_facts_is_no_asset(tmp_path: Path, library: Library) -> None:
    (tmp_path / "mart").mkdir()
    for name, sql in {"ada": "ref('fct_kasus')", "tanpa": "ref('fct_entah')", "ikut": "ref('tanpa')"}.items():
        (tmp_path / "mart" / f"{name}.sql").write_text(f"select * from {{{{ {sql} }}}}")
    assert [spec.key.to_user_string() for spec in handwritten_specs(library, tmp_path)] == ["mart/ada"]


def test_the_loads_come_from_every_check(library: Library) -> None:
    loads = every(library)["ops/muatan"]
    assert upstream(loads) == {f"staging/{c.produsen}/{c.dataset}" for c in library.contracts}


def test_titles_describe(library: Library) -> None:
    contract: Contract = library.find("dinkes.kasus")
    assert contract.judul in (every(library)["landing/dinkes/kasus"].description or "")
