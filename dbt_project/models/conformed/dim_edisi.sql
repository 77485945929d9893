select
    edisi,
    sistem,
    berlaku_mulai,
    dasar_hukum
from {{ source('satudata', 'edisi') }}
order by sistem, berlaku_mulai
