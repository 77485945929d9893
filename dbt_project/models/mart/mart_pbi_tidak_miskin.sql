select
    j.kode_wilayah,
    j.id_penduduk,
    p.id_keluarga
from {{ ref('fct_peserta_jkn') }} as j
inner join {{ ref('dim_penduduk') }} as p on j.id_penduduk = p.id_penduduk and p.berlaku_sampai is null
anti join {{ ref('keluarga_miskin') }} as m on p.id_keluarga = m.id_keluarga
where j.segmen = 'PBI' and j.aktif and p.id_keluarga is not null
qualify row_number() over (partition by j.id_penduduk order by j.id_baris) = 1
order by j.kode_wilayah, j.id_penduduk
