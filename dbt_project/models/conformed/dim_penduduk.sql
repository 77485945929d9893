select
    id_penduduk,
    kunci_versi,
    id_keluarga,
    tahun_lahir,
    tahun_lahir_sumber,
    jenis_kelamin,
    jenis_kelamin_sumber,
    kode_wilayah,
    kode_wilayah_sumber,
    berlaku_mulai,
    berlaku_sampai,
    hidup,
    meninggal,
    meninggal_sumber,
    dalam_register
from {{ source('satudata', 'penduduk') }}
order by id_penduduk, berlaku_mulai
