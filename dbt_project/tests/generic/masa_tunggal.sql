{% test masa_tunggal(model, kode, mulai, sampai) %}
    {# Fails for every version of a place that is empty or has not ended when the next one begins: on each
        day a code has one meaning at most. #}
    select {{ kode }}
    from {{ model }}
    qualify
        {{ sampai }} <= {{ mulai }}
        or lead({{ mulai }}) over (partition by {{ kode }} order by {{ mulai }})
        < coalesce({{ sampai }}, date '9999-12-31')
{% endtest %}
