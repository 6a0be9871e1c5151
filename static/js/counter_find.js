/* The counter's search: finds while one types, never opens one of several by itself. */
(() => {
  "use strict";

  const WAIT_MS = 200;
  const form = document.getElementById("search");
  const field = form.elements.q;
  const found = document.getElementById("found");
  let timer = 0;
  let shown = field.value.trim();
  let asked = 0;

  const rows = () => [...found.querySelectorAll(".found a")];

  const search = async () => {
    clearTimeout(timer);
    const typed = field.value.trim();
    const mine = ++asked;
    if (!typed) {
      found.replaceChildren();
      shown = "";
      return true;
    }
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Part": "found" },
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const html = await answer.text();
      if (mine !== asked) return false; // something newer is on its way
      found.innerHTML = html;
      shown = typed;
      return true;
    } catch {
      const note = document.createElement("p");
      note.className = "note stop";
      note.setAttribute("role", "alert");
      note.textContent = found.dataset.cut;
      found.replaceChildren(note);
      return false;
    }
  };

  const choose = () => {
    const people = rows();
    if (people.length === 1) people[0].click();
    // Of several, none is chosen: the list takes the focus, digits and arrows choose.
    else if (people.length) found.querySelector("[data-found]").focus();
  };

  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(search, WAIT_MS);
  });

  form.addEventListener("submit", async (event) => {
    const typed = field.value.trim();
    if (/^[0-9]{13}$/.test(typed)) return; // a code typed by hand: the server opens it
    event.preventDefault();
    if (typed === shown || (await search())) choose();
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const people = rows();
    const here = people.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!people.length) return;
      event.preventDefault();
      const next = here + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0) field.focus();
      else people[Math.min(next, people.length - 1)].focus();
    } else if (/^\p{L}$/u.test(event.key) && !document.activeElement.matches("input, textarea")) {
      field.focus(); // the letter goes where it was meant to go
    }
  });

  document.addEventListener("scan", (event) => {
    event.preventDefault();
    const scan = document.getElementById("scan");
    scan.elements.code.value = event.detail.code;
    scan.submit();
  });
})();
