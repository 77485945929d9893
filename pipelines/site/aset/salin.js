/** Buttons that copy a text of the page, also where the browser gives file: pages no clipboard. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  document.querySelectorAll("button[data-salin]").forEach((button) => {
    const source = document.getElementById(button.dataset.salin);
    button.hidden = false;
    button.addEventListener("click", async () => {
      let copied = false;
      try {
        await navigator.clipboard.writeText(source.textContent);
        copied = true;
      } catch {
        select(source);
        copied = document.execCommand("copy");
      }
      document.getElementById("tersalin").textContent = SD.t(copied ? "Tersalin." : "Teks sudah dipilih; tekan Ctrl+C.");
    });
  });
})();
