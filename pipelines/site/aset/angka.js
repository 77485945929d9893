/** Numbers, dates and periods in the language of the page. */
(() => {
  "use strict";
  const SD = (window.SatuData = window.SatuData || {});
  const locale = () => (SD.bahasa() === "en" ? "en-GB" : "id");
  const PARTS = { T: "Triwulan {n}, {tahun}", S: "Semester {n}, {tahun}", M: "Minggu {n}, {tahun}" };

  /** 12785.5 -> 12.785,5 @param {number} value */
  SD.angka = (value) => new Intl.NumberFormat(locale(), { maximumFractionDigits: 3 }).format(value);

  /** 1250000 -> 1,3 jt, for axes and legends @param {number} value */
  SD.ringkas = (value) =>
    new Intl.NumberFormat(locale(), Math.abs(value) < 10000 ? { maximumFractionDigits: 2 } : { notation: "compact", maximumSignificantDigits: 4 }).format(value);

  /** 2024-03-19 -> 19 Maret 2024 @param {string} iso */
  SD.hari = (iso, style = { dateStyle: "long" }) =>
    new Intl.DateTimeFormat(locale(), { ...style, timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));

  /**
   * A period as people say it: 2024, Maret 2024, 19 Maret 2024, Triwulan 1, 2024.
   * @param {string} period as roles.py writes it @param {boolean} [short] for an axis
   */
  SD.periode = (period, short = false) => {
    const part = /^(\d+)-([TSM])(\d+)$/.exec(period);
    if (part) return short ? `${part[2]}${+part[3]} ${part[1]}` : SD.t(PARTS[part[2]], { n: +part[3], tahun: part[1] });
    const [year, month, day] = period.split("-");
    if (!month || !/^\d{4}$/.test(year)) return period;
    const style = { month: short ? "short" : "long", ...(day ? { day: "numeric" } : {}), ...(day && short ? {} : { year: "numeric" }) };
    return SD.hari(`${year}-${month}-${day || "01"}`, style);
  };

  /** A number with its unit; says so where it is hidden or missing. @param {number|string|null|undefined} value */
  SD.denganSatuan = (value, unit) => {
    if (value === "x") return SD.t("disembunyikan");
    if (value === null || value === undefined) return SD.t("tidak ada angka");
    return unit === "persen" ? `${SD.angka(value)}%` : `${SD.angka(value)}${unit ? ` ${SD.t(unit)}` : ""}`;
  };
})();
