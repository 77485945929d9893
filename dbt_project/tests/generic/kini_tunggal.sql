-- noqa: disable=LT02
{% test kini_tunggal(model, kode, sampai) %}
    {# Fails for everything that has no state of today, or more than one. #}
    select {{ kode }}
    from {{ model }}
    group by {{ kode }}
    having count(*) filter (where {{ sampai }} is null) <> 1
{% endtest %}
