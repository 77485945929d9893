"""Names as real exports write them; skipped where the real input is not beside the checkout."""

import csv
from pathlib import Path

import pytest

LANDING = Path(__file__).parents[4] / "shared" / "data" / "landing"
pytestmark = pytest.mark.skipif(not LANDING.is_dir(), reason="real input is not at ../shared/data")

TABLES = [
    ("dinkes/dbd_mingguan", "Kab/Kota", ";"),
    ("dinkes/faskes_kabkota", "Wilayah", ","),
    ("dinkes/nakes_kabkota", "Wilayah", ","),
    ("dinkes/penduduk_miskin", "Wilayah", ","),
    ("bps/penduduk_miskin", "Wilayah", ","),
    ("bps/ipm_kabkota", "Wilayah", ","),
    ("disnakertrans/tpt", "Wilayah", ","),
    ("disperakim/akses_air_minum", "Wilayah", ","),
]


@pytest.mark.parametrize(("folder", "header", "delimiter"), TABLES)
def test_all_35_resolve(places, folder, header, delimiter):
    (path,) = (LANDING / folder).glob("*.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        names = sorted({row[header] for row in csv.DictReader(stream, delimiter=delimiter)})
    wilayah = {"nama": {"kabupaten_kota": "kab"}, "dalam": "33"}
    rows = places({"kab": "nama kabupaten_kota"}, wilayah, *names)
    assert len({row["kode_wilayah"] for row in rows if row["kode_wilayah"]}) == 35 == len(rows)


def test_places_that_stand_only_in_file_names(places):
    names = sorted(path.stem for path in (LANDING / "bpkad" / "apbd" / "2022").glob("*.csv"))
    wilayah = {"nama": {"kabupaten_kota": "daerah"}, "dalam": "35", "bawaan": "kabupaten"}
    rows = places({"daerah": "nama kabupaten_kota"}, wilayah, *names)
    assert len({row["kode_wilayah"] for row in rows}) == 38 == len(rows)
    bare = [name for name, row in zip(names, rows, strict=True) if row["wilayah_bawaan"]]
    assert bare == ["Blitar", "Kediri", "Madiun", "Malang", "Mojokerto", "Pasuruan", "Probolinggo"]
    kota_only = dict(zip(names, rows, strict=True))
    assert (kota_only["Batu"]["kode_wilayah"], kota_only["Surabaya"]["kode_wilayah"]) == ("35.79", "35.78")
