/* On the residents' sign-in page: the year of birth is asked for as soon as the number is a phone's,
   so that the PIN need not be typed twice. Without this script the server asks. */
(() => {
  "use strict";
  const number = document.querySelector("[data-number]");
  const year = document.querySelector("[data-birth-year]");
  if (!number || !year) return;
  const field = number.querySelector("input");
  const show = () => {
    const digits = field.value.replace(/\s/g, "");
    year.hidden = !/^[0-9]{7,12}$/.test(digits);
  };
  field.addEventListener("input", show);
  if (year.hidden) show();
})();
