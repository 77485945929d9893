/** Numbers, dates and periods in the language of the page. By hand: a browser's Intl takes long to wake on a cheap phone. */
(() => {
  "use strict";
  const SD = (window.SatuData = window.SatuData || {});
  const MARKS = { id: [".", ","], en: [",", "."] };
  const MONTHS = {
    id: "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(" "),
    en: "January February March April May June July August September October November December".split(" "),
  };
  const PARTS = { T: "Triwulan {n}, {tahun}", S: "Semester {n}, {tahun}", M: "Minggu {n}, {tahun}" };

  /** 12785.5 -> 12.785,5 @param {number} value @param {number} [digits] at most so many behind the comma */
  SD.angka = (value, digits = 3) => {
    const [whole, part] = String(+value.toFixed(digits)).split(".");
    const [group, point] = MARKS[SD.bahasa()];
    return whole.replace(/\B(?=(\d{3})+$)/g, group) + (part ? point + part : "");
  };

  /** 1250000 -> 1,25 jt, for axes and legends @param {number} value */
  SD.ringkas = (value) =>
    Math.abs(value) < 10000 ? SD.angka(value, 2) : new Intl.NumberFormat(SD.bahasa(), { notation: "compact", maximumSignificantDigits: 4 }).format(value);

  const month = (number, short) => MONTHS[SD.bahasa()][number - 1].slice(0, short ? 3 : undefined);

  /** 2024-03-19 -> 19 Maret 2024, or 19 Mar 2024 @param {string} iso @param {boolean} [short] */
  SD.hari = (iso, short = false) => {
    const [y, m, d] = iso.split("-");
    return `${+d} ${month(m, short)} ${y}`;
  };

  /**
   * A period as people say it: 2024, Maret 2024, 19 Maret 2024, Triwulan 1, 2024.
   * @param {string} period as roles.py writes it @param {boolean} [short] for an axis: a day goes without its year
   */
  SD.periode = (period, short = false) => {
    const part = /^(\d+)-([TSM])(\d+)$/.exec(period);
    if (part) return short ? `${part[2]}${+part[3]} ${part[1]}` : SD.t(PARTS[part[2]], { n: +part[3], tahun: part[1] });
    const [y, m, d] = period.split("-");
    if (!m || !/^\d{4}$/.test(y)) return period;
    return [d && +d, month(m, short), d && short ? "" : y].filter(Boolean).join(" ");
  };

  /** A number with its unit; says so where it is hidden or missing. @param {number|string|null|undefined} value */
  SD.denganSatuan = (value, unit) => {
    if (value === "x") return SD.t("disembunyikan");
    if (value === null || value === undefined) return SD.t("tidak ada angka");
    return unit === "persen" ? `${SD.angka(value)}%` : `${SD.angka(value)}${unit ? ` ${SD.t(unit)}` : ""}`;
  };
})();
