"""Areas of places from declared files: the temporary table `_luas`(kode, luas_km2)."""

from __future__ import annotations

import duckdb

from pipelines.referensi.codes import code_in
from pipelines.referensi.declare import Declared, Luas, ReferenceDataError
from pipelines.referensi.edition_files import columns_named, read_cells
from pipelines.referensi.keys import lowered, short_key
from pipelines.referensi.problems import note

_KM2 = {"km2": 1.0, "ha": 0.01}


def read_areas(con: duckdb.DuckDBPyConnection, declared: Declared) -> None:
    """Create `_luas` from every declared file; of several the first that knows a place counts.

    A code kept as a number has become '31.0', or '11.1' for '11.10': the zero is given back only where
    the code with it has the name that stands beside it. Codes that remain unknown are lines of `referensi_masalah`.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE _luas (kode VARCHAR, luas_km2 DOUBLE)")
    for found in declared.all(Luas):
        entry = found.entry
        for file in found.files:
            read_cells(con, file, "_sel", entry.tabel)
            label = short_key("kabupaten_kota", lowered("b.nama"))
            try:
                (code, name, area), first = columns_named(
                    con, "_sel", (entry.kolom.kode, entry.kolom.nama, entry.kolom.luas)
                )
            except KeyError as error:
                message = f"{file}: has no columns {error}; declare its columns in referensi.yml"
                raise ReferenceDataError(message) from None
            con.execute(
                f"""
                CREATE OR REPLACE TEMP TABLE _luas_baca AS
                SELECT asli, b.nama, luas, coalesce(w.kode, z.kode) AS kode FROM (
                    SELECT {code_in(f"sel[{code}]", "kemendagri")} AS asli, sel[{name}] AS nama,
                        TRY_CAST(sel[{area}] AS DOUBLE) * {_KM2[entry.satuan]} AS luas
                    FROM _sel WHERE baris > {first}
                ) b LEFT JOIN wilayah w ON w.kode = asli
                LEFT JOIN wilayah z ON z.kode = asli || '0' AND z.kunci = {label};
                INSERT INTO _luas SELECT kode, any_value(luas) FROM _luas_baca ANTI JOIN _luas USING (kode)
                WHERE kode IS NOT NULL AND luas > 0 GROUP BY kode
                """
            )
            unused = "FROM _luas_baca WHERE kode IS NULL OR coalesce(luas, 0) <= 0"
            note(
                con,
                f"SELECT format('{{}} {{}}', asli, nama) AS contoh {unused}",
                found.name(file),
                "luas_tanpa_wilayah",
                "luas",
                "Kode tidak ada di edisi terkini, atau luasnya bukan angka; luas tidak dipakai",
            )
