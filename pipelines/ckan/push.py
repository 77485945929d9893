"""A whole release to CKAN: dataset after dataset, and a result that says all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.catalogue import Dataset, Withdrawn
from pipelines.ckan import table
from pipelines.ckan.choice import choose
from pipelines.ckan.errors import CkanError
from pipelines.ckan.names import name
from pipelines.ckan.patience import UnansweredError, patiently
from pipelines.ckan.send import send, send_organisation, withdraw
from pipelines.ckan.site import Site
from pipelines.ckan.verify import check, check_gone

_PAGE = 1000
Say = Callable[[str], None]


@dataclass
class PushResult:
    """What a push did, by slug.

    `failed`: what could not be sent, or was not there when read back, with the reason and the next step.
    `left_alone`: names of packages in the same organisations that the release does not have. `notes`: what was
    not asked of CKAN, and why. `writes` counts calls that change CKAN (0 when nothing had changed), `sent` the
    bytes of files.
    """

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    left_alone: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    writes: int = 0
    sent: int = 0


def push(release: Path, url: str, key: str, say: Say, only: Collection[str] | None = None) -> PushResult:
    """Make the CKAN at `url` hold a finished release, or the datasets `only` of it; read back what was sent.

    `say` gets a line for each dataset. May be cut off at any moment and called again: the next call finishes.
    A dataset that CKAN refuses is in `failed` and the others go on. Raises CkanError if CKAN cannot be used at
    all or stops answering, DescriptorError if the release cannot be read.
    """
    release = release.resolve()  # `latest` may move on meanwhile
    chosen, gone = choose(release, only)
    result = PushResult()
    with Site(url, key) as site:
        patiently(site, say, site.url, site.check)
        if site.open:
            result.notes.append(f"{site.url} is not https: whoever listens to the network learns the API key")
        if not site.datastore:
            result.notes.append("this CKAN has no datastore: tables were sent as files only")
        for dataset in chosen:
            with _recorded(result, dataset.slug, say):
                _send(site, say, dataset, release / dataset.slug, result)
        for one in gone:
            with _recorded(result, one.slug, say):
                _withdraw(site, say, one, result)
        if only is None:
            result.left_alone = _others(site, chosen, gone)
        result.writes, result.sent = site.writes, site.sent
    return result


@contextmanager
def _recorded(result: PushResult, slug: str, say: Say) -> Iterator[None]:
    """What goes wrong with one dataset is kept for it; only when CKAN answers nothing at all, the push ends."""
    try:
        yield
    except UnansweredError:
        raise
    except CkanError as error:
        result.failed[slug] = str(error)
        say(f"{slug}: {error}")


def _send(site: Site, say: Say, dataset: Dataset, folder: Path, result: PushResult) -> None:
    before, sent = site.writes, set[str]()

    def step() -> bool:
        send_organisation(site, dataset)
        return send(site, dataset, folder, sent)

    new = patiently(site, say, dataset.slug, step)
    if site.datastore and dataset.columns and table.wanted(dataset) is None:
        result.notes.append(f"{dataset.slug}: over {table.MOST_ROWS} rows, so not in the datastore, only as files")
    if site.writes == before:
        result.unchanged.append(dataset.slug)
        return
    if problems := patiently(site, say, dataset.slug, lambda: check(site, dataset, sent)):
        raise CkanError("; ".join(problems))
    (result.created if new else result.updated).append(dataset.slug)
    what = ", ".join(sorted(sent)) or "fields"
    say(f"{dataset.slug}: {'new' if new else 'brought up to date'}; sent and read back: {what}")


def _withdraw(site: Site, say: Say, gone: Withdrawn, result: PushResult) -> None:
    if not patiently(site, say, gone.slug, lambda: withdraw(site, gone)):
        result.unchanged.append(gone.slug)
        return
    if problems := patiently(site, say, gone.slug, lambda: check_gone(site, gone)):
        raise CkanError("; ".join(problems))
    result.withdrawn.append(gone.slug)
    say(f"{gone.slug}: withdrawn; its page says why")


def _others(site: Site, chosen: list[Dataset], gone: list[Withdrawn]) -> list[str]:
    """Names of the packages that CKAN's search finds in our organisations and the release does not have."""
    ours = {name(d.slug) for d in chosen} | {name(w.slug) for w in gone}
    found: set[str] = set()
    for organisation in sorted({name(d.satudata.produsen.kode) for d in chosen}):
        start, page = 0, [""]
        while page:
            asked = {"fq": f'organization:"{organisation}"', "fl": ["name"], "sort": "name asc", "rows": _PAGE}
            answer = site.read("package_search", **asked, start=start, include_private=True, include_drafts=True)
            page = [one["name"] for one in answer["results"]]
            found.update(page)
            start += len(page)
    return sorted(found - ours)
