{% test wajib_terisi(model, columns) %}
    {#- Fails with the number of empty cells in the columns of the list; one scan for all of them. -#}
    {{- config(fail_calc="coalesce(sum(kosong), 0)") -}}
    unpivot (
        select
            {% for column in columns -%}
                nullif(count(*) - count({{ adapter.quote(column) }}), 0) as {{ adapter.quote(column) }}
                {{- "," if not loop.last }}
            {% endfor %}
        from {{ model }}
    )
    on columns(*) into name kolom value kosong
{% endtest %}
