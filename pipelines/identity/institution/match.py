"""Which institutions of different sources are one: candidates, the evidence for each pair, and its score.

All of it works on `_simpul`, what the sources themselves say is one institution (link.py): simpul (its
number), jenis, kelas (within which no two are one: a registry of codes, or a source), resmi (kelas is a
registry), berkode, sumber (a list), wilayah (code with dots), lintang, bujur, and the name as
macam, pemilik, angka, rapat, urut (names.py).
"""

from __future__ import annotations

import duckdb

from pipelines.sql import metres

ACCEPT = 0.95
REVIEW = 0.3
# A key that more institutions share tells nothing; a name alone must be rarer still.
_SHARED = 200
_SHARED_NAME = 50
_CELL = 0.005  # degrees, some 550 m

# What speaks for a pair, in bits; five in all are enough. An equal name needs a kabupaten, a point or less; a name
# with a letter wrong needs the desa; nothing makes up for a place that contradicts but a point close by.
_START = -3
_NAME = """CASE WHEN sama AND NOT beda_macam AND NOT beda_pemilik THEN 6 WHEN sama AND NOT beda_macam THEN 5
    WHEN sama OR NOT beda_macam THEN 3 ELSE 1 END - CASE WHEN beda_angka THEN 4 ELSE 0 END"""
# By the coarser of two codes of which one contains the other: desa, kecamatan, kabupaten, provinsi.
_PLACE = """CASE WHEN w1 IS NULL OR w2 IS NULL THEN 0
    WHEN starts_with(w1 || '.', w2 || '.') OR starts_with(w2 || '.', w1 || '.')
        THEN CASE WHEN least(length(w1), length(w2)) >= 13 THEN 5 WHEN least(length(w1), length(w2)) >= 8 THEN 4
            WHEN least(length(w1), length(w2)) >= 5 THEN 2 ELSE 0 END
    WHEN length(w1) >= 8 AND w1[1:8] = w2[1:8] THEN -1 ELSE -6 END"""
_DISTANCE = """CASE WHEN jarak IS NULL THEN 0 WHEN jarak <= 100 THEN 5 WHEN jarak <= 300 THEN 4
    WHEN jarak <= 1000 THEN 2 WHEN jarak <= 3000 THEN 0 WHEN jarak <= 10000 THEN -4 ELSE -8 END"""
_NEAR = 1000  # metres up to which a distance speaks for a pair


def apart(a: str, b: str) -> str:
    """SQL: metres between the points of two aliases; NULL where one has none."""
    return metres(f"{a}.bujur", f"{a}.lintang", f"{b}.bujur", f"{b}.lintang")


def candidates(con: duckdb.DuckDBPyConnection) -> None:
    """Create `_calon`(a, b), a < b: pairs that share a key and that may be one by kind, number and source."""
    inside = "(SELECT *, wilayah[1:5] AS kab, CASE WHEN length(wilayah) >= 8 THEN wilayah[1:8] END AS kec FROM _simpul)"
    both_ends = "unnest(CASE WHEN length(rapat) >= 5 THEN list_distinct([rapat[1:3] || '*', '*' || rapat[-3:]]) END)"
    keys = (
        ("hash(1, jenis, angka, rapat, kab)", "length(wilayah) >= 5", _SHARED),
        ("hash(2, jenis, angka, urut, kab)", "length(wilayah) >= 5", _SHARED),
        # For those without a kabupaten: the name alone.
        ("hash(3, jenis, angka, rapat)", "rapat <> ''", _SHARED_NAME),
        # A letter wrong, at one end of the name only.
        (f"hash(4, jenis, kec, {both_ends})", "kec IS NOT NULL", _SHARED),
        (f"hash(5, jenis, kab, {both_ends})", "length(wilayah) >= 5", _SHARED),
    )
    one_side = " UNION ALL ".join(
        f"SELECT simpul, {key} AS k, {limit} AS batas FROM {inside} WHERE {where}" for key, where, limit in keys
    )
    cell = f"floor(lintang / {_CELL})::INTEGER, floor(bujur / {_CELL})::INTEGER"
    around = f"""unnest([floor(lintang / {_CELL})::INTEGER + i for i in [-1, 0, 1]]) AS y,
        floor(bujur / {_CELL})::INTEGER AS x"""
    points = "_simpul WHERE lintang IS NOT NULL"
    near = f"""SELECT simpul, hash(6, jenis, y, unnest([x - 1, x, x + 1]), ujung) AS k
        FROM (SELECT simpul, jenis, {around}, {both_ends} AS ujung FROM {points})"""
    con.execute(f"CREATE OR REPLACE TEMP TABLE _cari AS {one_side}")
    con.execute(f"INSERT INTO _cari SELECT simpul, hash(6, jenis, {cell}, {both_ends}), {_SHARED} FROM {points}")
    con.execute(
        "DELETE FROM _cari WHERE k IN (SELECT k FROM _cari GROUP BY k, batas HAVING count(*) > batas) OR k IS NULL"
    )
    # What one source says in two ways, or under two codes, is two institutions; so are two codes of a registry, but
    # there a person is asked where all else agrees.
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _calon AS
        WITH p AS (
            SELECT DISTINCT least(p.simpul, q.simpul) AS a, greatest(p.simpul, q.simpul) AS b
            FROM (SELECT simpul, k FROM _cari UNION ALL {near}) p JOIN _cari q USING (k) WHERE p.simpul <> q.simpul
        )
        SELECT a, b FROM p JOIN _simpul x ON x.simpul = a JOIN _simpul y ON y.simpul = b
        WHERE (x.kelas <> y.kelas OR x.resmi)
            AND NOT (x.berkode AND y.berkode AND list_has_any(x.sumber, y.sumber))
            AND (x.macam = '' OR y.macam = '' OR starts_with(x.macam, y.macam) OR starts_with(y.macam, x.macam))
            AND (x.pemilik = '' OR y.pemilik = '' OR x.pemilik = y.pemilik)
            AND (x.angka = '' OR y.angka = '' OR x.angka = y.angka)
            AND (x.rapat = y.rapat OR x.urut = y.urut OR damerau_levenshtein(x.rapat, y.rapat)
                <= CASE WHEN least(length(x.rapat), length(y.rapat)) < 10 THEN 1 ELSE 2 END)
        """
    )
    con.execute("DROP TABLE _cari")


def score(con: duckdb.DuckDBPyConnection) -> None:
    """Create `_nilai`(a, b, skor, metode, sekelas) of `_calon`: the pairs worth a look.

    The score sets the odds of a pair against those of all rivals, the others of one kelas that a, or b, might be:
    of pairs that reach ACCEPT each is by far the best of the other.
    `sekelas`: two codes of one registry, which are two institutions unless one of them is wrong.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _nilai AS
        WITH s AS (
            -- How often one kelas gives this very name: a name that is given often means little.
            SELECT *, count(*) OVER (PARTITION BY jenis, kelas, macam, pemilik, angka, rapat) AS senama FROM _simpul
        ), pasangan AS (
            SELECT c.a, c.b, x.kelas AS ka, y.kelas AS kb, x.wilayah AS w1, y.wilayah AS w2,
                {apart("x", "y")} AS jarak, x.rapat = y.rapat OR x.urut = y.urut AS sama,
                x.macam <> y.macam AS beda_macam, x.pemilik <> y.pemilik AS beda_pemilik,
                x.angka <> y.angka AS beda_angka,
                log2(1 + greatest(x.senama, y.senama) / 10) AS lazim
            FROM _calon c JOIN s x ON x.simpul = c.a JOIN s y ON y.simpul = c.b
        ), bukti AS (
            SELECT *, pow(2, {_START} + {_NAME} + {_PLACE} + {_DISTANCE} - lazim) AS peluang FROM pasangan
        ), saingan AS (
            SELECT dari, kelas, sum(peluang) AS semua FROM (
                SELECT a AS dari, kb AS kelas, peluang FROM bukti UNION ALL SELECT b, ka, peluang FROM bukti)
            GROUP BY ALL
        )
        SELECT a, b, peluang / (1 + greatest(i.semua, j.semua)) AS skor,
            CASE WHEN jarak <= {_NEAR} THEN 'nama_jarak' ELSE 'nama_wilayah' END AS metode, ka = kb AS sekelas
        FROM bukti JOIN saingan i ON i.dari = a AND i.kelas = kb JOIN saingan j ON j.dari = b AND j.kelas = ka
        WHERE skor >= {REVIEW}
        """
    )
    con.execute("DROP TABLE _calon")
