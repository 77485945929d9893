"""One dataset to CKAN: look at what is there, send what differs, nothing else.

Every step looks first, so it can be cut off anywhere and done again. A reader never meets half of a new dataset:
it stays private until it is whole. Of a dataset that is there already, the fields (its version among them)
change last.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.catalogue import Dataset, Withdrawn
from pipelines.catalogue.parts import Resource
from pipelines.ckan import table
from pipelines.ckan.errors import RefusedError, damaged
from pipelines.ckan.names import made_here, resource_id
from pipelines.ckan.site import Site
from pipelines.ckan.wanted import Fields, differences, listed, organisation, ours, package, resource, tombstone
from pipelines.home import sha256_file


def send_organisation(site: Site, dataset: Dataset) -> None:
    """Make the organisation of an agency, or correct its title. Raises CkanError."""
    fields = organisation(dataset.satudata.produsen)
    quick = dict.fromkeys(("include_users", "include_dataset_count", "include_groups", "include_extras"), False)
    held = site.read("organization_show", id=fields["name"], **quick)
    if held is None:
        try:
            site.write("organization_create", **fields, description=dataset.satudata.produsen.instansi or "")
        except RefusedError as error:
            if not error.forbidden:
                raise
            raise RefusedError(
                f"the organisation {fields['name']} ({fields['title']}) is not on CKAN, and this API key may not make "
                "one: ask its sysadmin to make it with exactly this name, and the user an editor of it",
                forbidden=True,
            ) from None
    elif changed := differences(fields, held):
        site.write("organization_patch", id=held["id"], **changed)


def send(site: Site, dataset: Dataset, folder: Path, sent: set[str]) -> bool:
    """Make CKAN hold a dataset, whose files lie in `folder`; True if readers did not have it before.

    Paths of files sent, as such or as a table, are added to `sent`. Raises CkanError; whatever is done by then
    stays, and the next call goes on.
    """
    fields = package(dataset, site.licences)
    held = site.read("package_show", id=fields["name"])
    if held is None:
        made = fields | {"private": True, "version": "", "extras": listed(fields["extras"])}
        held = site.write("package_create", **made)
    _may_send(held, fields["owner_org"])
    there = {one["id"]: one for one in held["resources"]}
    wanted = {resource_id(fields["name"], file.path): file for file in dataset.resources}
    for key, file in wanted.items():
        _send_file(site, held["id"], key, there.get(key), folder / file.path, file, sent)
        if file == dataset.csv and site.datastore and table.fill(site, key, dataset, folder / file.path):
            sent.add(file.path)
    for key in there.keys() - wanted.keys():
        if made_here(key):
            _remove(site, key)
    if changed := differences(fields, held):
        site.write("package_patch", id=held["id"], **changed)
    return bool(held["private"])


def withdraw(site: Site, gone: Withdrawn) -> bool:
    """Take the files and tables of a dataset off CKAN and leave its page with the reason; False if that is done.

    The page stays, because others have linked to it. One of this name that no push has made is left alone. Raises
    CkanError.
    """
    fields = tombstone(gone)
    held = site.read("package_show", id=fields["name"])
    if held is None or not ours(held):
        return False
    left = [one["id"] for one in held["resources"] if made_here(one["id"])]
    for key in left:
        _remove(site, key)
    changed = differences(fields, held)
    if changed:
        site.write("package_patch", id=held["id"], **changed)
    return bool(left or changed)


def unfinished(held: Fields) -> bool:
    """Whether a package is one that a push has begun, or a tombstone: it gets its version last."""
    return not held.get("version")


def _may_send(held: Fields, organisation: str) -> None:
    """What a person has hidden is not shown again by a machine, and what is another's is not taken."""
    if held["state"] != "active" or (held["private"] and not unfinished(held)):
        how = "private" if held["state"] == "active" else held["state"]
        raise RefusedError(
            f"somebody made it {how} on CKAN, so nothing of it is sent: withdraw it from the release as well, or undo "
            "that on CKAN and push again"
        )
    if (owner := (held.get("organization") or {}).get("name")) != organisation:
        raise RefusedError(
            f"on CKAN a dataset of this name belongs to {owner or 'no organisation'}: move it to {organisation}, or "
            "give it another name, and push again"
        )


def _send_file(
    site: Site, package_id: str, key: str, there: Fields | None, path: Path, file: Resource, sent: set[str]
) -> None:
    """Send a file, or only its fields, where they differ from what is there."""
    fields = resource(file)
    if there is not None and there["url_type"] == "upload" and there["hash"] == fields["hash"]:
        if changed := differences(fields, there):
            site.write("resource_patch", id=key, **changed)
        return
    sent.add(file.path)
    if there is None:
        _upload(site, "resource_create", path, file, fields | {"id": key, "package_id": package_id})
    else:
        if file.table and site.datastore:
            table.empty(site, key)  # before its file changes: a table never stands beside a file of other rows
        _upload(site, "resource_patch", path, file, fields | {"id": key})


def _upload(site: Site, action: str, path: Path, file: Resource, fields: Fields) -> None:
    if not path.is_file() or path.stat().st_size != file.bytes or sha256_file(path) != file.sha256:
        raise damaged(path)
    with path.open("rb") as content:
        text: dict[str, Any] = {key: str(value) for key, value in fields.items()}
        site.write(action, **text, upload=(file.path, content, file.mediatype))


def _remove(site: Site, key: str) -> None:
    """Take a file away. CKAN keeps the bytes of a resource that is only deleted, so they go first."""
    site.write("resource_patch", id=key, url="", clear_upload=True)
    site.write("resource_delete", id=key)
