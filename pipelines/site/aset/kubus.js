/** The numbers of a dataset, unpacked, and the one question that map, chart and table ask of them. */
(() => {
  "use strict";
  const SD = window.SatuData;

  /** Levels of places by the length of their codes, as in the names of the pieces of the map. */
  SD.TINGKAT = { 2: "provinsi", 5: "kabupaten_kota", 8: "kecamatan", 13: "desa_kelurahan" };

  /** "All", as a choice of a group or period; only where rows are counted, for counts add up. */
  SD.SEMUA = -2;

  /** Each code is the count of letters shared with the one before, in base 36, and the rest. */
  const codes = (packed) => {
    let before = "";
    return packed.split(" ").map((word) => (before = before.slice(0, parseInt(word[0], 36)) + word.slice(1)));
  };

  /**
   * @param {*} packed as packing.py writes it
   * @returns {{jenis: string, tempat: {kode: string, nama: string}[], induk: string[][], golongan: *[], waktu: string[],
   *   ukuran: *[], isi: {tempat: number[]|null, waktu: number[]|null}, baris: number}}
   */
  SD.bukaKubus = ({ jenis, tempat, golongan, waktu, ukuran, tetap, sejak }) => {
    const places = tempat ? codes(tempat.kode).map((kode, n) => ({ kode, nama: tempat.nama?.[n] || "" })) : [];
    const at = tempat && tempat.per.flatMap((count, n) => Array(count).fill(n));
    return {
      jenis, golongan, ukuran, tetap, sejak,
      tempat: places,
      induk: tempat?.induk || [],
      waktu: waktu ? waktu.nilai : [],
      isi: { tempat: at, waktu: waktu && waktu.isi },
      baris: ukuran[0].isi.length,
    };
  };

  /** Lengths of codes that one can draw by: those in the data and, for counts, all coarser ones. */
  SD.tingkat = (cube) => {
    const found = new Set(cube.tempat.map(({ kode }) => kode.length).filter(Boolean));
    const finest = Math.max(...found);
    return Object.keys(SD.TINGKAT).map(Number).filter((n) => found.has(n) || (cube.jenis === "hitungan" && n < finest));
  };

  /**
   * The place with the most numbers in the chosen groups, the coarsest of equals: not every market is in every town.
   * @param {*} cube @param {*} state see deret @returns {string} its code; "" if there is none
   */
  SD.tempatBerisi = (cube, state) => {
    const counts = new Map();
    const values = cube.ukuran[state.ukuran].isi;
    for (let row = 0; row < cube.baris; row += 1) {
      if (values[row] === null || !cube.isi.tempat) continue;
      if (cube.golongan.some(({ isi }, n) => isi[row] !== state.golongan[n])) continue;
      const { kode } = cube.tempat[cube.isi.tempat[row]];
      counts.set(kode, (counts.get(kode) || 0) + 1);
    }
    const better = ([a, n], [b, m]) => m - n || a.length - b.length || a.localeCompare(b);
    return [...counts].sort(better)[0]?.[0] ?? "";
  };

  /**
   * One measure along one axis, everything else held at a choice.
   * @param {*} cube
   * @param {{ukuran: number, golongan: number[], waktu: number, tempat: string, tingkat: number}} state positions in
   *   the lists of the cube; `tempat` is a code ("" is all), `tingkat` a length of codes
   * @param {string} axis tempat | waktu | a position in cube.golongan
   * @returns {Map<string|number, number|string|null>} by code of the place or by position; "x" is a hidden number
   */
  SD.deret = (cube, state, axis) => {
    const { tempat: placeAt, waktu: timeAt } = cube.isi;
    const counting = cube.jenis === "hitungan";
    const values = cube.ukuran[state.ukuran].isi;
    const found = new Map();
    const chosen = (position, wanted) => wanted === SD.SEMUA || position === wanted;
    for (let row = 0; row < cube.baris; row += 1) {
      const code = placeAt ? cube.tempat[placeAt[row]].kode : "";
      if (timeAt && axis !== "waktu" && !chosen(timeAt[row], state.waktu)) continue;
      if (cube.golongan.some(({ isi }, n) => axis !== n && !chosen(isi[row], state.golongan[n]))) continue;
      let key = axis === "waktu" ? timeAt[row] : axis;
      if (axis === "tempat") {
        if (counting ? code.length < state.tingkat : code.length !== state.tingkat) continue;
        key = code.slice(0, state.tingkat);
      } else {
        if (placeAt && (counting ? !code.startsWith(state.tempat) : code !== state.tempat)) continue;
        if (typeof axis === "number") key = cube.golongan[axis].isi[row];
      }
      if (key === -1) continue;
      found.set(key, counting ? (found.get(key) || 0) + values[row] : values[row]);
    }
    return found;
  };
})();
