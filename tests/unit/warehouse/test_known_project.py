"""What dbt learnt from a project is used for the same project only, and never takes the place of reading its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.home import Home
from pipelines.warehouse import Inputs, build, dbt, generate

from .conftest import contract, only, write_parquet

ROW = "SELECT 2024::INTEGER AS tahun, {cases} AS kasus"


class Nights:
    """Nights over one home and one table."""

    def __init__(self, home: Home, given: Inputs, standards: dict[str, Standard], template: Path) -> None:
        self.home, self.given, self.standards, self.template = home, given, standards, template

    def night(self, contract: Contract, cases: int) -> tuple[int, bool]:
        """Build with one row; returns its cases as analysts find them, and whether dbt read any file anew."""
        staged = self.home.tmp / "hari-ini.parquet"
        write_parquet(staged, ROW.format(cases=cases))
        inputs = Inputs({contract.key: staged}, self.given.muatan, self.given.wilayah)
        project = generate([contract], self.standards, inputs, self.home.tmp / "dbt", self.template)
        read: list[bool] = []

        def watched(words: Sequence[str], database: Path) -> tuple[int, str]:
            done = run(words, database)
            # dbt writes down what it learnt, unless it read nothing.
            read.append((database.parent / "target" / "partial_parse.msgpack").exists())
            return done

        run = dbt.run
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dbt, "run", watched)
            assert build(self.home, project).failures == []
        ((found,),) = self.query("SELECT kasus FROM conformed.fct_mingguan")
        return found, read == [True]

    def add_one(self) -> None:
        """Somebody writes the model of the table."""
        path = self.template / "models" / "conformed" / "fct_mingguan.sql"
        sql = "select tahun, cast(kasus + 1 as bigint) as kasus from {{ source('dinas_a', 'mingguan') }}\n"
        path.write_text(sql, encoding="utf-8")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home.warehouse / "satudata.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()

    @property
    def known(self) -> Path:
        """What is kept: one file."""
        (path,) = self.home.cache.glob("dbt-*.msgpack")
        return path


@pytest.fixture
def cases() -> Contract:
    """A dataset of no place, so that its table asks for no other."""
    kolom = {
        "tahun": {"dari": "Tahun", "standar": "tahun", "wajib": True, "terbit": True},
        "kasus": {"dari": "Kasus", "standar": "bilangan", "terbit": True},
    }
    return contract("dinas_a", "mingguan", kolom)


@pytest.fixture
def nights(tmp_path: Path, inputs: Callable[[Home], Inputs], standards: dict[str, Standard], template: Path) -> Nights:
    """Of a project without a model but those of its one contract: what dbt remembers is not about the rest."""
    home = Home(tmp_path / "var").ensure()
    return Nights(home, inputs(home), standards, only(template))


def test_what_dbt_learnt_is_used_for_the_same_project_only(nights: Nights, cases: Contract) -> None:
    """One story, since each night takes seconds."""
    assert nights.night(cases, 5) == (5, True)
    first, learnt = nights.known, nights.known.read_bytes()
    assert nights.night(cases, 7) == (7, False), "other rows, the same project"
    assert nights.known == first

    renamed = cases.model_copy(update={"judul": "Baru"})
    assert nights.night(renamed, 7) == (7, True)
    comment = "SELECT comment FROM duckdb_tables() WHERE table_name = 'fct_mingguan'"
    assert nights.query(comment) == [("Baru.",)], "a contract changed, and no column of it"
    assert nights.known != first

    nights.add_one()
    assert nights.night(renamed, 7) == (8, True), "a model changed"
    # dbt compares all files with what it is given, so even under the wrong name that leads to nothing wrong.
    nights.known.write_bytes(learnt)
    assert nights.night(renamed, 8) == (9, True)
    assert nights.query(comment) == [("Baru.",)]
    nights.known.write_bytes(learnt[:99])
    assert nights.night(renamed, 9) == (10, True)
