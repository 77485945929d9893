with orang as (
    select * from {{ ref('dim_penduduk') }}
    where berlaku_sampai is null
),

-- The year that the list of aid speaks about; without one, nobody can be said to have got none.
kini as (
    select max(year(tanggal_salur)) as tahun from {{ ref('fct_bantuan') }}
),

anak as (
    select
        o.id_keluarga,
        count(*) as anak_usia_sekolah
    from orang as o
    inner join kini as k on k.tahun - o.tahun_lahir between 7 and 18
    where o.hidup
    group by o.id_keluarga
),

penerima as (
    select id_penduduk from {{ ref('fct_bantuan') }}
    where diterima is not false
),

dibantu as (
    select o.id_keluarga
    from orang as o
    semi join penerima as p on o.id_penduduk = p.id_penduduk
    union all
    -- The head on the list, also where the registers know no family of his or another one.
    select d.id_keluarga
    from {{ ref('fct_dtks') }} as d
    semi join penerima as p on d.id_penduduk = p.id_penduduk
)

select
    m.kode_wilayah,
    m.id_keluarga,
    m.desil,
    a.anak_usia_sekolah
from {{ ref('keluarga_miskin') }} as m
inner join anak as a on m.id_keluarga = a.id_keluarga
anti join dibantu as d on m.id_keluarga = d.id_keluarga
order by m.kode_wilayah, m.id_keluarga
