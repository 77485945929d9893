/** Search and filters over the index of all datasets. Knows nothing of the page. */
(() => {
  "use strict";
  const SD = (window.SatuData = window.SatuData || {});
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

  /**
   * @typedef {{slug: string, judul: string, uraian: string, produsen: string, topik: string, wilayah: Set<number>,
   *   tahun: number[], diperbarui: string, baris: number, mutu: number|null, format: string, teks: string[]}} Kumpulan
   */

  /**
   * The index as objects, each with its texts ready to be searched.
   * @param {*} index as index_data.py writes it @returns {Kumpulan[]}
   */
  SD.bukaIndeks = (index) =>
    index.dataset.map(([slug, judul, uraian, kata, opd, topik, wilayah, tahun, diperbarui, baris, mutu, format]) => {
      const produsen = index.produsen[opd];
      const topic = topik < 0 ? "" : index.topik[topik];
      const places = new Set();
      for (const run of wilayah) {
        const [first, last] = Array.isArray(run) ? run : [run, run];
        for (let n = first; n <= last; n += 1) places.add(n);
      }
      // From the most telling text to the least.
      const teks = [judul, `${produsen} ${topic}`, uraian, kata].map(plain);
      return { slug, judul, uraian, produsen, topik: topic, wilayah: places, tahun, diperbarui, baris, mutu, format, teks };
    });

  const WEIGHTS = [12, 5, 3, 2];

  /** How well an entry answers; 0 when one of the words is nowhere in it. */
  const score = (entry, asked) => {
    let total = 0;
    for (const word of asked) {
      let best = 0;
      entry.teks.forEach((text, n) => {
        const at = text.indexOf(word);
        if (at >= 0) best = Math.max(best, WEIGHTS[n] + (at === 0 || /\W/.test(text[at - 1]) ? 1 : 0));
      });
      if (!best) return 0;
      total += best;
    }
    return total;
  };

  /** @type {Object<string, (a: Kumpulan, b: Kumpulan) => number>} */
  SD.urutan = {
    terbaru: (a, b) => b.diperbarui.localeCompare(a.diperbarui) || a.judul.localeCompare(b.judul),
    judul: (a, b) => a.judul.localeCompare(b.judul),
    baris: (a, b) => b.baris - a.baris || a.judul.localeCompare(b.judul),
  };

  /**
   * @param {Kumpulan[]} entries
   * @param {{q: string, opd: string, topik: string, wilayah: number, tahun: number, urut: string}} wish
   *   "" and -1 are no wish; wilayah is a position in the index's list
   * @returns {Kumpulan[]}
   */
  SD.cari = (entries, wish) => {
    const asked = plain(wish.q).split(/\s+/).filter(Boolean);
    const found = entries
      .filter((e) => (!wish.opd || e.produsen === wish.opd) && (!wish.topik || e.topik === wish.topik)
        && (wish.wilayah < 0 || e.wilayah.has(wish.wilayah))
        && (wish.tahun < 0 || (e.tahun.length && e.tahun[0] <= wish.tahun && wish.tahun <= e.tahun[1])))
      .map((e) => [asked.length ? score(e, asked) : 1, e])
      .filter(([points]) => points > 0);
    const order = SD.urutan[wish.urut];
    return found.sort((a, b) => (order ? 0 : b[0] - a[0]) || (order || SD.urutan.terbaru)(a[1], b[1])).map(([, e]) => e);
  };
})();
