"""Tables by hand in which hiding the small numbers alone protects nobody."""

from __future__ import annotations

import traceback

import duckdb
import pytest

from pipelines.contract.protection import Contributors
from pipelines.disclosure import (
    DisclosureError,
    Earlier,
    Measure,
    Protected,
    Protection,
    Table,
    audit,
    clear,
    protect,
    status_column,
)

from .kit import KHUSUS, ORANG, RATED, attack, crossed, crossed_table, hidden_in, make, rates

Con = duckdb.DuckDBPyConnection


def passes(con: Con, tables: list[Table], done: Protected, earlier: dict[str, Earlier] | None = None) -> bool:
    """Whether the attack on what comes out fails."""
    public = [Table(t.name, done.rows.get(t.name, t.relation), t.dims, t.measures, t.place, t.sums) for t in tables]
    for n, t in enumerate(public):
        con.execute(f"CREATE OR REPLACE TABLE terbit_{n} AS FROM {t.relation}")
        public[n] = Table(t.name, f"terbit_{n}", t.dims, t.measures, t.place, t.sums)
    return audit(con, public, {t.name: t.relation for t in tables}, earlier).ok


def numbers(con: Con, relation: str, column: str, key: str) -> dict[str, int | None]:
    return dict(con.execute(f"SELECT {key}, {column} FROM {relation}").fetchall())


def test_a_single_small_count_beside_its_total_takes_a_second_one_along(con: Con) -> None:
    counts = {("33.01", "a"): 3, ("33.01", "b"): 40, ("33.01", "c"): 8, ("33.01", "Jumlah"): 51}
    table = crossed_table(con, counts)
    done = protect(con, [table])
    assert hidden_in(con, done.rows["t"]) == {("33.01", "a"), ("33.01", "c")}
    assert [(r.why, r.cells) for r in done.log] == [("jumlah_kecil", 1), ("pelengkap", 1)]


def test_small_counts_that_are_known_to_be_small_together_are_not_enough(con: Con) -> None:
    """1 + 2 = 3 tells that both are below the threshold."""
    counts = {("33.01", "a"): 1, ("33.01", "b"): 2, ("33.01", "c"): 60, ("33.01", "Jumlah"): 63}
    done = protect(con, [crossed_table(con, counts)])
    assert ("33.01", "c") in hidden_in(con, done.rows["t"])


def test_two_by_two_hides_a_rectangle(con: Con) -> None:
    inner = {("33.01", "L"): 3, ("33.01", "P"): 20, ("33.02", "L"): 40, ("33.02", "P"): 50,
             ("33.03", "L"): 12, ("33.03", "P"): 7}  # fmt: skip
    counts = crossed(inner)
    done = protect(con, [crossed_table(con, counts)])
    hidden = hidden_in(con, done.rows["t"])
    assert hidden == {("33.01", "L"), ("33.01", "P"), ("33.03", "L"), ("33.03", "P")}
    low, high = attack(counts, hidden)["33.01", "L"]
    assert high - low >= 5


def test_a_small_place_is_not_given_back_by_the_level_above(con: Con) -> None:
    """One kecamatan in a kabupaten: its total is the kabupaten's."""
    inner = {("33.01.01", "a"): 2, ("33.02.01", "a"): 30, ("33.02.02", "a"): 40, ("33.03.01", "a"): 9}
    counts = crossed(inner)
    done = protect(con, [crossed_table(con, counts)])
    ends = attack(counts, hidden_in(con, done.rows["t"]))
    for key in (("33.01.01", "a"), ("33.01", "a"), ("33.01", "Jumlah"), ("33.01.01", "Jumlah")):
        assert ends[key][1] - ends[key][0] >= 5


def test_columns_that_add_up_are_found_and_protected(con: Con) -> None:
    rows = [(f"33.{i:02d}", i + 6, 2 * i + 5, 3 * i + 11) for i in range(1, 9)] + [("33.20", 2, 30, 32)]
    make(con, "kasus", "kode_wilayah VARCHAR, l INTEGER, p INTEGER, semua INTEGER", rows)
    table = Table("k", "kasus", ("kode_wilayah",), {"l": ORANG, "p": ORANG, "semua": ORANG}, "kode_wilayah")
    done = protect(con, [table])
    row = con.execute(f"SELECT l, p, semua FROM {done.rows['k']} WHERE kode_wilayah = '33.20'").fetchone()
    assert row is not None and [n is None for n in row].count(True) == 2 and row[0] is None
    assert passes(con, [table], done)


def linked(con: Con) -> list[Table]:
    """Cases by kecamatan and disease, and by kabupaten in another table with fewer dimensions."""
    fine = [("33.01.01", "a", 3), ("33.01.02", "a", 30), ("33.01.01", "b", 50), ("33.01.02", "b", 60),
            ("33.02.01", "a", 70), ("33.02.02", "a", 80), ("33.02.01", "b", 11), ("33.02.02", "b", 12)]  # fmt: skip
    make(con, "rinci", "kode_wilayah VARCHAR, penyakit VARCHAR, n INTEGER", fine)
    make(con, "ringkas", "kode_wilayah VARCHAR, n INTEGER", [("33.01", 143), ("33.02", 173)])
    same = Measure(Protection(jenis="orang"), same="kasus")
    return [
        Table("rinci", "rinci", ("kode_wilayah", "penyakit"), {"n": same}, "kode_wilayah"),
        Table("ringkas", "ringkas", ("kode_wilayah",), {"n": same}, "kode_wilayah"),
    ]


def test_another_table_with_the_sums_is_reckoned_with(con: Con) -> None:
    tables = linked(con)
    alone = protect(con, tables[:1])
    con.execute(f"CREATE TABLE sendiri AS FROM {alone.rows['rinci']}")
    assert con.execute("SELECT count(*) FROM sendiri WHERE n IS NULL").fetchone() == (1,)
    first = Table("rinci", "sendiri", tables[0].dims, tables[0].measures, "kode_wilayah")
    assert not audit(con, [first, tables[1]], {"rinci": "rinci", "ringkas": "ringkas"}).ok
    assert passes(con, tables, protect(con, tables))


def test_tables_that_do_not_add_up_are_not_linked(con: Con) -> None:
    tables = linked(con)
    con.execute("UPDATE ringkas SET n = n + 400")
    done = protect(con, tables)
    assert [(r.table, r.why, r.cells) for r in done.log] == [("rinci", "jumlah_kecil", 1)]


def test_a_rate_goes_with_its_count(con: Con) -> None:
    """Once as declared, once found in the numbers."""
    make(con, "cakupan", RATED, [*rates(10, 100, 2), ("33.20", 3, 41, 7.32)])
    for rate in (Measure(Protection(jenis="turunan")), Measure()):
        table = Table(
            "c", "cakupan", ("kode_wilayah",), {"kena": ORANG, "sasaran": ORANG, "persen": rate}, "kode_wilayah"
        )
        done = protect(con, [table])
        assert con.execute(f"SELECT kode_wilayah FROM {done.rows['c']} WHERE persen IS NULL").fetchall() == [("33.20",)]
        assert ("persen", "turunan", 1) in [(r.measure, r.why, r.cells) for r in done.log]
        assert passes(con, [table], done)


def test_a_few_small_whole_numbers_are_no_rate(con: Con) -> None:
    rows = [(f"33.{i:02d}", i % 3, 6 + i, 9 + 2 * i) for i in range(9)] + [("33.20", 0, 3, 11)]
    make(con, "korban", "kode_wilayah VARCHAR, hilang INTEGER, luka INTEGER, semua INTEGER", rows)
    measures = {"hilang": Measure(), "luka": ORANG, "semua": ORANG}
    done = protect(con, [Table("b", "korban", ("kode_wilayah",), measures, "kode_wilayah")])
    assert [(r.measure, r.why) for r in done.log] == [("luka", "jumlah_kecil")]


def test_zeros_are_published_unless_they_say_where_all_are(con: Con) -> None:
    counts = {("33.01", "a"): 14, ("33.01", "b"): 0, ("33.01", "c"): 0, ("33.01", "Jumlah"): 14,
              ("33.02", "a"): 14, ("33.02", "b"): 0, ("33.02", "c"): 30, ("33.02", "Jumlah"): 44}  # fmt: skip
    done = protect(con, [crossed_table(con, counts, KHUSUS)])
    hidden = hidden_in(con, done.rows["t"])
    assert {c for p, c in hidden if p == "33.01"} == {"a", "b"}
    assert not {c for p, c in hidden if p == "33.02"}
    assert attack(counts, hidden)["33.01", "b"] == (0, 14)
    assert not hidden_in(con, protect(con, [crossed_table(con, counts, ORANG)]).rows["t"])


@pytest.mark.parametrize(("largest", "second", "hides"), [(90, 5, True), (60, 39, True), (50, 30, False)])
def test_dominated_magnitudes(con: Con, largest: float, second: float, hides: bool) -> None:
    """A total of 100: one contributor above 85 %, one that the second can work out, neither."""
    rows = [("33.01", 100.0, 6, largest, second), ("33.02", 70.0, 9, 20.0, 10.0), ("33.03", 300.0, 9, 40.0, 30.0),
            ("33", 470.0, 24, largest, 40.0)]  # fmt: skip
    make(con, "nilai", "kode_wilayah VARCHAR, produksi DOUBLE, n INTEGER, x1 DOUBLE, x2 DOUBLE", rows)
    said = Contributors(penyumbang="n", terbesar="x1", kedua="x2")
    measure = Measure(Protection(jenis="besaran", besaran=said))
    table = Table("p", "nilai", ("kode_wilayah",), {"produksi": measure}, "kode_wilayah")
    done = protect(con, [table])
    hidden = {k for k, v in numbers(con, done.rows["p"], "produksi", "kode_wilayah").items() if v is None}
    assert hidden == ({"33.01", "33.02"} if hides else set())
    assert passes(con, [table], done)


def test_units_of_a_thousand_are_counted_as_persons(con: Con) -> None:
    make(con, "ribuan", "kode_wilayah VARCHAR, n DOUBLE", [("33.01", 0.004), ("33.02", 0.005), ("33.03", 0.12)])
    table = Table(
        "r", "ribuan", ("kode_wilayah",), {"n": Measure(Protection(jenis="orang"), scale=1000)}, "kode_wilayah"
    )
    assert numbers(con, protect(con, [table]).rows["r"], "n", "kode_wilayah")["33.01"] is None
    assert numbers(con, protect(con, [table]).rows["r"], "n", "kode_wilayah")["33.02"] == 0.005


def test_the_status_tells_missing_from_hidden_and_not_why(con: Con) -> None:
    make(con, "kasus", "kode_wilayah VARCHAR, n INTEGER", [("33.01", 3), ("33.02", None), ("33.03", 0), ("33.04", 9)])
    table = Table("k", "kasus", ("kode_wilayah",), {"n": ORANG}, "kode_wilayah")
    found = con.execute(f"SELECT n, {status_column(table, 'n')} FROM {protect(con, [table]).rows['k']}").fetchall()
    assert found == [(None, "disembunyikan"), (None, "kosong"), (0, "tersedia"), (9, "tersedia")]


def test_rows_stay_in_their_order(con: Con) -> None:
    """In more rows than one thread of DuckDB takes at a time, every seventh with something hidden."""
    con.execute(
        "CREATE TABLE panjang AS SELECT format('{:07d}', (i * 7919) % 300007) AS nomor, "
        "CASE WHEN i % 7 = 0 THEN 3 ELSE 50 END AS l, 60 AS p FROM range(300000) r(i)"
    )
    done = protect(con, [Table("p", "panjang", ("nomor",), {"l": ORANG, "p": ORANG})])
    con.execute(f"CREATE TABLE terbit AS SELECT nomor, l FROM {done.rows['p']}")
    wrong = "t.nomor != p.nomor OR (t.l IS NULL) != (p.l = 3)"
    found = con.execute(f"SELECT count(*), count(*) FILTER ({wrong}) FROM terbit t POSITIONAL JOIN panjang p")
    assert found.fetchall() == [(300000, 0)]
    assert con.execute(f"SELECT count(*), max(l) FROM {done.secret['p']}").fetchall() == [(42858, 3)]


def test_a_table_without_rows_hurts_nobody(con: Con) -> None:
    con.execute("CREATE TABLE kosong (kode_wilayah VARCHAR, kategori VARCHAR, n INTEGER, persen DOUBLE)")
    measures = {"n": KHUSUS, "persen": Measure(Protection(jenis="turunan"))}
    empty = Table("kosong", "kosong", ("kode_wilayah", "kategori"), measures, "kode_wilayah")
    tables = [empty, crossed_table(con, crossed({("33.01", "a"): 3, ("33.02", "a"): 30}))]
    done = protect(con, tables)
    assert con.execute(f"FROM {done.rows['kosong']}").fetchall() == []
    assert passes(con, tables, done)


def test_tables_without_anything_to_hide_are_left_alone(con: Con) -> None:
    make(con, "gedung", "kode_wilayah VARCHAR, n INTEGER", [("33.01", 1), ("33.02", 2)])
    why = Measure(Protection(jenis="tidak", tidak="gedung, bukan orang"))
    done = protect(con, [Table("g", "gedung", ("kode_wilayah",), {"n": why}, "kode_wilayah")])
    assert (done.rows, done.log, done.lost) == ({}, (), 0)


def test_nothing_stays_behind_when_it_is_cleared(con: Con) -> None:
    tables = linked(con)
    passes(con, tables, protect(con, tables))
    clear(con)
    left = con.execute("SELECT table_name FROM information_schema.tables WHERE starts_with(table_name, 'sdc_')")
    assert left.fetchall() == []


def test_a_missing_column_is_named(con: Con) -> None:
    make(con, "kasus", "kode_wilayah VARCHAR, n INTEGER", [("33.01", 3)])
    with pytest.raises(DisclosureError, match="k: there is no column tahun"):
        protect(con, [Table("k", "kasus", ("kode_wilayah", "tahun"), {"n": ORANG}, "kode_wilayah")])


@pytest.mark.parametrize("kind", ["TABLE", "VIEW"])
def test_a_cell_that_is_no_number_is_not_quoted(con: Con, kind: str) -> None:
    """DuckDB quotes it, in its own error and in that of Arrow."""
    con.execute("CREATE TABLE mentah AS SELECT '33.01' AS kode_wilayah, '3301234567890001x' AS n")
    column = "n" if kind == "TABLE" else "CAST(n AS INTEGER) AS n"
    con.execute(f"CREATE {kind} kasus AS SELECT kode_wilayah, {column} FROM mentah")
    with pytest.raises(DisclosureError, match=r"cannot be read \(Conversion Error\)") as error:
        protect(con, [Table("k", "kasus", ("kode_wilayah",), {"n": ORANG}, "kode_wilayah")])
    assert "33012345" not in "".join(traceback.format_exception(error.value))


def test_the_same_rows_give_the_same_answer(con: Con) -> None:
    inner = {
        (f"33.{p:02d}.{q:02d}", c): (p * 7 + q * 3 + len(c)) % 13 for p in (1, 2, 3) for q in (1, 2, 3) for c in "abc"
    }
    table = crossed_table(con, crossed(inner))
    first = hidden_in(con, protect(con, [table]).rows["t"])
    con.execute("SET threads = 1")
    assert hidden_in(con, protect(con, [table]).rows["t"]) == first
