-- A row speaks for the family it names and for the one its head lives in now: a mistyped KK number names a
-- family without members.
select
    k.id_keluarga,
    min(d.desil) as desil,
    arg_min(d.kode_wilayah, (d.desil, d.kode_wilayah)) as kode_wilayah
from {{ ref('fct_dtks') }} as d
left join {{ ref('dim_penduduk') }} as p on d.id_penduduk = p.id_penduduk and p.berlaku_sampai is null
cross join unnest([d.id_keluarga, p.id_keluarga]) as k (id_keluarga)
where d.desil between 1 and 4 and k.id_keluarga is not null
group by k.id_keluarga
order by k.id_keluarga
