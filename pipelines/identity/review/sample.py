"""What a person is shown: every pair in doubt, and a sample of what the linkage is sure of, to measure it by.

State in the current schema, beside the tables of `link`:

    contoh(jenis, lapis, urut, a, b (rid), skor, sumber_a, kunci_a, sumber_b, kunci_b)    the sample
    lapisan(jenis, lapis, banyak)    how many there are of each kind and stratum tonight
    sanding    the pairs as they are shown, both records as written; personal

jenis: `tautan` (a link), `ragu` (a pair in doubt), `sendiri` (a record that was linked with none, and the one nearest
to it). In a stratum those of the lowest hash are drawn: the same every night as long as they are there, and
new ones enter with the chance they should have. What was answered stays as long as its records are there, since a
link answered `beda` is gone tomorrow, and the sample would forget the errors. So it is about the links as they
were made, before people mended them.
"""

from __future__ import annotations

import duckdb

from pipelines.identity.decisions import DIFFERENT, FIRST, SAME, SECOND
from pipelines.identity.linkage.compare import levels
from pipelines.identity.linkage.model import Model
from pipelines.identity.review.worklist import DOUBT, FIELDS, SAMPLE

PER_STRATUM = 20
CROWD = 2000  # records that share a name or a birth date; beyond, it tells nobody apart
LINK, UNSURE, ALONE = "tautan", "ragu", "sendiri"
MACHINE = "metode NOT IN ('register', 'sendiri', 'tinjau')"
_PAIR = ("sumber_a", "kunci_a", "sumber_b", "kunci_b")


def draw(con: duckdb.DuckDBPyConnection) -> None:
    """Bring contoh, lapisan and sanding up to date after `link`, in the current schema.

    Needs the temporary tables `jawaban` (decisions.load) and `rekaman` (sumber, kunci, nik, no_kk, nama,
    jenis_kelamin, tanggal_lahir, nama_ibu, alamat, kode_wilayah), the records as written.
    """
    con.execute(
        f"""CREATE TABLE IF NOT EXISTS contoh (jenis VARCHAR, lapis VARCHAR, urut UBIGINT, a UBIGINT, b UBIGINT,
            skor DOUBLE, {", ".join(f"{name} VARCHAR" for name in _PAIR)});
        CREATE OR REPLACE TEMP TABLE _ada AS
        SELECT '{LINK}' AS jenis, metode || {_bin("skor", 0.99, 0.999)} AS lapis, hash(rid, lewat) AS urut,
            rid AS a, lewat AS b, skor
        FROM xref WHERE {MACHINE} AND rid <> lewat
        UNION ALL
        SELECT '{UNSURE}', 'ragu' || {_bin("t.skor", 0.5, 0.7, 0.9)}, hash(x.rid, y.rid), x.rid, y.rid,
            t.skor
        FROM tinjau t JOIN xref x ON x.sumber = sumber_a AND x.kunci = kunci_a
        JOIN xref y ON y.sumber = sumber_b AND y.kunci = kunci_b;
        CREATE OR REPLACE TEMP TABLE _sendiri AS
        SELECT rid FROM xref WHERE metode = 'sendiri' AND NOT daftar
            AND rid NOT IN (SELECT wakil FROM xref WHERE rid <> wakil)
            AND rid NOT IN (SELECT unnest([a, b]) FROM _ada WHERE jenis = '{UNSURE}');
        CREATE OR REPLACE TABLE lapisan AS
        SELECT jenis, lapis, count(*) AS banyak FROM _ada GROUP BY ALL
        UNION ALL SELECT '{ALONE}', 'sendiri', count(*) FROM _sendiri HAVING count(*) > 0"""
    )
    _nearest(con)
    con.execute(
        f"""INSERT INTO _ada FROM _terdekat;
        CREATE OR REPLACE TEMP TABLE _dijawab AS
        SELECT jenis, lapis, urut, a, b, skor FROM contoh ANTI JOIN _ada USING (jenis, a, b)
        WHERE ({FIRST}, {SECOND}) IN (SELECT ({FIRST}, {SECOND}) FROM temp.main.jawaban
            WHERE jawaban IN ('{SAME}', '{DIFFERENT}'));
        CREATE OR REPLACE TEMP TABLE _ditarik AS
        SELECT unnest(arg_min({{jenis: jenis, lapis: lapis, urut: urut, a: a, b: b, skor: skor}}, urut, {PER_STRATUM}),
            recursive := true)
        FROM (FROM _ada UNION ALL FROM _dijawab) GROUP BY jenis, lapis;
        CREATE OR REPLACE TABLE contoh AS
        SELECT d.*, x.sumber AS sumber_a, x.kunci AS kunci_a, y.sumber AS sumber_b, y.kunci AS kunci_b
        FROM _ditarik d JOIN xref x ON x.rid = d.a LEFT JOIN xref y ON y.rid = d.b
        WHERE d.b IS NULL OR y.rid IS NOT NULL;
        DROP TABLE _ditarik; DROP TABLE _dijawab; DROP TABLE _ada; DROP TABLE _sendiri; DROP TABLE _terdekat"""
    )
    _show(con)


def _nearest(con: duckdb.DuckDBPyConnection) -> None:
    """Create `_terdekat`, the sample of records that stand alone; b is NULL where nothing is near."""
    keys = {name: name for name in ("nama", "lahir", "kk", "ibu")} | {"nik": "nik16[1:12]"}
    joins = " UNION ALL ".join(
        f"SELECT p.rid AS a, r.rid AS b, count(*) OVER (PARTITION BY p.rid) AS n "
        f"FROM p JOIN rekam r ON r.{column} = p.{name} AND r.rid <> p.rid"
        for name, column in keys.items()
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _cari AS FROM _sendiri ORDER BY hash(rid) LIMIT {PER_STRATUM};
        CREATE OR REPLACE TEMP TABLE _dekat AS
        WITH p AS (SELECT rid, {", ".join(f"{column} AS {name}" for name, column in keys.items())}
            FROM rekam SEMI JOIN _cari USING (rid))
        SELECT DISTINCT a, b FROM ({joins}) WHERE n <= {CROWD}"""
    )
    (isi,) = con.execute("SELECT isi FROM model").fetchone() or ("",)
    row = con.execute("SELECT count(*) FROM rekam WHERE daftar OR (SELECT NOT bool_or(daftar) FROM rekam)").fetchone()
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _terdekat AS
        WITH n AS (SELECT a, arg_max(b, (bit, b)) AS b, max(bit) AS bit
            FROM ({Model.from_json(isi).odds(levels("_dekat", hopeless=True), row[0] if row else 0)}) GROUP BY a)
        SELECT '{ALONE}' AS jenis, 'sendiri' AS lapis, hash(c.rid) AS urut, c.rid AS a, n.b,
            1 / (1 + pow(2, -n.bit)) AS skor
        FROM _cari c LEFT JOIN n ON n.a = c.rid;
        DROP TABLE _cari; DROP TABLE _dekat"""
    )


def _show(con: duckdb.DuckDBPyConnection) -> None:
    """Create sanding: pairs whose two records are both there, once each."""
    names = ("nik", "no_kk", "nama", "jenis_kelamin", "tanggal_lahir", "nama_ibu", "alamat")
    assert {*names, "wilayah"} == {*FIELDS}
    sides = ", ".join(
        f"{side}.{name} AS {name}_{side}" if name != "wilayah" else f"{side}.kode_wilayah AS wilayah_{side}"
        for side in "ab"
        for name in (*names, "wilayah")
    )
    pair = ", ".join(_PAIR)
    con.execute(
        f"""CREATE OR REPLACE TABLE sanding AS
        WITH p AS (SELECT {pair}, skor, '{DOUBT}' AS asal, 'ragu' || {_bin("skor", 0.5, 0.7, 0.9)} AS lapis FROM tinjau
            UNION ALL SELECT {pair}, skor, '{SAMPLE}', lapis FROM contoh WHERE jenis <> '{UNSURE}')
        SELECT {pair}, skor, asal, lapis, coalesce(a.kode_wilayah, b.kode_wilayah) AS kode_wilayah, {sides}
        FROM p JOIN temp.main.rekaman a ON a.sumber = sumber_a AND a.kunci = kunci_a
        JOIN temp.main.rekaman b ON b.sumber = sumber_b AND b.kunci = kunci_b
        QUALIFY row_number() OVER (
            PARTITION BY {FIRST}, {SECOND} ORDER BY asal DESC, sumber_a, kunci_a) = 1"""
    )


def _bin(score: str, *limits: float) -> str:
    """SQL of the stratum of a score: below the first limit, between two, from the last on."""
    cases = " ".join(f"WHEN {score} < {limit} THEN ' di bawah {str(limit).replace('.', ',')}'" for limit in limits)
    return f"CASE {cases} ELSE ' dari {str(limits[-1]).replace('.', ',')}' END"
