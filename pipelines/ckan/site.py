"""CKAN's action API over HTTP, through ckanapi: every answer is a result, nothing, or one of our errors."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import ckanapi
import requests

from pipelines.ckan.errors import CkanError, PassingError, RefusedError, forbidden, invalid, too_large
from pipelines.ckan.multipart import Form

TIMEOUT = (10.0, 300.0)
"""Seconds to connect, and to wait for an answer: CKAN copies a file before it answers."""
_PIECE = 1 << 20
_IN_KEY = set(string.ascii_letters + string.digits + string.punctuation)


class Site:
    """One CKAN, and one user's key to it; a context manager.

    `writes` counts the calls that change something, `sent` the bytes of files; `open` says that the key travels
    unencrypted; `datastore` and `licences` are known after `check`. Raises CkanError if the address or the key
    cannot be one.
    """

    def __init__(self, url: str, key: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:  # half an IPv6 address
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise CkanError("the address of CKAN must look like https://data.example.go.id, without a user in it")
        key = key.strip()
        if not key or not set(key) <= _IN_KEY:  # requests would show a key that cannot be a header
            raise CkanError("the API key is empty or has characters that no key has: copy it anew from CKAN")
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self.open = parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")
        self.writes = 0
        self.sent = 0
        self.datastore = False
        self.licences: frozenset[str] = frozenset()
        self._transport = _Transport()
        self._api = ckanapi.RemoteCKAN(self.url, apikey=key, user_agent="satudata", session=self._transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def check(self) -> None:
        """Learn whether it has a datastore and which licences it knows.

        Raises CkanError unless a CKAN answers there and knows the key.
        """
        if self.read("status_show") is None:
            raise CkanError(f"{self.url} is no CKAN: give the address that its home page has")
        try:
            known = self.read("user_show")
        except RefusedError:
            known = None
        if not known:
            raise CkanError(f"CKAN at {self.url} does not know this API key: make one on the user's page in CKAN")
        self.datastore = self.read("help_show", name="datastore_create") is not None
        self.licences = frozenset(licence["id"] for licence in self.read("license_list") or ())

    def read(self, action: str, **data: object) -> Any:
        """The result of an action that changes nothing; None for what CKAN does not have. Raises CkanError."""
        try:
            return self._call(action, data)
        except ckanapi.NotFound:
            return None

    def write(self, action: str, **data: object) -> Any:
        """The result of an action that changes something. Raises CkanError."""
        self.writes += 1
        try:
            return self._call(action, data)
        except ckanapi.NotFound as error:
            raise PassingError(f"{action}: CKAN no longer has what it had a moment ago ({error!s:.200})") from None

    def download(self, address: str) -> Iterator[bytes]:
        """A file piece by piece, as any reader gets it: without the key. Raises CkanError.

        `address` is what CKAN says; of it only the path counts, so that it is asked for where we push to.
        """
        path = urlsplit(address).path
        try:
            with requests.get(f"{_root(self.url)}{path}", stream=True, timeout=TIMEOUT) as answer:
                if answer.status_code != 200:
                    kind = PassingError if answer.status_code >= 500 else RefusedError
                    raise kind(f"a reader who downloads {path} gets HTTP {answer.status_code}")
                yield from answer.iter_content(_PIECE)  # its errors are those of requests
        except (requests.RequestException, OSError) as error:
            raise PassingError(f"downloading {path} was cut off ({type(error).__name__})") from None

    def _call(self, action: str, data: dict[str, object]) -> Any:
        files = {k: v for k, v in data.items() if isinstance(v, tuple)}
        plain = {k: v for k, v in data.items() if k not in files}
        try:
            result = self._api.call_action(action, plain, files=files or None)
        except ckanapi.ValidationError as error:
            raise _too_large_or_invalid(action, error.error_dict) from None
        except ckanapi.NotAuthorized as error:
            raise forbidden(action, str(error)) from None
        except (ckanapi.SearchIndexError, ckanapi.SearchError) as error:
            raise PassingError(f"{action}: CKAN's search service failed ({error!s:.200})") from None
        except ckanapi.NotFound:
            raise
        except (ckanapi.CKANAPIError, ckanapi.ServerIncompatibleError) as error:
            raise CkanError(f"{action}: {self.url} does not answer as CKAN does ({error!s:.300})") from None
        self.sent += sum(file[1].tell() for file in files.values())
        return result


class _Transport:
    """What ckanapi takes for a requests session: sends files piece by piece, and knows which answers may pass."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.auth = lambda request: request  # else ~/.netrc replaces the key

    def post(self, url: str, data: Any, headers: dict[str, str], files: Any = None, **_: object) -> Any:
        """Send one request; an answer that may pass, and none at all, is a PassingError. Redirects are not followed."""
        action = url.rsplit("/", 1)[-1]
        if files:
            data = Form(data, files)
            headers = headers | {"Content-Type": data.content_type}
        try:
            answer = self._session.post(url, data=data, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        except (requests.RequestException, OSError) as error:
            raise PassingError(f"{action}: {_root(url)} did not answer ({type(error).__name__})") from None
        if answer.is_redirect:
            raise CkanError(f"CKAN has moved to {_root(urljoin(url, answer.headers['Location']))}: give that address")
        if answer.status_code == 413:
            raise too_large(action)
        if answer.status_code in (408, 429) or answer.status_code >= 500:
            wait = answer.headers.get("Retry-After", "")
            said = f"{action}: CKAN answered HTTP {answer.status_code}; its log says why"
            raise PassingError(said, float(wait) if wait.isdecimal() else None)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _too_large_or_invalid(action: str, wrong: object) -> RefusedError:
    """CKAN itself says of a file that is too large that the field `upload` is invalid."""
    large = isinstance(wrong, dict) and any("too large" in str(said).lower() for said in wrong.get("upload", []))
    return too_large(action) if large else invalid(action, wrong)


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
