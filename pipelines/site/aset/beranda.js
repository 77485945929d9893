/** The first page: search box, filters, list. What is asked stands in the address, so that it can be passed on. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const PAGE = 20;
  const YEARS = 100; // the latest: one faulty year must not make a list of a thousand
  const index = SD.isi.indeks[""];
  const entries = SD.bukaIndeks(index);
  const $ = (id) => document.getElementById(id);
  const [q, list, more, clear] = ["q", "hasil", "lagi", "kosongkan"].map($);
  const filters = ["opd", "topik", "wilayah", "tahun", "urut"].map($);
  let shown = PAGE;

  const years = () => {
    const found = new Set();
    for (const { tahun: [first, last] } of entries) for (let y = first; y <= last; y += 1) found.add(y);
    return [...found].sort((a, b) => b - a).slice(0, YEARS).map(String);
  };

  /** Values and words of each filter, "" first. */
  const choices = {
    opd: () => [["", SD.t("Semua instansi")], ...[...new Set(index.produsen)].map((name) => [name, name])],
    topik: () => [["", SD.t("Semua topik")], ...index.topik.map((name) => [name, name])],
    wilayah: () => [["", SD.t("Semua wilayah")], ...index.wilayah],
    tahun: () => [["", SD.t("Semua tahun")], ...years().map((year) => [year, year])],
    urut: () => [["", SD.t("Paling cocok")], ["terbaru", SD.t("Terbaru")], ["judul", SD.t("Judul A–Z")], ["baris", SD.t("Baris terbanyak")]],
  };

  const fill = () => {
    for (const select of filters) {
      select.replaceChildren(...choices[select.id]().map(([value, text]) => new Option(text, value)));
    }
  };

  const element = (name, attributes = {}, ...children) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...children);
    return made;
  };

  const item = (e) => {
    const facts = [
      e.topik && element("span", { className: "topik", lang: "id", textContent: e.topik }),
      element("span", { lang: "id", textContent: e.produsen }),
      e.tahun.length ? element("span", { textContent: e.tahun[0] === e.tahun[1] ? e.tahun[0] : `${e.tahun[0]}–${e.tahun[1]}` }) : "",
      element("span", { textContent: `${SD.angka(e.baris)} ${SD.t("baris")}` }),
      element("span", { textContent: `${SD.t("diperbarui")} ${SD.hari(e.diperbarui, true)}` }),
      e.mutu === null ? "" : element("span", { textContent: `${SD.t("mutu")} ${SD.angka(e.mutu)}` }),
      element("span", { className: "format", textContent: e.format.split(" ").join(" · ") }),
    ].filter(Boolean);
    return element("li", {},
      element("h3", { lang: "id" }, element("a", { href: `situs/${e.slug}.html`, textContent: e.judul })),
      element("p", { lang: "id", textContent: e.uraian }),
      element("p", { className: "ciri" }, ...facts));
  };

  const wish = () => {
    const [opd, topik, wilayah, tahun, urut] = filters.map((select) => select.value);
    return { q: q.value, opd, topik, urut, tahun: tahun ? +tahun : -1, wilayah: wilayah ? index.wilayah.findIndex(([code]) => code === wilayah) : -1 };
  };

  const draw = () => {
    const found = SD.cari(entries, wish());
    list.replaceChildren(...found.slice(0, shown).map(item));
    $("jumlah").textContent = found.length
      ? SD.t("{n} kumpulan data", { n: SD.angka(found.length) })
      : SD.t("Tidak ada yang cocok. Coba kata lain atau hapus saringan.");
    more.hidden = found.length <= shown;
    more.textContent = SD.t("Tampilkan {n} lagi", { n: Math.min(PAGE, found.length - shown) });
    clear.hidden = ![q, ...filters].some((field) => field.value);
  };

  const ask = () => {
    shown = PAGE;
    const asked = new URLSearchParams([q, ...filters].filter((f) => f.value).map((f) => [f.id, f.value]));
    history.replaceState(null, "", `#${asked}`);
    draw();
  };

  const fromAddress = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const field of [q, ...filters]) field.value = asked.get(field.id) || "";
    shown = PAGE;
    draw();
  };

  const begin = () => {
    SD.saatBahasa(() => { fill(); fromAddress(); });
    list.removeAttribute("aria-busy");
    q.addEventListener("input", ask);
    filters.forEach((select) => select.addEventListener("change", ask));
    window.addEventListener("hashchange", fromAddress);
    document.querySelector(".cari").addEventListener("submit", (event) => { event.preventDefault(); ask(); list.querySelector("a")?.focus(); });
    clear.addEventListener("click", () => { for (const field of [q, ...filters]) field.value = ""; ask(); q.focus(); });
    more.addEventListener("click", () => {
      const next = shown;
      shown += PAGE;
      draw();
      list.children[next]?.querySelector("a").focus();
    });
  };
  begin();
})();
