/** Where the Parquet files come from: the server, or, from a USB stick, what the reader hands over. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const chosen = new Map(); // file name -> File
  const box = document.getElementById("pilih-berkas");
  const fromDisk = location.protocol === "file:";

  /** A page opened from a file may not read its neighbours; then the reader chooses. */
  SD.berkasKurang = class extends Error {};

  /**
   * The Parquet file of a dataset.
   * @param {string} slug @param {string} name of the file
   * @returns {Promise<Blob>} rejects with SD.berkasKurang where the reader has to choose it first
   */
  SD.berkas = async (slug, name) => {
    if (chosen.has(name)) return chosen.get(name);
    if (fromDisk) throw new SD.berkasKurang(name);
    const answer = await fetch(`../${encodeURIComponent(slug)}/${encodeURIComponent(name)}`);
    if (!answer.ok) throw new Error(`${name}: HTTP ${answer.status}`);
    return answer.blob();
  };

  const told = document.getElementById("terpilih");
  const say = () => { told.textContent = chosen.size ? SD.t("{n} berkas Parquet siap.", { n: SD.angka(chosen.size) }) : ""; };
  for (const input of [document.getElementById("folder"), document.getElementById("berkas")]) {
    input.addEventListener("change", () => {
      const found = Array.from(input.files).filter((file) => file.name.endsWith(".parquet"));
      found.forEach((file) => chosen.set(file.name, file));
      if (found.length) say();
      else told.textContent = SD.t("Di situ tidak ada berkas Parquet. Pilih folder yang berisi index.html.");
    });
  }
  box.hidden = !fromDisk;
  document.addEventListener("DOMContentLoaded", () => SD.saatBahasa(say));
})();
