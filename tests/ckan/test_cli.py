"""The command: what it says, and what it ends with."""

from __future__ import annotations

import pytest
import typer

from pipelines.cli.ckan import send_to_ckan
from tests.ckan.conftest import Portal
from tests.ckan.faults import Fault
from tests.ckan.release import Release

pytestmark = pytest.mark.slow


def test_exit_codes_and_words(
    portal: Portal, release: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = portal.proxy.url
    release.add("satu")
    release.add("dua")
    with pytest.raises(typer.BadParameter, match="CKAN_KEY"):
        send_to_ckan(release.folder, url)
    monkeypatch.setenv("KUNCI", portal.server.admin)
    assert send_to_ckan(release.folder, url, "KUNCI", only=[release.slug("satu")]) == 0
    assert "1 new, 0 brought up to date, 0 withdrawn, 0 as they were, 0 not sent" in capsys.readouterr().out
    assert send_to_ckan(release.folder, url, "KUNCI", check=True) == 3
    assert f"{release.slug('dua')}: it is not on CKAN" in capsys.readouterr().out
    portal.proxy.play(Fault("package_create", "413"))
    assert send_to_ckan(release.folder, url, "KUNCI") == 3
    assert send_to_ckan(release.folder, url, "KUNCI") == 0
    assert send_to_ckan(release.folder, url, "KUNCI", check=True) == 0
    assert "CKAN holds the release" in capsys.readouterr().out
    assert send_to_ckan(release.folder, url, "KUNCI", only=["tidak-ada"]) == 1
    said = capsys.readouterr()
    assert "no dataset tidak-ada" in said.err
    assert portal.server.admin not in said.out + said.err
