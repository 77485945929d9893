/**
 * The choropleth map: one shape a place, walked through with the arrow keys as a list of options is.
 * The table below the map says the same to those who do not see it.
 */
(() => {
  "use strict";
  const SD = window.SatuData;
  let lastChosen = "";

  /** A <g> with the shapes of a piece; `dress` gives the attributes of each. */
  const shapes = (piece, dress) => {
    const group = SD.svg("g", {});
    piece.wilayah.forEach(([code, name, path]) => group.append(SD.svg("path", { d: path, ...dress(code, name) })));
    return group;
  };

  /** Borders alone, as the ground for points. */
  SD.alas = (piece) => shapes(piece, () => ({ class: "alas" }));

  /** The frame of a piece. */
  SD.bingkai = (piece, attributes) =>
    SD.svg("svg", { viewBox: `-8 -8 ${piece.ukuran[0] + 16} ${piece.ukuran[1] + 16}`, class: "peta", ...attributes });

  /**
   * Show only the part with numbers where that is a small part: one kabupaten within its province.
   * @param {SVGSVGElement} svg a map on the page @param {Map<string, *>} values those that the data has
   */
  SD.dekatkan = (svg, values) => {
    const boxes = [...svg.querySelectorAll("[data-kode]")].filter((e) => values.has(e.dataset.kode)).map((e) => e.getBBox());
    const whole = svg.viewBox.baseVal;
    if (!boxes.length) return;
    const [left, top] = [Math.min(...boxes.map((b) => b.x)), Math.min(...boxes.map((b) => b.y))];
    const [wide, high] = [Math.max(...boxes.map((b) => b.x + b.width)) - left, Math.max(...boxes.map((b) => b.y + b.height)) - top];
    if (wide * high > 0.4 * whole.width * whole.height) return;
    const rim = 0.06 * Math.max(wide, high);
    svg.setAttribute("viewBox", [left - rim, top - rim, wide + 2 * rim, high + 2 * rim].map(Math.round).join(" "));
  };

  /**
   * @param {*} piece as borders.py writes it
   * @param {Map<string, *>} values by code @param {number[]} ends of the classes
   * @param {{judul: string, satuan: string|null, dipilih: string, tunjuk: (name: string, value: *) => void,
   *   pilih: (code: string) => void}} act
   */
  SD.peta = (piece, values, ends, act) => {
    const svg = SD.bingkai(piece, { role: "listbox", tabindex: 0, "aria-label": act.judul });
    svg.append(SD.arsir("arsir-peta", 26));
    const said = (code, name) => `${name}: ${SD.denganSatuan(values.get(code), act.satuan)}`;
    const group = shapes(piece, (code, name) => ({
      id: `w-${code}`, role: "option", class: `wilayah ${SD.kelas(values.get(code), ends)}`,
      "aria-label": said(code, name), "aria-selected": code === act.dipilih, "data-kode": code,
    }));
    group.setAttribute("role", "none");
    const all = [...group.children];
    const mark = SD.svg("path", { class: "sorot", "aria-hidden": "true" });
    svg.append(group, mark);

    const point = (n) => {
      const [code, name, path] = piece.wilayah[n];
      lastChosen = code;
      mark.setAttribute("d", path);
      svg.setAttribute("aria-activedescendant", all[n].id);
      act.tunjuk(name, values.get(code));
    };
    const current = () => Math.max(piece.wilayah.findIndex(([code]) => code === lastChosen), 0);
    if (piece.wilayah.some(([code]) => code === act.dipilih)) {
      mark.setAttribute("d", piece.wilayah.find(([code]) => code === act.dipilih)[2]);
    }
    group.addEventListener("pointerover", (event) => { const n = all.indexOf(event.target.closest("path")); if (n >= 0) point(n); });
    group.addEventListener("click", (event) => { const n = all.indexOf(event.target.closest("path")); if (n >= 0) { point(n); act.pilih(lastChosen); } });
    svg.addEventListener("focus", () => { if (svg.matches(":focus-visible")) point(current()); });
    svg.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
      if (event.key in steps) point((current() + steps[event.key] + all.length) % all.length);
      else if (event.key === "Home") point(0);
      else if (event.key === "End") point(all.length - 1);
      else if (event.key === "Enter" || event.key === " ") { point(current()); act.pilih(lastChosen); }
      else return;
      event.preventDefault();
    });
    return svg;
  };
})();
