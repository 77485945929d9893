{#- Distances without the spatial extension, so that every client of the file has them.

    titik_bumi: a place on the WGS 84 ellipsoid in metres from the earth's centre.
    kubus: which cube of the grid with that edge, in metres, a point lies in.
    tali: the squared chord between two of them. Chords are in the order of the distances and cost no trigonometry.
    busur: metres along the earth for a squared chord. Its radius is the equator's and a metre, so that no chord is
    longer than the diameter. The result is the geodesic within 0.001 % up to 500 km and 0.05 % across Indonesia; a
    haversine on a sphere is 0.5 % off. -#}
{% macro fungsi_jarak() -%}
    create schema if not exists spasial;

    create or replace macro spasial.titik_bumi(lintang, bujur) as {
        'x': 6378137.0 / sqrt(1 - 0.00669437999014 * pow(sin(radians(lintang)), 2))
            * cos(radians(lintang)) * cos(radians(bujur)),
        'y': 6378137.0 / sqrt(1 - 0.00669437999014 * pow(sin(radians(lintang)), 2))
            * cos(radians(lintang)) * sin(radians(bujur)),
        'z': 6378137.0 / sqrt(1 - 0.00669437999014 * pow(sin(radians(lintang)), 2))
            * (1 - 0.00669437999014) * sin(radians(lintang))
    };

    create or replace macro spasial.kubus(bumi, rusuk) as list_transform(
        [bumi.x, bumi.y, bumi.z], lambda sumbu: cast(floor(sumbu / rusuk) as bigint)
    );

    create or replace macro spasial.tali(a, b) as
        pow(a.x - b.x, 2) + pow(a.y - b.y, 2) + pow(a.z - b.z, 2);

    create or replace macro spasial.busur(tali) as 2 * 6378138.0 * asin(sqrt(tali) / (2 * 6378138.0));

    create or replace macro spasial.jarak_m(lintang_a, bujur_a, lintang_b, bujur_b) as spasial.busur(
        spasial.tali(spasial.titik_bumi(lintang_a, bujur_a), spasial.titik_bumi(lintang_b, bujur_b))
    );
{%- endmacro %}
