/* The kiosk. A scanned card fills in data-scan and sends its form. An on-screen keypad types into the
   last field that had the focus. data-leave="20" counts down in words and then forgets the reader;
   every touch and key starts the count again. Without this script the page leaves by itself too. */
(() => {
  "use strict";

  const scan = document.querySelector("[data-scan]");
  if (scan) {
    document.addEventListener("scan", (event) => {
      event.preventDefault();
      scan.value = event.detail.code;
      scan.form.requestSubmit();
    });
  }

  const pads = document.querySelectorAll("[data-digit], [data-erase]");
  let field = document.querySelector("form input.in");
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input.in")) field = event.target;
  });
  pads.forEach((key) => {
    key.addEventListener("click", () => {
      if (!field) return;
      const most = field.maxLength > 0 ? field.maxLength : 30;
      field.value = key.dataset.digit
        ? (field.value + key.dataset.digit).slice(0, most)
        : field.value.slice(0, -1);
      if (field.maxLength > 0 && field.value.length >= most) {
        const fields = [...field.form.querySelectorAll("input.in")];
        const next = fields[fields.indexOf(field) + 1];
        if (next) next.focus();
      }
    });
  });

  const clock = document.querySelector("[data-leave]");
  if (!clock) return;
  const whole = Number(clock.dataset.leave);
  const words = clock.querySelector("[data-seconds]");
  let left = whole;
  const again = () => {
    left = whole;
    words.textContent = String(left);
  };
  ["pointerdown", "keydown", "wheel", "touchmove"].forEach((kind) =>
    addEventListener(kind, again, { passive: true }),
  );
  setInterval(() => {
    left -= 1;
    words.textContent = String(Math.max(0, left));
    if (left <= 0) location.replace(clock.dataset.to);
  }, 1000);
  // Back from another page: the browser may show this one as it was, with somebody's points.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.replace(clock.dataset.to);
  });
})();
