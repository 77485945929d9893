"""A finished release on a CKAN portal: sent so that only what changed is written, and read back."""

from pipelines.ckan.errors import CkanError
from pipelines.ckan.push import PushResult, push
from pipelines.ckan.verify import verify

__all__ = ["CkanError", "PushResult", "push", "verify"]
