/** The answer: a hundred rows at a time out of the table `hasil` that the query filled, and all of it as CSV. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const PAGE = 100;
  const id = (name) => document.getElementById(name);
  const make = (name, text = "", attributes = {}) => Object.assign(document.createElement(name), { textContent: text, ...attributes });
  const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/;
  let result = null; // { columns: [[name, type]], count, first }

  const draw = (values) => {
    const table = make("table");
    const head = make("tr");
    result.columns.forEach(([name, type]) => head.append(make("th", name, { scope: "col", className: NUMBER.test(type) ? "n" : "", title: type })));
    const body = make("tbody");
    for (const row of values) {
      const line = make("tr");
      row.forEach((value, n) => line.append(make("td", value ?? "", { className: NUMBER.test(result.columns[n][1]) ? "n" : "" })));
      body.append(line);
    }
    const top = make("thead");
    top.append(head);
    table.append(top, body);
    id("tabel-hasil").replaceChildren(table);
    id("tabel-hasil").scrollTop = 0;
    label();
  };

  const label = () => {
    if (!result) return;
    const last = Math.min(result.first + PAGE, result.count);
    id("nomor-halaman").textContent = result.count
      ? SD.t("Baris {dari}–{sampai} dari {semua}", { dari: SD.angka(result.first + 1), sampai: SD.angka(last), semua: SD.angka(result.count) })
      : SD.t("Tidak ada baris.");
    for (const button of ["sebelum", "sesudah"]) id(button).hidden = result.count <= PAGE;
    id("sebelum").setAttribute("aria-disabled", result.first === 0);
    id("sesudah").setAttribute("aria-disabled", last >= result.count);
  };

  const page = async (first) => {
    result.first = first;
    // As DuckDB writes values: exact decimals, ISO dates, lists.
    const texts = result.columns.map(([name]) => `${SD.mesin.kutip(name)}::VARCHAR`).join(", ");
    draw(await SD.mesin.tanya(`SELECT ${texts} FROM hasil LIMIT ${PAGE} OFFSET ${first}`));
  };

  /** Texts that a spreadsheet would run get the same guard as in the CSV files of the release. */
  const csv = async () => {
    const guard = id("sql").dataset.selCsv;
    const columns = result.columns.map(([name, type]) => {
      const quoted = SD.mesin.kutip(name);
      return `${type === "VARCHAR" ? guard.replaceAll("{kolom}", quoted) : quoted} AS ${quoted}`;
    });
    await SD.mesin.tanya(`COPY (SELECT ${columns.join(", ")} FROM hasil) TO 'hasil.csv' (FORMAT csv, HEADER)`);
    const address = URL.createObjectURL(new Blob([await SD.mesin.keluarkan("hasil.csv")], { type: "text/csv" }));
    make("a", "", { href: address, download: "hasil.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };

  SD.hasil = {
    /** Show what the table `hasil` holds now. @returns {Promise<number>} its rows */
    tampil: async () => {
      const columns = (await SD.mesin.tanya("DESCRIBE hasil")).map(([name, type]) => [name, type]);
      const [[count]] = await SD.mesin.tanya("SELECT count(*) FROM hasil");
      result = { columns, count: Number(count), first: 0 };
      await page(0);
      id("hasil").hidden = false;
      return result.count;
    },

    /** The table `hasil` is gone, or about to be. */
    hapus: () => { result = null; id("hasil").hidden = true; },
  };
  const turn = (by) => { if (result.first + by >= 0 && result.first + by < result.count) page(result.first + by); };
  id("sebelum").addEventListener("click", () => turn(-PAGE));
  id("sesudah").addEventListener("click", () => turn(PAGE));
  id("unduh-csv").addEventListener("click", csv);
  document.addEventListener("DOMContentLoaded", () => SD.saatBahasa(label));
})();
