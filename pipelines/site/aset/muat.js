/**
 * Data arrives in <script src> files that call SatuData.muat: from a USB stick a page may not fetch anything.
 */
(() => {
  "use strict";
  const SD = (window.SatuData = window.SatuData || {});

  /** What has arrived, by kind and key. */
  SD.isi = {};
  const waiting = new Map();

  /**
   * Called by every data file.
   * @param {string} kind indeks | data | peta | riwayat
   * @param {string|null} key slug of a dataset or name of a piece of the map; null where there is only one
   * @param {*} value
   */
  SD.muat = (kind, key, value) => {
    const place = (SD.isi[kind] = SD.isi[kind] || {});
    place[key || ""] = value;
  };

  /**
   * Load a data file when it is needed; each only once, unless it did not arrive.
   * @param {string} src address relative to the page
   * @param {string} kind @param {string} key what the file holds
   * @returns {Promise<*>} its value; rejected if the file is missing
   */
  SD.ambil = (src, kind, key) => {
    if (!waiting.has(src)) {
      waiting.set(src, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = src;
        script.onload = () => resolve(SD.isi[kind][key]);
        script.onerror = () => { waiting.delete(src); reject(new Error(src)); };
        document.head.append(script);
      }));
    }
    return waiting.get(src);
  };
})();
