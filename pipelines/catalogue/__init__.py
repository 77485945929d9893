"""What a release says of itself: every catalogue format, derived from the descriptors of its datasets."""

from pipelines.catalogue.atom import FEED, feed
from pipelines.catalogue.dataset import Dataset, DescriptorError, Withdrawn, datasets, withdrawn
from pipelines.catalogue.documents import beside, root
from pipelines.catalogue.kamus import DICTIONARY, dictionary, kamus_csv
from pipelines.catalogue.portal import Portal

__all__ = [
    "DICTIONARY",
    "FEED",
    "Dataset",
    "DescriptorError",
    "Portal",
    "Withdrawn",
    "beside",
    "datasets",
    "dictionary",
    "feed",
    "kamus_csv",
    "root",
    "withdrawn",
]
