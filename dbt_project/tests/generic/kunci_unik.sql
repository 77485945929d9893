{% test kunci_unik(model, columns) %}
    {#- Fails for every complete key that stands in more than one row. As in SQL's own UNIQUE, a key with an
        empty part equals no other; `wajib_terisi` decides whether it may be empty. -#}
    select count(*) as baris
    from {{ model }}
    where
        {% for column in columns -%}
            {{ adapter.quote(column) }} is not null{{ " and" if not loop.last }}
        {% endfor %}
    group by
        {% for column in columns -%}
            {{ adapter.quote(column) }}{{ "," if not loop.last }}
        {% endfor %}
    having count(*) > 1
{% endtest %}
