# ruff: noqa: E501
"""A wrong declaration fails at load with file, line, key and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.conftest import CONTRACT, OPD, Load, Problems
from pipelines.contract.load import load_opd, load_standards
from pipelines.contract.yaml_lines import DeclarationError


def test_a_right_contract(load: Load) -> None:
    library = load({"opd/uji/cacah.yml": CONTRACT})
    (contract,) = library.contracts
    assert (contract.key, contract.slug, contract.table) == ("uji.cacah", "uji-cacah", "fct_cacah")
    assert contract.batas.ditolak_maks == 0.02
    assert contract.kolom["tempat"].dari == ["Kab/Kota"]
    assert library.find("uji.cacah") is contract
    with pytest.raises(KeyError, match=r"did you mean uji\.cacah"):
        library.find("uji.caca")


def test_the_mark_of_a_contract_is_that_of_its_bytes(load: Load) -> None:
    before = load({"opd/uji/cacah.yml": CONTRACT}).contracts[0].sidik
    assert load({"opd/uji/cacah.yml": CONTRACT}).contracts[0].sidik == before
    assert load({"opd/uji/cacah.yml": CONTRACT + "# x\n"}).contracts[0].sidik != before


WRONG = [
    # keys
    ("judul: Cacah sesuatu\n", "", ["1: judul: is missing; add it"]),
    ("jadwal: tahunan", "jadwal: setahun",
     ["3: jadwal: 'setahun' is not possible; write 'harian', 'mingguan', 'bulanan', 'triwulanan' or 'tahunan'"]),
    ("klasifikasi:", "klasifkasi:", ["1: klasifikasi: is missing; add it",
                                     "4: klasifkasi: unknown key; did you mean 'klasifikasi'?"]),
    ("standar: teks", "standr: teks", ["10: kolom.kode.standar: is missing; add it",
                                       "10: kolom.kode.standr: unknown key; did you mean 'standar'?"]),
    ("wajib: true", "terbitkan: true", ["10: kolom.kode.terbitkan: unknown key; did you mean 'terbit'?"]),
    ("ditolak_maks:", "tolak_max:", ["8: batas.tolak_max: unknown key; did you mean 'ditolak_maks'?"]),
    ("  file:", "  zzz:", ["6: baca.zzz: unknown key; known: file, format, pemisah, enkode, lembar, tajuk, angka, "
                           "rekaman, dari_berkas, lebar, bukan_data, abaikan"]),
    ("judul: Cacah sesuatu", "judul: Cacah sesuatu\nproduser: x", ["2: produser: unknown key; did you mean 'produsen'?"]),
    ("jadwal: tahunan", "jadwal: tahunan\ndataset: lain", ["4: dataset: is known from the file's place; remove it"]),
    # values of another type
    ("judul: Cacah sesuatu", "judul: No",
     ["1: judul: 'No' is not possible; write it in quotes: 'No'"]),
    ("produsen: uji", "produsen: 3302",
     ["2: produsen: '3302' is not possible; write it in quotes: '3302'"]),
    ("produsen: uji", "produsen: Dinas Uji",
     ["2: produsen: 'Dinas Uji' is not possible; write lower case letters, digits and _, a letter first"]),
    ("judul: Cacah sesuatu", "judul: [a, b]", ["1: judul: this is not possible; write a text"]),
    ("judul: Cacah sesuatu", "judul:", ["1: judul: this is not possible; write a text"]),
    ("kunci: [kode]", "kunci: kode", ["7: kunci: 'kode' is not possible; write a list: [kode]"]),
    ("kunci: [kode]", "kunci: [33.02]",
     ["7: kunci.0: '33.02' is not possible; write it in quotes: '33.02'"]),
    ("[Jumlah, JML]", "[2023, JML]",
     ["12: kolom.cacah.dari.0: '2023' is not possible; write it in quotes: '2023'"]),
    ("wajib: true", "wajib: Ya", ["10: kolom.kode.wajib: 'Ya' is not possible; write true or false"]),
    ("wajib: true", 'wajib: "true"', ["10: kolom.kode.wajib: 'true' is not possible; write true or false"]),
    ("baris_min: 1", "baris_min: banyak", ["8: batas.baris_min: 'banyak' is not possible; write a whole number"]),
    ("baris_min: 1", "baris_min: 1.5", ["8: batas.baris_min: '1.5' is not possible; write a whole number"]),
    ("ditolak_maks: 2%", "ditolak_maks: 2", ["8: batas.ditolak_maks: '2' is not possible; write a share: 0.02 or 2%"]),
    ("ditolak_maks: 2%", "ditolak_maks: 2 %",
     ["8: batas.ditolak_maks: '2 %' is not possible; write a share: 0.02 or 2%"]),
    ("ditolak_maks: 2%", "ditolak_maks: 150%",
     ["8: batas.ditolak_maks: '150%' is not possible; write a share: 0.02 or 2%"]),
    ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: {nama: {kabupaten: tempat}}",
     ["15: wilayah.nama.kabupaten: 'kabupaten' is not possible; write 'provinsi', 'kabupaten_kota', 'kecamatan' or "
      "'desa_kelurahan'"]),
    ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: tempat",
     ["15: wilayah: 'tempat' is not possible; write 'key: value' lines below it"]),
    ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: {dalam: '33'}",
     ["15: wilayah: say where the rows belong: kode, nama, titik or tetap"]),
    ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: {tetap: '3302'}",
     ["15: wilayah.tetap: '3302' is not a Kemendagri code; write it with dots and quotes: '33.02'"]),
    ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: {tetap: 33.10}",
     ["15: wilayah.tetap: '33.10' is not possible; write it in quotes: '33.10'"]),
    ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: {tetap: '33', titik: [tempat]}",
     ["15: wilayah.titik: write two different columns: [lintang, bujur]"]),
    ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: {titik: [tempat, bujur]}",
     ["15: wilayah.titik: there is no column 'bujur'; write one of kolom: kode, tempat, cacah"]),
    ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: {titik: [tempat, cacah]}",
     ["15: wilayah.titik: column 'tempat' must have standar lintang"]),
    ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: {tetap: '33', waktu: cacah}",
     ["15: wilayah.waktu: column 'cacah' must have standar tanggal or tahun"]),
    # reading
    ('file: "*.csv"', "tajuk: tiga", ["6: baca.tajuk: 'tiga' is not possible; write 'auto' or a whole number or a list: [tiga]"]),
    ('file: "*.csv"', "tajuk: [1, dua]",
     ["6: baca.tajuk: this is not possible; write 'auto' or a whole number"]),
    ('file: "*.csv"', "tajuk: 0", ["6: baca.tajuk: a row from 1, or [first, last] with at most four rows"]),
    ('file: "*.csv"', "tajuk: [1, 6]", ["6: baca.tajuk: a row from 1, or [first, last] with at most four rows"]),
    ('file: "*.csv"', "lembar: 1.5", ["6: baca.lembar: '1.5' is not possible; write a whole number or it in quotes: '1.5'"]),
    ('file: "*.csv"', "pemisah: ';;'", ["6: baca.pemisah: ';;' is not possible; write at most 1 character(s)"]),
    ('file: "*.csv"', "lebar: {kolom: '(', nama: kode, nilai: cacah}",
     ["6: baca.lebar.kolom: '(' is no regular expression: missing ), unterminated subpattern at position 0; correct it"]),
    ('file: "*.csv"', "bukan_data: [{kolom: kode, pola: '^(?!x)'}]",
     ["6: baca.bukan_data.0.pola: '^(?!x)': DuckDB has no look-around and no back-reference; write it without"]),
    ('file: "*.csv"', "bukan_data: {kolom: kode, pola: x}",
     ["6: baca.bukan_data: this is not possible; write a list, each entry behind '- '"]),
    # columns that are named and are not there
    ("kunci: [kode]", "kunci: [kod]",
     ["7: kunci: there is no column 'kod'; write one of kolom: kode, tempat, cacah"]),
    ("kolom: cacah,", "kolom: cach,",
     ["14: kaidah.0.kolom: there is no column 'cach'; write one of kolom: kode, tempat, cacah"]),
    ("{kabupaten_kota: tempat}", "{kabupaten_kota: temp}",
     ["15: wilayah.nama.kabupaten_kota: there is no column 'temp'; write one of kolom: kode, tempat, cacah"]),
    ('file: "*.csv"', "bukan_data: [{kolom: kode, pola: x, jumlah: [cacat]}]",
     ["6: baca.bukan_data.0: there is no column 'cacat'; write one of kolom: kode, tempat, cacah"]),
    ('file: "*.csv"', 'dari_berkas: "{tahun}.csv"',
     ["6: baca.dari_berkas: there is no column 'tahun'; write one of kolom: kode, tempat, cacah"]),
    ('file: "*.csv"', "lebar: {kolom: '^20', nama: tahun, nilai: cacah}",
     ["6: baca.lebar.nama: there is no column 'tahun'; write one of kolom: kode, tempat, cacah"]),
    # where a column comes from
    ("  kode: {dari: [Kode],", "  kode: {",
     ["10: kolom.kode: must come from exactly one of: dari, tetap, baca.lebar, baca.dari_berkas"]),
    ("  kode: {dari: [Kode],", "  kode: {dari: [Kode], tetap: x,",
     ["10: kolom.kode: must come from exactly one of: dari, tetap, baca.lebar, baca.dari_berkas"]),
    ("[Jumlah, JML]", "[Jumlah, 'kode ']",
     ["12: kolom.cacah.dari: header 'kode ' is claimed by the columns 'kode' and 'cacah'; keep one"]),
    ("  cacah: {", "  Cacah: {", ["14: kaidah.0.kolom: there is no column 'cacah'; write one of kolom: kode, tempat, "
                                  "Cacah"]),
    ("  tempat: {dari: Kab/Kota, standar: nama_wilayah, tingkat: kabupaten_kota}\n",
     "  tempat: {dari: Kab/Kota, standar: nama_wilayah, tingkat: kabupaten_kota}\n  Lain: {dari: x, standar: teks}\n",
     ["12: kolom.Lain: 'Lain': use lower case letters, digits and _"]),
    ("  tempat: {dari: Kab/Kota, standar: nama_wilayah, tingkat: kabupaten_kota}\n",
     "  tempat: {dari: Kab/Kota, standar: nama_wilayah, tingkat: kabupaten_kota}\n  kode_wilayah: {dari: x, standar: teks}\n",
     ["12: kolom.kode_wilayah: 'kode_wilayah' is made from wilayah:; choose another name for this column"]),
    ("standar: teks, wajib: true", "standar: teks, nilai: [1, 2]",
     ["10: kolom.kode.nilai.1: '1' is not possible; write it in quotes: '1'",
      "10: kolom.kode.nilai: '2' is not possible; write it in quotes: '2'"]),
    ("standar: teks, wajib: true", "standar: teks, nilai: {L: [a, x], P: [X]}",
     ["10: kolom.kode.nilai.P: 'X' is claimed by 'L' and 'P'; keep it in one"]),
    # against standards, agencies, folders
    ("standar: bilangan", "standar: bilangn", ["12: kolom.cacah.standar: there is no standard 'bilangn'; "
                                               "did you mean 'bilangan'?"]),
    (", tingkat: kabupaten_kota}", "}",
     ["11: kolom.tempat: say the level: tingkat: provinsi | kabupaten_kota | kecamatan | desa_kelurahan"]),
    ("nama_wilayah, tingkat: kabupaten_kota}", "kode_wilayah, tingkat: kabupaten_kota}",
     ["11: kolom.tempat: say whose codes these are: sistem: kemendagri | bps (they look alike)",
      "15: wilayah.nama.kabupaten_kota: column 'tempat' must have standar nama_wilayah"]),
    ("{kabupaten_kota: tempat}", "{kecamatan: tempat}",
     ["15: wilayah.nama.kecamatan: column 'tempat' has tingkat kabupaten_kota; write kabupaten_kota: tempat"]),
    ("{nama: {kabupaten_kota: tempat}}", "{kode: tempat}",
     ["15: wilayah.kode: column 'tempat' must have standar kode_wilayah"]),
    ("standar: bilangan, terbit: true", "standar: nik, terbit: true",
     ["12: kolom.cacah.terbit: personal or excluded data cannot be published; remove terbit"]),
    ("standar: bilangan, terbit: true", "standar: bilangan, terbit: true, pribadi: true",
     ["12: kolom.cacah.terbit: personal or excluded data cannot be published; remove terbit"]),
    ("klasifikasi: terbuka", "klasifikasi: dikecualikan",
     ["12: kolom.cacah.terbit: personal or excluded data cannot be published; remove terbit"]),
    ("standar: bilangan, terbit: true", "standar: bilangan, satuan_asal: juta",
     ["12: kolom.cacah.satuan_asal: standar 'bilangan' applies no scale; use rupiah, or remove it"]),
    ('file: "*.csv"', "bukan_data: [{kolom: kode, pola: ^total, jumlah: [cacah, tempat]}]",
     ["6: baca.bukan_data.0.jumlah: column 'tempat' (standar nama_wilayah) is no number that adds up; remove it"]),
    ("[Kode]", "[_lembar]", ["10: kolom.kode.dari: '_lembar': only _baris, _berkas start with _"]),
    ("produsen: uji", "produsen: apa", ["2: produsen: 'apa' is not in sources/referensi/opd.csv; add a line there",
                                        "2: produsen: is 'apa', but the folder is opd/uji; move the file"]),
    ("produsen: uji", "produsen: kab_uji", ["2: produsen: is 'kab_uji', but the folder is opd/uji; move the file"]),
    ("produsen: uji", "produsen: uji\nsalinan_dari: uji.cach",
     ["3: salinan_dari: there is no contract uji.cach; did you mean 'uji.cacah'?"]),
    ("produsen: uji", "produsen: uji\nsalinan_dari: zzz",
     ["3: salinan_dari: there is no contract zzz; write <produsen>.<dataset>"]),
    ("produsen: uji", "produsen: uji\nsalinan_dari: uji.cacah",
     ["3: salinan_dari: uji.cacah is a copy itself, so nobody would load the rows; name the one owner"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), WRONG, ids=[f"{n}-{w[2][0][:30]}" for n, w in enumerate(WRONG)])
def test_a_wrong_line_says_where_and_what_to_write(problems: Problems, old: str, new: str, expected: list[str]) -> None:
    assert problems(old, new) == expected


def test_a_kabupaten_lies_under_its_own_code(load: Load, problems: Problems, tmp_path: Path) -> None:
    right = CONTRACT.replace("produsen: uji", "produsen: kab_uji")
    assert problems("produsen: uji", "produsen: kab_uji", "kabupaten/33.03/cacah.yml") == [
        "2: produsen: belongs to 33.02, but the folder is kabupaten/33.03; move the file"
    ]
    moved = tmp_path / "kabupaten" / "33.03"
    moved.rename(moved.with_name("33.02"))
    assert load({"kabupaten/33.02/cacah.yml": right}).contracts[0].key == "kab_uji.cacah"


def _shown(error: pytest.ExceptionInfo[DeclarationError], tmp_path: Path) -> list[str]:
    return [str(p).removeprefix(f"{tmp_path}/") for p in error.value.problems]


@pytest.mark.parametrize("name", ["opd/uji/cacah.yaml", "opd/cacah.yml", "opd/uji/lama/cacah.yml"])
def test_a_contract_where_nobody_looks(load: Load, tmp_path: Path, name: str) -> None:
    with pytest.raises(DeclarationError) as error:
        load({name: CONTRACT})
    (shown,) = _shown(error, tmp_path)
    assert shown.startswith(f"{name}:1: (top): move it: ")


@pytest.mark.parametrize("name", ["Cacah", "cacah-1", "1cacah", "cacah 2"])
def test_a_file_whose_name_is_no_table(load: Load, tmp_path: Path, name: str) -> None:
    with pytest.raises(DeclarationError) as error:
        load({f"opd/uji/{name}.yml": CONTRACT})
    assert _shown(error, tmp_path) == [
        f"opd/uji/{name}.yml:1: (top): '{name}' names the dataset; rename it with lower case letters, digits and _"
    ]


def test_two_contracts_of_one_table(load: Load, tmp_path: Path) -> None:
    other = CONTRACT.replace("produsen: uji", "produsen: kab_uji")
    with pytest.raises(DeclarationError) as error:
        load({"opd/uji/cacah.yml": CONTRACT, "kabupaten/33.02/cacah.yml": other})
    assert _shown(error, tmp_path) == [
        "opd/uji/cacah.yml:1: fakta: table fct_cacah belongs to kab_uji.cacah; write e.g. 'fakta: cacah_uji'"
    ]
    fixed = CONTRACT.replace("jadwal:", "fakta: cacah_uji\njadwal:")
    library = load({"opd/uji/cacah.yml": fixed, "kabupaten/33.02/cacah.yml": other})
    assert {c.table for c in library.contracts} == {"fct_cacah", "fct_cacah_uji"}


def test_copies_of_each_other(load: Load, tmp_path: Path) -> None:
    def copy(of: str, name: str) -> str:
        return CONTRACT.replace("jadwal:", f"salinan_dari: {of}\nfakta: {name}\njadwal:")

    with pytest.raises(DeclarationError) as error:
        load({"opd/uji/a.yml": copy("uji.b", "a"), "opd/uji/b.yml": copy("uji.a", "b")})
    assert _shown(error, tmp_path) == [
        "opd/uji/a.yml:3: salinan_dari: uji.b is a copy itself, so nobody would load the rows; name the one owner",
        "opd/uji/b.yml:3: salinan_dari: uji.a is a copy itself, so nobody would load the rows; name the one owner",
    ]
    assert len(load({"opd/uji/a.yml": CONTRACT, "opd/uji/b.yml": copy("uji.a", "b")}).contracts) == 2


def test_all_wrong_files_are_told_at_once(load: Load, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as error:
        load({"opd/uji/a.yml": CONTRACT.replace("terbuka", "rahasia"), "opd/uji/b.yml": "a: [1\n"})
    assert [line.split(": ")[0] for line in _shown(error, tmp_path)] == ["opd/uji/a.yml:4", "opd/uji/b.yml:2"]


@pytest.mark.parametrize(
    ("opd", "line"),
    [("kode,nama\n", 1), ("", 1), (OPD + "uji,lagi,,33,,\n", 4), (OPD + "pendek,x\n", 4)],
)
def test_wrong_agencies(tmp_path: Path, opd: str, line: int) -> None:
    path = tmp_path / "opd.csv"
    path.write_text(opd, encoding="utf-8")
    with pytest.raises(DeclarationError) as error:
        load_opd(path)
    assert [(p.path, p.line) for p in error.value.problems] == [(path, line)]


def test_wrong_standards(tmp_path: Path) -> None:
    (tmp_path / "satu.yml").write_text("konsep: Satu\ndefinisi: x\nukuran: y\nsumber: z\ntipe: TEXT\n")
    (tmp_path / "dua.yml").write_text(
        "konsep: Dua\ndefinisi: x\nukuran: y\nsumber: z\naturan:\n  - {nama: a, sah: x, tingkat: fatal, saran: y}\n"
    )
    (tmp_path / "_umum.yml").write_text("kosong: []\n")
    with pytest.raises(DeclarationError) as error:
        load_standards(tmp_path)
    shown = _shown(error, tmp_path)
    assert shown[0] == "dua.yml:6: aturan.0.tingkat: 'fatal' is not possible; write 'kritis' or 'peringatan'"
    assert shown[1] == "dua.yml:6: aturan.0.pesan: is missing; add it"
    assert shown[2].startswith("satu.yml:5: tipe: 'TEXT' is not possible; write 'VARCHAR', ")
    assert len(shown) == 3
