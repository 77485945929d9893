/** Classes of a choropleth map: about as many places in each, so that one giant does not bleach the rest. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const MOST = 5;

  /**
   * Upper ends of the classes.
   * @param {Iterable<*>} values hidden and missing ones are passed over
   * @returns {number[]} rising, at most five, [] for no numbers
   */
  SD.batasKelas = (values) => {
    const sorted = [...values].filter((v) => typeof v === "number").sort((a, b) => a - b);
    const different = [...new Set(sorted)];
    if (different.length <= MOST) return different;
    const ends = [];
    for (let n = 1; n <= MOST; n += 1) ends.push(sorted[Math.ceil((n * sorted.length) / MOST) - 1]);
    return [...new Set(ends)];
  };

  /** The class of a value, as a name in gaya.css: k0 (light) to k4 (dark), sembunyi, kosong. */
  SD.kelas = (value, ends) => {
    if (value === "x") return "sembunyi";
    if (typeof value !== "number") return "kosong";
    const n = ends.findIndex((end) => value <= end);
    return `k${ends.length < 2 ? 3 : Math.round((n * (MOST - 1)) / (ends.length - 1))}`;
  };

  /**
   * [class, words] of the classes that a map has.
   * @param {Iterable<*>} values @param {number[]} ends @param {boolean} blank whether places without a value are drawn
   */
  SD.legenda = (values, ends, blank) => {
    const all = [...values];
    const numbers = all.filter((v) => typeof v === "number");
    const entries = ends.map((end, n) => {
      const inside = numbers.filter((v) => v <= end && (n === 0 || v > ends[n - 1]));
      const [low, high] = [Math.min(...inside), Math.max(...inside)].map(SD.ringkas);
      return [SD.kelas(end, ends), low === high ? low : `${low} – ${high}`];
    });
    if (all.includes("x")) entries.push(["sembunyi", SD.t("disembunyikan")]);
    if (blank) entries.push(["kosong", SD.t("tidak ada angka")]);
    return entries;
  };
})();
