select
    dari,
    ke
from {{ source('satudata', 'alih_penduduk') }}
order by dari
