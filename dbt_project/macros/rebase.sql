-- noqa: disable=LT02
{#- A fact on the codes of one edition of kode wilayah, whatever editions its rows were written in.

    fact          relation with kode_wilayah
    to_edition    an edition of dim_edisi, such as '2025'; one that is not there stops the query
    counts        columns that may be added up; split by weight and summed, as DOUBLE
    rates         {name: [numerator, denominator]} or {name: [numerator, denominator, factor]}; each part is re-based,
                  then divided. Never list a rate under counts
    keys          columns to keep; rows that agree in them and in the new place become one
    date          SQL over the columns of fact: the day whose codes a row uses. A code that was not valid then is taken
                  as of the nearest day it was; NULL is the code's last day
    from_edition  instead of date: all rows use this edition

    Columns: keys, kode_wilayah, counts, rates, and what became of the row:
    perkiraan     part of a place was split off by weight, so the values are estimates
    tak_lengkap   a value was unknown beside known ones; the sum is of the known ones (NULL only where all are)
    naik          a place without a counterpart was counted at the one around it -#}
{% macro rebase(fact, to_edition, counts=[], rates={}, keys=[], date=none, from_edition=none) %}
    {% if (date is none) == (from_edition is none) %}
        {% do exceptions.raise_compiler_error("rebase: give date or from_edition (whose codes?)") %}
    {% endif %}
    {% set measures = counts | map("string") | list %}
    {% for parts in rates.values() %}
        {% do measures.extend(parts[:2]) %}
    {% endfor %}
    with edisi as (
        select
            edisi,
            berlaku_mulai,
            lead(berlaku_mulai) over (order by berlaku_mulai, edisi) as berikut,
            row_number() over (order by berlaku_mulai, edisi) = 1 as tertua
        from {{ ref('dim_edisi') }}
        where sistem = 'kemendagri'
    ),

    tujuan as ({{ edisi_dikenal(to_edition) }}),

    masa as (
        select
            kode,
            min(berlaku_mulai) as mulai,
            max(coalesce(berlaku_sampai, date '9999-12-31')) as sampai
        from {{ ref('dim_wilayah') }}
        group by kode
    ),

    fakta as (
        select
            *,
            {% if date is none %}
                (select berlaku_mulai from ({{ edisi_dikenal(from_edition) }})) as _hari
            {% else %}
                cast({{ date }} as date) as _hari
            {% endif %}
        from {{ fact }}
    ),

    hari as (
        select
            f.kode_wilayah as _dari,
            f._hari,
            least(greatest(coalesce(f._hari, m.sampai), m.mulai), m.sampai - 1) as berlaku
        from (select distinct kode_wilayah, _hari from fakta) as f
        inner join masa as m on f.kode_wilayah = m.kode
    ),

    letak as (
        select
            h._dari,
            h._hari,
            e.edisi
        from hari as h
        inner join edisi as e
            on
                (e.tertua or h.berlaku >= e.berlaku_mulai)
                and (e.berikut is null or h.berlaku < e.berikut)
    ),

    bagian as (
        select
            f.*,
            if(b.kode_asal is null, f.kode_wilayah, b.kode) as _ke,
            coalesce(b.bobot, 1) as _bobot,
            coalesce(b.naik, false) as _naik
        from fakta as f
        cross join tujuan as t
        left join letak as l on f.kode_wilayah = l._dari and f._hari is not distinct from l._hari
        left join {{ ref('bridge_wilayah_edisi') }} as b
            on l.edisi = b.edisi_asal and f.kode_wilayah = b.kode_asal and t.edisi = b.edisi_tujuan
        -- Always true: without it the edition would not be looked up where nothing ever changed.
        where t.edisi = {{ dbt.string_literal(to_edition) }}
    )

    select
        {% for key in keys %}
            {{ adapter.quote(key) }},
        {% endfor %}
        _ke as kode_wilayah,
        {% for count in counts %}
            sum(cast({{ adapter.quote(count) }} as double) * _bobot) as {{ adapter.quote(count) }},
        {% endfor %}
        {% for name, parts in rates.items() %}
            {% set atas, bawah = adapter.quote(parts[0]), adapter.quote(parts[1]) %}
            {{ parts[2] if parts | length > 2 else 1 }}
            * sum(cast({{ atas }} as double) * _bobot) filter (where {{ bawah }} is not null)
            / nullif(sum(cast({{ bawah }} as double) * _bobot) filter (where {{ atas }} is not null), 0)
            as {{ adapter.quote(name) }},
        {% endfor %}
        bool_or(_bobot < 1) as perkiraan,
        {% for measure in measures %}
            (count({{ adapter.quote(measure) }}) between 1 and count(*) - 1) or
        {% endfor %}
        false as tak_lengkap,
        bool_or(_naik) as naik
    from bagian
    group by {% for key in keys %}{{ adapter.quote(key) }}, {% endfor %} _ke
{% endmacro %}
