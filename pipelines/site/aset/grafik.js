/** Two charts as inline SVG: a line through time, and bars for places and groups. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const BARS = 15;
  /** Units are pixels, so that letters stay legible on a telephone. */
  const width = () => Math.max(280, Math.min(680, innerWidth - 76));
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const frame = (wide, height, label) => SD.svg("svg", { viewBox: `0 0 ${wide} ${height}`, role: "img", "aria-label": label, class: "grafik" });

  /**
   * A line; a gap where a number is hidden or missing, hidden ones marked on the axis.
   * @param {{label: string, singkat: string, nilai: *}[]} points in the order of time
   * @param {boolean} whole whether the axis must begin at zero
   */
  SD.garis = (points, unit, title, whole) => {
    const wide = width();
    const [high, left, right, top, bottom] = [300, 62, 16, 14, 34];
    const numbers = points.map((p) => p.nilai).filter((v) => typeof v === "number");
    const least = numbers.length ? Math.min(...numbers) : 0;
    const ticks = SD.skala(!whole && least > 0.6 * Math.max(...numbers) ? least : Math.min(0, least), Math.max(...numbers, 0));
    const [low, up] = [ticks[0], ticks[ticks.length - 1]];
    const x = (n) => left + ((wide - left - right) * (n + (points.length > 1 ? 0 : 0.5))) / Math.max(points.length - 1, 1);
    const y = (v) => top + (high - top - bottom) * (1 - (v - low) / (up - low || 1));
    const svg = frame(wide, high, title);
    for (const tick of ticks) {
      svg.append(SD.svg("line", { x1: left, x2: wide - right, y1: y(tick), y2: y(tick), class: "kisi" }),
        SD.svg("text", { x: left - 8, y: y(tick) + 4, class: "kanan" }, SD.ringkas(tick)));
    }
    const every = Math.ceil(points.length / (wide / 100));
    points.forEach((p, n) => {
      if (n % every === 0) svg.append(SD.svg("text", { x: x(n), y: high - 10, class: n === points.length - 1 && n ? "kanan" : n || points.length === 1 ? "tengah" : "kiri" }, p.singkat));
    });
    let path = "";
    points.forEach((p, n) => {
      if (typeof p.nilai === "number") path += `${typeof points[n - 1]?.nilai === "number" ? "L" : "M"}${x(n).toFixed(1)} ${y(p.nilai).toFixed(1)}`;
    });
    svg.append(SD.svg("path", { d: path, class: "garis" }));
    points.forEach((p, n) => {
      const tip = SD.svg("title", {}, `${p.label}: ${SD.denganSatuan(p.nilai, unit)}`);
      if (p.nilai === "x") svg.append(SD.svg("path", { d: `M${x(n) - 4} ${y(low) - 4}l8 8m0-8l-8 8`, class: "silang" }, tip));
      else if (typeof p.nilai === "number" && points.length <= 120) {
        svg.append(SD.svg("circle", { cx: x(n), cy: y(p.nilai), r: points.length > 40 ? 2 : 4, class: "titik-garis" }, tip));
      }
    });
    return svg;
  };

  /**
   * Bars, largest first; at most fifteen, and how many there are besides.
   * @param {{label: string, nilai: *, pilih?: boolean}[]} points
   * @returns {{svg: SVGElement, sisa: number}}
   */
  SD.batang = (points, unit, title) => {
    const rank = (p) => (typeof p.nilai === "number" ? p.nilai : -Infinity);
    const sorted = [...points].sort((a, b) => rank(b) - rank(a) || a.label.localeCompare(b.label));
    const drawn = sorted.slice(0, BARS);
    const wide = width();
    const narrow = wide < 480;
    const [row, left, right] = [26, narrow ? 118 : 190, narrow ? 70 : 96];
    const numbers = drawn.map((p) => p.nilai).filter((v) => typeof v === "number");
    const [low, up] = [Math.min(0, ...numbers), Math.max(0, ...numbers)];
    const x = (v) => left + ((wide - left - right) * (v - low)) / (up - low || 1);
    const svg = frame(wide, row * drawn.length + 6, title);
    svg.append(SD.arsir("arsir-batang", 7));
    drawn.forEach((p, n) => {
      const y = n * row + 4;
      svg.append(SD.svg("text", { x: left - 10, y: y + 14, class: "kanan" }, cut(p.label, narrow ? 15 : 26)));
      const shown = typeof p.nilai === "number" ? p.nilai : 0;
      const [from, to] = [x(Math.min(0, shown)), x(Math.max(0, shown))];
      const hidden = p.nilai === "x";
      svg.append(SD.svg("rect", hidden
        ? { x: left, y, width: 46, height: row - 8, rx: 2, class: "batang-sembunyi", fill: "url(#arsir-batang)" }
        : { x: from, y, width: Math.max(to - from, 1), height: row - 8, rx: 2, class: p.pilih ? "batang-isi pilih" : "batang-isi" },
      SD.svg("title", {}, `${p.label}: ${SD.denganSatuan(p.nilai, unit)}`)));
      const words = hidden ? SD.t("disembunyikan") : typeof p.nilai === "number" ? SD.ringkas(p.nilai) : SD.t("tidak ada angka");
      svg.append(SD.svg("text", { x: (hidden ? left + 46 : to) + 8, y: y + 14, class: "nilai" }, words));
    });
    return { svg, sisa: sorted.length - drawn.length };
  };
})();
