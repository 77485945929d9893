{% macro edisi_dikenal(name) -%}
    {%- set unknown = "rebase: there is no edition " ~ name ~ " of kode wilayah; see conformed.dim_edisi" -%}
    select
        max(berlaku_mulai) as berlaku_mulai,
        coalesce(max(edisi), error({{ dbt.string_literal(unknown) }})) as edisi
    from edisi
    where edisi = {{ dbt.string_literal(name) }}
{%- endmacro %}
