/* “显示密码”: a box that shows what is typed; it stays hidden where this script does not run. */
(() => {
  "use strict";
  document.querySelectorAll("[data-show-password]").forEach((box) => {
    box.closest("label").hidden = false;
    box.checked = false;
    box.addEventListener("change", () => {
      document.getElementById(box.dataset.showPassword).type = box.checked ? "text" : "password";
    });
  });
})();
