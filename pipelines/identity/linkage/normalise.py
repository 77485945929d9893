"""Records as linkage compares them: codes cleaned, names folded, birth dates read; the table `rekam`.

Input columns: daftar (boolean: a row of a population register), and as text sumber, kunci, nik, no_kk, nama,
jenis_kelamin, tanggal_lahir, nama_ibu, alamat, kode_wilayah. (sumber, kunci) is unique. Personal data: the
tables made here never leave the connection they are made in.
"""

from __future__ import annotations

import duckdb

from pipelines.identity.linkage import block

FIELDS = ("nik", "no_kk", "nama", "jenis_kelamin", "tanggal_lahir", "nama_ibu", "alamat", "kode_wilayah")
INPUT = f"sumber, kunci, daftar, {', '.join(FIELDS)}"
# The key of a record and all that it says, as two hashes that only serve to see what changed.
PRINT = f"hash(sumber, kunci) AS tanda, hash(daftar, {', '.join(FIELDS)}) AS sidik"
# Words around a name that are not part of it. After a comma everything is a title.
_TITLES = (
    "h|hj|haji|hajjah|kh|k|ki|nyai|ust|ustadz|ustadzah|drs|dra|dr|drg|drh|ir|prof|alm|almh|almarhum|almarhumah"
    "|bpk|bapak|ibu|sdr|sdri|tn|an|nn|rr|raden|spd|sag|se|sh|msi|mpd|skom|amd|spdi|st|mm|ssos|skm|sip|ssi|skep"
    "|spt|sp|sthi|shi|mh|mkes|akeb|amdkeb|lc|ba|bsc"
)
# How the same word is written otherwise, once letters are folded. A single m or a only in front.
_SHORT = {
    "muhammad": "muh|moh|m[uo]c?ham+[ae]d|mhd|mohd|muhd|moc?hmad",
    "ahmad": "ahmad|achmad|akhmad|ach|akh|achmat|ahmat|ahmed",
    "abdul": "abd|abdoel|abdul",
    "siti": "siti|sitti",
}
# Spellings of one sound; order matters. Old y was written j, so both fold to one letter.
_SOUNDS = (
    ("dj", "j"), ("tj", "c"), ("sj", "s"), ("sy", "s"), ("oe", "u"), ("kh", "h"), ("ch", "h"), ("dh", "d"), ("th", "t"),
    ("ts", "s"), ("dz", "z"), ("sh", "s"), ("gh", "g"), ("y", "j"), ("q", "k"), ("v", "f"), ("x", "ks"),
    ("aa", "a"), ("ee", "e"), ("ii", "i"), ("oo", "o"), ("uu", "u"), ("dd", "d"), ("ff", "f"), ("kk", "k"), ("ll", "l"),
    ("mm", "m"), ("nn", "n"), ("pp", "p"), ("rr", "r"), ("ss", "s"), ("tt", "t"), ("bb", "b"), ("jj", "j"),
)  # fmt: skip


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Create the SQL macros: idn_rid, idn_angka, idn_nik, idn_tanggal, idn_kelamin, idn_kata, idn_ny, idn_alamat."""
    sounds = "w"
    for old, new in _SOUNDS:
        sounds = f"replace({sounds}, '{old}', '{new}')"
    short = "w"
    for full, forms in _SHORT.items():
        short = f"CASE WHEN regexp_full_match(w, '{forms}') THEN '{full}' ELSE {short} END"
    # "By. Ny. <mother>" stands where a child has no name yet: that is no name.
    plain = (
        r"regexp_replace(lower(strip_accents(t)), "
        r"'(^\s*(by|bayi)\b.*$)|(^\s*(ny|nyonya)\b\.?)|,.*$|[''`’\.]', ' ', 'g')"
    )
    # s.pd and m. lose their dot here; a dot between letters is a title's.
    dotted = r"regexp_replace(lower(strip_accents(t)), '\b([a-z])\.([a-z]{1,4})\b\.?', '\1\2', 'g')"
    for macro in (
        # 64 bits of a real hash: DuckDB's own gave two of 2.5 million keys the same.
        "idn_rid(s, k) AS md5_number_lower(s || chr(31) || k)",
        r"idn_angka(t) AS nullif(regexp_replace(t, '[^0-9A-Za-z+,]', '', 'g'), '')",
        # Most are plain: what a spreadsheet adds (quotes, spaces, dots) is looked for only in the others.
        r"""idn_16(t) AS CASE WHEN regexp_full_match(t, '[1-9]\d{15}') THEN t
            WHEN regexp_full_match(idn_angka(t), '[1-9]\d{15}') THEN idn_angka(t) END""",
        # A real day (women: day + 40) of a real month, a serial that is not 0000, and no placeholder.
        r"""idn_nik(n) AS CASE WHEN regexp_full_match(n,
            '[1-9]\d{5}(0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(0[1-9]|1[0-2])\d{6}') AND n[13:16] <> '0000'
            AND n <> '1234567890123456' AND n[7:10] NOT IN ('3002','3102','3104','3106','3109','3111',
            '7002','7102','7104','7106','7109','7111') THEN n END""",
        r"""idn_tanggal(t) AS coalesce(try_cast(t AS DATE), try_strptime(t, ['%d/%m/%Y', '%d-%m-%Y'])::DATE)""",
        r"""idn_kelamin(t) AS CASE WHEN regexp_matches(lower(t), '^\s*(l|1|m|pria)') THEN 'L'
            WHEN regexp_matches(lower(t), '^\s*(p|2|f|w)') THEN 'P' END""",
        r"""idn_desa(t) AS CASE WHEN regexp_full_match(t, '\d{10}') THEN
            t[1:2] || '.' || t[3:4] || '.' || t[5:6] || '.' || t[7:10] ELSE nullif(trim(t), '') END""",
        r"idn_ny(t) AS regexp_matches(lower(t), '^\s*(ny|nyonya)\b')",
        f"idn_polos(t) AS {plain.replace('lower(strip_accents(t))', dotted)}",
        f"idn_bunyi(w) AS {sounds}",
        f"idn_pendek(w) AS {short}",
        rf"""idn_kata(t) AS list_transform(list_filter(
            regexp_extract_all(regexp_replace(idn_polos(t), '^\s*(m|a)\s+([a-z])', CASE WHEN
                idn_polos(t)[1] = 'm' OR ltrim(idn_polos(t))[1] = 'm' THEN 'muhammad \2' ELSE '\1 \2' END), '[a-z]+'),
            lambda w: NOT regexp_full_match(w, '{_TITLES}')), lambda w: idn_bunyi(idn_pendek(w)))""",
        r"""idn_alamat(t) AS nullif(array_to_string(list_sort(list_filter(
            regexp_extract_all(regexp_replace(lower(t), '\b0+(\d)', '\1', 'g'), '[a-z]+|\d+'),
            lambda w: NOT regexp_full_match(w,
            'jl|jln|jalan|dusun|dsn|dk|dukuh|kp|kampung|ds|desa|gg|gang|no|nomor|rt|rw'))),
            ' '), '')""",
    ):
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")


def normalise(con: duckdb.DuckDBPyConnection, records: str, into: str, tf: bool) -> None:
    """Create `into` (TABLE or TEMP TABLE and its name) of `records` (a table, or SQL in brackets), shaped as `rekam`.

    With `tf` the frequencies of names, words and dates are counted anew from these rows (tables
    tf_nama, tf_kata, tf_lahir, tf_ibu, nik_awal); without it those tables are there and used. Raises ValueError
    where (sumber, kunci) repeats.
    """
    fields = ", ".join(f"{f}::VARCHAR AS {f}" for f in FIELDS)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _masuk AS
        SELECT idn_rid(sumber, kunci) AS rid, {PRINT}, sumber, kunci, coalesce(daftar, false) AS daftar, {fields}
        FROM {records}"""
    )
    total, distinct = con.execute("SELECT count(*), count(DISTINCT rid) FROM _masuk").fetchone() or (0, 0)
    if total != distinct:
        raise refusal(con, "_masuk")
    _names(con)
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _kode AS SELECT *, idn_nik(nik16) AS nik FROM (
            SELECT rid, idn_16(nik) AS nik16, idn_16(no_kk) AS kk, idn_tanggal(tanggal_lahir) AS lahir,
                idn_kelamin(jenis_kelamin) AS jk, idn_desa(kode_wilayah) AS desa FROM _masuk)
        """
    )
    if tf:
        _frequencies(con)
    # A word carries its weight (tenths of a bit), so that two lists tell what they share without a join.
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _kata AS
        SELECT teks, string_agg(w || chr(9) || lpad(least(999, (10 * coalesce(t.bit, 20))::INTEGER)::VARCHAR, 3,
        '0'), ' ') AS kata
        FROM (SELECT teks, unnest(panjang) AS w FROM _nama) LEFT JOIN tf_kata t ON t.k = w GROUP BY teks
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _orang AS
        SELECT o.teks, o.nama, o.urut, coalesce(k.kata, '') AS kata, array_to_string(o.huruf, ' ') AS huruf,
            array_to_string(o.inisial, ' ') AS inisial, o.ny, o.depan[1] AS p1, o.depan[2] AS p2, o.depan[3] AS p3,
            o.depan[4] AS p4,
            coalesce(t.bit, 20) AS nama_bit
        FROM _nama o LEFT JOIN _kata k USING (teks) LEFT JOIN tf_nama t ON t.k = o.nama WHERE o.n > 0
        """
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _ibu AS SELECT o.teks, o.nama AS ibu, coalesce(t.bit, 16) AS ibu_bit
        FROM _nama o LEFT JOIN tf_ibu t ON t.k = o.nama WHERE o.m > 0"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _alamat AS SELECT teks, idn_alamat(teks) AS alamat
        FROM (SELECT DISTINCT alamat AS teks FROM _masuk)"""
    )
    con.execute(
        f"""
        CREATE OR REPLACE {into} AS SELECT * EXCLUDE (p1, p2, p3, p4), {block.KEYS} FROM (
        SELECT m.rid, m.tanda, m.sidik, m.sumber, m.kunci, m.daftar,
            c.nik, c.nik16, c.kk, o.nama, o.urut, o.kata, o.huruf, o.inisial, coalesce(o.ny, false) AS ny, o.p1,
            o.p2, o.p3, o.p4,
            o.nama_bit, c.lahir,
            CASE WHEN day(c.lahir) <= 12 AND day(c.lahir) <> month(c.lahir)
                THEN make_date(year(c.lahir), day(c.lahir), month(c.lahir)) END AS tukar,
            -- Could be this person's: issued where others are, with this birth date.
            coalesce(c.nik IS NOT NULL AND w.k IS NOT NULL AND coalesce(c.nik[7:12] IN (strftime(c.lahir, '%d%m%y'),
                (day(c.lahir) + 40)::VARCHAR || strftime(c.lahir, '%m%y')), true), false) AS nik_wajar,
            coalesce(t.bit, 16) AS lahir_bit, c.jk, i.ibu, i.ibu_bit, l.alamat, c.desa
        FROM _masuk m JOIN _kode c USING (rid) LEFT JOIN _orang o ON o.teks = m.nama LEFT JOIN _ibu i ON i.teks =
        m.nama_ibu
        LEFT JOIN _alamat l ON l.teks = m.alamat LEFT JOIN tf_lahir t ON t.k = c.lahir LEFT JOIN nik_awal w ON w.k =
        c.nik[1:6])
        """
    )
    for table in ("_masuk", "_nama", "_kode", "_kata", "_orang", "_ibu", "_alamat"):
        con.execute(f"DROP TABLE {table}")


def repeated(con: duckdb.DuckDBPyConnection, records: str) -> ValueError | None:
    """What to say where (sumber, kunci) repeats in `records`; not by name, as a key is often a NIK. None: nowhere."""
    twice = con.execute(
        f"""SELECT sumber, sum(n) FROM (SELECT sumber, count(*) - 1 AS n FROM {records} GROUP BY sumber, kunci)
        GROUP BY sumber HAVING sum(n) > 0 ORDER BY sumber"""
    ).fetchall()
    where = ", ".join(f"{n} in {sumber}" for sumber, n in twice)
    message = f"Record(s) repeat the kunci of another one of their sumber: {where}. Make it unique"
    return ValueError(message) if twice else None


def refusal(con: duckdb.DuckDBPyConnection, records: str) -> ValueError:
    """What to say where two of `records` have one rid: mostly because their (sumber, kunci) is the same."""
    chance = "Two keys (sumber, kunci) have the same 64-bit hash, by chance: rename one of them"
    return repeated(con, records) or ValueError(chance)


def _names(con: duckdb.DuckDBPyConnection) -> None:
    """Create `_nama`: each distinct text that is a name (n rows) or a mother's name (m rows), folded once."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _n AS
        WITH teks AS (SELECT nama AS teks, count(*) AS n, 0 AS m FROM _masuk GROUP BY ALL
                      UNION ALL SELECT nama_ibu, 0, count(*) FROM _masuk GROUP BY ALL)
        SELECT teks, sum(n) AS n, sum(m) AS m FROM teks WHERE teks IS NOT NULL GROUP BY teks
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _nama AS
        SELECT teks, n, m, coalesce(idn_ny(teks), false) AS ny, nullif(array_to_string(semua, ' '), '') AS urut,
            nullif(array_to_string(list_sort(semua), ' '), '') AS nama,
            list_distinct(list_filter(semua, lambda w: length(w) > 1)) AS panjang,
            list_sort(list_distinct(list_transform(panjang, lambda w: w[1:3]))) AS depan,
            list_distinct(list_transform(semua, lambda w: w[1])) AS huruf,
            list_distinct(list_filter(semua, lambda w: length(w) = 1)) AS inisial
        FROM (SELECT *, idn_kata(teks) AS semua FROM _n)
        """
    )
    con.execute("DROP TABLE _n")


def _frequencies(con: duckdb.DuckDBPyConnection) -> None:
    """Count how rare names, mothers, words and birth dates are (in bits), and where NIK are issued."""
    for table, source in (
        ("tf_nama", "SELECT nama AS k, sum(n) AS n FROM _nama WHERE n > 0 GROUP BY ALL"),
        ("tf_ibu", "SELECT nama AS k, sum(m) AS n FROM _nama WHERE m > 0 GROUP BY ALL"),
        ("tf_kata", "SELECT k, sum(s) AS n FROM (SELECT unnest(panjang) AS k, n + m AS s FROM _nama) GROUP BY k"),
        ("tf_lahir", "SELECT lahir AS k, count(*) AS n FROM _kode GROUP BY ALL"),
    ):
        con.execute(
            f"""CREATE OR REPLACE TABLE {table} AS SELECT k, log2(sum(n) OVER () / n)::FLOAT AS bit
            FROM ({source}) WHERE k IS NOT NULL"""
        )
    # A start that others have too is no typo.
    con.execute(
        """CREATE OR REPLACE TABLE nik_awal AS SELECT nik[1:6] AS k FROM _kode WHERE nik IS NOT NULL GROUP BY k
        QUALIFY count(*) > 0.02 * avg(count(*)) OVER ()"""
    )
