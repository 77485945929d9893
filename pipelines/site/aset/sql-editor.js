/** The text of the query: line numbers, Ctrl+Enter, and the line that an error speaks of. Tab leaves it, as it should. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const text = document.getElementById("sql-teks");
  const numbers = document.getElementById("nomor");

  const number = () => {
    const count = text.value.split("\n").length;
    numbers.textContent = Array.from({ length: count }, (_, n) => n + 1).join("\n");
    numbers.scrollTop = text.scrollTop;
  };
  text.addEventListener("input", number);
  text.addEventListener("scroll", () => { numbers.scrollTop = text.scrollTop; });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      text.form.requestSubmit();
    }
  });

  SD.editor = {
    /** The query without the semicolon that ends it. */
    isi: () => text.value.replace(/[;\s]+$/, ""),

    /** @param {string} sql */
    tulis: (sql) => { text.value = sql; number(); },

    /** Go there, and select a line. @param {number} [line] counted from 1 */
    tunjuk: (line) => {
      text.focus();
      if (!line) return;
      const lines = text.value.split("\n");
      const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      text.setSelectionRange(from, from + (lines[line - 1] || "").length);
    },
  };
  number();
})();
