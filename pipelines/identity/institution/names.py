"""Names of institutions as they are compared: kind, owner, number and the words in between.

`PKM. Karang Anyar II` and `UPTD PUSKESMAS KARANGANYAR 2` are one name; SDN 1 and SDN 2 never are.
"""

from __future__ import annotations

import duckdb

# By jenis ('' = all): how a word or words are written otherwise, longest first.
_WORDS = {
    "sekolah": {
        "SEKOLAH DASAR": "SD", "SEKOLAH MENENGAH PERTAMA": "SMP", "SEKOLAH MENENGAH ATAS": "SMA",
        "SEKOLAH MENENGAH KEJURUAN": "SMK", "SEKOLAH LUAR BIASA": "SLB", "MADRASAH IBTIDAIYAH": "MI",
        "MADRASAH TSANAWIYAH": "MTS", "MADRASAH ALIYAH": "MA", "TAMAN KANAK KANAK": "TK", "RAUDLATUL ATHFAL": "RA",
        "RAUDHATUL ATHFAL": "RA", "SLTP": "SMP", "SLTA": "SMA", "SMU": "SMA", "N": "NEGERI", "NEG": "NEGERI",
        **{f"{kind}N": f"{kind} NEGERI" for kind in ("TK", "SD", "SMP", "SMA", "SMK", "MI", "MTS", "MA", "SLB")},
        **{f"{kind}S": f"{kind} SWASTA" for kind in ("SD", "SMP", "SMA", "SMK", "MI", "MTS", "MA")},
    },
    "faskes": {
        "PUSAT KESEHATAN MASYARAKAT": "PUSKESMAS", "PKM": "PUSKESMAS", "PUSK": "PUSKESMAS",
        "PUSKESMAS PEMBANTU": "PUSTU", "POS KESEHATAN DESA": "POSKESDES", "PONDOK BERSALIN DESA": "POLINDES",
        "RUMAH SAKIT UMUM DAERAH": "RSUD", "RUMAH SAKIT UMUM": "RSU", "RUMAH SAKIT IBU DAN ANAK": "RSIA",
        "RUMAH SAKIT": "RS", "RSU DAERAH": "RSUD", "RS UMUM DAERAH": "RSUD", "RS UMUM": "RSU",
    },
}  # fmt: skip
_KINDS = {
    "sekolah": ("TK", "PAUD", "KB", "RA", "SD", "SMP", "SMA", "SMK", "MI", "MTS", "MA", "SLB", "PKBM"),
    "faskes": (
        "PUSKESMAS", "PUSTU", "POSKESDES", "POLINDES", "POSYANDU", "RS", "RSU", "RSUD", "RSIA", "KLINIK", "APOTEK",
        "LABORATORIUM", "OPTIK",
    ),
    "usaha": ("PT", "CV", "UD", "FIRMA", "KOPERASI", "TOKO", "WARUNG"),
}  # fmt: skip
_OWNERS = ("NEGERI", "SWASTA")
_NOISE = ("UPTD", "UPT", "BLUD", "NO", "NOMOR", "KAB", "KABUPATEN", "KEC", "KECAMATAN", "TBK", "PERSERO")
_ROMAN = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
    "XVIII", "XIX", "XX",
)  # fmt: skip


def _list(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


def _by_kind(choices: dict[str, str], otherwise: str) -> str:
    cases = " ".join(f"WHEN '{jenis}' THEN {sql}" for jenis, sql in choices.items())
    return f"CASE jenis {cases} ELSE {otherwise} END"


def _spelt(words: dict[str, str]) -> str:
    """SQL: `teks` with its words as they are compared. They stand two spaces apart: each has its own on both sides."""
    sql = "teks"
    for old, new in sorted(words.items(), key=lambda pair: -len(pair[0])):
        sql = f"replace({sql}, ' {old.replace(' ', '  ')} ', ' {new.replace(' ', '  ')} ')"
    return sql


def fold(con: duckdb.DuckDBPyConnection, texts: str) -> None:
    """Create `_nama`(jenis, nama, macam, pemilik, angka, rapat, urut) for the rows (jenis, nama) of `texts`.

    macam: words for its kind, pemilik: NEGERI, SWASTA or nothing, angka: its numbers in arabic, rapat: the other
    words without gaps, urut: the same words sorted. All are texts, '' where there is none.
    """
    spelt = _by_kind({jenis: _spelt(words) for jenis, words in _WORDS.items()}, "teks")
    kinds = _by_kind({jenis: _list(words) for jenis, words in _KINDS.items()}, "[]")
    con.execute(
        rf"""
        CREATE OR REPLACE TEMP TABLE _nama AS
        WITH polos AS (
            -- S.D.N. is one word; a number is a word of its own.
            SELECT jenis, nama, regexp_extract_all(
                regexp_replace(upper(strip_accents(nama)), '\b([A-Z])\.', '\1', 'g'), '[A-Z]+|[0-9]+') AS tulisan,
                ' ' || array_to_string(tulisan, '  ') || ' ' AS teks
            FROM (SELECT DISTINCT jenis, nama FROM {texts}) WHERE nama IS NOT NULL
        ), kata AS (
            SELECT jenis, nama, {kinds} AS macam_kata,
                list_filter(string_split({spelt}, ' '), lambda w: w <> '' AND w NOT IN {_NOISE}) AS semua,
                list_transform(semua, lambda w: CASE WHEN w IN {_ROMAN} THEN list_position({_list(_ROMAN)}, w)::VARCHAR
                    ELSE coalesce(nullif(ltrim(w, '0'), ''), '0') END) AS kata
            FROM polos
        ), bagian AS (
            SELECT *, list_sort(list_distinct(list_filter(kata, lambda w: list_contains(macam_kata, w)))) AS macam,
                list_sort(list_distinct(list_filter(kata, lambda w: w IN {_OWNERS}))) AS pemilik,
                list_sort(list_filter(kata, lambda w: w[1] BETWEEN '0' AND '9')) AS angka,
                list_filter(kata, lambda w: NOT list_contains(macam_kata, w) AND w NOT IN {_OWNERS}
                    AND w[1] NOT BETWEEN '0' AND '9') AS inti
            FROM kata
        )
        SELECT jenis, nama, array_to_string(macam, ' ') AS macam, array_to_string(pemilik, ' ') AS pemilik,
            array_to_string(angka, ' ') AS angka, array_to_string(inti, '') AS rapat,
            array_to_string(list_sort(inti), ' ') AS urut
        FROM bagian
        """
    )
