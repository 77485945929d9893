"""Names within their parent, as SQL over the worktable of `resolve`.

Candidates are the places of one level whose key equals the cell's and that lie on the parent's line
(below it, or the parent itself and those above it, so that a column that repeats the province is
understood). A place that moved to another parent is also found below its former one. The closest way
of matching wins; two candidates left are `ambigu`. Where there is none, a near spelling may be
understood (`mirip`), else the name is `tidak_ditemukan`.
"""

from __future__ import annotations

from pipelines.contract.model import Tingkat
from pipelines.referensi.codes import LEVELS, parent_of
from pipelines.referensi.keys import filled, key, kind, lowered, short_key
from pipelines.sql import ident
from pipelines.wilayah.near import near_names


def find_names(worktable: str, column: str, level: Tingkat, parent: str, own: str, bawaan: str | None) -> str:
    """SQL of (_id, kode, masalah, metode, skor, calon, usul), one row for each filled cell of `column` in `worktable`.

    `parent` is SQL: the code searched in; NULL searches everywhere. Where several places share a bare name, the
    row's `own` code (SQL, may be NULL) decides, then `bawaan`, the kind that it means. `calon` are
    the places that an ambiguous name may mean. `usul` {induk, kode, skor} is the nearest spelling where the name
    itself is none.
    """
    # Closest first: the whole text (a kecamatan may be called 'Kota Kudus'), then the name behind
    # the word for its kind. Kabupaten and kota of one name are two places, so their kind must
    # agree; desa become kelurahan and lists lag behind, so there the kind only breaks a tie.
    kinds_agree = "TRUE" if level == "desa_kelurahan" else "n.jenis = s.awalan"
    line = """(s.induk IS NULL OR starts_with(n.jalur || '.', s.induk || '.')
                OR starts_with(s.induk, n.jalur || '.'))"""
    default = f"count(DISTINCT kode) FILTER (jenis = '{bawaan}') = 1" if bawaan else "FALSE"
    chosen = f"any_value(kode) FILTER (jenis = '{bawaan}')" if bawaan else "NULL"
    # What a place is called today, then what it was called, or where it was.
    rank = "CASE n.sumber WHEN 'nama' THEN 0 WHEN 'alias' THEN 1 ELSE 100 END"
    names = _names(level)
    same = "(starts_with(kini, kode) OR starts_with(kode, kini))"
    misses = "SELECT _s, induk, pendek, awalan FROM sel ANTI JOIN calon USING (_s)"
    return f"""
    WITH teks AS (
        SELECT _id, {parent} AS induk, {own} AS kini, {lowered(ident(column))} AS x
        FROM {worktable} WHERE {filled(ident(column))}
    ), sel AS (
        SELECT row_number() OVER () AS _s, *, {key("x")} AS penuh, {kind(level, "x")} AS awalan,
            {short_key(level, "x")} AS pendek
        FROM (SELECT DISTINCT induk, kini, x FROM teks)
    ), nama AS MATERIALIZED ({names}), calon AS (
        SELECT s._s, s.kini, n.kode, n.jenis, n.sumber, {rank} AS urutan
        FROM sel s JOIN nama n ON n.kunci = s.penuh AND {line}
        UNION ALL
        SELECT s._s, s.kini, n.kode, n.jenis, n.sumber, {rank} + CASE WHEN n.jenis = s.awalan THEN 10 ELSE 20 END
        FROM sel s JOIN nama n ON n.kunci = s.pendek AND {line}
        WHERE s.awalan IS NOT NULL AND {kinds_agree}
    ), terdekat AS (
        SELECT * FROM (FROM calon QUALIFY urutan = min(urutan) OVER (PARTITION BY _s))
        QUALIFY kini IS NULL OR {same} OR NOT bool_or({same}) OVER (PARTITION BY _s)
    ), hasil AS (
        SELECT _s, count(DISTINCT kode) AS banyak, any_value(kode) AS satu, any_value(sumber) AS sumber,
            list_sort(list(DISTINCT kode)) AS calon, {default} AS pakai_bawaan, {chosen} AS bawaan
        FROM terdekat GROUP BY _s
    ), dekat AS ({near_names(misses, "FROM nama", level)})
    SELECT _id, CASE WHEN banyak = 1 THEN satu WHEN pakai_bawaan THEN bawaan WHEN d.mirip THEN d.kode END AS kode,
        CASE WHEN banyak > 1 AND NOT pakai_bawaan THEN 'ambigu' WHEN banyak IS NOT NULL THEN NULL
            WHEN d.mirip THEN 'mirip' ELSE 'tidak_ditemukan' END AS masalah,
        CASE WHEN banyak = 1 THEN sumber WHEN pakai_bawaan THEN 'bawaan' WHEN d.mirip THEN 'mirip' END AS metode,
        CASE WHEN d.mirip THEN d.skor ELSE 1 END AS skor,
        CASE WHEN banyak > 1 AND NOT pakai_bawaan THEN h.calon END AS calon,
        CASE WHEN d._s IS NOT NULL THEN {{'induk': s.induk, 'kode': d.kode, 'skor': d.skor}} END AS usul
    FROM teks t JOIN sel s ON t.x = s.x AND t.induk IS NOT DISTINCT FROM s.induk AND t.kini IS NOT DISTINCT FROM s.kini
    LEFT JOIN hasil h USING (_s) LEFT JOIN dekat d USING (_s)
    """


def _names(level: Tingkat) -> str:
    """SQL of (kode, kunci, jenis, sumber, jalur): `jalur` is the code, or the one that a moved place had,
    below what its former parent is called today.
    """
    former = f"coalesce({parent_of('kode_asal', 'kemendagri')}, '')"
    return f"""
    SELECT kode, kunci, jenis, sumber, kode AS jalur FROM wilayah_nama WHERE tingkat = '{level}'
    UNION ALL
    SELECT n.kode, n.kunci, n.jenis, 'nama_lama', coalesce(i.kode, p.dulu) || p.kode_asal[length(p.dulu) + 1:]
    FROM (SELECT *, {former} AS dulu FROM kode_pada
        WHERE metode = 'penerus' AND sampai IS NULL AND length(kode_asal) = {LEVELS[level]}) p
    JOIN wilayah_nama n ON n.kode = p.kode
    LEFT JOIN (FROM kode_pada WHERE sampai IS NULL) i ON i.kode_asal = p.dulu
    """
