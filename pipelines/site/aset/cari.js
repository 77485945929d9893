/** Search and filters over the index of all datasets. Knows nothing of the page. */
(() => {
  "use strict";
  const SD = (window.SatuData = window.SatuData || {});
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

  /**
   * @typedef {{slug: string, judul: string, uraian: string, produsen: string, topik: string, wilayah: (number|number[])[],
   *   tahun: number[], diperbarui: string, baris: number, mutu: number|null, format: string, kata: string, teks: string[]|null}} Kumpulan
   */

  /**
   * The index as objects.
   * @param {*} index as index_data.py writes it @returns {Kumpulan[]}
   */
  SD.bukaIndeks = (index) =>
    index.dataset.map(([slug, judul, uraian, kata, opd, topik, wilayah, tahun, diperbarui, baris, mutu, format]) => {
      const topic = topik < 0 ? "" : index.topik[topik];
      return { slug, judul, uraian, kata, produsen: index.produsen[opd], topik: topic, wilayah, tahun, diperbarui, baris, mutu, format, teks: null };
    });

  /** What is searched, from the most telling text to the least; made ready when something is searched for. */
  const texts = (e) => (e.teks ||= [e.judul, `${e.produsen} ${e.topik}`, e.uraian, e.kata].map(plain));

  /** Is a position in a list of positions and of runs of them? */
  const within = (runs, n) => runs.some((run) => (Array.isArray(run) ? run[0] <= n && n <= run[1] : run === n));

  const WEIGHTS = [12, 5, 3, 2];

  /** How well an entry answers; 0 when one of the words is nowhere in it. */
  const score = (entry, asked) => {
    let total = 0;
    for (const word of asked) {
      let best = 0;
      texts(entry).forEach((text, n) => {
        const at = text.indexOf(word);
        if (at >= 0) best = Math.max(best, WEIGHTS[n] + (at === 0 || /\W/.test(text[at - 1]) ? 1 : 0));
      });
      if (!best) return 0;
      total += best;
    }
    return total;
  };

  /**
   * Equals stay as they are in the index, by title.
   * @type {Object<string, (a: Kumpulan, b: Kumpulan) => number>}
   */
  const ORDERS = {
    terbaru: (a, b) => (a.diperbarui < b.diperbarui) - (a.diperbarui > b.diperbarui),
    judul: () => 0,
    baris: (a, b) => b.baris - a.baris,
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
        && (wish.wilayah < 0 || within(e.wilayah, wish.wilayah))
        && (wish.tahun < 0 || (e.tahun.length && e.tahun[0] <= wish.tahun && wish.tahun <= e.tahun[1])))
      .map((e) => [asked.length ? score(e, asked) : 1, e])
      .filter(([points]) => points > 0);
    const order = ORDERS[wish.urut];
    return found.sort((a, b) => (order ? order(a[1], b[1]) : b[0] - a[0] || ORDERS.terbaru(a[1], b[1]))).map(([, e]) => e);
  };
})();
