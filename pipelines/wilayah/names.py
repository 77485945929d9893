"""Names within their parent, as SQL over the worktable of `resolve`.

Candidates are the places of one level whose key equals the cell's and that lie on the parent's line
(below it, or the parent itself and those above it, so that a column that repeats the province is
understood). The closest way of matching wins; two candidates left are `ambigu`, none is
`tidak_ditemukan`.
"""

from __future__ import annotations

from pipelines.contract.model import Tingkat
from pipelines.referensi.keys import filled, key, kind, lowered, short_key


def find_names(worktable: str, column: str, level: Tingkat, parent: str, bawaan: str | None) -> str:
    """SQL of (_id, kode, masalah, metode), one row for each filled cell of `column` in `worktable`.

    `parent` is SQL: the code searched in; NULL searches everywhere. `bawaan` is the kind that a
    bare name means where several share it.
    """
    # Closest first: the whole text (a kecamatan may be called 'Kota Kudus'), then the name behind
    # the word for its kind. Kabupaten and kota of one name are two places, so their kind must
    # agree; desa become kelurahan and lists lag behind, so there the kind only breaks a tie.
    kinds_agree = "TRUE" if level == "desa_kelurahan" else "n.jenis = s.awalan"
    line = """(s.induk IS NULL OR starts_with(n.kode || '.', s.induk || '.')
                OR starts_with(s.induk, n.kode || '.'))"""
    default = f"count(DISTINCT kode) FILTER (jenis = '{bawaan}') = 1" if bawaan else "FALSE"
    chosen = f"any_value(kode) FILTER (jenis = '{bawaan}')" if bawaan else "NULL"
    return f"""
    WITH teks AS (
        SELECT _id, {parent} AS induk, {lowered(f'"{column}"')} AS x
        FROM {worktable} WHERE {filled(f'"{column}"')}
    ), sel AS (
        SELECT _id, induk, {key("x")} AS penuh, {kind(level, "x")} AS awalan,
            {short_key(level, "x")} AS pendek
        FROM teks
    ), calon AS (
        SELECT s._id, n.kode, n.jenis, n.sumber, CASE n.sumber WHEN 'nama' THEN 1 ELSE 2 END AS urutan
        FROM sel s JOIN wilayah_nama n ON n.tingkat = '{level}' AND n.kunci = s.penuh AND {line}
        UNION ALL
        SELECT s._id, n.kode, n.jenis, n.sumber,
            CASE WHEN n.jenis = s.awalan THEN 3 ELSE 5 END + CASE n.sumber WHEN 'nama' THEN 0 ELSE 1 END
        FROM sel s JOIN wilayah_nama n ON n.tingkat = '{level}' AND n.kunci = s.pendek AND {line}
        WHERE s.awalan IS NOT NULL AND {kinds_agree}
    ), terdekat AS (
        SELECT _id, kode, jenis, sumber FROM calon QUALIFY urutan = min(urutan) OVER (PARTITION BY _id)
    ), hasil AS (
        SELECT _id, count(DISTINCT kode) AS banyak, any_value(kode) AS satu, any_value(sumber) AS sumber,
            {default} AS pakai_bawaan, {chosen} AS bawaan
        FROM terdekat GROUP BY _id
    )
    SELECT _id,
        CASE WHEN banyak = 1 THEN satu WHEN pakai_bawaan THEN bawaan END AS kode,
        CASE WHEN banyak IS NULL THEN 'tidak_ditemukan'
            WHEN banyak > 1 AND NOT pakai_bawaan THEN 'ambigu' END AS masalah,
        CASE WHEN banyak = 1 THEN sumber WHEN pakai_bawaan THEN 'bawaan' END AS metode
    FROM sel LEFT JOIN hasil USING (_id)
    """
