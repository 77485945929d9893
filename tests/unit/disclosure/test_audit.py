"""The attack must see what is left open, whoever left it open."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure import DisclosureError, Measure, Protection, Table, audit, codes, joints, protect

from .kit import KHUSUS, ORANG, Counts, Key, attack, crossed, crossed_table, hidden_in, make

Con = duckdb.DuckDBPyConnection
THRESHOLD = {"orang": 5, "khusus": 10}
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["33.01.01", "33.01.02", "33.02.01", "33.02.02", "33.02.03"]), st.sampled_from("abc")),
    st.one_of(st.integers(0, 12), st.integers(13, 400)),
    min_size=3,
)


def look(con: Con, table: Table, hidden: set[Key]) -> tuple[bool, int]:
    """The verdict on a table with these cells empty, and how many cells are recovered."""
    con.execute(f"CREATE OR REPLACE TABLE terbit AS FROM {table.relation}")
    for place, category in hidden:
        con.execute("UPDATE terbit SET n = NULL WHERE kode_wilayah = ? AND kategori = ?", [place, category])
    public = Table(table.name, "terbit", table.dims, table.measures, table.place)
    result = audit(con, [public], {table.name: table.relation})
    return result.ok, sum(r.cells for r in result.recovered)


def small(counts: Counts, threshold: int) -> set[Key]:
    return {key for key, n in counts.items() if 0 < n < threshold}


def safe(counts: Counts, hidden: set[Key], threshold: int) -> bool:
    """The verdict of the attacker of the tests on small counts."""
    ends = attack(counts, hidden)
    return all(key in hidden and ends[key][1] - ends[key][0] >= threshold - 1e-6 for key in small(counts, threshold))


@settings(max_examples=30, deadline=None)
@given(CELLS, st.sampled_from([ORANG, KHUSUS]))
def test_random_tables_are_never_recoverable(inner: Counts, measure: Measure) -> None:
    assert measure.protection is not None
    counts = crossed(inner)
    with duckdb.connect() as con:
        table = crossed_table(con, counts, measure)
        done = protect(con, [table])
        hidden = hidden_in(con, done.rows["t"])
        assert done.lost == 0
        assert safe(counts, hidden, measure.protection.threshold)
        assert look(con, table, hidden)[0]


@settings(max_examples=30, deadline=None)
@given(CELLS, st.randoms(use_true_random=False))
def test_the_attack_agrees_with_another_attacker(inner: Counts, random: object) -> None:
    """Whatever is hidden: the two find the same tables open."""
    counts = crossed(inner)
    hidden = small(counts, 5) | {key for key in sorted(counts) if random.random() < 0.3}  # type: ignore[attr-defined]
    with duckdb.connect() as con:
        assert look(con, crossed_table(con, counts), hidden)[0] == safe(counts, hidden, 5)


def test_each_cell_of_a_rectangle_is_needed(con: Con) -> None:
    inner = {("33.01", "L"): 3, ("33.01", "P"): 20, ("33.02", "L"): 40, ("33.02", "P"): 50,
             ("33.03", "L"): 12, ("33.03", "P"): 7}  # fmt: skip
    table = crossed_table(con, crossed(inner))
    hidden = hidden_in(con, protect(con, [table]).rows["t"])
    assert look(con, table, hidden) == (True, 0)
    for cell in hidden:
        assert look(con, table, hidden - {cell}) == (False, 1)


def test_no_suppression_at_all_is_seen(con: Con) -> None:
    counts = crossed({("33.01", "a"): 3, ("33.02", "a"): 30})
    result = audit(con, [crossed_table(con, counts)], {"t": "sumber"})
    assert [(r.how, r.cells) for r in result.recovered] == [("terbit", 2)]


def test_a_published_rate_gives_the_count_back(con: Con) -> None:
    """7.32 % of 41 is 3; the rate is not even declared to be one."""
    rows = [(f"33.{i:02d}", 10 * i + 7, 100 + 13 * i, round(100 * (10 * i + 7) / (100 + 13 * i), 2)) for i in range(9)]
    make(
        con,
        "benar",
        "kode_wilayah VARCHAR, kena INTEGER, sasaran INTEGER, persen DOUBLE",
        [*rows, ("33.20", 3, 41, 7.32)],
    )
    measures = {"kena": ORANG, "sasaran": ORANG, "persen": Measure()}
    con.execute("CREATE TABLE terbit AS SELECT * REPLACE (CASE WHEN kena >= 5 THEN kena END AS kena) FROM benar")
    table = Table("c", "terbit", ("kode_wilayah",), measures, "kode_wilayah")
    assert [(r.measure, r.how) for r in audit(con, [table], {"c": "benar"}).recovered] == [("kena", "dihitung")]
    con.execute("UPDATE terbit SET persen = NULL WHERE kena IS NULL")
    assert audit(con, [table], {"c": "benar"}).ok


def test_a_coarse_rate_of_a_large_number_is_no_danger(con: Con) -> None:
    rows = [
        (f"33.{i:02d}", 900 * i + 7, 100000 + 13 * i, round(100 * (900 * i + 7) / (100000 + 13 * i))) for i in range(9)
    ]
    make(
        con,
        "benar",
        "kode_wilayah VARCHAR, kena INTEGER, sasaran INTEGER, persen DOUBLE",
        [*rows, ("33.20", 3, 90000, 0)],
    )
    con.execute("CREATE TABLE terbit AS SELECT * REPLACE (CASE WHEN kena >= 5 THEN kena END AS kena) FROM benar")
    measures = {"kena": ORANG, "sasaran": ORANG, "persen": Measure()}
    assert audit(con, [Table("c", "terbit", ("kode_wilayah",), measures, "kode_wilayah")], {"c": "benar"}).ok


def test_a_number_that_is_not_the_true_one_is_seen(con: Con) -> None:
    table = crossed_table(con, crossed({("33.01", "a"): 30, ("33.02", "a"): 31}))
    con.execute("CREATE TABLE terbit AS FROM sumber")
    con.execute("UPDATE terbit SET n = 29 WHERE kode_wilayah = '33.01' AND kategori = 'a'")
    public = Table("t", "terbit", table.dims, table.measures, table.place)
    result = audit(con, [public], {"t": "sumber"})
    assert (result.wrong, result.ok) == (1, False)


def test_rows_without_a_true_one_are_an_error(con: Con) -> None:
    table = crossed_table(con, crossed({("33.01", "a"): 30}))
    con.execute("CREATE TABLE kurang AS FROM sumber LIMIT 1")
    with pytest.raises(DisclosureError, match="correct the dimensions"):
        audit(con, [table], {"t": "kurang"})


def test_the_order_of_the_rows_does_not_matter(con: Con) -> None:
    """True and published rows need not stand in one order to be compared."""
    inner = {("33.01", "a"): 3, ("33.01", "b"): 20, ("33.02", "a"): 40, ("33.02", "b"): 50}
    table = crossed_table(con, crossed(inner))
    done = protect(con, [table])
    for order in ("n NULLS FIRST, kategori", "kategori DESC, kode_wilayah"):
        con.execute(f"CREATE OR REPLACE TABLE terbit AS FROM {done.rows['t']} ORDER BY {order}")
        public = Table("t", "terbit", table.dims, table.measures, table.place)
        assert audit(con, [public], {"t": table.relation}).ok
    con.execute("UPDATE terbit SET n = 3 WHERE kode_wilayah = '33.01' AND kategori = 'a'")
    assert [(r.how, r.cells) for r in audit(con, [public], {"t": table.relation}).recovered] == [("terbit", 1)]


@pytest.mark.parametrize("small", [{"ROOMY": 0}, {"ROOMY": 0, "LARGEST": 0}, {"MANY": 0}])
def test_sparse_and_wide_tables_are_as_safe(monkeypatch: pytest.MonkeyPatch, small: dict[str, int]) -> None:
    for name, value in small.items():
        monkeypatch.setattr(joints if name == "MANY" else codes, name, value)

    @settings(max_examples=10)
    @given(CELLS)
    def check(inner: Counts) -> None:
        counts = crossed(inner)
        with duckdb.connect() as con:
            table = crossed_table(con, counts)
            hidden = hidden_in(con, protect(con, [table]).rows["t"])
            assert safe(counts, hidden, 5)
            assert look(con, table, hidden)[0]

    check()


def test_every_row_about_the_whole_is_used(con: Con) -> None:
    """Two words for the total: each gives back what the other does."""
    rows = [("a", 3), ("b", 40), ("Jumlah", 43), ("Total", 43)]
    make(con, "benar", "kategori VARCHAR, n INTEGER", rows)
    con.execute("CREATE TABLE terbit AS SELECT * REPLACE (CASE WHEN n >= 5 THEN n END AS n) FROM benar")
    table = Table("t", "terbit", ("kategori",), {"n": ORANG})
    assert [(r.how, r.cells) for r in audit(con, [table], {"t": "benar"}).recovered] == [("dihitung", 1)]
    done = protect(con, [Table("t", "benar", ("kategori",), {"n": ORANG})])
    assert con.execute(f"SELECT count(*) FROM {done.rows['t']} WHERE n IS NULL").fetchone() == (2,)


def test_magnitudes_need_their_distance_on_both_sides(con: Con) -> None:
    """Two hidden of which the other is tiny: the large one is known to within one per cent."""
    rows = [("33.01", 100.0, 1, 100.0), ("33.02", 1.0, 9, 0.2), ("33.03", 50.0, 9, 5.0), ("33", 151.0, 19, 100.0)]
    make(con, "benar", "kode_wilayah VARCHAR, x DOUBLE, n INTEGER, x1 DOUBLE", rows)
    said = Protection.model_validate({"jenis": "besaran", "besaran": {"penyumbang": "n", "terbesar": "x1"}})
    table = Table("m", "terbit", ("kode_wilayah",), {"x": Measure(said)}, "kode_wilayah")
    for beside, ok in (("33.02", False), ("33.03", True)):
        con.execute(f"CREATE OR REPLACE TABLE terbit AS SELECT * REPLACE (CASE WHEN kode_wilayah NOT IN ('33.01', "
                    f"'{beside}') THEN x END AS x) FROM benar")  # fmt: skip
        assert audit(con, [table], {"m": "benar"}).ok == ok
