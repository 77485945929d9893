-- noqa: disable=LT02
{% test bobot_penuh(model, bobot, per, among) %}
    {# Fails for every group that gives away more or less than its whole. #}
    select {{ per | join(", ") }}
    from {{ model }}
    where {{ among }}
    group by {{ per | join(", ") }}
    having abs(sum({{ bobot }}) - 1) > 1e-6
{% endtest %}
