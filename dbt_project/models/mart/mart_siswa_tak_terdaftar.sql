select
    i.kode_wilayah,
    s.id_penduduk,
    s.id_sekolah,
    s.kelas
from {{ ref('fct_siswa') }} as s
left join {{ ref('dim_institusi') }} as i on s.id_sekolah = i.id_institusi and i.berlaku_sampai is null
anti join {{ ref('dim_penduduk') }} as p on s.id_penduduk = p.id_penduduk and p.dalam_register
where s.id_penduduk is not null
qualify row_number() over (partition by s.id_penduduk order by s.id_baris) = 1
order by i.kode_wilayah, s.id_penduduk
