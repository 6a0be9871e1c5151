/* A scanner types like a keyboard, only faster, and ends with Enter. Wherever the focus is, digits
   that arrive less than 50 ms apart, eight or more, are one code: the page hears `scan` with
   detail.code. A page that acts on it calls preventDefault; then what leaked into a field goes. */
(() => {
  "use strict";

  const GAP_MS = 50;
  const SHORTEST = 8;
  let typed = "";
  let last = 0;

  const digitOf = (event) => {
    if (/^[0-9]$/.test(event.key)) return event.key;
    // A Chinese input method hides the key but not its place on the keyboard.
    const place = event.key === "Process" && /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
    return place ? place[1] : "";
  };

  const clearLeak = (field, code) => {
    if (!field || typeof field.value !== "string") return;
    // Kinds of input that have no caret to ask for take what is typed at their end.
    const end = field.selectionEnd === null ? field.value.length : field.selectionEnd;
    const start = end - code.length;
    if (start < 0 || field.value.slice(start, end) !== code) return;
    field.value = field.value.slice(0, start) + field.value.slice(end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const near = event.timeStamp - last < GAP_MS;
      if (event.key === "Enter") {
        const code = near ? typed : "";
        typed = "";
        if (code.length < SHORTEST || event.isComposing) return;
        const scan = new CustomEvent("scan", { detail: { code }, cancelable: true });
        if (!document.dispatchEvent(scan)) {
          event.preventDefault();
          event.stopPropagation();
          clearLeak(document.activeElement, code);
        }
        return;
      }
      const digit = digitOf(event);
      typed = digit ? (near ? typed + digit : digit) : "";
      last = event.timeStamp;
    },
    true,
  );

  // A scanner reaches this page only while the window has the focus: say so.
  const light = document.querySelector("[data-scanner-light]");
  if (!light) return;
  const show = () => {
    const on = document.hasFocus();
    light.hidden = false;
    light.classList.toggle("off", !on);
    light.textContent = on ? light.dataset.on : light.dataset.off;
  };
  addEventListener("focus", show);
  addEventListener("blur", show);
  show();
})();
