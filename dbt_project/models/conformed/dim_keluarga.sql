select
    id_keluarga,
    kunci_versi,
    kode_wilayah,
    anggota,
    dalam_register
from {{ source('satudata', 'keluarga') }}
order by id_keluarga
