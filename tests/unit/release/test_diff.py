from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue import DescriptorError
from pipelines.release import Change, ReleaseFault, diff, rows
from tests.unit.release.conftest import Publish
from tests.unit.release.kit import FIELDS, KEY, PRICES, Given, make_dataset, make_draft

HARGA = "dinas-harga"


def priced(**more: Any) -> Given:
    return Given(key=KEY, **more)


def changes(con: duckdb.DuckDBPyConnection, old: Path | None, new: Path) -> Change:
    (one,) = diff(con, old, new)
    return one


def numbers(change: Change) -> tuple[int | None, int | None, int, int, int]:
    return change.baris_lama, change.baris_baru, change.ditambah, change.dihapus, change.diubah


def test_the_first_release_is_all_new(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    found = diff(con, None, release)
    assert [(c.slug, c.jenis, numbers(c)) for c in found] == [
        (slug, "baru", (None, 5, 5, 0, 0)) for slug in (HARGA, "dinas-lain")
    ]
    assert found[0].kalimat == ("Dataset baru dengan 5 baris.",)
    assert diff(con, release, release) == []


def test_a_release_of_an_earlier_program_counts_as_none(
    con: duckdb.DuckDBPyConnection, release: Path, tmp_path: Path
) -> None:
    (tmp_path / "lama/dinas-harga").mkdir(parents=True)
    (tmp_path / "lama/dinas-harga/datapackage.json").write_text("{}")
    assert len(diff(con, tmp_path / "lama", release)) == 2


def test_rows_by_key_and_cells_that_were_hidden_or_opened(con: duckdb.DuckDBPyConnection, publishes: Publish) -> None:
    old = publishes(dinas_harga=priced())
    day = "DATE '2025-01-06'"
    changed = (
        PRICES.replace(f"'beras', 12500.5, {day}, 'tersedia'", f"'beras', NULL, {day}, 'disembunyikan'")
        .replace(f"manis', NULL, {day}, 'disembunyikan'", f"manis', 3, {day}, 'tersedia'")
        .replace("'garam', 0.1", "'garam kasar', 0.1")
    )
    new = publishes(dinas_harga=priced(rows=changed))
    one = changes(con, old, new)
    assert (one.jenis, numbers(one)) == ("berubah", (5, 5, 1, 1, 2))
    assert one.kalimat == (
        "1 baris baru, 2 baris berubah, 1 baris dihapus.",
        "Kolom yang isinya berubah: harga (2 baris).",
        "1 nilai kolom harga kini disembunyikan.",
        "1 nilai kolom harga yang dahulu disembunyikan kini dibuka.",
    )
    header, found = rows(con, old, new, HARGA, 10)
    assert header == ["perubahan", "kode_wilayah", "barang", "harga", "tanggal", "status_nilai"]
    assert [r[:4] for r in found] == [
        ["berubah", "33.02", "=jagung, manis", "(disembunyikan) -> 3.0"],
        ["berubah", "33.02", "beras", "12500.5 -> (disembunyikan)"],
        ["dihapus", "", "garam", "0.1"],
        ["baru", "", "garam kasar", "0.1"],
    ]
    assert rows(con, old, new, HARGA, 2)[1] == found[:2]


def test_without_a_key_rows_are_a_multiset(con: duckdb.DuckDBPyConnection, publishes: Publish) -> None:
    twice = f"(FROM {PRICES} UNION ALL FROM {PRICES})"
    old, new = publishes(dinas_harga=Given(rows=twice)), publishes(dinas_harga=Given())
    one = changes(con, old, new)
    assert numbers(one) == (10, 5, 0, 5, 0)
    assert one.kalimat[0] == "5 baris dihapus." and "tidak berkunci" in one.kalimat[1]
    assert "1 nilai kolom harga yang dahulu disembunyikan kini dibuka." in one.kalimat
    assert [r[0] for r in rows(con, old, new, HARGA, 10)[1]] == ["dihapus"] * 5


def test_a_key_that_does_not_hold_is_not_believed(con: duckdb.DuckDBPyConnection, publishes: Publish) -> None:
    twice = f"(FROM {PRICES} UNION ALL FROM {PRICES})"
    old, new = publishes(dinas_harga=priced(rows=twice)), publishes(dinas_harga=priced())
    assert numbers(changes(con, old, new)) == (10, 5, 0, 5, 0)
    assert len(rows(con, old, new, HARGA, 10)[1]) == 5


def fields(**by_name: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**one, **by_name.get(one["name"], {})} for one in FIELDS]


def test_what_the_descriptor_says_anew(con: duckdb.DuckDBPyConnection, publishes: Publish) -> None:
    old = publishes(dinas_harga=priced())
    wider = f"(SELECT kode_wilayah, barang, harga::BIGINT AS harga, tanggal, 'x' AS mutu FROM {PRICES})"
    columns = fields(harga={"type": "integer", "satuan": "ribu rupiah", "title": "Harga eceran"})[:4]
    columns.append({"name": "mutu", "type": "string", "description": "Mutu barang."})

    def edit(descriptor: dict[str, Any]) -> None:
        descriptor["satudata"] |= {"jadwal": "mingguan", "kategori": "Ekonomi"}
        descriptor["description"] = "Lain."

    given = priced(rows=wider, fields=columns, title="Harga eceran", updated="2025-02-06", licence="CC0-1.0", edit=edit)
    one = changes(con, old, publishes(dinas_harga=given))
    assert numbers(one) == (5, 5, 0, 0, 2)  # 12500.5 and 0.1 are others as whole numbers
    assert one.kalimat == (
        "2 baris berubah.",
        "Kolom yang isinya berubah: harga (2 baris).",
        "Judul berubah dari Harga bahan pokok menjadi Harga eceran.",
        "Lisensi berubah dari CC-BY-4.0 menjadi CC0-1.0.",
        "Jadwal berubah dari bulanan menjadi mingguan.",
        "Kategori kini Ekonomi.",
        "Tanggal data berubah dari 2025-01-06 menjadi 2025-02-06.",
        "Deskripsi dataset diperbarui.",
        "Jenis nilai kolom harga berubah dari number menjadi integer.",
        "Konsep kolom harga kini Harga eceran.",
        "Satuan kolom harga berubah dari rupiah menjadi ribu rupiah.",
        "Kolom mutu ditambahkan.",
        "Kolom status_nilai dihapus.",
    )


def test_only_words_changed_and_rows_are_not_read(con: duckdb.DuckDBPyConnection, publishes: Publish) -> None:
    old = publishes(dinas_harga=priced())
    new = publishes(dinas_harga=priced(edit=lambda d: d["satudata"].update(berikutnya="2025-03-01")))
    for release in (old, new):
        (release / HARGA / f"{HARGA}.parquet").write_bytes(b"rusak")
    one = changes(con, old, new)
    assert (numbers(one), one.kalimat) == ((5, 5, 0, 0, 0), ("Keterangan dataset diperbarui.",))


def test_a_dataset_without_a_table(con: duckdb.DuckDBPyConnection, publishes: Publish) -> None:
    def borders(size: int, rows_: int) -> Given:
        def edit(descriptor: dict[str, Any]) -> None:
            file = {
                "name": "batas",
                "path": f"{HARGA}.geojson",
                "format": "geojson",
                "mediatype": "application/geo+json",
            }
            descriptor["resources"] = [{**file, "bytes": size, "hash": f"sha256:{size:064}"}]
            descriptor["satudata"]["baris"] = rows_

        return Given(edit=edit)

    old = publishes(dinas_harga=borders(1, 5))
    one = changes(con, old, publishes(dinas_harga=borders(2, 3)))
    assert (numbers(one), one.kalimat) == ((5, 3, 0, 2, 0), ("2 baris dihapus.", "Berkas data diperbarui."))
    with pytest.raises(ReleaseFault, match="neither release has a table"):
        rows(con, old, old, HARGA, 1)


def test_gone_withdrawn_and_back(con: duckdb.DuckDBPyConnection, tmp_path: Path, publishes: Publish) -> None:
    there, other = publishes(dinas_harga=priced()), publishes(dinas_lain=Given())
    assert [(c.slug, c.jenis, numbers(c)) for c in diff(con, there, other)] == [
        (HARGA, "hilang", (5, None, 0, 5, 0)),
        ("dinas-lain", "baru", (None, 5, 5, 0, 0)),
    ]
    away = make_draft(tmp_path / "draf", {})
    (away / HARGA).mkdir()
    (away / HARGA / "ditarik.json").write_text(
        '{"slug": "dinas-harga", "judul": "Harga", "tanggal": "2025-02-01", "alasan": "Salah hitung"}'
    )
    (away / "manifest.json").write_text("{}")
    one = changes(con, there, away)
    assert (one.jenis, one.judul, numbers(one)) == ("ditarik", "Harga", (5, None, 0, 5, 0))
    assert one.kalimat == ("Dataset ditarik pada 2025-02-01: Salah hitung",)
    assert diff(con, away, away) == []
    one = changes(con, away, there)
    assert (one.jenis, numbers(one)) == ("kembali", (None, 5, 5, 0, 0))
    make_dataset(tmp_path / "x" / HARGA)
    (there / HARGA / "datapackage.json").write_text("{")
    with pytest.raises(DescriptorError):
        diff(con, there, tmp_path / "x")


def test_rows_of_a_new_and_of_a_lost_dataset(con: duckdb.DuckDBPyConnection, publishes: Publish) -> None:
    one, other = publishes(dinas_harga=priced()), publishes(dinas_lain=Given())
    assert {r[0] for r in rows(con, one, other, HARGA, 10)[1]} == {"dihapus"}
    assert {r[0] for r in rows(con, None, one, HARGA, 10)[1]} == {"baru"}
    with pytest.raises(ReleaseFault, match="neither release has a table 'tidak-ada'"):
        rows(con, one, other, "tidak-ada", 10)


small = st.one_of(st.none(), st.integers(0, 2))
tables = st.lists(st.tuples(small, small, small), max_size=8)


def as_sql(lines: list[tuple[int | None, ...]]) -> str:
    lines = [*lines, (None, None, None)]
    values = ", ".join(f"({', '.join('NULL::INTEGER' if v is None else str(v) for v in line)})" for line in lines)
    return f"(FROM (VALUES {values}) t(a, b, c) LIMIT {len(lines) - 1})"


@settings(max_examples=40)
@given(old=tables, new=tables, key=st.sampled_from([(), ("a",), ("a", "b"), ("a", "b", "c")]))
def test_added_removed_and_changed_always_add_up(
    tmp_path_factory: pytest.TempPathFactory,
    old: list[tuple[int | None, ...]],
    new: list[tuple[int | None, ...]],
    key: tuple[str, ...],
) -> None:
    place = tmp_path_factory.mktemp("diff")
    columns: list[dict[str, Any]] = [{"name": name, "type": "integer"} for name in "abc"]
    for name, lines in (("lama", old), ("baru", new)):
        make_dataset(place / name / HARGA, Given(rows=as_sql(lines), fields=columns, key=key))
        (place / name / "manifest.json").write_text("{}")
    with duckdb.connect() as con:
        found = diff(con, place / "lama", place / "baru")
        _, differing = rows(con, place / "lama", place / "baru", HARGA, 1000)
    if not found:
        assert sorted(old, key=str) == sorted(new, key=str) and not differing
        return
    (one,) = found
    assert one.baris_lama is not None
    assert one.baris_lama + one.ditambah - one.dihapus == one.baris_baru == len(new)
    assert one.diubah <= min(len(old), len(new)) - max(0, one.ditambah - len(new))
    kinds = [row[0] for row in differing]
    assert (kinds.count("baru"), kinds.count("dihapus"), kinds.count("berubah")) == (
        one.ditambah,
        one.dihapus,
        one.diubah,
    )
    unique = all(len({tuple(line["abc".index(k)] for k in key) for line in t}) == len(t) for t in (old, new))
    if key and unique:
        before, now = ({tuple(line["abc".index(k)] for k in key): line for line in t} for t in (old, new))
        both = before.keys() & now.keys()
        assert (one.ditambah, one.dihapus) == (len(now.keys() - both), len(before.keys() - both))
        assert one.diubah == sum(before[k] != now[k] for k in both)
    elif not key:
        left = list(old)
        for line in new:
            if line in left:
                left.remove(line)
        assert (one.dihapus, one.diubah) == (len(left), 0)
