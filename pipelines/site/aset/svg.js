/** Making SVG without a library. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const SPACE = "http://www.w3.org/2000/svg";

  /**
   * @param {string} name @param {Object<string, *>} [attributes] @param {...(Node|string)} children
   * @returns {SVGElement}
   */
  SD.svg = (name, attributes = {}, ...children) => {
    const made = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  /** The hatching of hidden numbers; `id` must be one of its own in the page. */
  SD.arsir = (id, size) =>
    SD.svg("defs", {}, SD.svg("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      SD.svg("rect", { width: size, height: size, class: "arsir-dasar" }),
      SD.svg("rect", { width: size * 0.4, height: size, class: "arsir-garis" })));

  /** Round numbers from `low` to `high` for an axis, about `count` of them. @returns {number[]} */
  SD.skala = (low, high, count = 4) => {
    const rough = (high - low || Math.abs(high) || 1) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough);
    const first = Math.floor(low / step) * step;
    const ticks = [];
    for (let n = 0; ; n += 1) {
      ticks.push(+(first + n * step).toPrecision(12));
      if (ticks[n] >= high) return ticks;
    }
  };
})();
