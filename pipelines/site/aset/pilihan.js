/** The row of choices above map and chart. Only what there is to choose is shown. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const LEVELS = { provinsi: "Provinsi", kabupaten_kota: "Kabupaten/kota", kecamatan: "Kecamatan", desa_kelurahan: "Desa/kelurahan" };
  const MANY = 1200;

  /** The level with enough places to compare, else the finest. */
  const firstLevel = (cube, levels) =>
    levels.find((n) => new Set(cube.tempat.map(({ kode }) => kode.slice(0, n)).filter((kode) => kode.length === n)).size >= 5)
    ?? levels[levels.length - 1] ?? 0;

  /** What is chosen when the page opens: the whole, the latest period, every place; single things lie as points. */
  SD.pilihanAwal = (cube, pieces, points) => {
    const counting = cube.jenis === "hitungan";
    const tingkat = firstLevel(cube, SD.tingkat(cube));
    const places = cube.tempat.filter(({ kode }) => kode);
    const first = {
      ukuran: 0,
      golongan: cube.golongan.map(({ baku }) => (counting ? SD.SEMUA : baku)),
      waktu: counting ? SD.SEMUA : cube.waktu.length - 1,
      tempat: "",
      tingkat,
      sumbu: cube.waktu.length > 1 ? "waktu" : cube.golongan.length && !counting ? "0" : places.length > 1 ? "tempat" : cube.golongan.length ? "0" : "tempat",
      potong: 0,
      peta: !(counting && points) && cube.tempat.length && Object.keys(pieces).length ? "wilayah" : "titik",
    };
    return counting ? first : { ...first, tempat: SD.tempatBerisi(cube, first) };
  };

  const field = (id, label, options, value, change) => {
    const box = document.createElement("div");
    const name = Object.assign(document.createElement("label"), { htmlFor: id, textContent: label });
    const select = Object.assign(document.createElement("select"), { id });
    select.append(...options.map(([v, text]) => new Option(text, v)));
    select.value = String(value);
    select.addEventListener("change", () => change(select.value));
    box.append(name, select);
    return box;
  };

  /**
   * The fields for a state.
   * @param {*} cube @param {*} state see pilihanAwal
   * @param {{nama: (code: string) => string, potongan: string[], titik: boolean}} known
   * @param {(changed: Object) => void} change told what of the state is new
   */
  SD.pilihan = (cube, state, known, change) => {
    const counting = cube.jenis === "hitungan";
    const every = (text) => (counting ? [[SD.SEMUA, SD.t(text)]] : []);
    const fields = [];
    const add = (...wanted) => fields.push(field(...wanted));
    if (cube.ukuran.length > 1) add("p-ukuran", SD.t("Angka"), cube.ukuran.map(({ judul }, n) => [n, judul]), state.ukuran, (v) => change({ ukuran: +v }));
    cube.golongan.forEach(({ judul, nilai }, g) =>
      add(`p-g${g}`, judul, [...every("Semua"), ...nilai.map((text, n) => [n, text || SD.t("(kosong)")])], state.golongan[g],
        (v) => change({ golongan: state.golongan.map((old, n) => (n === g ? +v : old)) })));
    if (cube.waktu.length > 1) {
      add("p-waktu", SD.t("Waktu"), [...every("Semua waktu"), ...cube.waktu.map((p, n) => [n, SD.periode(p)]).reverse()], state.waktu, (v) => change({ waktu: +v }));
    }
    const levels = SD.tingkat(cube);
    if (levels.length > 1) add("p-tingkat", SD.t("Tingkat wilayah"), levels.map((n) => [n, SD.t(LEVELS[SD.TINGKAT[n]])]), state.tingkat, (v) => change({ tingkat: +v, potong: 0 }));
    if (known.potongan.length > 1) add("p-potong", SD.t("Peta"), known.potongan.map((code, n) => [n, known.nama(code)]), state.potong, (v) => change({ potong: +v }));
    if (known.titik && cube.tempat.length) add("p-peta", SD.t("Gambar peta"), [["wilayah", SD.t("Warna wilayah")], ["titik", SD.t("Titik")]], state.peta, (v) => change({ peta: v }));
    const axes = [
      ...(cube.waktu.length > 1 ? [["waktu", SD.t("Waktu")]] : []),
      ...(cube.tempat.length > 1 ? [["tempat", SD.t("Wilayah")]] : []),
      ...cube.golongan.map(({ judul }, n) => [String(n), judul]),
    ];
    if (axes.length > 1) add("p-sumbu", SD.t("Grafik menurut"), axes, state.sumbu, (v) => change({ sumbu: v }));
    const places = cube.tempat.filter(({ kode }) => kode);
    if (state.sumbu !== "tempat" && places.length > 1 && places.length <= MANY) {
      add("p-tempat", SD.t("Wilayah pada grafik"), [...(counting ? [["", SD.t("Semua wilayah")]] : []), ...places.map(({ kode }) => [kode, `${known.nama(kode)}`])], state.tempat, (v) => change({ tempat: v }));
    }
    return fields;
  };
})();
