/* The logging page: people are added by typing or scanning, rows follow the page's hours and
   intensity until they are changed by hand, and the server counts and keeps a draft after each
   change. Without this script the buttons do the same, one page at a time. */
(() => {
  "use strict";

  const QUIET_MS = 300; // after the last key, before the server is asked
  const form = document.querySelector("[data-attendance]");
  if (!form) return;
  const list = form.querySelector("[data-list]");
  const add = form.querySelector("#add");
  const hours = form.querySelector("[name=hours]");
  const one = (name) => form.querySelector(`[data-${name}]`);
  const rows = () => [...list.querySelectorAll("[data-row]")];
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const coming = new Set(); // people the server is still looking for
  let timer = 0;

  const post = (url, data) =>
    fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": token } });

  const drawn = (part, place, parts) => {
    const number = document.createElement(place === parts.length - 1 ? "b" : "span");
    const unit = document.createElement("small");
    unit.textContent = part.unit;
    number.append(part.number, unit);
    return part.sign ? [part.sign, number] : [number];
  };

  const shape = (counted) => {
    one("people").textContent = counted.people;
    one("hours-total").textContent = counted.hours;
    one("total").textContent = counted.points;
    one("formula").replaceChildren(...counted.formula.flatMap(drawn));
    one("formula").hidden = counted.formula.length === 0;
    let problems = 0;
    rows().forEach((row, place) => {
      const found = counted.rows[row.dataset.row];
      row.querySelector("[data-number]").textContent = place + 1;
      if (!found) return;
      row.className = found.kind;
      if (found.kind) problems += 1;
      row.querySelector("[data-points]").textContent = found.points === null ? "—" : `+${found.points}`;
      const note = row.querySelector("[data-note]");
      note.textContent = found.note;
      note.hidden = !found.note;
      note.className = `tag ${{ bad: "stop", warn: "hold" }[found.kind] || "info"}`;
    });
    const words = one("problems").querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("%s", problems);
    one("problems").hidden = problems === 0;
    one("empty").hidden = rows().length > 0;
    one("saved").textContent = counted.people ? one("saved").dataset.words : "";
  };

  // One question at a time: of two on their way together, the older could be kept as the draft.
  let checking = null;
  let again = false;
  const ask = async () => {
    do {
      again = false;
      try {
        const answer = await post(form.dataset.check, new FormData(form));
        if (answer.ok && !again) shape(await answer.json());
      } catch {
        one("saved").textContent = ""; // the line is cut: nothing is claimed to be saved
      }
    } while (again);
    checking = null;
  };
  const check = () => {
    again = true;
    checking = checking || ask();
    return checking;
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(check, QUIET_MS);
  };

  const place = (row) => {
    const who = row.querySelector("input[name^=volunteer-]");
    const old = who && rows().find((other) => other.querySelector("[name^=volunteer-]")?.value === who.value);
    if (!old) list.append(row);
    (old || row).scrollIntoView({ block: "nearest" });
    // Ask which one it is, but never out of the hands of somebody who types the next name.
    if (!old && !add.value) row.querySelector("select[name^=volunteer-]")?.focus();
  };

  const fetchRows = async (extra) => {
    const data = new FormData(form);
    data.delete("row");
    Object.entries(extra).forEach(([name, value]) => data.set(name, value));
    const answer = await post(form.dataset.rows, data);
    const fresh = document.createElement("tbody");
    if (answer.ok) fresh.innerHTML = await answer.text();
    [...fresh.children].forEach(place);
    await check();
  };

  const bring = (extra) => {
    const looking = fetchRows(extra)
      .catch(() => {
        if (extra.text && !add.value) add.value = extra.text; // the line is cut: nothing is lost
      })
      .finally(() => coming.delete(looking));
    coming.add(looking);
  };

  const enter = (text) => {
    if (!text) return;
    add.value = "";
    bring({ text });
  };

  add.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    enter(add.value.trim());
  });
  one("add").addEventListener("click", (event) => {
    event.preventDefault();
    enter(add.value.trim());
    add.focus();
  });
  document.addEventListener("scan", (event) => {
    event.preventDefault();
    enter(event.detail.code);
    add.focus();
  });
  one("last").hidden = false;
  one("last").addEventListener("click", () => bring({ last: "1" }));

  form.addEventListener("submit", (event) => {
    // Who was typed a moment ago comes along; a name without its Enter is added first.
    enter(add.value.trim());
    if (!coming.size) return;
    event.preventDefault();
    Promise.allSettled([...coming]).then(() => form.requestSubmit(event.submitter));
  });
  form.addEventListener("keydown", (event) => {
    // Enter in a row goes back to the next person instead of sending the page.
    if (event.key !== "Enter" || event.isComposing || event.target === add) return;
    if (!event.target.matches("input, select")) return;
    event.preventDefault();
    add.focus();
  });
  form.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) {
      const next = Math.min(24, Math.max(0.5, (Number(hours.value) || 0) + Number(step.dataset.step)));
      hours.value = String(next);
      hours.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const remove = event.target.closest("[data-remove]");
    if (remove) {
      remove.closest("[data-row]").remove();
      add.focus();
      check();
    }
  });
  form.addEventListener("input", (event) => {
    if (event.target === add) return;
    if (event.target === hours || event.target.name === "intensity") {
      const part = event.target === hours ? "[data-hours]" : "[data-intensity]";
      rows().forEach((row) => {
        const own = row.querySelector(part);
        if (!own.classList.contains("chg")) own.value = event.target.value;
      });
    } else if (event.target.matches("[data-hours], [data-intensity]")) {
      event.target.classList.add("chg");
    }
    soon();
  });
  form.addEventListener("change", soon);
  if (rows().length) check();
})();
