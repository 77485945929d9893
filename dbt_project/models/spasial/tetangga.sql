-- Two places that only meet in a point share no line, so they are no neighbours.
with tepi as (
    select
        kode,
        tingkat,
        st_boundary(geom) as garis
    from {{ ref('batas') }}
    where jenis = 'wilayah' and kode is not null and not st_isempty(geom)
),

-- The spheroid wants latitude first, so the axes are flipped.
bersama as (
    select
        a.kode,
        b.kode as kode_tetangga,
        a.tingkat,
        st_length_spheroid(
            st_flipcoordinates(st_collectionextract(st_intersection(a.garis, b.garis), 2))
        ) as panjang_m
    from tepi as a
    inner join tepi as b on st_intersects_extent(a.garis, b.garis)
    where a.tingkat = b.tingkat and a.kode < b.kode
),

dua_arah as (
    select * from bersama
    where panjang_m > 0
    union all
    select
        kode_tetangga,
        kode,
        tingkat,
        panjang_m
    from bersama
    where panjang_m > 0
)

select * from dua_arah
order by kode, kode_tetangga
