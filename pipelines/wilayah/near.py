"""Near spellings of a name among the places of its parent: what a slip of the hand or an old spelling made."""

from __future__ import annotations

from pipelines.contract.model import Tingkat
from pipelines.referensi.keys import slips

# Codes of the parents within which a near spelling is looked for, by length: further up, too many
# names lie close to each other. None: the country.
_WITHIN: dict[Tingkat, tuple[int, ...]] = {
    "provinsi": (),
    "kabupaten_kota": (2,),
    "kecamatan": (5,),
    "desa_kelurahan": (5, 8),
}
_WORTH = 0.6  # a candidate below this score is not worth a reviewer's time


def folded(key: str) -> str:
    """SQL: a match key in one spelling of 1901, 1947 and today: Soekaradja, Sukaraja and Sukaraya's j and y alike."""
    for old, new in (("oe", "u"), ("tj", "c"), ("dj", "j"), ("nj", "ny"), ("sj", "sy"), ("ch", "kh"), ("j", "y")):
        key = f"replace({key}, '{old}', '{new}')"
    return key


def near_names(cells: str, names: str, level: Tingkat) -> str:
    """SQL of (_s, kode, skor, mirip): the best candidate of each cell, and whether it may be understood.

    `cells`: SQL of (_s, induk, pendek, awalan); `names`: SQL of (kode, kunci, jenis, jalur). `mirip` is
    true for the only best candidate within the slips that a key of at least 4 letters may have (two at most), or in an
    old spelling; and never where the text is the name of another place close by, which is no slip. `skor` is
    1 - letters changed / letters, an old spelling counting as half a letter.
    """
    lengths = _WITHIN[level]
    parent = " OR ".join(f"length(induk) = {n}" for n in lengths) or "induk IS NULL"
    above = "unnest([" + ", ".join(f"jalur[1:{n}]" for n in lengths) + "])" if lengths else "'-'"
    kind = "AND (s.awalan IS NULL OR n.jenis = s.awalan)" if level == "kabupaten_kota" else ""
    # The name of another place in what lies around the parent is a neighbour's, not a misspelling.
    around = {"provinsi": 0, "kabupaten_kota": 0, "kecamatan": 2, "desa_kelurahan": 5}[level]
    return f"""
    WITH dicari AS (
        SELECT _s, pendek, awalan, coalesce(induk, '-') AS induk FROM ({cells})
        WHERE length(pendek) >= 4 AND ({parent})
    ), calon AS (
        SELECT s._s, n.kode, length(s.pendek) AS panjang,
            damerau_levenshtein(n.kunci, s.pendek)::DOUBLE AS jarak,
            {folded("n.kunci")} = {folded("s.pendek")} AS ejaan
        FROM dicari s JOIN (SELECT DISTINCT kode, kunci, jenis, {above} AS atas FROM ({names})) n ON n.atas = s.induk
        WHERE abs(length(n.kunci) - length(s.pendek)) <= 3 {kind}
    ), terdekat AS (
        SELECT _s, kode, panjang, min(CASE WHEN ejaan THEN 0.5 ELSE jarak END) AS urutan
        FROM calon GROUP BY _s, kode, panjang
        QUALIFY urutan = min(urutan) OVER (PARTITION BY _s)
    ), tetangga AS (
        SELECT DISTINCT _s FROM dicari d
        JOIN ({names}) t ON t.kunci = d.pendek AND t.jalur[1:{around}] = d.induk[1:{around}]
    )
    SELECT _s, any_value(kode) AS kode, any_value(1 - urutan / panjang) AS skor,
        any_value(urutan <= {slips("panjang", most=2)} AND _s NOT IN (FROM tetangga)) AS mirip
    FROM terdekat GROUP BY _s HAVING count(*) = 1 AND skor >= {_WORTH}
    """
