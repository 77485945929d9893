/** The numbers of a map or chart as a table, for those who read rather than look. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const cell = (name, text, attributes = {}) => Object.assign(document.createElement(name), { textContent: text, ...attributes });

  /**
   * @param {string} caption @param {string} first heading of the first column @param {string} second of the number
   * @param {{label: string, nilai: *}[]} rows @param {string|null} unit
   */
  SD.tabel = (caption, first, second, rows, unit) => {
    const table = document.createElement("table");
    const head = document.createElement("tr");
    head.append(cell("th", first, { scope: "col" }), cell("th", second, { scope: "col", className: "n" }));
    const body = document.createElement("tbody");
    for (const { label, nilai } of rows) {
      const row = document.createElement("tr");
      row.append(cell("th", label, { scope: "row" }), cell("td", SD.denganSatuan(nilai, unit), { className: "n" }));
      body.append(row);
    }
    const top = document.createElement("thead");
    top.append(head);
    table.append(cell("caption", caption), top, body);
    return table;
  };
})();
