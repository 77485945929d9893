with source as (
    select * from {{ source('satudata', 'wilayah') }}
),

renamed as (
    select
        cast(kode as varchar) as kode,
        cast(tingkat as varchar) as tingkat,
        cast(nama as varchar) as nama,
        cast(jenis as varchar) as jenis,
        cast(kode_induk as varchar) as kode_induk
    from source
)

select * from renamed
order by kode
