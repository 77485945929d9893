"""Tables that contradict each other: which are published, and what an earlier release hid stays hidden."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from pipelines.disclosure import Agreed, DisclosureError, Earlier, Measure, Protection, Table, agree

from .kit import make

Con = duckdb.DuckDBPyConnection
Rows = list[tuple[str, int]]
SMALL: Rows = [("33.01", 3), ("33.02", 150)]
TOLD: Rows = [("33.01.01", 1), ("33.01.02", 2), ("33.02.01", 150)]


def counts(con: Con, name: str, rows: Rows, *, closed: bool = True, same: str = "orang") -> Table:
    make(con, name, "kode_wilayah VARCHAR, n INTEGER", rows)
    protection = Protection(jenis="orang") if closed else Protection(jenis="tidak", tidak="Sudah diumumkan")
    return Table(name, name, ("kode_wilayah",), {"n": Measure(protection, same=same)}, "kode_wilayah")


def never(name: str) -> None:
    """No table may stay as it was."""


def keep(con: Con, agreed: Agreed) -> dict[str, Earlier]:
    """What a release leaves behind."""
    for name in agreed.done.rows:
        con.execute(f"CREATE OR REPLACE TABLE terbit_{name} AS FROM {agreed.done.rows[name]}")
        con.execute(f"CREATE OR REPLACE TABLE rahasia_{name} AS FROM {agreed.done.secret[name]}")
    return {name: Earlier(f"terbit_{name}", f"rahasia_{name}") for name in agreed.done.rows}


def test_between_new_tables_the_one_gives_way_that_has_something_to_hide(con: Con) -> None:
    tables = [counts(con, "kab", SMALL), counts(con, "kec", TOLD, closed=False), counts(con, "lain", SMALL, same="x")]
    agreed = agree(con, tables, {}, never)
    assert list(agreed.given_up) == ["kab"] and [r.table for r in agreed.given_up["kab"]] == ["kab"]
    assert list(agreed.done.rows) == ["lain"] and not agreed.attacked.recovered


def test_only_the_tables_stay_out_that_tell_what_is_known_to_be_hidden(con: Con) -> None:
    """Either half of the parts tells nothing, both together do: the second stays out, whatever else there is."""
    kab = counts(con, "kab", SMALL)
    earlier = keep(con, agree(con, [kab], {}, never))
    harmless = [counts(con, f"lain{i}", [("33.05.01", 40 + i)], closed=False) for i in range(3)]
    tables = [*harmless[:2], counts(con, "kec", TOLD, closed=False), kab, harmless[2]]
    for may_stay in (never, {"kab": kab}.get):
        agreed = agree(con, tables, earlier, may_stay)
        assert list(agreed.given_up) == ["kec"] and [r.table for r in agreed.given_up["kec"]] == ["kab"]
        assert list(agreed.done.rows) == ["kab"] and not agreed.attacked.recovered


def test_what_is_no_longer_hidden_is_not_told_as_it_was(con: Con) -> None:
    """The small count has grown and is published; what it was when it was hidden is told by another table."""
    earlier = keep(con, agree(con, [counts(con, "kab", SMALL)], {}, never))
    grown, kec = counts(con, "kab", [("33.01", 40), ("33.02", 150)]), counts(con, "kec", TOLD, closed=False)
    agreed = agree(con, [grown, kec], earlier, never)
    assert list(agreed.given_up) == ["kec"]
    assert con.execute(f"SELECT n FROM {agreed.done.rows['kab']} ORDER BY ALL").fetchall() == [(40,), (150,)]


def test_what_the_last_editions_tell_by_themselves_stops_nothing(con: Con) -> None:
    """Nobody knew that the two measure the same. Both are out; the new table has no part in it."""
    kab = counts(con, "kab", SMALL)
    earlier = keep(con, agree(con, [kab], {}, never))
    kec, new = counts(con, "kec", TOLD, closed=False), counts(con, "baru", [("34.01", 2), ("34.02", 90)])
    stay: Callable[[str], Table | None] = {"kab": kab, "kec": kec}.get
    agreed = agree(con, [kab, kec, new], earlier, stay)
    assert not agreed.given_up and sorted(agreed.done.rows) == ["baru", "kab"]
    assert {(r.table, r.how) for r in agreed.attacked.recovered} == {("kab", "sudah_terbit")} and agreed.attacked.ok


def test_a_wrong_number_is_no_matter_of_agreement(con: Con) -> None:
    kab = counts(con, "kab", [("33.01", 3), ("33.02", 150), ("33", 153)])
    con.execute("CREATE VIEW acak AS SELECT kode_wilayah, (n + 1e6 * random())::INTEGER AS n FROM kab")
    volatile = Table("kab", "acak", kab.dims, kab.measures, kab.place)
    with pytest.raises(DisclosureError, match="not the true ones"):
        agree(con, [volatile], {}, never)
