/* One click, one effect. A form with data-once asks first whether the shop's computer answers; if
   not, nothing is sent and the form keeps all that was typed and its key. While it is being sent,
   its buttons rest. Without this script the key alone makes a second click harmless. */
(() => {
  "use strict";

  const ANSWER_WITHIN_MS = 4000;
  const words = document.body.dataset; // busy, cut: in the language of the page

  const answers = async () => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER_WITHIN_MS);
    try {
      const answer = await fetch("/alive/", { cache: "no-store", signal: stop.signal });
      return answer.ok;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  };

  const rest = (form, button) => {
    form.querySelectorAll("button:not([type=button])").forEach((one) => {
      one.disabled = true;
    });
    if (!button) return;
    const note = document.createElement("span");
    note.className = "busy";
    note.textContent = words.busy;
    button.append(note);
  };

  const wake = (form) => {
    delete form.dataset.sending;
    form.querySelectorAll("button:disabled:not([data-stays])").forEach((one) => {
      one.disabled = false;
    });
    form.querySelectorAll(".busy, .cut").forEach((one) => one.remove());
  };

  const sayCut = (form) => {
    const note = document.createElement("div");
    note.className = "note stop cut";
    note.setAttribute("role", "alert");
    note.textContent = words.cut;
    form.append(note);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    const button = event.submitter;
    if (form.dataset.sending === "now") {
      // The browser sends the form after this handler; a button disabled now would not be sent.
      setTimeout(() => rest(form, button), 0);
      return;
    }
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "asking";
    form.querySelectorAll(".cut").forEach((one) => one.remove());
    if (await answers()) {
      form.dataset.sending = "now";
      form.requestSubmit(button);
    } else {
      wake(form);
      sayCut(form);
    }
  });

  // Back from the next page: the browser may show this one as it was left, with resting buttons.
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-once]").forEach(wake);
  });
})();
