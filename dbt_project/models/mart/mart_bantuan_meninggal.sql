select
    b.kode_wilayah,
    b.id_penduduk,
    b.jenis_bantuan,
    b.nominal,
    b.tanggal_salur,
    p.meninggal,
    b.tanggal_salur - p.meninggal as hari_sesudah
from {{ ref('fct_bantuan') }} as b
inner join {{ ref('dim_penduduk') }} as p on b.id_penduduk = p.id_penduduk and p.berlaku_sampai is null
where b.tanggal_salur > p.meninggal and b.diterima is not false
order by b.kode_wilayah, b.id_penduduk, b.tanggal_salur
