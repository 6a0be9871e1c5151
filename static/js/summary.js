/* The error summary takes the focus when the page opens: it is the first thing to be read. */
(() => {
  "use strict";
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
