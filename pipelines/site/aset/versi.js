/** What changed in this dataset from release to release, out of riwayat.js, which a release may lack. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const slug = document.querySelector("[data-slug]").dataset.slug;
  const told = SD.isi.riwayat?.[""]?.dataset[slug] || [];
  const list = document.getElementById("riwayat");
  const KINDS = { baru: "baru", berubah: "berubah", ditarik: "ditarik", hilang: "tidak lagi dimuat", kembali: "dimuat kembali" };

  const line = ([version, date, kind, sentences]) => {
    const item = document.createElement("li");
    const head = document.createElement("p");
    const mark = Object.assign(document.createElement("span"), { className: "tanda", textContent: SD.t(KINDS[kind] || kind) });
    const code = Object.assign(document.createElement("code"), { textContent: version });
    head.append(Object.assign(document.createElement("b"), { textContent: SD.hari(date) }), " ", mark, " ", code);
    const said = document.createElement("ul");
    said.lang = "id";
    said.append(...sentences.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    item.append(head, ...(sentences.length ? [said] : []));
    return item;
  };

  SD.saatBahasa(() => {
    list.hidden = !told.length;
    if (told.length) document.getElementById("bagian-versi").hidden = false;
    list.replaceChildren(...told.map(line));
  });
})();
