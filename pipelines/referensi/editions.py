"""Editions: every place there was at one time, read from the files that a government published.

What is wrong with an edition is written into `referensi_masalah`, with an example; the rest loads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.referensi.codes import Sistem, code_in, level_of, parent_of
from pipelines.referensi.declare import Edisi, EditionColumns, ReferenceDataError
from pipelines.referensi.edition_files import read_cells
from pipelines.referensi.keys import key, kind, lowered, short_key
from pipelines.referensi.problems import note
from pipelines.sql import literal

_CODE_HEADERS = ("kode", "code", "id", "kode_wilayah", "kode_bps", "kode_dagri", "kode_kemendagri")
_NAME_HEADERS = ("nama", "name", "nama_wilayah", "nama_bps", "nama_dagri", "wilayah")
_DAMAGED = r"^[\s\pZ]|[\s\pZ]$|[\s\pZ]{2}| [a-z]{1,2}$|[a-z]{2}[A-Z]|^\w( \w){2,}$"


def empty_editions(con: duckdb.DuckDBPyConnection) -> None:
    """Create the table that `load_edition` fills: one row for each place of each edition."""
    con.execute(
        """
        CREATE OR REPLACE TABLE edisi_wilayah (edisi VARCHAR, kode VARCHAR, tingkat VARCHAR, nama VARCHAR,
            jenis VARCHAR, kode_induk VARCHAR, kunci VARCHAR)
        """
    )


def load_edition(con: duckdb.DuckDBPyConnection, name: str, spec: Edisi, files: Sequence[Path]) -> None:
    """Add one edition to `edisi_wilayah`, and what is wrong with it to `referensi_masalah`.

    Raises ReferenceDataError for a file without a column of codes and one of names.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE _mentah (urutan BIGINT, asli VARCHAR, kode VARCHAR, nama VARCHAR)")
    for number, file in enumerate(files):
        read_cells(con, file, "_sel", spec.tabel, spec.lembar)
        code, label, first = _columns(con, file, spec.kolom)
        cells = f"SELECT baris, sel[{code}] AS kode, sel[{label}] AS nama FROM _sel WHERE baris > {first}"
        con.execute(
            rf"""
            INSERT INTO _mentah
            SELECT {number}::BIGINT * 1000000000 + baris, kode, {code_in("kode", spec.sistem)},
                CASE WHEN regexp_matches(nama, '^[\s\pZ]|[\s\pZ]$|[\s\pZ]{{2}}|\x{{a0}}|\t')
                    THEN trim(regexp_replace(nama, '[\s\pZ]+', ' ', 'g')) ELSE nama END
            FROM ({cells}) WHERE coalesce(kode, '') <> '' OR coalesce(nama, '') <> ''
            """
        )
        damaged = f"SELECT format('''{{}}'' ({{}})', nama, kode) AS contoh FROM ({cells})"
        note(
            con,
            f"{damaged} WHERE regexp_matches(nama, {literal(_DAMAGED)})",
            file.name,
            "nama_rusak",
            f"edisi {name}",
            "Nama tampak rusak (spasi di tepi atau ganda, huruf terpisah, kata menempel); "
            "dicocokkan tanpa spasi, perbaiki di sumbernya",
        )
    _insert(con, name, spec.sistem)
    _faults(con, name, ", ".join(dict.fromkeys(file.name for file in files)))
    con.execute("DROP TABLE _mentah")
    con.execute("DROP TABLE IF EXISTS _sel")


def system_of(con: duckdb.DuckDBPyConnection, path: Path) -> Sistem:
    """The system of a file that nobody declared: dots and kecamatan of six digits are Kemendagri's, seven are BPS's.

    Raises ReferenceDataError where the codes do not tell.
    """
    read_cells(con, path, "_sel")
    code, _, first = _columns(con, path, None)
    lengths = con.execute(
        rf"""
        SELECT count(*) FILTER (regexp_full_match(x, '\d\d\.\d\d.*')),
            count(*) FILTER (regexp_full_match(x, '\d{{6}}')), count(*) FILTER (regexp_full_match(x, '\d{{7}}'))
        FROM (SELECT trim(sel[{code}]) AS x FROM _sel WHERE baris > {first})
        """
    ).fetchone()
    dotted, six, seven = lengths or (0, 0, 0)
    if dotted + six > 0 and seven == 0:
        return "kemendagri"
    if seven > 0 and dotted + six == 0:
        return "bps"
    message = "whether its codes are Kemendagri's or BPS's cannot be told; an edition needs sistem: in a referensi.yml"
    raise ReferenceDataError(f"{path}: {message}")


def _columns(con: duckdb.DuckDBPyConnection, path: Path, declared: EditionColumns | None) -> tuple[int, int, int]:
    """Positions from 1 of code and name, and the row of the header (-1 when there is none)."""
    head = con.execute("SELECT baris, sel FROM _sel ORDER BY baris LIMIT 10").fetchall()
    if declared and isinstance(declared.kode, int) and isinstance(declared.nama, int):
        return declared.kode, declared.nama, -1
    codes = (str(declared.kode).lower(),) if declared else _CODE_HEADERS
    names = (str(declared.nama).lower(),) if declared else _NAME_HEADERS
    for line, cells in head:
        words = [re.sub(r"\W+", "_", (cell or "").strip().lower()) for cell in cells]
        code = next((words.index(word) for word in codes if word in words), None)
        name = next((words.index(word) for word in names if word in words), None)
        if code is not None and name is not None:
            return code + 1, name + 1, line
    if declared:
        raise ReferenceDataError(f"{path}: has no columns '{declared.kode}' and '{declared.nama}' in its first rows")
    return (*_by_content(con, path), -1)


def _by_content(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[int, int]:
    """Positions of the column with most different codes and of the one with most different words."""
    found = con.execute(
        r"""
        SELECT n, count(DISTINCT x) FILTER (regexp_full_match(trim(x), '\d\d(\.?\d\d)?[\d.]*')) AS kode,
            count(DISTINCT x) FILTER (regexp_matches(x, '\pL')) AS nama, count(*) AS semua
        FROM (
            SELECT unnest(sel) AS x, generate_subscripts(sel, 1) AS n
            FROM (FROM _sel ORDER BY baris LIMIT 5000)
        ) GROUP BY n ORDER BY n
        """
    ).fetchall()
    code = max(found, key=lambda row: row[1], default=(0, 0, 0, 0))
    name = max(found, key=lambda row: row[2], default=(0, 0, 0, 0))
    if code[0] == name[0] or name[2] < 1 or code[1] * 2 < max(code[3], 1):
        raise ReferenceDataError(f"{path}: is no edition: it has no column of kode wilayah beside one of names")
    return code[0], name[0]


def _insert(con: duckdb.DuckDBPyConnection, name: str, system: Sistem) -> None:
    """Well-formed codes, each once. A desa's kind stands in its Kemendagri code, a kabupaten's in its name."""
    kelurahan = "CASE WHEN kode[10] = '1' THEN 'kelurahan' ELSE 'desa' END" if system == "kemendagri" else "NULL"
    con.execute(
        f"""
        INSERT INTO edisi_wilayah
        SELECT {literal(name)}, kode, tingkat, nama,
            CASE tingkat WHEN 'desa_kelurahan' THEN {kelurahan} WHEN 'kabupaten_kota' THEN {kind("kabupaten_kota", "x")}
                ELSE tingkat END,
            {parent_of("kode", system)},
            CASE tingkat WHEN 'kabupaten_kota' THEN {short_key("kabupaten_kota", "x")} ELSE {key("x")} END
        FROM (
            SELECT kode, {level_of("kode", system)} AS tingkat, nama, {lowered("nama")} AS x
            FROM _mentah WHERE nama <> '' QUALIFY row_number() OVER (PARTITION BY kode ORDER BY urutan) = 1
        ) WHERE tingkat IS NOT NULL ORDER BY kode
        """
    )
    if not con.execute(f"FROM edisi_wilayah WHERE edisi = {literal(name)} LIMIT 1").fetchone():
        raise ReferenceDataError(f"edition {name}: not one code of the system {system} was found in it")


def _faults(con: duckdb.DuckDBPyConnection, name: str, files: str) -> None:
    """Codes that are malformed or doubled, places outside every parent, and kecamatan without desa."""
    edition = f"(FROM edisi_wilayah WHERE edisi = {literal(name)})"
    named = "SELECT format('{} {}', kode, nama) AS contoh"
    checks = {
        "kode_salah": (
            f"""SELECT coalesce(asli, '(kosong)') || ' ' || coalesce(nama, '(tanpa nama)') AS contoh FROM _mentah
            ANTI JOIN {edition} e ON e.kode = _mentah.kode""",
            "Kode wilayah tidak berbentuk kode sistemnya, atau tanpa nama; baris tidak dipakai",
        ),
        "kode_ganda": (
            """SELECT format('{}: {}', kode, string_agg(DISTINCT nama, ' / ' ORDER BY nama)) AS contoh
            FROM _mentah SEMI JOIN (SELECT kode FROM _mentah WHERE kode <> '' GROUP BY kode HAVING count(*) > 1)
            USING (kode) GROUP BY kode""",
            "Kode wilayah ditulis lebih dari sekali; yang pertama dipakai",
        ),
        "tanpa_induk": (
            f"""{named} FROM {edition} a WHERE kode_induk IS NOT NULL
            AND NOT EXISTS (FROM {edition} b WHERE b.kode = a.kode_induk)""",
            "Wilayah ini ada, tetapi wilayah induknya tidak tercantum; lengkapi edisinya",
        ),
        "kecamatan_tanpa_desa": (
            f"""{named} FROM {edition} a WHERE tingkat = 'kecamatan'
            AND EXISTS (FROM {edition} b WHERE b.tingkat = 'desa_kelurahan')
            AND NOT EXISTS (FROM {edition} b WHERE b.kode_induk = a.kode)""",
            "Kecamatan ini tidak mempunyai satu desa pun; lengkapi edisinya",
        ),
    }
    for jenis, (examples, pesan) in checks.items():
        note(con, examples, files, jenis, f"edisi {name}", pesan)
