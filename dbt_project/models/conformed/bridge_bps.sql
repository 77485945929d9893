select
    kode_bps,
    kode,
    tingkat,
    asal
from {{ source('satudata', 'jembatan') }}
order by kode_bps, kode
