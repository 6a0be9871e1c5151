/* data-print prints. On a page with several papers, data-paper="p58" chooses one; this computer
   remembers the choice. A roll has no page end: the page is made as long as the slip. */
(() => {
  "use strict";

  const A_YEAR_S = 365 * 24 * 60 * 60;
  const ROLLS = { p58: [".w58", 58], p80: [".w80", 80] };
  const MM_PER_PIXEL = 25.4 / 96;
  const sheet = new CSSStyleSheet();
  if ("adoptedStyleSheets" in document) document.adoptedStyleSheets = [sheet];

  const choose = (paper) => {
    document.body.dataset.slip = paper;
    document.querySelectorAll("[data-paper]").forEach((one) => {
      if (one.matches("input")) one.checked = one.dataset.paper === paper;
      else one.setAttribute("aria-pressed", String(one.dataset.paper === paper));
    });
  };

  // The server reads the same cookie, so the page comes with the right paper chosen.
  const kept = /(?:^|; )paper=(p58|p80|pa4)(?:;|$)/.exec(document.cookie);
  if (document.querySelector("[data-paper]")) {
    choose(kept ? kept[1] : document.body.dataset.slip || "p80");
  }

  document.addEventListener("click", (event) => {
    const paper = event.target.closest("[data-paper]");
    if (paper) {
      const chosen = paper.dataset.paper;
      document.cookie = `paper=${chosen};path=/;max-age=${A_YEAR_S};samesite=lax`;
      choose(chosen);
    }
    if (event.target.closest("[data-print]")) print();
  });

  addEventListener("beforeprint", () => {
    const roll = ROLLS[document.body.dataset.slip];
    const slip = roll && document.querySelector(roll[0]);
    if (!slip) return sheet.replaceSync("");
    const height = Math.ceil(slip.getBoundingClientRect().height * MM_PER_PIXEL) + 6;
    sheet.replaceSync(`@page{size:${roll[1]}mm ${height}mm;margin:0}`);
  });
})();
