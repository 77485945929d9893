/**
 * The English switch. Text on the page is Indonesian; what has an attribute data-t is looked up, by its own words,
 * in the dictionary of inggris.js. Titles and descriptions of data stay as the agencies wrote them.
 */
(() => {
  "use strict";
  const SD = (window.SatuData = window.SatuData || {});
  const KEY = "satudata-bahasa";
  const button = document.getElementById("ganti-bahasa");
  const listeners = [];
  const words = (text) => text.replace(/\s+/g, " ").trim();

  /** The language of the page: "id" or "en". */
  SD.bahasa = () => document.documentElement.lang;

  /**
   * A text in the language of the page.
   * @param {string} text Indonesian; {name} is replaced by values.name
   * @param {Object<string, *>} [values]
   */
  SD.t = (text, values = {}) => {
    const said = SD.bahasa() === "en" ? SD.inggris[text] || text : text;
    return said.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };

  /** Call `listener` now and after every change of language. @param {() => void} listener */
  SD.saatBahasa = (listener) => { listeners.push(listener); listener(); };

  /** The browser may forbid storage, on file: pages most of all; then the choice lasts for the page. */
  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (code) => { try { localStorage.setItem(KEY, code); } catch { /* it lasts for the page */ } };

  /** Translate an element's text or attribute, keeping what it said first. */
  const translate = (element, name, get, set) => {
    const first = element.dataset[name] || words(get());
    element.dataset[name] = first;
    set(SD.t(first));
  };

  const apply = () => {
    document.querySelectorAll("[data-t]").forEach((e) =>
      translate(e, "asli", () => e.textContent, (text) => { e.textContent = text; }));
    for (const [mark, attribute] of [["t-label", "aria-label"], ["t-placeholder", "placeholder"]]) {
      document.querySelectorAll(`[data-${mark}]`).forEach((e) =>
        translate(e, "asliAtribut", () => e.getAttribute(attribute), (text) => e.setAttribute(attribute, text)));
    }
    document.querySelectorAll("data[value]").forEach((e) => { e.textContent = SD.angka(+e.value); });
    document.querySelectorAll("time[datetime]").forEach((e) => { e.textContent = SD.hari(e.dateTime); });
    button.textContent = SD.bahasa() === "en" ? "Bahasa Indonesia" : "English";
    button.lang = SD.bahasa() === "en" ? "id" : "en";
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    document.documentElement.lang = SD.bahasa() === "en" ? "id" : "en";
    remember(SD.bahasa());
    apply();
    listeners.forEach((listener) => listener());
  });
  // The page is written in Indonesian: whoever reads that waits for nothing.
  if (remembered() === "en") {
    document.documentElement.lang = "en";
    document.addEventListener("DOMContentLoaded", apply);
  }
})();
