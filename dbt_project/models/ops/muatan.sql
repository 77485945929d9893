with source as (
    select * from {{ source('satudata', 'muatan') }}
),

renamed as (
    select
        produsen,
        dataset,
        versi,
        berkas,
        status,
        cast(baris_dibaca as bigint) as baris_dibaca,
        cast(baris_diterima as bigint) as baris_diterima,
        cast(baris_karantina as bigint) as baris_karantina,
        cast(baris_bukan_data as bigint) as baris_bukan_data,
        -- A file that was never opened has no times; the offset in the text is honoured.
        timezone('UTC', cast(nullif(mulai, '') as timestamptz)) as mulai,
        timezone('UTC', cast(nullif(selesai, '') as timestamptz)) as selesai
    from source
)

select * from renamed
