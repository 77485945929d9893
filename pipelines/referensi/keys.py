"""The match key of a name, as SQL: what two spellings of one place have in common.

`Kab. Aceh Barat-Daya` and `KABUPATEN ACEH BARATDAYA` share the key `acehbaratdaya`; the word in
front says which kind of place is meant. A key is always compared within a level and a parent.
"""

from __future__ import annotations

from pipelines.contract.model import Tingkat

# Words before a name, by the kind of place they announce. Kampung, nagari and gampong are part of
# many official names and announce nothing.
_WORDS: dict[Tingkat, dict[str, str]] = {
    "provinsi": {"provinsi": "provinsi|propinsi|prov|prop"},
    "kabupaten_kota": {"kabupaten": "kabupaten|kab", "kota": "kota[^a-z0-9]*madya|kodya|kota"},
    "kecamatan": {"kecamatan": "kecamatan|kec|distrik|kapanewon|kemantren"},
    "desa_kelurahan": {"kelurahan": "kelurahan|kel", "desa": "kalurahan|desa|ds"},
}


def lowered(text: str) -> str:
    """SQL: lower case without diacritics."""
    return f"lower(strip_accents({text}))"


def key(text: str) -> str:
    """SQL: match key of `text`, which is already lowered."""
    return f"regexp_replace({text}, '[^a-z0-9]', '', 'g')"


def filled(text: str) -> str:
    """SQL: whether a cell says anything; dashes, dots and spaces alone do not."""
    return rf"coalesce(regexp_matches({text}, '[\pL\pN]'), false)"


def _prefix(level: Tingkat, words: str) -> str:
    """Regular expression of the words and what separates them from the name.

    'kotasemarang' and 'kabbanyumas' occur glued in file names. Below kabupaten a separator is
    needed: 'Kelapa' is not the kelurahan 'Apa'.
    """
    if level == "kabupaten_kota":
        return f"^[^a-z0-9]*(?:{words})[^a-z0-9]*(?:administrasi|administratif|adm)?[^a-z0-9]*"
    return f"^[^a-z0-9]*(?:{words})[^a-z0-9]+"


def kind(level: Tingkat, text: str) -> str:
    """SQL: kind of place that the word before the name announces; NULL for a bare name."""
    cases = (
        f"WHEN regexp_matches({text}, '{_prefix(level, words)}') THEN '{jenis}'"
        for jenis, words in _WORDS[level].items()
    )
    return f"CASE {' '.join(cases)} END"


def short_key(level: Tingkat, text: str) -> str:
    """SQL: match key without the word before the name."""
    words = "|".join(_WORDS[level].values())
    return key(f"regexp_replace({text}, '{_prefix(level, words)}', '')")


def slips(letters: str, most: int = 3) -> str:
    """SQL: how many letters may differ between two spellings of one name that has so many `letters` (SQL)."""
    # Two lists of a government are each other's proof, and abbreviate: 'K. Selayan' is 'Koto Selayan'. A cell has no
    # such proof, and three letters more are another place there: 'Karangtengah Lor'. So the caller may ask for less.
    return f"least({most}, CASE WHEN {letters} <= 6 THEN 1 WHEN {letters} < 12 THEN 2 ELSE 3 END)"


def near(a: str, b: str) -> str:
    """SQL: whether two match keys, each of an official list, may be spellings of one name."""
    return f"damerau_levenshtein({a}, {b}) <= {slips(f'least(length({a}), length({b}))')}"
