"""Publishing: a draft of the release from the warehouse, and its approval. Nothing else makes a release."""

from pipelines.publish.inputs import Delivery, Inputs, Quality, ReleaseError, ReleaseResult
from pipelines.publish.release import confirm, prepare, release

__all__ = ["Delivery", "Inputs", "Quality", "ReleaseError", "ReleaseResult", "confirm", "prepare", "release"]
