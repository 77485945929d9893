with source as (
    select
        unnest(
            generate_series(
                date '{{ var("waktu_mulai") }}', date '{{ var("waktu_akhir") }}', interval 1 day
            )
        ) as hari_ke
),

renamed as (
    select cast(hari_ke as date) as tanggal from source
),

calendar as (
    select
        tanggal,
        cast(year(tanggal) as integer) as tahun,
        cast(quarter(tanggal) + 1 as integer) // 2 as semester,
        cast(quarter(tanggal) as integer) as triwulan,
        cast(month(tanggal) as integer) as bulan,
        [
            'Januari', 'Februari', 'Maret', 'April', 'Mei', 'Juni',
            'Juli', 'Agustus', 'September', 'Oktober', 'November', 'Desember'
        ][month(tanggal)] as nama_bulan,
        cast(week(tanggal) as integer) as minggu_iso,
        cast(isoyear(tanggal) as integer) as tahun_iso,
        cast(isodow(tanggal) as integer) as hari,
        ['Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu', 'Minggu'][isodow(tanggal)] as nama_hari
    from renamed
)

select * from calendar
order by tanggal
