/* The slip: how long it can still be undone, which paper, and what the scanner reads here. */
(() => {
  "use strict";

  const undo = document.querySelector("[data-undo]");
  if (undo) {
    const place = undo.querySelector("[data-left]");
    const until = Date.parse(undo.dataset.until);
    const tick = () => {
      const seconds = Math.round((until - Date.now()) / 1000);
      if (seconds <= 0) {
        undo.hidden = true;
        clearInterval(timer);
        return;
      }
      const words = place.dataset.left
        .replace("{minutes}", Math.floor(seconds / 60))
        .replace("{seconds}", seconds % 60);
      const strong = document.createElement("b");
      strong.textContent = words;
      place.replaceChildren(strong);
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  const papers = document.querySelector("[data-papers]");
  if (papers) {
    papers.querySelectorAll("[data-with-scripts]").forEach((one) => {
      one.hidden = false;
    });
    papers.querySelector("[data-without-scripts]").hidden = true;
    papers.addEventListener("submit", (event) => event.preventDefault());
  }

  const list = document.querySelector("[data-print-page]");
  if (list) {
    list.hidden = false;
    list.addEventListener("click", () => print());
  }

  document.addEventListener("scan", (event) => {
    event.preventDefault();
    const { code } = event.detail;
    const missing = document.querySelector(`[data-file-scanned] [data-number="${code}"] form`);
    if (missing) {
      missing.submit();
      return;
    }
    const scan = document.getElementById("scan");
    scan.elements.code.value = code;
    scan.submit();
  });
})();
