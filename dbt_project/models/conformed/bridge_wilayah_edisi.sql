-- Step n leads from edition n - 1 to edition n (arah 1) or back (arah -1); a code without a row in a step
-- keeps its code. The steps are then walked from every edition to every other one.
with recursive edisi as (
    select
        edisi,
        berlaku_mulai,
        row_number() over (order by berlaku_mulai, edisi) as urutan
    from {{ ref('dim_edisi') }}
    where sistem = 'kemendagri'
),

anggota as (
    select
        e.urutan,
        w.kode,
        any_value(w.luas_km2) as luas
    from edisi as e
    inner join {{ ref('dim_wilayah') }} as w
        on
            e.berlaku_mulai >= w.berlaku_mulai
            and (w.berlaku_sampai is null or e.berlaku_mulai < w.berlaku_sampai)
    group by e.urutan, w.kode
),

perubahan as (
    select
        e.urutan,
        p.lama,
        p.baru,
        p.jenis,
        p.bobot
    from {{ ref('bridge_wilayah_perubahan') }} as p
    inner join edisi as e on p.edisi_baru = e.edisi
),

maju as (
    select
        urutan,
        lama,
        baru,
        sum(bobot) as bobot
    from perubahan
    where
        jenis in ('pindah', 'pecah', 'gabung', 'sebagian')
        and bobot > 0 and lama is not null and baru is not null
    group by urutan, lama, baru
),

-- A place that only received something was itself before, whole.
penerima as (
    select distinct
        m.urutan,
        m.baru as kode
    from maju as m
    semi join anggota as a on m.baru = a.kode and m.urutan - 1 = a.urutan
    anti join maju as keluar on m.urutan = keluar.urutan and m.baru = keluar.lama
),

asal_bagian as (
    select
        urutan,
        lama,
        baru,
        bobot
    from maju
    union all
    select
        urutan,
        kode as lama,
        kode as baru,  -- noqa: AL08
        1.0 as bobot
    from penerima
),

-- Back again, a place is divided among those it came from by the area each gave; by equal parts where the
-- area of one is unknown.
ukuran as (
    select
        b.urutan,
        b.lama,
        b.baru,
        b.bobot * if(
            bool_and(coalesce(a.luas > 0, false)) over (partition by b.urutan, b.baru), a.luas, 1
        ) as besar
    from asal_bagian as b
    left join anggota as a on b.lama = a.kode and b.urutan - 1 = a.urutan
),

langkah as (
    select
        1 as arah,
        urutan,
        lama as dari,
        baru as ke,
        bobot
    from maju
    union all
    select
        -1 as arah,
        urutan,
        baru as dari,
        lama as ke,
        besar / sum(besar) over (partition by urutan, baru) as bobot
    from ukuran
),

-- Founded from nothing, or gone without a successor: counted at the finest place around it that is neither.
putus as (
    select distinct
        if(jenis = 'hapus', 1, -1) as arah,
        urutan,
        if(jenis = 'hapus', lama, baru) as dari
    from perubahan
    where jenis in ('hapus', 'baru')
),

sendiri as (
    select p.* from putus as p
    anti join langkah as l on p.arah = l.arah and p.urutan = l.urutan and p.dari = l.dari
),

sekeliling as (
    select
        arah,
        urutan,
        dari,
        unnest([dari[1:2], dari[1:5], dari[1:8]]) as atas
    from sendiri
),

induk as (
    select
        s.arah,
        s.urutan,
        s.dari,
        max(s.atas) as atas
    from sekeliling as s
    anti join sendiri as x on s.arah = x.arah and s.urutan = x.urutan and s.atas = x.dari
    group by s.arah, s.urutan, s.dari
),

peta as (
    select
        arah,
        urutan,
        dari,
        ke,
        bobot,
        false as naik
    from langkah
    union all
    select
        i.arah,
        i.urutan,
        i.dari,
        coalesce(l.ke, i.atas) as ke,
        coalesce(l.bobot, 1) as bobot,
        true as naik
    from induk as i
    left join langkah as l on i.arah = l.arah and i.urutan = l.urutan and i.atas = l.dari
),

berubah as (
    select dari as kode from peta
    union
    select kode from anggota
    group by kode
    having count(*) < (select count(*) from edisi)
),

jalur as (
    select
        a.urutan as asal,
        t.arah,
        a.urutan,
        a.kode as kode_asal,
        a.kode,  -- noqa: AL08
        cast(1 as double) as bobot,
        false as naik
    from anggota as a
    semi join berubah as b on a.kode = b.kode
    cross join (values (1), (-1)) as t (arah)
    union all
    select
        j.asal,
        j.arah,
        j.urutan + j.arah as urutan,
        j.kode_asal,
        coalesce(p.ke, j.kode) as kode,
        j.bobot * coalesce(p.bobot, 1) as bobot,
        j.naik or coalesce(p.naik, false) as naik
    from jalur as j
    left join peta as p
        on j.arah = p.arah and j.kode = p.dari and p.urutan = if(j.arah = 1, j.urutan + 1, j.urutan)
    where j.urutan + j.arah between 1 and (select count(*) from edisi)
),

jumlah as (
    select
        asal,
        kode_asal,
        urutan,
        kode,
        sum(bobot) as bobot,
        bool_or(naik) as naik
    from jalur
    where urutan <> asal
    group by asal, kode_asal, urutan, kode
),

-- What the changes do not explain still ends at a place that the edition has: the finest one around it.
-- (The candidates are unnested, because a join on a list of codes would compare every pair.)
calon as (
    select
        *,
        unnest([kode, kode[1:8], kode[1:5], kode[1:2]]) as atas
    from jumlah
),

tiba as (
    select
        c.asal,
        c.kode_asal,
        c.urutan,
        max(a.kode) as kode,
        any_value(c.bobot) as bobot,
        any_value(c.naik) as naik
    from calon as c
    left join anggota as a on c.urutan = a.urutan and c.atas = a.kode
    group by c.asal, c.kode_asal, c.urutan, c.kode
)

select
    asal.edisi as edisi_asal,
    t.kode_asal,
    tujuan.edisi as edisi_tujuan,
    t.kode,
    round(sum(t.bobot), 12) as bobot,
    bool_or(t.naik or t.kode is null or length(t.kode) < length(t.kode_asal)) as naik
from tiba as t
inner join edisi as asal on t.asal = asal.urutan
inner join edisi as tujuan on t.urutan = tujuan.urutan
group by asal.edisi, t.kode_asal, tujuan.edisi, t.kode
order by asal.edisi, t.kode_asal, tujuan.edisi, t.kode
