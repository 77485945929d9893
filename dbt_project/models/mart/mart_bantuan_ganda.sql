select
    min(kode_wilayah) as kode_wilayah,
    id_penduduk,
    jenis_bantuan,
    year(tanggal_salur) as tahun,
    quarter(tanggal_salur) as triwulan,
    count(*) as kali,
    sum(nominal) as nominal,
    min(tanggal_salur) as salur_pertama,
    max(tanggal_salur) as salur_terakhir
from {{ ref('fct_bantuan') }}
where id_penduduk is not null and tanggal_salur is not null and diterima is not false
group by id_penduduk, jenis_bantuan, year(tanggal_salur), quarter(tanggal_salur)
having count(*) > 1
order by kode_wilayah, id_penduduk, jenis_bantuan, tahun, triwulan
