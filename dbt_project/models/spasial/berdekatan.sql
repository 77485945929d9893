{{ config(materialized="table_function", parameters=["dari", "ke", "meter"]) }}

-- noqa: disable=RF02,RF03
-- (the linter takes the parameters for columns)
-- Points lie in cubes with edges as long as the distance: what is near is in the same cube or the next one.
with titik as (
    select
        *,
        spasial.titik_bumi(lintang, bujur) as bumi
    from {{ ref('titik') }}
),

kiri as (
    select
        *,
        spasial.kubus(bumi, meter) as kotak
    from titik
    where produsen || '.' || dataset = dari
),

kanan as (
    select
        t.*,
        [t.kotak[1] + x.geser, t.kotak[2] + y.geser, t.kotak[3] + z.geser] as sekitar
    from (
        select
            *,
            spasial.kubus(bumi, meter) as kotak
        from titik
        where produsen || '.' || dataset = ke
    ) as t
    cross join (values (-1), (0), (1)) as x (geser)
    cross join (values (-1), (0), (1)) as y (geser)
    cross join (values (-1), (0), (1)) as z (geser)
),

pasangan as (
    select
        a.kunci as kunci_dari,
        a.nama as nama_dari,
        a.kode_wilayah as kode_wilayah_dari,
        b.kunci as kunci_ke,
        b.nama as nama_ke,
        b.kode_wilayah as kode_wilayah_ke,
        spasial.busur(spasial.tali(a.bumi, b.bumi)) as jarak_m
    from kiri as a
    inner join kanan as b on a.kotak = b.sekitar
    where a.nomor <> b.nomor
)

select * from pasangan
where jarak_m <= meter
