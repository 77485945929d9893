/** The part "Sekilas" of a dataset's page: choices, map, chart and table, drawn anew at every choice. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const $ = (id) => document.getElementById(id);
  const slug = document.querySelector("[data-slug]").dataset.slug;
  const { kubus: packed, titik, peta: pieces } = SD.isi.data[slug];
  const cube = packed ? SD.bukaKubus(packed) : SD.bukaKubus({ jenis: "hitungan", tempat: null, golongan: [], waktu: null, ukuran: [{ judul: "", satuan: "", isi: [] }], tetap: [] });
  const state = SD.pilihanAwal(cube, pieces, titik);
  const names = new Map([...cube.induk, ...cube.tempat.map(({ kode, nama }) => [kode, nama])]);
  const name = (code) => names.get(code) || code || SD.t("Semua wilayah");
  const cut = () => (state.peta === "titik" ? pieces.kabupaten_kota : pieces[SD.TINGKAT[state.tingkat]]) || [];
  const label = (axis, key) => (axis === "waktu" ? SD.periode(cube.waktu[key]) : axis === "tempat" ? name(key) : cube.golongan[axis].nilai[key] || SD.t("(kosong)"));

  /** What is held at a choice, in words. */
  const held = (axis) => [
    ...cube.golongan.map(({ nilai }, n) => (axis === n || state.golongan[n] === SD.SEMUA ? "" : nilai[state.golongan[n]] || SD.t("(kosong)"))),
    axis !== "tempat" && cube.tempat.length && state.tempat ? name(state.tempat) : "",
    axis !== "waktu" && cube.waktu.length && state.waktu !== SD.SEMUA ? SD.periode(cube.waktu[state.waktu]) : "",
  ].filter(Boolean);
  const unit = () => {
    const { judul, satuan } = cube.ukuran[state.ukuran];
    return satuan && !judul.toLowerCase().includes(satuan) ? ` (${SD.t(satuan)})` : "";
  };
  const titled = (axis) => [SD.t(cube.ukuran[state.ukuran].judul), ...held(axis)].join(" · ");

  let fillTable; // a table of hundreds of rows is made when somebody opens it

  const drawChart = () => {
    const axis = /^\d+$/.test(state.sumbu) ? +state.sumbu : state.sumbu;
    const { satuan } = cube.ukuran[state.ukuran];
    let series = SD.deret(cube, state, axis);
    if (!series.size && cube.jenis === "nilai") {
      state.tempat = SD.tempatBerisi(cube, state);
      series = SD.deret(cube, state, axis);
    }
    const timely = axis === "waktu";
    const keys = timely ? cube.waktu.map((_, n) => n).filter((n) => cube.jenis === "nilai" || series.has(n)) : [...series.keys()];
    const points = keys.map((key) => ({ label: label(axis, key), singkat: timely ? SD.periode(cube.waktu[key], true) : "", nilai: series.get(key), pilih: key === state.tempat }));
    $("kotak-grafik").hidden = !packed || !series.size;
    $("judul-grafik").textContent = titled(axis) + unit();
    $("kotak-tabel").hidden = $("kotak-grafik").hidden;
    if ($("kotak-grafik").hidden) return;
    if (!points.some(({ nilai }) => nilai === "x" || typeof nilai === "number")) {
      $("grafik").replaceChildren(Object.assign(document.createElement("p"), { textContent: SD.t("Tidak ada angka untuk pilihan ini.") }));
      $("kotak-tabel").hidden = true;
      return;
    }
    const { svg, sisa } = timely ? { svg: SD.garis(points, satuan, titled(axis), cube.jenis === "hitungan"), sisa: 0 } : SD.batang(points, satuan, titled(axis));
    $("grafik").replaceChildren(svg, ...(sisa > 0 ? [Object.assign(document.createElement("p"), { className: "halus", textContent: SD.t("dan {n} lainnya, ada di tabel di bawah", { n: SD.angka(sisa) }) })] : []));
    const first = timely ? SD.t("Waktu") : axis === "tempat" ? SD.t("Wilayah") : cube.golongan[axis].judul;
    fillTable = () => $("tabel-angka").replaceChildren(SD.tabel(titled(axis), first, SD.t(cube.ukuran[state.ukuran].judul), points, satuan));
    if ($("kotak-tabel").open) fillTable();
  };

  const drawPoints = (piece) => {
    const { svg, luar } = SD.petaTitik(titik, piece, SD.t("Peta titik"));
    $("judul-peta").textContent = SD.t("Letak menurut lintang dan bujur");
    $("peta").replaceChildren(svg);
    $("legenda").replaceChildren();
    const missing = luar + titik.tanpa;
    $("tentang-tempat").textContent = missing ? SD.t("{n} baris tanpa titik yang dapat dipakai atau di luar peta", { n: SD.angka(missing) }) : "";
  };

  const drawAreas = (piece) => {
    const { satuan } = cube.ukuran[state.ukuran];
    piece.wilayah.forEach(([code, text]) => names.set(code, text));
    const all = SD.deret(cube, state, "tempat");
    const values = new Map(piece.wilayah.map(([code]) => [code, cube.jenis === "hitungan" ? all.get(code) || 0 : all.get(code)]));
    const ends = SD.batasKelas(values.values());
    $("judul-peta").textContent = titled("tempat") + unit();
    const blank = [...values.values()].some((v) => v === undefined || v === null);
    const say = (text, value) => { $("tentang-tempat").textContent = `${text}: ${SD.denganSatuan(value, satuan)}`; };
    $("peta").replaceChildren(SD.peta(piece, values, ends, {
      judul: `${SD.t("Peta")}: ${titled("tempat")}`, satuan, dipilih: state.tempat, tunjuk: say,
      pilih: async (code) => { state.tempat = code; await draw(); $("peta").firstChild.focus(); },
    }));
    SD.dekatkan($("peta").firstChild, all);
    $("legenda").replaceChildren(...SD.legenda(values.values(), ends, blank).map(([kind, words]) => {
      const entry = document.createElement("span");
      entry.append(Object.assign(document.createElement("i"), { className: kind }), words);
      return entry;
    }));
    $("tentang-tempat").textContent = SD.t("Tunjuk satu wilayah, atau pakai tombol panah, untuk membaca angkanya.");
  };

  let turn = 0;

  /** Draw the map; false where another choice was made while its borders were on the way. */
  const drawMap = async () => {
    turn += 1;
    const mine = turn;
    const parts = cut();
    const found = parts[state.potong] ?? parts[0];
    $("kotak-peta").hidden = !(found !== undefined || (titik && state.peta === "titik"));
    if ($("kotak-peta").hidden) return true;
    const key = found === undefined ? null : `${state.peta === "titik" ? "kabupaten_kota" : SD.TINGKAT[state.tingkat]}-${found || "semua"}`;
    const piece = key && (await SD.ambil(`peta-${key}.js`, "peta", key).catch(() => null));
    if (mine !== turn) return false;
    if (state.peta === "titik") drawPoints(piece);
    else if (piece) drawAreas(piece);
    else $("kotak-peta").hidden = true; // the borders did not arrive: the chart and the table say it all
    return true;
  };

  const note = () => {
    const said = [
      ...cube.tetap.map(([group, value]) => SD.t("Hanya {judul}: {nilai}.", { judul: group, nilai: value || SD.t("(kosong)") })),
      ...(cube.sejak ? [SD.t("Sejak {waktu}.", { waktu: SD.periode(cube.sejak) })] : []),
      ...(packed && cube.jenis === "hitungan" ? [SD.t("Setiap baris adalah satu hal; gambar ini menghitung barisnya.")] : []),
    ];
    if (cube.tetap.length || cube.sejak) said.push(SD.t("Selebihnya ada di berkas unduhan."));
    $("keterangan-angka").textContent = said.join(" ");
  };

  /** Lets the browser answer the reader between two drawings. */
  const pause = () => new Promise((resolve) => { setTimeout(resolve); });

  const draw = async () => {
    const active = document.activeElement?.id;
    note();
    if (!(await drawMap())) return;
    await pause();
    drawChart();
    const known = { nama: name, potongan: cut(), titik: Boolean(titik) && Object.keys(pieces).length > 0 };
    $("pilihan").replaceChildren(...(packed ? SD.pilihan(cube, state, known, (changed) => { Object.assign(state, changed); draw(); }) : []));
    if (active?.startsWith("p-")) $(active)?.focus();
    $("bagian-gambar").removeAttribute("aria-busy");
  };
  $("kotak-tabel").addEventListener("toggle", () => { if ($("kotak-tabel").open) fillTable(); });
  $("pilihan").addEventListener("submit", (event) => event.preventDefault());
  SD.saatBahasa(draw);
})();
