"""`satudata serve` as a browser meets it: a real server over a small home, asked over the network of this machine."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

import duckdb
import pytest
import uvicorn

from pipelines.home import REPO, Home, Key
from pipelines.home.keys import init
from pipelines.identity import decisions
from pipelines.identity.review import worklist
from pipelines.identity.subject import access_log
from pipelines.serve import pages as pages_module
from pipelines.serve.guard import Session
from pipelines.serve.pages import Pages
from tests.unit.identity.review.small import copied, night, records, small_home

Linked = tuple[Home, Key]


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are looked at, not followed."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Answer:
    code: int
    text: str
    headers: dict[str, str]


@dataclass
class Browser:
    """One browser: it keeps cookies, and can lie about where it comes from."""

    session: Session
    jar: CookieJar = field(default_factory=CookieJar)

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        url = path if path.startswith("http") else f"http://127.0.0.1:{self.session.port}{path}"
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(url, data, {name.replace("_", "-"): text for name, text in headers.items()})
        opener = urllib.request.build_opener(Stay, urllib.request.HTTPCookieProcessor(self.jar))
        try:
            with opener.open(request, timeout=30) as found:
                return Answer(found.status, found.read().decode(), dict(found.headers))
        except urllib.error.HTTPError as found:
            return Answer(found.code, found.read().decode(), dict(found.headers))

    def follow(self, answer: Answer) -> Answer:
        assert answer.code == 303, answer.text
        return self.ask(answer.headers["location"])

    def fields(self, page: Answer, action: str) -> dict[str, str]:
        """What the form with this action would send, but for the button."""
        (form,) = re.findall(rf'<form method="post" action="{action}".*?</form>', page.text, re.DOTALL)
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


@dataclass
class Served:
    """A server that runs, over its home."""

    home: Home
    key: Key
    pages: Pages
    faults: list[str]

    def browser(self, let_in: bool = True) -> Browser:
        browser = Browser(self.pages.session)
        if let_in:
            assert browser.ask(self.pages.session.address).code == 303
        return browser

    def said(self) -> dict[str, str | None]:
        with worklist.opened(self.home, self.key) as con:
            return {code: pair.answer for code, pair in worklist.all_pairs(con).items() if pair.answer}


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Linked:
    linked = small_home(tmp_path_factory.mktemp("malam") / "home")
    night(*linked, records())
    return linked


def serving(home: Home, key: Key) -> Iterator[Served]:
    listener = socket.create_server(("127.0.0.1", 0))
    faults: list[str] = []
    pages = Pages(home, "Siti", Session(listener.getsockname()[1]))
    server = uvicorn.Server(uvicorn.Config(pages.app(faults.append), log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Served(home, key, pages, faults)
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def served(first_night: Linked, tmp_path: Path) -> Iterator[Served]:
    yield from serving(*copied(first_night, tmp_path / "home"))


def code_of(page: Answer) -> str:
    return re.findall(r'name="pasangan" value="(P\w+)"', page.text)[0]


def test_only_the_browser_that_was_given_the_address_gets_in(served: Served) -> None:
    stranger = served.browser(let_in=False)
    for path in ("/", "/periksa", f"/masuk?kunci={'x' * 43}", "/masuk", "/lain"):
        refused = stranger.ask(path)
        assert refused.code == 403 and "satudata serve" in refused.text
    assert stranger.ask("/jawab", {"jawaban": "sama"}).code == 403
    assert list(stranger.jar) == []
    assert served.browser().ask("/").code == 200


def test_the_cookie_is_for_no_script_and_no_other_site_and_nothing_is_kept(served: Served) -> None:
    browser = served.browser(let_in=False)
    cookie = browser.ask(served.pages.session.address).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert served.pages.session.token not in cookie
    for path in ("/", "/periksa", "/tidak-ada"):
        headers = browser.ask(path).headers
        assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("host", ["jahat.example", "jahat.example:{port}", "127.0.0.1", "127.0.0.1:1", ""])
def test_under_another_name_nothing_is_shown(served: Served, host: str) -> None:
    refused = served.browser().ask("/periksa", Host=host.format(port=served.pages.session.port))
    assert refused.code == 400 and "<table" not in refused.text


def test_localhost_is_this_machine_too(served: Served) -> None:
    browser = served.browser(let_in=False)
    here = f"http://localhost:{served.pages.session.port}"
    assert browser.ask(f"{here}/masuk?kunci={served.pages.session.token}").code == 303
    assert browser.ask(f"{here}/").code == 200


def test_a_form_from_elsewhere_is_not_taken(served: Served) -> None:
    browser = served.browser()
    fields = browser.fields(browser.ask("/periksa"), "/jawab") | {"jawaban": "sama"}
    assert browser.ask("/jawab", fields | {"formulir": "x"}).code == 403
    assert browser.ask("/jawab", {k: v for k, v in fields.items() if k != "formulir"}).code == 403
    assert browser.ask("/jawab", fields, Origin="http://jahat.example").code == 403
    assert browser.ask("/jawab", fields, Origin="null").code == 403
    assert browser.ask("/jawab", fields | {"catatan": "x" * 20_000}).code == 413
    assert browser.ask("/jawab?jawaban=sama").code == 404  # no answer by a link
    assert served.said() == {}
    assert browser.ask("/jawab", fields, Origin=f"http://127.0.0.1:{served.pages.session.port}").code == 303


def test_an_answer_lands_and_the_next_pair_comes(served: Served) -> None:
    browser = served.browser()
    page, given = browser.ask("/periksa?di=33.01"), {}
    for said in ("sama", "beda", "ragu"):
        given[code_of(page)] = said
        fields = browser.fields(page, "/jawab") | {"jawaban": said, "catatan": "sudah  ditanya"}
        page = browser.follow(browser.ask("/jawab", fields))
        assert {"sama": "Sama", "beda": "Beda", "ragu": "Tidak tahu"}[said] in page.text
    assert served.said() == given and len(given) == 3
    with duckdb.connect() as con:
        decisions.load(con, served.home, served.key)
        assert set(con.execute("SELECT oleh, alasan FROM jawaban").fetchall()) == {("Siti", "sudah ditanya")}
    assert "3 dari" in page.text


def test_the_last_answer_is_taken_back(served: Served) -> None:
    browser = served.browser()
    first = browser.ask("/periksa")
    second = browser.follow(browser.ask("/jawab", browser.fields(first, "/jawab") | {"jawaban": "sama"}))
    again = browser.follow(browser.ask("/urungkan", browser.fields(second, "/urungkan")))
    assert code_of(again) == code_of(first) != code_of(second)
    assert served.said() == {}
    assert "/urungkan" not in again.text  # nothing is left to take back
    nothing = browser.ask("/urungkan", {"formulir": served.pages.session.form})
    assert nothing.code == 303 and served.said() == {}


def test_keys_press_the_buttons_that_stand_there(served: Served) -> None:
    browser = served.browser()
    page = browser.ask("/periksa")
    buttons = dict(re.findall(r'<button type="submit" name="jawaban" value="(\w+)" data-tombol="(\w)"', page.text))
    assert buttons == {"sama": "s", "beda": "b", "ragu": "t"}
    assert '<script src="/tombol.js"' in page.text and "data-tombol" in browser.ask("/tombol.js").text
    # Enter in the note presses the first button of its form: one that does nothing.
    first = re.findall(r'action="/jawab".*?<button ([^>]*)>', page.text, re.DOTALL)
    assert first == ['type="submit" disabled hidden']


def test_differences_are_told_in_words_and_the_sample_is_judged_blind(served: Served) -> None:
    browser = served.browser()
    with worklist.opened(served.home, served.key) as con:
        pairs = worklist.open_pairs(con)
    for sample in (True, False):
        pair = next(p for p in pairs if p.sample is sample)
        page = browser.ask(f"/periksa?pasangan={pair.code}").text
        assert ("nilai mesin" in page) is not sample
        assert all(str(value) in re.sub("</?mark>", "", page) for value in pair.a.values.values() if value)
    assert "≠" in page and "<mark>" in page


def test_places_lead_down_and_all_is_escaped(first_night: Linked, tmp_path: Path) -> None:
    home, key = small_home(tmp_path / "home")
    night(home, key, [r | {"alamat": "<script>alert(1)</script>"} for r in records()])
    for served in serving(home, key):
        browser = served.browser()
        path, seen = "/", []
        while True:
            links = re.findall(r'<th scope="row"><a href="(/\?di=[\d.]+)">', browser.ask(path).text)
            if not links:
                break
            path = links[0]
            seen.append(path)
        assert seen == ["/?di=33.01", "/?di=33.01.01"]
        page = browser.ask("/periksa").text
        assert "&lt;script&gt;alert" in page and "<script>alert" not in page


def test_who_saw_whom_is_noted_before_it_is_shown(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = served.browser()
    page = browser.ask("/periksa")
    browser.ask("/periksa")
    with worklist.opened(served.home, served.key) as con:
        other = next(p for p in worklist.open_pairs(con) if p.code != code_of(page))
    (line,) = access_log.read(served.home)
    assert line.entry.oleh == "Siti" and code_of(page) in line.entry.hasil

    def broken(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(pages_module.access_log, "write", broken)
    hidden = browser.ask(f"/periksa?pasangan={other.code}")
    assert hidden.code == 500 and "<table" not in hidden.text


def test_an_error_tells_its_kind_and_nothing_that_was_in_it(
    served: Served, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = served.browser()

    def broken(*_: object, **__: object) -> None:
        raise ValueError("Wartini binti Sukarno")

    monkeypatch.setattr(pages_module.worklist, "find", broken)
    page = browser.ask("/periksa?pasangan=P1")
    assert page.code == 500 and "Wartini" not in page.text
    assert served.faults == ["ValueError"]
    out = capfd.readouterr()
    assert "Wartini" not in out.out + out.err


def test_without_key_or_register_it_says_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    key = init(Home(tmp_path / "other").ensure())[0]
    for served in serving(home, key):
        browser = served.browser()
        assert "satudata keys init" in browser.ask("/").text
        init(home)
        page = browser.ask("/periksa")
        assert page.code == 503 and "satudata run" in page.text


def test_a_night_may_run_meanwhile(served: Served) -> None:
    browser = served.browser()
    page = browser.ask("/periksa")
    night(served.home, served.key, records())
    assert browser.ask("/jawab", browser.fields(page, "/jawab") | {"jawaban": "beda"}).code == 303
    assert browser.ask("/periksa").code == 200


def test_the_command_serves_on_this_machine_only_and_says_where(first_night: Linked, tmp_path: Path) -> None:
    home, _ = copied(first_night, tmp_path / "home")
    serve = [sys.executable, "-m", "pipelines.cli", "serve", "--oleh", "Siti", "--home", str(home.root), "--port"]
    with subprocess.Popen(
        [*serve, "0"], cwd=REPO, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            assert server.stdout
            lines = [server.stdout.readline().strip() for _ in range(2)]
            address = urllib.parse.urlsplit(lines[1])
            assert address.hostname == "127.0.0.1" and address.port
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            with opener.open(lines[1], timeout=30) as page:
                assert "Pemeriksa: Siti" in page.read().decode()
            taken = subprocess.run([*serve, str(address.port)], cwd=REPO, capture_output=True, text=True, check=False)
            assert taken.returncode == 1 and "--port" in taken.stderr
        finally:
            server.send_signal(signal.SIGINT)
            rest = server.stdout.read() if server.stdout else ""
    assert server.returncode == 0
    assert rest == "", "requests leave no trace in the output"
