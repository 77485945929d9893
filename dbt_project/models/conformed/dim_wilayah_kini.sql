select
    kode,
    kode_bps,
    tingkat,
    nama,
    jenis,
    kode_induk,
    dasar_hukum,
    berlaku_mulai,
    berlaku_sampai,
    luas_km2,
    lintang,
    bujur
from {{ ref('dim_wilayah') }}
qualify row_number() over (partition by kode order by berlaku_mulai desc) = 1
order by kode
