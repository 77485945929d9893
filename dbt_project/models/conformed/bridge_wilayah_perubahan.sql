select
    lama,
    baru,
    jenis,
    bobot,
    dasar_hukum,
    edisi_lama,
    edisi_baru,
    tanggal
from {{ source('satudata', 'perubahan') }}
order by tanggal, lama, baru
