/** What is told of the chosen dataset: its name in SQL, its columns, and queries to start from. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const id = (name) => document.getElementById(name);
  const make = (name, text = "", attributes = {}) => Object.assign(document.createElement(name), { textContent: text, ...attributes });
  const KINDS = { string: "teks", integer: "bilangan bulat", number: "bilangan", date: "tanggal", boolean: "ya/tidak", year: "tahun", datetime: "waktu", time: "jam" };
  let shown = null;

  const columns = (list) => list.flatMap(([name, kind, label, unit]) => {
    const term = make("dt");
    term.append(make("code", name), ` ${SD.t(KINDS[kind] || kind)}`);
    return [term, make("dd", unit ? `${label} (${unit})` : label, { lang: "id" })];
  });

  const example = ([text, values, sql]) => {
    const button = make("button", SD.t(text, values), { type: "button", className: "tautan" });
    button.addEventListener("click", () => { SD.editor.tulis(sql); SD.editor.tunjuk(); });
    const item = make("li");
    item.append(button);
    return item;
  };

  const show = () => {
    id("tentang-tabel").hidden = !shown;
    if (!shown) return;
    const { option, told } = shown;
    id("nama-tabel").textContent = option.dataset.nama;
    id("ukuran-tabel").textContent = option.dataset.ukuran;
    id("halaman-tabel").href = `${encodeURIComponent(option.value)}.html`;
    id("kolom").replaceChildren(...columns(told.kolom));
    id("contoh").replaceChildren(...told.contoh.map(example));
  };

  /** Show the chosen dataset, and put its first example into an editor that is empty or holds an example. */
  const choose = async () => {
    const option = id("tabel").selectedOptions[0];
    if (!option.value) { shown = null; show(); return; }
    let told;
    try {
      told = await SD.ambil(`sql/${encodeURIComponent(option.value)}.js`, "sql", option.value);
    } catch (error) {
      id("status").textContent = SD.t("Berkas {nama} tidak ada.", { nama: error.message });
      return;
    }
    const untouched = !SD.editor.isi() || (shown && shown.told.contoh.some(([, , sql]) => sql === SD.editor.isi()));
    shown = { option, told };
    if (untouched) SD.editor.tulis(told.contoh[0][2]);
    show();
  };

  /** sql.html#<slug>, as the pages of datasets link to it. */
  const fromAddress = () => {
    const slug = decodeURIComponent(location.hash.slice(1));
    if (!Array.from(id("tabel").options).some((option) => option.value === slug)) return;
    id("tabel").value = slug;
    choose();
  };
  id("tabel").addEventListener("change", choose);
  window.addEventListener("hashchange", fromAddress);
  document.addEventListener("DOMContentLoaded", () => { SD.saatBahasa(show); fromAddress(); });

  /** Datasets whose table a query speaks of. @param {string} sql @returns {DOMStringMap[]} with nama, berkas, slug */
  SD.tabelDalam = (sql) => {
    const words = new Set(sql.toLowerCase().match(/\w+/g));
    return Array.from(id("tabel").options).filter((option) => words.has(option.dataset.nama))
      .map((option) => ({ slug: option.value, ...option.dataset }));
  };
})();
