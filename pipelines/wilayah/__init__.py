"""A name or a code becomes `kode_wilayah` here and nowhere else (design section 7)."""

from pipelines.wilayah.resolve import join_condition, place_columns, resolve

__all__ = ["join_condition", "place_columns", "resolve"]
