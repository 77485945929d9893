"""The SQL page as files: what it offers of each dataset, and that it is light."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.catalogue import Dataset, Portal, datasets
from pipelines.site.build import ASSETS
from pipelines.site.environment import TEMPLATES, environment
from pipelines.site.sql_examples import examples
from pipelines.site.sql_page import ENGINE, tables, write_sql_page
from pipelines.spreadsheet import escaped
from tests.release_kit import HOSTILE, column, sample, write_dataset


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample(tmp_path_factory.mktemp("rilis"))


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    """A folder with the names of the engine's files; what is in them is another test's matter."""
    folder = tmp_path / "vendor"
    folder.mkdir()
    for name in ENGINE:
        (folder / name).write_text(f"// {name}")
    return folder


def written(release: Path, vendor: Path) -> str:
    write_sql_page(release, environment(Portal()), datasets(release), vendor)
    return (release / "situs" / "sql.html").read_text(encoding="utf-8")


def details(release: Path, slug: str) -> dict[str, Any]:
    text = (release / "situs" / "sql" / f"{slug}.js").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(f"[{text.removeprefix('SatuData.muat(').removesuffix(');' + chr(10))}]")[2]
    return found


def test_it_offers_every_dataset_with_a_parquet_file(release: Path, engine: Path) -> None:
    page = written(release, engine)
    offered = re.findall(r'<option value="([^"]+)" data-nama="([^"]+)" data-berkas="([^"]+)"', page)
    assert offered == [
        ("dinas-balita", "dinas_balita", "dinas-balita.parquet"),
        ("dinas-sekolah", "dinas_sekolah", "dinas-sekolah.parquet"),
        ("opd-jahat", "opd_jahat", "opd-jahat.parquet"),
    ]
    assert HOSTILE not in page
    assert len(page.encode()) < 20_000
    assert (release / "situs" / "duckdb" / "mesin.js").read_text() == "// mesin.js"


def test_it_is_the_same_twice(release: Path, engine: Path) -> None:
    first = written(release, engine), details(release, "dinas-balita")
    assert (written(release, engine), details(release, "dinas-balita")) == first


def test_without_the_engine_it_says_so(release: Path, tmp_path: Path) -> None:
    copy = tmp_path / "rilis"
    shutil.copytree(release, copy, ignore=shutil.ignore_patterns("situs"))
    page = written(copy, tmp_path / "nothing")
    assert "Mesin SQL tidak ikut" in page
    assert '<script defer src="aset/sql' not in page
    assert not (copy / "situs" / "duckdb").exists()


def test_two_slugs_never_share_a_name(tmp_path: Path) -> None:
    for slug in ("a-b_c", "a_b-c", "a-b.c"):
        write_dataset(tmp_path, slug, "SELECT 1 AS n", [column("n", "integer", "ukuran")])
    names = {t.dataset.slug: t.name for t in tables(datasets(tmp_path))}
    assert len(set(names.values())) == 3
    assert all(re.fullmatch(r"\w+", name) for name in names.values())


def test_every_example_runs_on_the_table(release: Path, engine: Path) -> None:
    written(release, engine)
    for table in tables(datasets(release)):
        found = details(release, table.dataset.slug)
        assert [c[0] for c in found["kolom"]] == [c.name for c in table.dataset.columns]
        path = release / table.dataset.slug / table.parquet.path
        with duckdb.connect() as con:
            con.execute(f"CREATE VIEW {table.name} AS FROM '{path}'")
            for text, values, sql in found["contoh"]:
                assert set(re.findall(r"{(\w+)}", text)) == set(values)
                assert con.execute(sql).description


def test_examples_follow_the_columns_and_quote_odd_names(release: Path, tmp_path: Path) -> None:
    balita = next(d for d in datasets(release) if d.slug == "dinas-balita")
    texts = [one.text for one in examples(balita, "dinas_balita", frozenset())]
    assert texts[0] == "Sepuluh baris pertama"
    assert {"Tahun terakhir saja", "Berapa angka yang disembunyikan", "Dua puluh angka terbesar: {kolom}"} <= set(texts)
    odd = write_dataset(
        tmp_path, "a-b", "SELECT 'x' AS \"order\", 1 AS \"Nilai 1\"",
        [column("order", constraints={"enum": ["x"]}), column("Nilai 1", "integer", "ukuran")],
    )  # fmt: skip
    found = examples(Dataset.read(odd), "a_b", frozenset({"order"}))
    assert 'GROUP BY "order"' in found[1].sql
    assert 'max("Nilai 1")' in found[-1].sql
    with duckdb.connect() as con:
        con.execute(f"CREATE VIEW a_b AS FROM '{odd}/a-b.parquet'")
        for one in found:
            assert con.execute(one.sql).fetchall()


def test_texts_are_guarded_as_in_the_csv_of_the_release(release: Path, engine: Path) -> None:
    page = written(release, engine)
    found = re.search(r'data-sel-csv="([^"]+)"', page)
    assert found
    guard = found[1].replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("{kolom}", "c")
    for text in ("=1", "＝1", "-5", "'x", "x=1", ""):
        with duckdb.connect() as con:
            assert con.execute(f"SELECT {guard} FROM (SELECT ? AS c)", [text]).fetchone() == (escaped(text),)


def test_every_text_has_an_english_one() -> None:
    page = (TEMPLATES / "sql.html.j2").read_text(encoding="utf-8")
    scripts = {path: path.read_text(encoding="utf-8") for path in ASSETS.glob("sql*.js")}
    dictionary = next(text for path, text in scripts.items() if path.name == "sql-inggris.js")
    known = re.findall(r'^    "((?:[^"\\]|\\.)+)": "((?:[^"\\]|\\.)+)",$', dictionary, re.MULTILINE)
    said = set(re.findall(r"data-t>([^<{]+)<", page))
    for text in scripts.values():
        said |= set(re.findall(r'SD\.t\("([^"]+)"', text)) | set(re.findall(r'say\("([^"]+)"', text))
    kinds = re.search(r"const KINDS = {(.+?)};", scripts[ASSETS / "sql-tabel.js"])
    assert kinds
    said |= set(re.findall(r': "([^"]+)"', kinds[1]))
    code = Path(examples.__code__.co_filename).read_text(encoding="utf-8")
    said |= set(re.findall(r'Example\(\s*"([^"]+)"', code))
    assert len(said) > 45
    assert sorted(said - {text for text, _ in known}) == []
    assert len(known) == len(dict(known)), "a text is translated twice"
    assert {t for t, _ in known} <= said | {"Dihentikan."}, "a translation of nothing"
