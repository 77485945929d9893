select
    a.kode_wilayah,
    a.id_penduduk,
    a.tanggal_peristiwa,
    a.tanggal_lapor
from {{ ref('fct_akta') }} as a
semi join {{ ref('fct_kelahiran') }} as k on year(a.tanggal_peristiwa) = k.tahun
anti join {{ ref('fct_kelahiran') }} as b on a.id_penduduk = b.id_anak
where a.jenis = 'kelahiran' and a.id_penduduk is not null
qualify row_number() over (partition by a.id_penduduk order by a.tanggal_lapor, a.id_baris) = 1
order by a.kode_wilayah, a.id_penduduk
