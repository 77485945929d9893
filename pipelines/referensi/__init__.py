"""Reference data: which places there are, what they were called and coded, and where they lie."""

from pipelines.referensi.declare import ReferenceDataError
from pipelines.referensi.tables import install

__all__ = ["ReferenceDataError", "install"]
