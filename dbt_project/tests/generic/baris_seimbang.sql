{% test baris_seimbang(model) %}
    {#- Fails for every file of which a row was lost or counted twice. -#}
    select produsen, dataset, berkas
    from {{ model }}
    where baris_dibaca is distinct from baris_diterima + baris_karantina + baris_bukan_data
{% endtest %}
