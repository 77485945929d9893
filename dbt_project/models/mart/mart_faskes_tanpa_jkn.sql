select
    f.kode_wilayah,
    f.id_faskes,
    i.kode,
    i.nama
from {{ ref('fct_faskes') }} as f
left join {{ ref('dim_institusi') }} as i on f.id_faskes = i.id_institusi and i.berlaku_sampai is null
anti join {{ ref('fct_faskes_jkn') }} as j on f.id_faskes = j.id_faskes
where f.id_faskes is not null
qualify row_number() over (partition by f.id_faskes order by f.id_baris) = 1
order by f.kode_wilayah, f.id_faskes
