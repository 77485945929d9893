"""What can go wrong between a release and CKAN. No message ever holds the API key."""

from __future__ import annotations

import json


class CkanError(Exception):
    """Sending cannot go on, or not for this dataset. The message says what happened and what to do next."""


class PassingError(CkanError):
    """No answer, or one that may be another in a moment: what was asked for may be done or not.

    `wait` is how many seconds CKAN wants to be left alone, where it said so.
    """

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class RefusedError(CkanError):
    """CKAN understood and says no; it will say so again. `forbidden`: for lack of rights."""

    def __init__(self, message: str, forbidden: bool = False) -> None:
        super().__init__(message)
        self.forbidden = forbidden


def invalid(action: str, wrong: object) -> RefusedError:
    """What to say when CKAN finds fault with fields; `wrong` is its own list of them."""
    fields = {k: v for k, v in wrong.items() if not k.startswith("__")} if isinstance(wrong, dict) else wrong
    said = json.dumps(fields, ensure_ascii=False, default=str)[:500]
    return RefusedError(
        f"CKAN does not take what {action} sends: {said}. If a field of its own schema is asked for, make it optional "
        "there; otherwise correct the contract, build the release anew and push again"
    )


def forbidden(action: str, said: str) -> RefusedError:
    """What to say when the user of the key may not do this."""
    return RefusedError(
        f"CKAN does not allow {action} to the user of this API key ({said[:200]}). Make the user an editor of the "
        "organisation (or its admin, to correct a title), then push again",
        forbidden=True,
    )


def damaged(file: object) -> CkanError:
    """What to say of a file of the release that is not as its descriptor says."""
    return CkanError(f"{file} is not the file that its descriptor tells of: run `satudata release verify`")


def too_large(action: str) -> RefusedError:
    """What to say when a body is larger than CKAN, or the web server before it, takes."""
    return RefusedError(
        f"what {action} sends is larger than CKAN takes: raise ckan.max_resource_size, and the limit of the web "
        "server before it (client_max_body_size), then push again"
    )
