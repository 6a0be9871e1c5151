/* Keys that stand printed on their buttons: data-key="F9", "Esc", "/", "1", "P". They press the
   button or link, or put the focus into the field. F-keys work everywhere, the others only outside
   text fields; none while an input method is composing, none behind an open dialog. */
(() => {
  "use strict";

  // A scanner's digits come faster than a hand's: a digit counts only if nothing follows at once.
  const ALONE_MS = 60;
  let waiting = 0;

  const named = (event) => (event.key === "Escape" ? "Esc" : event.key);
  const isText = (element) =>
    element.isContentEditable ||
    element.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button])");

  const find = (key) => {
    const dialog = document.querySelector("dialog[open]");
    const wanted = key.length === 1 ? key.toLowerCase() : key;
    return [...(dialog || document).querySelectorAll("[data-key]")].find((one) => {
      const own = one.dataset.key.length === 1 ? one.dataset.key.toLowerCase() : one.dataset.key;
      return own === wanted && !one.disabled && one.getClientRects().length > 0;
    });
  };

  const press = (target) => {
    if (target.matches("input, textarea, select")) {
      target.focus();
      if (target.select) target.select();
    } else {
      target.click();
    }
  };

  document.addEventListener("keydown", (event) => {
    clearTimeout(waiting);
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = named(event);
    const isFunction = /^F[0-9]+$/.test(key) || key === "Esc";
    if (!isFunction && isText(event.target)) return;
    if (key === "Esc" && document.querySelector("dialog[open]")) return; // the dialog closes itself
    const target = find(key);
    if (!target) return;
    if (/^[0-9]$/.test(key)) {
      waiting = setTimeout(() => press(target), ALONE_MS);
      return;
    }
    event.preventDefault();
    press(target);
  });
})();
