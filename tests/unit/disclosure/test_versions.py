"""Two releases of a table: what one hides, the other must not tell."""

from __future__ import annotations

from dataclasses import replace

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure import Earlier, Measure, Protected, Protection, Table, audit, protect, restored

from .kit import ORANG, Counts, crossed, crossed_table, hidden_in, make

Con = duckdb.DuckDBPyConnection
INNER: Counts = {("33.01", "L"): 3, ("33.01", "P"): 20, ("33.02", "L"): 40, ("33.02", "P"): 50,
                 ("33.03", "L"): 12, ("33.03", "P"): 7}  # fmt: skip


def keep(con: Con, done: Protected) -> dict[str, Earlier]:
    """What the last release leaves behind."""
    con.execute(f"CREATE OR REPLACE TABLE lama AS FROM {done.rows['t']}")
    con.execute(f"CREATE OR REPLACE TABLE rahasia AS FROM {done.secret['t']}")
    return {"t": Earlier("lama", "rahasia")}


def attacked(con: Con, table: Table, done: Protected, earlier: dict[str, Earlier]) -> bool:
    con.execute(f"CREATE OR REPLACE TABLE baru AS FROM {done.rows['t']}")
    public = Table("t", "baru", table.dims, table.measures, table.place)
    return audit(con, [public], {"t": table.relation}, earlier).ok


def test_what_was_hidden_stays_hidden_while_it_is_the_same(con: Con) -> None:
    """The small count has grown, but what covered it would now give the old one back."""
    first = protect(con, [crossed_table(con, crossed(INNER))])
    hidden = hidden_in(con, first.rows["t"])
    earlier = keep(con, first)
    table = crossed_table(con, crossed({**INNER, ("33.01", "L"): 9}))
    alone = protect(con, [table])
    assert not hidden_in(con, alone.rows["t"])
    assert not attacked(con, table, alone, earlier)
    both = protect(con, [table], earlier)
    assert hidden - {("33.01", "L")} <= hidden_in(con, both.rows["t"])
    assert ("pelengkap", 4) in [(r.why, r.cells) for r in both.log]
    assert attacked(con, table, both, earlier)


def test_what_was_published_covers_nothing_any_more(con: Con) -> None:
    """A new small count; the cell that would cover it stands in the last release."""
    before = {**INNER, ("33.01", "L"): 8}
    earlier = keep(con, protect(con, [crossed_table(con, crossed(before))]))
    table = crossed_table(con, crossed({**before, ("33.01", "L"): 3, ("33.02", "L"): 44, ("33.02", "P"): 51}))
    alone = protect(con, [table])
    assert not attacked(con, table, alone, earlier)
    both = protect(con, [table], earlier)
    assert attacked(con, table, both, earlier)
    assert both.lost == 0


def test_what_is_public_for_good_is_said(con: Con) -> None:
    """The same small number went out when nobody protected it."""
    counts = crossed(INNER)
    table = crossed_table(con, counts)
    con.execute("CREATE TABLE lama AS SELECT *, 'tersedia' AS status_nilai FROM sumber")
    con.execute("CREATE TABLE rahasia AS FROM sumber LIMIT 0")
    done = protect(con, [table], {"t": Earlier("lama", "rahasia")})
    assert [(r.why, r.cells) for r in done.log] == [("sudah_terbit", 1)]
    assert done.lost == 1


def test_an_unchanged_release_hides_the_same(con: Con) -> None:
    table = crossed_table(con, crossed(INNER))
    first = protect(con, [table])
    hidden = hidden_in(con, first.rows["t"])
    earlier = keep(con, first)
    again = protect(con, [table], earlier)
    assert hidden_in(con, again.rows["t"]) == hidden
    assert attacked(con, table, again, earlier)


PLACES, CATEGORIES = ["33.01.01", "33.01.02", "33.02.01", "33.02.02"], ["a", "b"]
RELEASES = st.lists(
    st.fixed_dictionaries({(p, c): st.sampled_from([0, 2, 3, 9, 30, 31]) for p in PLACES for c in CATEGORIES}),
    min_size=2,
    max_size=3,
)


@settings(max_examples=15, deadline=None)
@given(RELEASES)
def test_releases_of_linked_tables_do_not_tell_on_each_other(releases: list[Counts]) -> None:
    """One table with all margins, one of the kabupaten alone; what cannot be helped is said, the rest is safe."""
    same = Measure(Protection(jenis="orang"), same="orang")
    earlier: dict[str, Earlier] = {}
    with duckdb.connect() as con:
        for n, inner in enumerate(releases):
            whole = replace(crossed_table(con, crossed(inner)), measures={"n": same})
            con.execute("CREATE OR REPLACE TABLE ringkas AS SELECT kode_wilayah, n FROM sumber "
                        "WHERE kategori = 'Jumlah' AND length(kode_wilayah) = 5 ORDER BY ALL")  # fmt: skip
            tables = [whole, Table("r", "ringkas", ("kode_wilayah",), {"n": same}, "kode_wilayah")]
            done = protect(con, tables, earlier)
            for t in tables:
                con.execute(f"CREATE TABLE terbit_{t.name}_{n} AS FROM {done.rows[t.name]}")
                con.execute(f"CREATE TABLE rahasia_{t.name}_{n} AS FROM {done.secret[t.name]}")
            public = [replace(t, relation=f"terbit_{t.name}_{n}") for t in tables]
            result = audit(con, public, {t.name: t.relation for t in tables}, earlier)
            assert result.ok or sum(r.cells for r in result.recovered) <= done.lost
            earlier = {t.name: Earlier(f"terbit_{t.name}_{n}", f"rahasia_{t.name}_{n}") for t in tables}


def test_the_true_rows_of_the_last_release_come_back(con: Con) -> None:
    """All columns that were published, in their order, and the contributors where they matter."""
    columns = "kode_wilayah VARCHAR, nama VARCHAR, n INTEGER, persen DOUBLE, x DOUBLE, k INTEGER, x1 DOUBLE"
    rows = [("33.01", "A", 3, 1.5, 10.0, 1, 10.0), ("33.02", "B", 40, 2.5, 50.0, 9, 6.0),
            (None, "C", None, 3.5, 60.0, 9, 7.0)]  # fmt: skip
    make(con, "sumber", columns, rows)
    said = Protection.model_validate({"jenis": "besaran", "besaran": {"penyumbang": "k", "terbesar": "x1"}})
    measures = {"n": ORANG, "persen": Measure(Protection(jenis="turunan")),
                "x": Measure(said)}  # fmt: skip
    table = Table("t", "sumber", ("kode_wilayah",), measures, "kode_wilayah")
    done = protect(con, [table])
    con.execute(f"CREATE TABLE lama AS SELECT * EXCLUDE (k, x1) FROM {done.rows['t']}")
    con.execute(f"CREATE TABLE rahasia AS FROM {done.secret['t']}")
    assert con.execute("SELECT count(*) FROM lama WHERE n IS NULL AND persen IS NULL AND x IS NULL").fetchone() == (1,)
    back = con.execute(f"SELECT * FROM {restored(table, Earlier('lama', 'rahasia'))} ORDER BY nama").fetchall()
    assert back == [rows[0], (*rows[1][:5], 0, 0), (*rows[2][:5], 0, 0)]


def test_a_table_without_protection_comes_back_as_it_is(con: Con) -> None:
    make(con, "lama", "kode_wilayah VARCHAR, n INTEGER", [("33.01", 1), ("33.02", 2)])
    con.execute("CREATE TABLE rahasia AS FROM lama LIMIT 0")
    table = Table("t", "lama", ("kode_wilayah",), {"n": Measure()}, "kode_wilayah")
    assert con.execute(f"FROM {restored(table, Earlier('lama', 'rahasia'))}").fetchall() == [("33.01", 1), ("33.02", 2)]


def test_a_second_measure_does_not_make_the_first_one_forgotten(con: Con) -> None:
    """A measure alone has `status_nilai`; beside another one its status has its name."""
    first = protect(con, [crossed_table(con, crossed(INNER))])
    hidden = hidden_in(con, first.rows["t"])
    earlier = keep(con, first)
    table = crossed_table(con, crossed({**INNER, ("33.01", "L"): 9}))
    con.execute("ALTER TABLE sumber ADD COLUMN luas INTEGER DEFAULT 70")
    table = replace(table, measures={"n": ORANG, "luas": Measure()})
    both = protect(con, [table], earlier)
    con.execute(f"CREATE OR REPLACE VIEW dua AS SELECT *, status_nilai_n AS status_nilai FROM {both.rows['t']}")
    assert hidden - {("33.01", "L")} <= hidden_in(con, "dua")
    assert attacked(con, table, both, earlier)


def test_contributors_that_nobody_named_are_not_judged(con: Con) -> None:
    """Who contributed is kept of rows in which something was hidden; of the others nothing follows from not knowing."""
    rows = [("33.01", 10.0, 1, 10.0), ("33.02", 50.0, 9, 6.0), ("33.03", 70.0, 9, 7.0), ("33", 130.0, 19, 10.0)]
    make(con, "sumber", "kode_wilayah VARCHAR, x DOUBLE, k INTEGER, x1 DOUBLE", rows)
    said = Protection.model_validate({"jenis": "besaran", "besaran": {"penyumbang": "k", "terbesar": "x1"}})
    table = Table("t", "sumber", ("kode_wilayah",), {"x": Measure(said)}, "kode_wilayah")
    first = protect(con, [table])
    earlier = keep(con, first)
    again = protect(con, [table], earlier)
    assert sorted((r.why, r.cells) for r in again.log) == sorted((r.why, r.cells) for r in first.log)
    con.execute(f"CREATE TABLE baru AS FROM {again.rows['t']}")
    found = audit(con, [replace(table, relation="baru")], {"t": "sumber"}, earlier)
    assert found.ok and found.protected == 1 and not found.recovered
