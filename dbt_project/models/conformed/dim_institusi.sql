select
    id_institusi,
    jenis,
    kode,
    nama,
    kode_wilayah,
    lintang,
    bujur,
    berlaku_mulai,
    berlaku_sampai,
    sumber
from {{ source('satudata', 'institusi') }}
order by id_institusi, berlaku_mulai
