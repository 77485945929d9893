/** Parts of a page that need scripts of their own get them when they come into sight: data-skrip lists them. */
(() => {
  "use strict";
  const parts = document.querySelectorAll("[data-skrip]");

  const load = (part) => {
    seen.unobserve(part);
    const sources = (part.dataset.skrip || "").split(" ").filter(Boolean);
    delete part.dataset.skrip;
    for (const src of sources) {
      // Not async: they run in this order.
      document.head.append(Object.assign(document.createElement("script"), { src, async: false }));
    }
  };
  const seen = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => load(e.target)));
  parts.forEach((part) => seen.observe(part));
  // Who walks with the keyboard would pass over what is not there yet.
  addEventListener("keydown", () => parts.forEach(load), { once: true });
})();
