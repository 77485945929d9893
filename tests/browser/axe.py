"""axe-core on a page that is open in a browser: what keeps people with a disability out of it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from pipelines.site.vendor import VENDOR

AXE = VENDOR / "axe.min.js"
_WEIGHTY = {"serious", "critical"}


def violations(page: Page) -> list[str]:
    """The serious and critical findings, one line each: rule, what it says, and the first elements that break it."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    # No preload: it fetches style sheets, which a page opened from the disk may not.
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run({preload: false})).violations")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {', '.join(str(n['target']) for n in one['nodes'][:3])}"
        for one in found
        if one["impact"] in _WEIGHTY
    ]
