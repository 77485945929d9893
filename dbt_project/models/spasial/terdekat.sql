{{ config(materialized="table_function", parameters=["kumpulan", "pada := 'desa_kelurahan'"]) }}

-- noqa: disable=RF02,RF03
-- (the linter takes the parameters for columns)
-- Points lie in cubes, smaller where there are more of them. A point no farther than the edge of a cube is in
-- the place's own cube or the next one; only places without one are compared with every point.
with titik as (
    select
        *,
        spasial.titik_bumi(lintang, bujur) as bumi,
        1000000 / sqrt(count(*) over ()) as rusuk
    from {{ ref('titik') }}
    where produsen || '.' || dataset = kumpulan
),

ukuran as (
    select max(rusuk) as rusuk from titik
),

tempat as (
    select
        w.kode,
        w.nama,
        r.rusuk,
        spasial.titik_bumi(w.lintang, w.bujur) as bumi
    from {{ ref('dim_wilayah_kini') }} as w
    cross join ukuran as r
    where w.tingkat = pada and w.berlaku_sampai is null and w.lintang is not null and w.bujur is not null
),

kubus as (
    select
        nomor,
        bumi,
        spasial.kubus(bumi, rusuk) as kotak
    from titik
),

kotak_tempat as (
    select
        *,
        spasial.kubus(bumi, rusuk) as kotak
    from tempat
),

sekitar as (
    select
        t.kode,
        t.bumi,
        t.rusuk,
        [t.kotak[1] + x.geser, t.kotak[2] + y.geser, t.kotak[3] + z.geser] as kotak
    from kotak_tempat as t
    cross join (values (-1), (0), (1)) as x (geser)
    cross join (values (-1), (0), (1)) as y (geser)
    cross join (values (-1), (0), (1)) as z (geser)
),

dekat as (
    select
        s.kode,
        arg_min(k.nomor, spasial.tali(s.bumi, k.bumi)) as nomor,
        min(spasial.tali(s.bumi, k.bumi)) as tali
    from sekitar as s
    inner join kubus as k on s.kotak = k.kotak
    group by s.kode
    having min(spasial.tali(s.bumi, k.bumi)) <= any_value(s.rusuk) * any_value(s.rusuk)
),

jauh as (
    select
        t.kode,
        arg_min(k.nomor, spasial.tali(t.bumi, k.bumi)) as nomor,
        min(spasial.tali(t.bumi, k.bumi)) as tali
    from tempat as t
    anti join dekat as d on t.kode = d.kode
    cross join titik as k
    group by t.kode
),

terdekat as (
    select * from dekat
    union all
    select * from jauh
)

select
    w.kode,
    w.nama,
    t.kunci as kunci_titik,
    t.nama as nama_titik,
    t.kode_wilayah as kode_wilayah_titik,
    spasial.busur(d.tali) as jarak_m
from terdekat as d
inner join tempat as w on d.kode = w.kode
inner join titik as t on d.nomor = t.nomor
