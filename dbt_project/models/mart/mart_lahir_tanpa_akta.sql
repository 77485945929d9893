with akta as (
    select
        id_penduduk,
        year(tanggal_peristiwa) as tahun
    from {{ ref('fct_akta') }}
    where jenis = 'kelahiran'
)

select
    k.kode_wilayah,
    k.id_anak,
    k.id_ibu,
    k.id_faskes,
    k.tahun,
    k.jenis_kelamin
from {{ ref('fct_kelahiran') }} as k
semi join akta as a on k.tahun = a.tahun
anti join akta as b on k.id_anak = b.id_penduduk
where k.id_anak is not null
qualify row_number() over (partition by k.id_anak order by k.tahun, k.id_baris) = 1
order by k.kode_wilayah, k.id_anak
