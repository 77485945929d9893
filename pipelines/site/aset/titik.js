/** Points on the borders of the kabupaten, or on nothing where a release has no borders. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const LONGEST = 2000;
  const rad = (degrees) => (degrees * Math.PI) / 180;

  /** A frame around the points themselves. */
  const around = ({ lintang, bujur }) => {
    const edge = (list) => { const [a, b] = [Math.min(...list), Math.max(...list)]; const m = Math.max((b - a) * 0.05, 0.01); return [a - m, b + m]; };
    const [[south, north], [west, east]] = [edge(lintang), edge(bujur)];
    const [wide, high] = [(east - west) * Math.cos(rad((south + north) / 2)), north - south];
    const scale = LONGEST / Math.max(wide, high);
    return { kotak: [west, south, east, north], ukuran: [wide * scale, high * scale].map(Math.ceil), wilayah: [] };
  };

  /**
   * @param {{lintang: number[], bujur: number[], nama?: string[], n?: number[]}} points
   * @param {*} piece the borders, if there are any @param {string} title
   * @returns {{svg: SVGElement, luar: number}} and how many points lie off the map
   */
  SD.petaTitik = (points, piece, title) => {
    const ground = piece || around(points);
    const [west, south, east, north] = ground.kotak;
    const [wide, high] = ground.ukuran;
    const svg = SD.bingkai(ground, { role: "img", "aria-label": title });
    if (piece) svg.append(SD.alas(piece));
    const most = points.n ? Math.max(...points.n) : 1;
    let outside = 0;
    points.lintang.forEach((lat, n) => {
      const lon = points.bujur[n];
      if (lat < south || lat > north || lon < west || lon > east) {
        outside += points.n ? points.n[n] : 1;
        return;
      }
      const radius = points.n ? 7 + 26 * Math.sqrt(points.n[n] / most) : 13;
      const words = points.n ? SD.t("{n} titik", { n: SD.angka(points.n[n]) }) : points.nama?.[n] || "";
      svg.append(SD.svg("circle", { cx: ((lon - west) / (east - west)) * wide, cy: ((north - lat) / (north - south)) * high, r: radius, class: "titik" },
        SD.svg("title", {}, words)));
    });
    return { svg, luar: outside };
  };
})();
