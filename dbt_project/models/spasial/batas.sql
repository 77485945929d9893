select
    kode,
    tingkat,
    jenis,
    nama,
    cast(geom as geometry) as geom
from {{ source('satudata', 'batas') }}
order by tingkat, kode
