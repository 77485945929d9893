-- Macros shared by the data standards; run once on a connection before any standard's SQL.
--
-- Every parser takes delivered text and returns canonical text. What it cannot read comes back only
-- trimmed, so that the standard's rule fails and the finding shows the value; never NULL, never an error.
-- The plain case is a cheap first branch, because ten million rows pass here each night.
-- `list_transform([v], lambda t_: ...)[1]` means "let t_ = v": a macro's argument is otherwise
-- computed again at each place where it is used.

-- Text ----------------------------------------------------------------------------------------------

-- Trimmed, each run of blanks (NBSP, tab, line break) as one space, zero-width characters removed.
CREATE OR REPLACE MACRO rapikan(x) AS CASE
    WHEN x >= '!' AND NOT ends_with(x, ' ') AND strlen(x) = length(x) AND NOT contains(x, '  ')
        AND NOT contains(x, chr(9)) AND NOT contains(x, chr(10)) AND NOT contains(x, chr(13)) THEN x
    ELSE trim(regexp_replace(regexp_replace(x, '\p{Cf}', '', 'g'), '[\p{Z}\p{Cc}]+', ' ', 'g'))
END;

-- Whether text shows damage from a wrong encoding or a broken spreadsheet formula.
CREATE OR REPLACE MACRO teks_rusak(x) AS
    (strlen(x) <> length(x) AND regexp_matches(x, '\x{FFFD}|â€|Ã[\x{80}-\x{BF}]|Â[ \x{A0}-\x{BF}]'))
    OR (starts_with(x, '#') AND regexp_full_match(x, '#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)'));

-- Numbers -------------------------------------------------------------------------------------------

-- A plain integer that fits 64 bits: the cast gives back exactly what was there.
CREATE OR REPLACE MACRO angka_polos(x) AS coalesce(TRY_CAST(x AS BIGINT)::VARCHAR = x, false);

-- Without leading zeros, with a digit before the point, without a negative zero.
CREATE OR REPLACE MACRO angka_nol(v) AS list_transform([v], lambda t_: CASE
    WHEN t_ >= '1' THEN t_
    WHEN regexp_matches(t_, '^-?(0\d|\.)|^-0(\.0+)?$') THEN regexp_replace(regexp_replace(regexp_replace(
        t_, '^(-?)0+(\d)', '\1\2'), '^(-?)\.', '\10.'), '^-(0(\.0+)?)$', '\1')
    ELSE t_
END)[1];

-- Marks of thousands and decimals resolved; NULL when it is no number, or could be two.
-- Both marks: the last is the decimal. One mark before exactly three digits: the locale decides
-- ('id' 1.234 is a thousand, 'en' 1,234 is; 'auto' refuses). Any other single mark is a decimal.
CREATE OR REPLACE MACRO angka_urai(t, lokal) AS CASE
    WHEN regexp_full_match(t, '-?\d+') THEN t
    WHEN regexp_full_match(t, '-?[1-9]\d{0,2}[.,]\d{3}') THEN CASE lokal
        WHEN 'id' THEN replace(replace(t, '.', ''), ',', '.')
        WHEN 'en' THEN replace(t, ',', '')
    END
    WHEN regexp_full_match(t, '-?\d*\.\d+|-?[1-9]\d{0,2}((,\d{3})+|( \d{3})+)\.\d+')
        THEN replace(replace(t, ',', ''), ' ', '')
    WHEN regexp_full_match(t, '-?\d*,\d+|-?[1-9]\d{0,2}((\.\d{3})+|( \d{3})+),\d+')
        THEN replace(replace(replace(t, '.', ''), ' ', ''), ',', '.')
    WHEN regexp_full_match(t, '-?[1-9]\d{0,2}((\.\d{3}){2,}|(,\d{3}){2,}|( \d{3})+)')
        THEN replace(replace(replace(t, '.', ''), ',', ''), ' ', '')
    -- Excel's and pandas' notation; 38 digits hold it exactly down to E-15, below that it is refused.
    WHEN regexp_full_match(t, '-?\d{1,17}([.,]\d{1,17})?[eE](\+?\d{1,2}|-(0?\d|1[0-5]))')
        THEN regexp_replace(TRY_CAST(replace(t, ',', '.') AS DECIMAL(38, 18))::VARCHAR, '\.?0+$', '')
END;

-- Without footnote marks; (5) and the typographic minus signs become -5.
CREATE OR REPLACE MACRO angka_bersih(x) AS regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    rapikan(x), ' ?\*+\)?$', ''), '^\( ?([^()]+?) ?\)$', '-\1'), '^[-−–‒] ?', '-'), '^\+ ?', '');

-- A number as angka below, or NULL.
CREATE OR REPLACE MACRO angka_atau_null(x, lokal) AS list_transform(
    [CASE WHEN regexp_full_match(x, '[-0-9.,]+') THEN x ELSE angka_bersih(x) END],
    lambda b_: angka_nol(angka_urai(b_, lokal)))[1];

-- A measure as '-1234.5': no thousands mark, no exponent, as many decimals as were delivered.
CREATE OR REPLACE MACRO angka(x, lokal) AS CASE
    WHEN angka_polos(x) THEN x
    WHEN regexp_full_match(x, '(0|-?[1-9]\d*)\.(\d{1,2}|\d{4,})|-?[1-9]\d{3,}\.\d+') THEN x
    WHEN regexp_full_match(x, '(0|-?[1-9]\d*),(\d{1,2}|\d{4,})') THEN replace(x, ',', '.')
    WHEN lokal = 'id' AND regexp_full_match(x, '[1-9]\d{0,2}(\.\d{3})+') THEN replace(x, '.', '')
    WHEN lokal = 'en' AND regexp_full_match(x, '[1-9]\d{0,2}(,\d{3})+') THEN replace(x, ',', '')
    ELSE coalesce(angka_atau_null(x, lokal), rapikan(x))
END;

-- A count: as angka, and 12.0 is 12 (12.5 stays, and its rule fails).
CREATE OR REPLACE MACRO bilangan(x, lokal) AS CASE
    WHEN angka_polos(x) THEN x
    ELSE regexp_replace(angka(x, lokal), '^(-?\d+)\.0+$', '\1')
END;

-- A share, with or without its % sign.
CREATE OR REPLACE MACRO persen(x, lokal) AS CASE
    WHEN angka_polos(x) THEN x
    WHEN regexp_full_match(x, '(0|-?[1-9]\d*)\.(\d{1,2}|\d{4,})') THEN x
    ELSE coalesce(
        list_transform([regexp_replace(rapikan(x), ' ?(%|persen)( ?\*+\)?)?$', '', 'i')],
            lambda p_: angka_atau_null(p_, lokal))[1],
        rapikan(x))
END;

-- Rupiah --------------------------------------------------------------------------------------------

CREATE OR REPLACE MACRO rupiah_skala(label, kali) AS CASE
    WHEN label = '' THEN kali::BIGINT
    WHEN label IN ('ribu', 'rb') THEN 1000
    WHEN label IN ('juta', 'jt') THEN 1000000
    WHEN label IN ('miliar', 'milyar', 'm') THEN 1000000000
    ELSE 1000000000000
END;

-- n (canonical) times skala, in whole sen; beyond 18 digits a text that is no number, so that its rule fails.
CREATE OR REPLACE MACRO rupiah_kali(n, skala) AS CASE
    WHEN skala = 1 THEN n
    WHEN abs(TRY_CAST(n AS DOUBLE)) * skala < 1e18 THEN regexp_replace(
        (TRY_CAST(n AS DECIMAL(38, 14)) * skala)::DECIMAL(20, 2)::VARCHAR, '\.00$', '')
    ELSE n || ' x ' || skala
END;

-- t is lower case and bare: number, then perhaps a scale (ribu, juta, miliar or m, triliun or t).
CREATE OR REPLACE MACRO rupiah_urai(t, lokal, kali) AS list_transform(
    [regexp_extract(t, '^(.*?) ?(ribu|rb|juta|jt|miliar|milyar|m|triliun|trilyun|t)?\.?$', ['n', 's'])],
    lambda r_: rupiah_kali(angka_atau_null(r_.n, lokal), rupiah_skala(r_.s, kali)))[1];

-- An amount in rupiah. `kali` is the scale of numbers that bear no label of their own.
CREATE OR REPLACE MACRO rupiah(x, lokal, kali) AS CASE
    WHEN kali = 1 AND angka_polos(x) THEN x
    WHEN kali = 1 AND regexp_full_match(x, '[-0-9.,]*[0-9]') THEN angka(x, lokal)
    ELSE coalesce(
        rupiah_urai(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            lower(rapikan(x)), '[.,]+-+( ?\))?$', '\1'), '(?:rp|idr)\.? ?', ''), ' ?rupiah$', ''),
            ' ?\*+\)?$', ''), lokal, kali),
        rapikan(x))
END;

-- Time ----------------------------------------------------------------------------------------------

-- Month number of a lower-case Indonesian or English name or abbreviation; NULL when it is none.
CREATE OR REPLACE MACRO bulan_angka(b) AS CASE
    WHEN NOT regexp_full_match(b, '(jan(uari|uary)?|[fp]eb(ruari|ruary)?|mar(et|ch)?|apr(il)?|mei|may|jun[ie]?'
        || '|jul[iy]?|agu(s|st|stus)?|agt|ags|aug(ust)?|sep(t|tember)?|o[kc]t(ober)?|no[vp](ember)?'
        || '|de[sc](ember)?)\.?') THEN NULL
    ELSE CASE substr(b, 1, 3)
        WHEN 'jan' THEN 1 WHEN 'feb' THEN 2 WHEN 'peb' THEN 2 WHEN 'mar' THEN 3 WHEN 'apr' THEN 4
        WHEN 'mei' THEN 5 WHEN 'may' THEN 5 WHEN 'jun' THEN 6 WHEN 'jul' THEN 7 WHEN 'sep' THEN 9
        WHEN 'okt' THEN 10 WHEN 'oct' THEN 10 WHEN 'nov' THEN 11 WHEN 'nop' THEN 11 WHEN 'des' THEN 12
        WHEN 'dec' THEN 12 ELSE 8
    END
END;

-- A two-digit year: 00-29 is 20xx, 50-99 is 19xx; 30-49 may be a birth or a plan and is not guessed.
CREATE OR REPLACE MACRO tahun_penuh(y) AS CASE
    WHEN strlen(y) = 4 THEN y WHEN y < '30' THEN '20' || y WHEN y >= '50' THEN '19' || y
END;

CREATE OR REPLACE MACRO tanggal_nama(t) AS list_transform([regexp_extract(t,
    '^(?:(?:senin|selasa|rabu|kamis|jum''?at|sabtu|minggu|ahad),? ?)?(\d{1,2}) ?[-/.]? ?([a-z]{3,9})\.? ?[-/,]? ?(\d{4}|\d{2})$',
    ['h', 'b', 't'])], lambda d_: CASE WHEN d_.h <> ''
        THEN TRY_CAST(tahun_penuh(d_.t) || '-' || bulan_angka(d_.b) || '-' || d_.h AS DATE)::VARCHAR END)[1];

-- The day of a timestamp as written; one that says UTC is the day in Jawa Tengah (WIB, UTC+7).
CREATE OR REPLACE MACRO tanggal_waktu(t) AS list_transform([regexp_extract(t,
    '^(\d{4}[-/]\d{1,2}[-/]\d{1,2})[t ](\d{1,2}:\d{2})(?::\d{2}(?:[.,]\d+)?)? ?(z|utc|[+-]\d{2}:?(?:\d{2})?)?$',
    ['h', 'j', 'z'])], lambda w_: CASE
        WHEN w_.h = '' THEN NULL
        WHEN w_.z IN ('z', 'utc', '+00', '+0000', '+00:00') THEN
            (TRY_CAST(replace(w_.h, '/', '-') || ' ' || w_.j AS TIMESTAMP) + INTERVAL 7 HOUR)::DATE::VARCHAR
        WHEN regexp_full_match(w_.z, '(\+0[789](:?00)?)?') THEN TRY_CAST(replace(w_.h, '/', '-') AS DATE)::VARCHAR
    END)[1];

CREATE OR REPLACE MACRO tanggal_urai(v) AS list_transform([v], lambda t_: CASE
    WHEN regexp_full_match(t_, '\d{1,2} ?[-/.] ?\d{1,2} ?[-/.] ?\d{4}( \d{1,2}[:.]\d{2}([:.]\d{2})?)?') THEN
        TRY_CAST(regexp_replace(t_, '^(\d{1,2}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4}).*$', '\3-\2-\1') AS DATE)::VARCHAR
    WHEN regexp_full_match(t_, '\d{4}[-/]\d{1,2}[-/]\d{1,2}') THEN TRY_CAST(replace(t_, '/', '-') AS DATE)::VARCHAR
    WHEN regexp_full_match(t_, '(19|20|21)\d{6}') THEN TRY_CAST(
        substr(t_, 1, 4) || '-' || substr(t_, 5, 2) || '-' || substr(t_, 7, 2) AS DATE)::VARCHAR
    ELSE coalesce(tanggal_nama(t_), tanggal_waktu(t_))
END)[1];

-- A day as YYYY-MM-DD, the day first wherever no name or ISO order says otherwise.
CREATE OR REPLACE MACRO tanggal_iso(x) AS CASE
    WHEN strlen(x) = 10 AND coalesce(TRY_CAST(x AS DATE)::VARCHAR = x, false) THEN x
    WHEN regexp_full_match(x, '\d{2}/\d{2}/\d{4}') THEN coalesce(try_strptime(x, '%d/%m/%Y')::DATE::VARCHAR, x)
    ELSE coalesce(tanggal_urai(lower(rapikan(x))), rapikan(x))
END;

-- A month as '1' to '12', from a number, a name or a Roman numeral.
CREATE OR REPLACE MACRO bulan(x) AS CASE
    WHEN angka_polos(x) THEN x
    ELSE list_transform([lower(rapikan(x))], lambda t_: coalesce(
        CASE WHEN regexp_full_match(t_, '0?\d{1,2}(\.0+)?') THEN regexp_extract(t_, '^0?(\d+)', 1) END,
        bulan_angka(t_)::VARCHAR,
        list_position(['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii'], t_)::VARCHAR,
        rapikan(x)))[1]
END;

-- A year as four digits, without a spreadsheet's .0 and the mark of a provisional figure.
CREATE OR REPLACE MACRO tahun(x) AS CASE
    WHEN angka_polos(x) THEN x
    ELSE regexp_replace(rapikan(x), '^(?:tahun )?(\d{4})(?:\.0+)?(?: ?\*+\)?)?$', '\1', 'i')
END;

-- A week as '1' to '53', also from 'Minggu ke-5' or 'M05'.
CREATE OR REPLACE MACRO minggu(x) AS CASE
    WHEN angka_polos(x) THEN x
    ELSE regexp_replace(rapikan(x), '^(?:(?:minggu|mg|m|w)\.?(?: ?ke)?[- ]?)?0?(\d{1,2})(?:\.0+)?$', '\1', 'i')
END;

-- Codes ---------------------------------------------------------------------------------------------

-- Predicates put the cheap test in a CASE: only there does DuckDB leave out the rest for rows that pass.

-- Whether a code went through a floating-point number: 3.32E+15, or 16 and more digits with .0
CREATE OR REPLACE MACRO kode_rusak(x) AS CASE
    WHEN contains(x, '+') OR contains(x, '.') OR contains(x, ',')
        THEN regexp_full_match(x, '\d([.,]\d+)?[eE]\+\d{1,3}|\d{16,}[.,]0+')
    ELSE false
END;

-- Without apostrophes, blanks, dots and dashes. A float's .0 goes while its digits are all there (15).
CREATE OR REPLACE MACRO kode_bersih(x) AS CASE
    WHEN angka_polos(x) THEN x
    WHEN starts_with(x, '''') AND angka_polos(substr(x, 2)) THEN substr(x, 2)
    WHEN regexp_full_match(x, '[0-9A-Z]+') THEN x
    ELSE list_transform([regexp_replace(rapikan(x), '[''’‘`´ ]', '', 'g')], lambda t_: CASE
        WHEN t_ = '' THEN rapikan(x)
        WHEN kode_rusak(t_) THEN t_
        WHEN regexp_full_match(t_, '\d{1,15}[.,]0{1,2}') THEN regexp_extract(t_, '^\d+')
        ELSE coalesce(nullif(regexp_replace(t_, '[.\-‐‑–]', '', 'g'), ''), t_)
    END)[1]
END;

-- One digit over and over, or counted up: typed to get past an obligatory field.
CREATE OR REPLACE MACRO kode_pengganti(x) AS CASE
    WHEN substr(x, 1, 4) = '1234' THEN strlen(x) >= 8 AND starts_with('123456789012345678', x)
    WHEN substr(x, 1, 4) IN ('0000', '1111', '2222', '3333', '4444', '5555', '6666', '7777', '8888', '9999')
        THEN x = repeat(substr(x, 1, 1), strlen(x)::BIGINT)
    ELSE false
END;

-- Sixteen digits with a day (41-71 for women) and a month in them.
CREATE OR REPLACE MACRO nik_bentuk(x) AS regexp_full_match(x,
    '[1-9]\d{5}(0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(0[1-9]|1[0-2])\d{6}');

-- Whether that day is in no calendar: the 31st of a short month, 30 February, 29 February of a common year.
-- The year's two digits are enough: 2000 was a leap year, and nobody born on 29 February 1900 has a NIK.
CREATE OR REPLACE MACRO nik_tanggal_mustahil(x) AS CASE
    WHEN substr(x, 7, 2) IN ('29', '30', '31', '69', '70', '71') THEN regexp_full_match(x,
        '[1-9]\d{5}([37]1(0[2469]|11)\d{2}|[37]002\d{2}|[26]902([02468][1235679]|[13579][01345789]))\d{4}')
    ELSE false
END;

-- Whether digits begin with the Kemendagri code of a provinsi.
CREATE OR REPLACE MACRO kode_provinsi_ada(x) AS substr(x, 1, 2) IN (
    '11', '12', '13', '14', '15', '16', '17', '18', '19', '21', '31', '32', '33', '34', '35', '36',
    '51', '52', '53', '61', '62', '63', '64', '65', '71', '72', '73', '74', '75', '76', '81', '82',
    '91', '92', '93', '94', '95', '96');

-- The check digit (Luhn) of nine digits, from position i of x.
CREATE OR REPLACE MACRO luhn9(x, i) AS (
    TRY_CAST(substr(x, i, 1) AS INTEGER) + TRY_CAST(substr(x, i + 2, 1) AS INTEGER)
    + TRY_CAST(substr(x, i + 4, 1) AS INTEGER) + TRY_CAST(substr(x, i + 6, 1) AS INTEGER)
    + TRY_CAST(substr(x, i + 8, 1) AS INTEGER)
    + TRY_CAST(translate(substr(x, i + 1, 1), '123456789', '246813579') AS INTEGER)
    + TRY_CAST(translate(substr(x, i + 3, 1), '123456789', '246813579') AS INTEGER)
    + TRY_CAST(translate(substr(x, i + 5, 1), '123456789', '246813579') AS INTEGER)
    + TRY_CAST(translate(substr(x, i + 7, 1), '123456789', '246813579') AS INTEGER)) % 10 = 0;

-- A place code in the form of its system. Undotted Kemendagri codes get their dots when the length is
-- that of the level; '33.1' (33.10 read as a number) stays as it is, because nobody can tell.
CREATE OR REPLACE MACRO kode_wilayah(x, sistem, tingkat) AS CASE
    WHEN sistem = 'bps' AND angka_polos(x) THEN x
    WHEN sistem = 'kemendagri' AND regexp_full_match(x, '\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?') THEN x
    ELSE list_transform([regexp_replace(regexp_replace(rapikan(x), '[''’‘`´ ]', '', 'g'), '^(\d+)\.0$', '\1')],
        lambda t_: CASE
            WHEN t_ = '' THEN rapikan(x)
            WHEN sistem <> 'kemendagri' THEN t_
            WHEN tingkat = 'kabupaten_kota' THEN regexp_replace(t_, '^(\d{2})(\d{2})$', '\1.\2')
            WHEN tingkat = 'kecamatan' THEN regexp_replace(t_, '^(\d{2})(\d{2})(\d{2})$', '\1.\2.\3')
            WHEN tingkat = 'desa_kelurahan' THEN
                regexp_replace(t_, '^(\d{2})(\d{2})(\d{2})(\d{4})$', '\1.\2.\3.\4')
            ELSE t_
        END)[1]
END;

CREATE OR REPLACE MACRO kode_wilayah_bentuk(x, sistem, tingkat) AS regexp_full_match(x, CASE
    WHEN sistem = 'bps' THEN CASE tingkat
        WHEN 'provinsi' THEN '[1-9]\d'
        WHEN 'kabupaten_kota' THEN '[1-9]\d(0[1-9]|[1-6]\d|7[1-9]|[89]\d)'
        WHEN 'kecamatan' THEN '[1-9]\d(0[1-9]|[1-6]\d|7[1-9]|[89]\d)\d{3}'
        ELSE '[1-9]\d(0[1-9]|[1-6]\d|7[1-9]|[89]\d)\d{6}' END
    ELSE CASE tingkat
        WHEN 'provinsi' THEN '[1-9]\d'
        WHEN 'kabupaten_kota' THEN '[1-9]\d\.(0[1-9]|[1-6]\d|7[1-9]|[89]\d)'
        WHEN 'kecamatan' THEN '[1-9]\d\.(0[1-9]|[1-6]\d|7[1-9]|[89]\d)\.\d{2}'
        ELSE '[1-9]\d\.(0[1-9]|[1-6]\d|7[1-9]|[89]\d)\.\d{2}\.[123]\d{3}' END
END);

-- Places and contacts -------------------------------------------------------------------------------

-- Decimal degrees; a coordinate always has decimals, so one comma is the decimal mark.
CREATE OR REPLACE MACRO koordinat(x) AS CASE
    WHEN regexp_full_match(x, '-?\d{1,3}\.\d+') THEN x
    ELSE list_transform([regexp_replace(regexp_replace(rapikan(x), '°$', ''), '^[-−–‒] ?', '-')], lambda t_:
        CASE WHEN regexp_full_match(t_, '-?\d{1,3}([.,]\d+)?') THEN replace(t_, ',', '.') ELSE rapikan(x) END)[1]
END;

-- Whether (east, north) are metres somewhere in Indonesia: of a UTM zone, or of the web's Mercator.
CREATE OR REPLACE MACRO koordinat_meter(e, n) AS list_transform(
    [[TRY_CAST(angka(e, 'id') AS DOUBLE), TRY_CAST(angka(n, 'id') AS DOUBLE)]], lambda m_:
    (m_[1] BETWEEN 100000 AND 900000 AND (m_[2] BETWEEN 8700000 AND 10000000 OR m_[2] BETWEEN 1000 AND 730000))
    OR (m_[1] BETWEEN 10500000 AND 15800000 AND abs(m_[2]) BETWEEN 1000 AND 1300000))[1];

-- Whether a coordinate is written in degrees and minutes, perhaps seconds: 7°32'10"S, 7 32 10 LS, 110:18:45.
-- Never read as a number: a letter for the hemisphere, lost or wrong, moves the point by thousands of kilometres.
CREATE OR REPLACE MACRO koordinat_menit(x) AS regexp_full_match(x,
    '(?i)([nsewbtu]|l[su]|b[tb])?\.? ?-?\d{1,3} ?([°º˚d:*]|deg| ) ?[0-5]?\d([.,]\d+)? ?([''’′´`m:]|min| )?'
    || ' ?([0-5]?\d([.,]\d+)? ?(["”″''’′´`s]|sec){0,2})? ?([nsewbtu]|l[su]|b[tb])?\.?');

-- Digits as dialled in the country: +62 281 123456 is 0281123456.
CREATE OR REPLACE MACRO telepon(x) AS coalesce(nullif(regexp_replace(regexp_replace(
    kode_bersih(x), '[()]', '', 'g'), '^\+?620?(\d{7,})$', '0\1'), ''), rapikan(x));
