"""What two records say about each other: a level for each comparison, as SQL over two aliases of `rekam`.

Levels are small numbers, higher is closer; -1 says that the pair tells nothing (something is missing).
"""

from __future__ import annotations

CLOSE = 0.92

# One edit away: a digit wrong, two neighbours swapped, the last one zeroed by a spreadsheet.
ONE_EDIT = (
    "(a.nik16[1:7] = b.nik16[1:7] OR a.nik16[10:16] = b.nik16[10:16]) AND damerau_levenshtein(a.nik16, b.nik16) = 1"
)
_SUBSET = """((list_has_all(string_split(a.kata, ' '), string_split(b.kata, ' '))
        AND (b.inisial = '' OR list_has_all(string_split(a.huruf, ' '), string_split(b.inisial, ' '))))
    OR (list_has_all(string_split(b.kata, ' '), string_split(a.kata, ' '))
        AND (a.inisial = '' OR list_has_all(string_split(b.huruf, ' '), string_split(a.inisial, ' ')))))"""
_NO_KINSHIP = "(a.ny <> b.ny AND coalesce(a.jk, 'P') = 'P' AND coalesce(b.jk, 'P') = 'P')"

NAME = f"""CASE WHEN a.nama IS NULL OR b.nama IS NULL THEN -1 WHEN a.nama = b.nama THEN 4
    WHEN a.kata <> '' AND b.kata <> '' AND {_SUBSET} THEN 3
    WHEN jaro_winkler_similarity(a.nama, b.nama) >= {CLOSE} OR jaro_winkler_similarity(a.urut, b.urut) >= {CLOSE}
        OR (abs(length(a.urut) - length(b.urut)) <= 1 AND least(length(a.urut), length(b.urut)) > 2
            AND damerau_levenshtein(a.urut, b.urut) = 1) THEN 2
    WHEN {_NO_KINSHIP} THEN -1
    WHEN a.kata <> '' AND list_has_any(string_split(a.kata, ' '), string_split(b.kata, ' ')) THEN 1 ELSE 0 END"""

# 4 same, 3 day and month swapped, 2 one is 1 January of that year, 1 two of day, month and year agree.
BORN = """CASE WHEN a.lahir IS NULL OR b.lahir IS NULL THEN -1 WHEN a.lahir = b.lahir THEN 4 WHEN a.tukar = b.lahir
    THEN 3
    WHEN year(a.lahir) = year(b.lahir) AND (dayofyear(a.lahir) = 1 OR dayofyear(b.lahir) = 1) THEN 2
    WHEN (year(a.lahir) = year(b.lahir))::INT + (month(a.lahir) = month(b.lahir))::INT
        + (day(a.lahir) = day(b.lahir))::INT = 2 THEN 1 ELSE 0 END"""

# 3 same; 2 one edit in place or date and one of them cannot be right (see nik_wajar); 1 one edit in the serial
# (twins have that), or both could be right; 0 others that could both be right. A wrong one that is not even
# near tells nothing. Where both could be right and the birth dates differ, each NIK confirms its own. Ten more
# where the birth date is the same (a NIK holds it, so its digits prove less), twenty more where the kabupaten
# is too.
NIK = f"""CASE WHEN a.nik16 IS NULL OR b.nik16 IS NULL THEN -1 ELSE
    CASE WHEN a.nik16 = b.nik16 THEN 3 WHEN a.nik_wajar AND b.nik_wajar THEN
        CASE WHEN a.lahir <> b.lahir THEN 0 WHEN {ONE_EDIT} THEN 1 ELSE 0 END
    WHEN {ONE_EDIT} THEN CASE WHEN a.nik16[1:12] = b.nik16[1:12] THEN 1 ELSE 2 END ELSE -100 END
    + CASE WHEN a.lahir = b.lahir THEN CASE WHEN a.desa[1:5] = b.desa[1:5] THEN 20 ELSE 10 END ELSE 0 END END"""

MOTHER = f"""CASE WHEN a.ibu IS NULL OR b.ibu IS NULL THEN -1 WHEN a.ibu = b.ibu THEN 3
    WHEN jaro_winkler_similarity(a.ibu, b.ibu) >= {CLOSE} OR contains(a.ibu, b.ibu) OR contains(b.ibu, a.ibu) THEN 2
    ELSE 0 END"""

# KK, address and place change together when somebody moves, so they are one comparison with three digits:
# KK 2 same, 1 other; address 3 same, 2 alike, 1 other; desa 4 same, 3 kecamatan, 2 kabupaten, 1 other; 0 unknown.
HOME = """CASE WHEN a.kk IS NULL OR b.kk IS NULL THEN 0 WHEN a.kk = b.kk THEN 200 ELSE 100 END
    + CASE WHEN a.alamat IS NULL OR b.alamat IS NULL THEN 0 WHEN a.alamat = b.alamat THEN 30
        WHEN jaro_winkler_similarity(a.alamat, b.alamat) >= 0.88 THEN 20 ELSE 10 END
    + CASE WHEN a.desa IS NULL OR b.desa IS NULL THEN 0 WHEN a.desa = b.desa THEN 4
        WHEN a.desa[1:8] = b.desa[1:8] THEN 3 WHEN a.desa[1:5] = b.desa[1:5] THEN 2 ELSE 1 END"""


SEX = "CASE WHEN a.jk IS NULL OR b.jk IS NULL THEN -1 ELSE (a.jk = b.jk)::INT END"

COMPARISONS = {
    "nama": NAME,
    "lahir": BORN,
    "jk": SEX,
    "nik": NIK,
    "ibu": MOTHER,
    "rumah": HOME,
}

# How rare what agrees is, in bits: names and dates that many have prove less than their level alone.
RARITY = """CASE nama WHEN 4 THEN nama_langka
        WHEN 3 THEN least(22, list_sum(list_transform(list_intersect(string_split(kata_a, ' '), string_split(kata_b,
        ' ')), lambda w: w[-3:]::INT)) / 10)
        WHEN 1 THEN list_max(list_transform(list_intersect(string_split(kata_a, ' '), string_split(kata_b, ' ')),
        lambda w: w[-3:]::INT)) / 10
        END::FLOAT AS nama_bit,
    CASE WHEN lahir = 4 THEN lahir_langka END AS lahir_bit, CASE WHEN ibu = 3 THEN ibu_langka END AS ibu_bit"""


USED = (
    "rid", "nik16", "nik_wajar", "kk", "nama", "urut", "kata", "huruf", "inisial", "ny", "nama_bit", "lahir",
    "tukar", "lahir_bit", "jk", "ibu", "ibu_bit", "alamat", "desa",
)  # fmt: skip


def levels(pairs: str, hopeless: bool = False, records: str = "rekam") -> str:
    """SELECT of (a, b, a level for each comparison, nama_bit, lahir_bit, ibu_bit) for a table of pairs (a, b: rid).

    `records` holds at least these of `rekam`. Without `hopeless`, pairs are left out that agree neither in name nor
    in KK, mother or NIK: most of what
    shares only a birth date and a place.
    """
    each = ", ".join(f"{sql} AS {name}" for name, sql in COMPARISONS.items())
    keep = "true" if hopeless else "(nama <> 0 OR rumah >= 200 OR nik % 10 > 0 OR ibu = 3)"
    # Materialised: folded into what follows, each level would be computed once for each use.
    # And the records first picked out: joined as they are, all of rekam would be hashed, twice.
    return f"""WITH sisi AS MATERIALIZED (
            SELECT {", ".join(USED)} FROM {records} WHERE rid IN (SELECT a FROM {pairs} UNION ALL SELECT b FROM
            {pairs})),
        tingkat AS MATERIALIZED (
            SELECT p.a AS a, p.b AS b, {each}, a.kata AS kata_a, b.kata AS kata_b,
                a.nama_bit AS nama_langka, a.lahir_bit AS lahir_langka, a.ibu_bit AS ibu_langka
            FROM {pairs} p JOIN sisi a ON a.rid = p.a JOIN sisi b ON b.rid = p.b)
        SELECT a, b, {", ".join(COMPARISONS)}, {RARITY} FROM tingkat WHERE {keep}"""
