"""`rebase` over invented editions; dbt starts once and builds every direction."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipelines.home import Home
from pipelines.warehouse import Inputs, build, generate
from pipelines.warehouse.project import TEMPLATE

from .conftest import only, write_parquet
from .editions import EDITIONS, NAMES, boyolali, random_kabupaten

Ask = Callable[[str], list[tuple[Any, ...]]]
KABUPATEN = [f"33.{n}" for n in range(10, 40)]
CALL = (
    "{{{{ config(schema='uji') }}}}\n{{{{ rebase(source('uji', 'fakta'), '{edition}', counts=['jumlah', 'bagi'], "
    "rates={{'persen': ['jumlah', 'bagi', 100]}}, keys=['asal', 'kunci'], {rows_use}) }}}}\n"
)
# Rows of the hand-written kabupaten: key, the day of its codes, the code, numerator, denominator.
BY_HAND = [
    ("pecah", "2018-06-30", "33.09.01", 10, 20),
    ("pindah", "2018-06-30", "33.09.01.2003", 7, 70),
    ("gabung", "2018-06-30", "33.09.01.2003", 3, 30),
    ("gabung", "2018-06-30", "33.09.01.2004", 1, 70),
    ("hapus", "2023-01-01", "33.09.01.2001", 5, 5),
    ("mundur", "2025-12-31", "33.09.20.2003", 8, 80),
    ("baru", "2025-12-31", "33.09.20.2009", 4, 4),
    ("tetap", "2025-12-31", "33.09.02.2001", 2, 4),
    ("kosong", "2018-06-30", "33.09.01.2003", None, 10),
    ("kosong", "2018-06-30", "33.09.01.2004", 6, 10),
    ("semua_kosong", "2018-06-30", "33.09.01", None, None),
    ("tanpa_tempat", "2018-06-30", None, 9, 9),
    ("tanpa_hari", None, "33.09.01.2003", 9, 9),
    # Delivered under a code that had ended on that day: taken as of the last day it was valid.
    ("kode_lama", "2024-01-01", "33.09.01.2003", 9, 9),
]


def facts() -> pd.DataFrame:
    """The rows above, and each place of each random kabupaten in every edition with an awkward number."""
    dice = random.Random(20250425)
    h = boyolali()
    for kabupaten in KABUPATEN:
        random_kabupaten(h, kabupaten, dice)
    rows: list[tuple[Any, ...]] = [("tangan", *row) for row in BY_HAND]
    for edition, begins in EDITIONS.items():
        desa = sorted(c for c in h.alive[edition] if len(c) == 13 and c[:5] in KABUPATEN)
        rows += [(edition, "acak", begins, c, dice.randrange(10**9), dice.randrange(1, 10**9)) for c in desa]
    return pd.DataFrame(rows, columns=["asal", "kunci", "hari", "kode_wilayah", "jumlah", "bagi"])


def parquet(path: Path, frame: pd.DataFrame, select: str = "*") -> Path:
    with duckdb.connect() as con:
        con.register("frame", frame)
        con.execute(f"COPY (SELECT {select} FROM frame) TO '{path}' (FORMAT parquet)")
    return path


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    home = Home(tmp_path_factory.mktemp("rebase")).ensure()
    dice = random.Random(20250425)
    history = boyolali()
    for kabupaten in KABUPATEN:
        random_kabupaten(history, kabupaten, dice)
    # The bridge between editions, and what it and `rebase` read.
    bridge = ("bridge_wilayah_edisi", "bridge_wilayah_perubahan", "dim_edisi", "dim_wilayah", "batas")
    template = only(Path(shutil.copytree(TEMPLATE, home.tmp / "template")), *bridge)
    models = template / "models" / "uji"
    models.mkdir()
    parquet(home.tmp / "fakta.parquet", facts(), "* EXCLUDE (hari), hari::DATE AS hari")
    source = f"read_parquet('{home.tmp / 'fakta.parquet'}')"
    (models / "sumber.yml").write_text(
        f'sources: [{{name: uji, tables: [{{name: fakta, config: {{meta: {{external_location: "{source}"}}}}}}]}}]\n'
    )
    for edition in EDITIONS:
        (models / f"ke_{edition}.sql").write_text(CALL.format(edition=edition, rows_use="date='hari'"))
    (models / "dari_2025.sql").write_text(CALL.format(edition="2018", rows_use="from_edition='2025'"))
    editions = pd.DataFrame([{"edisi": e, "sistem": "kemendagri", "berlaku_mulai": d} for e, d in EDITIONS.items()])
    inputs = Inputs(
        {},
        write_parquet(home.tmp / "muatan.parquet", MUATAN),
        parquet(home.tmp / "wilayah.parquet", pd.DataFrame(history.wilayah())),
        edisi=parquet(home.tmp / "edisi.parquet", editions),
        perubahan=parquet(home.tmp / "perubahan.parquet", pd.DataFrame(history.perubahan())),
    )
    result = build(home, generate([], {}, inputs, home.tmp / "dbt", template))
    assert result.failures == []

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(result.path), read_only=True) as con:
            con.execute(f"CREATE TEMP VIEW fakta AS FROM {source}")
            return con.execute(sql).fetchall()

    return ask


MUATAN = (
    "SELECT '' AS produsen, '' AS dataset, '' AS versi, '' AS berkas, '' AS status, 0 AS baris_dibaca, "
    "0 AS baris_diterima, 0 AS baris_karantina, 0 AS baris_bukan_data, '' AS mulai, '' AS selesai WHERE false"
)


def of(ask: Ask, edition: str, kunci: str) -> list[tuple[Any, ...]]:
    return ask(
        f"SELECT kode_wilayah, jumlah, bagi, persen, perkiraan, tak_lengkap, naik FROM uji.ke_{edition} "
        f"WHERE kunci = '{kunci}' ORDER BY 1"
    )


def test_a_kecamatan_that_split_is_estimated_and_its_rate_stays(ask: Ask) -> None:
    assert of(ask, "2019", "pecah") == [
        ("33.09.01", 6.0, 12.0, 50.0, True, False, False),
        ("33.09.20", 4.0, 8.0, 50.0, True, False, False),
    ]


def test_a_move_is_exact_and_a_chain_of_editions_is_walked(ask: Ask) -> None:
    assert of(ask, "2019", "pindah") == [("33.09.20.2001", 7.0, 70.0, 10.0, False, False, False)]
    assert of(ask, "2025", "pindah") == [("33.09.20.2003", 7.0, 70.0, 10.0, False, False, False)]


def test_a_merge_adds_up_and_its_rate_is_computed_anew(ask: Ask) -> None:
    assert of(ask, "2022", "gabung") == [("33.09.20.2003", 4.0, 100.0, 4.0, False, False, False)]


def test_backwards_a_merged_place_is_divided_by_area(ask: Ask) -> None:
    assert of(ask, "2018", "mundur") == [
        ("33.09.01.2003", 6.0, 60.0, 10.0, True, False, False),
        ("33.09.01.2004", 2.0, 20.0, 10.0, True, False, False),
    ]


def test_without_a_counterpart_the_place_around_it_is_taken_in_its_own_edition(ask: Ask) -> None:
    assert of(ask, "2025", "hapus") == [("33.09.01", 5.0, 5.0, 100.0, False, False, True)]
    assert of(ask, "2022", "baru") == [("33.09.20", 4.0, 4.0, 100.0, False, False, True)]
    # The kecamatan 20 did not exist in 2018 either: its land was in 01.
    assert of(ask, "2018", "baru") == [("33.09.01", 4.0, 4.0, 100.0, False, False, True)]


@pytest.mark.parametrize("edition", NAMES)
def test_what_never_changed_is_left_alone(ask: Ask, edition: str) -> None:
    assert of(ask, edition, "tetap") == [("33.09.02.2001", 2.0, 4.0, 50.0, False, False, False)]


def test_unknown_stays_unknown_and_a_partly_known_sum_says_so(ask: Ask) -> None:
    # The rate is that of the row with both parts known: 6 of 10, not 6 of 20.
    assert of(ask, "2022", "kosong") == [("33.09.20.2003", 6.0, 20.0, 60.0, False, True, False)]
    assert [row[1:4] for row in of(ask, "2019", "semua_kosong")] == [(None, None, None)] * 2
    assert not any(row[5] for row in of(ask, "2019", "semua_kosong"))


def test_rows_without_place_day_or_a_code_valid_that_day(ask: Ask) -> None:
    assert of(ask, "2025", "tanpa_tempat") == [(None, 9.0, 9.0, 100.0, False, False, False)]
    for kunci in ("tanpa_hari", "kode_lama"):
        assert of(ask, "2025", kunci) == [("33.09.20.2003", 9.0, 9.0, 100.0, False, False, False)]


@pytest.mark.parametrize("edition", NAMES)
def test_totals_per_kabupaten_are_unchanged(ask: Ask, edition: str) -> None:
    totals = "SELECT asal, kode_wilayah[1:5] AS kab, sum(jumlah) AS jumlah, sum(bagi) AS bagi FROM {} GROUP BY ALL"
    before, after = totals.format("fakta"), totals.format(f"uji.ke_{edition}")
    lost = ask(
        f"SELECT * FROM ({before}) a FULL JOIN ({after}) b ON a.asal = b.asal AND a.kab IS NOT DISTINCT FROM b.kab "
        "WHERE a.asal IS NULL OR b.asal IS NULL OR abs(a.jumlah - b.jumlah) > 1e-9 * a.jumlah "
        "OR abs(a.bagi - b.bagi) > 1e-9 * a.bagi"
    )
    assert lost == []
    assert ask(f"SELECT count(DISTINCT asal || kode_wilayah[1:5]) FROM uji.ke_{edition}") == [(4 * 30 + 1,)]


@pytest.mark.parametrize("edition", NAMES)
def test_every_place_is_of_the_edition_once_a_key(ask: Ask, edition: str) -> None:
    day = EDITIONS[edition]
    valid = f"berlaku_mulai <= DATE '{day}' AND coalesce(berlaku_sampai, '9999-12-31') > DATE '{day}'"
    strange = f"FROM uji.ke_{edition} f ANTI JOIN (FROM conformed.dim_wilayah WHERE {valid}) w ON w.kode = kode_wilayah"
    assert ask(f"SELECT kunci FROM ({strange})") == [("tanpa_tempat",)]
    assert ask(f"SELECT 1 FROM uji.ke_{edition} GROUP BY asal, kunci, kode_wilayah HAVING count(*) > 1") == []


def test_facts_of_2018_and_of_2025_join_on_one_key(ask: Ask) -> None:
    """Each place of 2025 that is not new meets what was there in 2018; joined as delivered, many are lost."""
    halves = "(FROM {t} WHERE asal = '2018') a JOIN (FROM {t} WHERE asal = '2025') b"
    joined = f"SELECT count(*) FROM {halves} USING (kode_wilayah)"
    delivered, rebased = (ask(joined.format(t=t))[0][0] for t in ("fakta", "uji.ke_2025"))
    founded = ask("SELECT count(*) FROM conformed.bridge_wilayah_perubahan WHERE jenis = 'baru' AND lama IS NULL")[0][0]
    places = ask("SELECT count(*) FROM fakta WHERE asal = '2025'")[0][0]
    assert delivered < places - founded <= rebased


def test_estimates_are_flagged_and_nothing_else(ask: Ask) -> None:
    """Whole numbers that were only added up stay whole."""
    assert ask("SELECT count(*) FROM uji.ke_2025 WHERE NOT perkiraan AND jumlah <> floor(jumlah)") == [(0,)]
    assert ask("SELECT count(*) > 50 FROM uji.ke_2025 WHERE perkiraan AND jumlah <> floor(jumlah)") == [(True,)]
    assert ask("SELECT bool_or(perkiraan) FROM uji.ke_2025 WHERE asal = '2025'") == [(False,)]


def test_all_rows_can_be_said_to_use_one_edition(ask: Ask) -> None:
    same = "SELECT kode_wilayah, jumlah, perkiraan, naik FROM uji.{} WHERE asal = '2025'"
    assert ask(f"{same.format('dari_2025')} EXCEPT ALL {same.format('ke_2018')}") == []
    assert ask("SELECT count(*) > 300 FROM uji.dari_2025 WHERE asal = '2025'") == [(True,)]
