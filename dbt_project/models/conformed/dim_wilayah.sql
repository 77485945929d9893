with source as (
    select * from {{ source('satudata', 'wilayah') }}
),

-- Borders are those of today. The spheroid wants latitude first, so the axes are flipped.
batas as (
    select
        kode,
        any_value(st_y(st_centroid(geom))) as lintang,
        any_value(st_x(st_centroid(geom))) as bujur,
        any_value(st_area_spheroid(st_flipcoordinates(geom))) / 1000000 as luas_km2
    from {{ ref('batas') }}
    where jenis = 'wilayah' and kode is not null and not st_isempty(geom)
    group by kode
),

renamed as (
    select
        w.kode,
        w.kode_bps,
        w.tingkat,
        w.nama,
        w.jenis,
        w.kode_induk,
        w.dasar_hukum,
        coalesce(w.berlaku_mulai, date '1900-01-01') as berlaku_mulai,
        w.berlaku_sampai,
        coalesce(w.luas_km2, b.luas_km2) as luas_km2,
        if(w.lintang is null, b.lintang, w.lintang) as lintang,
        if(w.lintang is null, b.bujur, w.bujur) as bujur
    from source as w
    left join batas as b on w.kode = b.kode and w.berlaku_sampai is null
)

select * from renamed
order by kode, berlaku_mulai
