/* The resident's consent. The PIN goes alone and comes back as a confirmation of this very basket;
   then the basket is sent with the page's key. An answer that got lost is asked for again with the
   same key: the server tells what happened the first time. */
(() => {
  "use strict";

  const ANSWER_WITHIN_MS = 15000;
  const byId = (id) => document.getElementById(id);
  const form = () => byId("consent");
  const dialog = () => byId("confirm");
  let sending = false;

  const chosen = () => form().querySelector("[name=way]:checked").value;

  const problem = (text) => {
    const place = form().querySelector("[data-consent-problem]");
    place.replaceChildren();
    if (!text) return;
    const note = document.createElement("p");
    note.className = "err";
    note.textContent = text;
    place.append(note);
  };

  const showWay = () => {
    const way = chosen();
    form().querySelectorAll("[data-way]").forEach((one) => {
      one.hidden = one.dataset.way !== way;
    });
    const panel = form().querySelector(`[data-way="${way}"]`);
    (panel.querySelector("input") || panel.querySelector("button")).focus();
  };

  const steps = (current) => {
    document.querySelectorAll("[data-steps] li").forEach((one, index) => {
      one.classList.toggle("done", index + 1 < current);
      if (index + 1 === current) one.setAttribute("aria-current", "step");
      else one.removeAttribute("aria-current");
    });
  };

  const copyBasket = () => {
    const place = form().querySelector("[data-lines]");
    const words = [];
    place.replaceChildren();
    document.querySelectorAll("#lines > li").forEach((line) => {
      place.append(line.querySelector("input").cloneNode());
      place.lastElementChild.removeAttribute("form");
      const name = line.querySelector("[data-name]").textContent;
      words.push(`${name} × ${line.querySelector("output").textContent}`);
    });
    form().querySelector("[data-goods]").textContent = words.join("、");
  };

  const open = () => {
    copyBasket();
    form().elements.confirmation.value = "";
    form().querySelector("[data-ways]").hidden = false;
    if (dialog().open) dialog().close();
    dialog().showModal();
    steps(3);
    showWay();
  };

  const post = async (url, data) => {
    const headers = { Accept: "application/json" };
    // After signing in again in another tab, only the cookie knows the token of this session.
    const token = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie);
    if (token) {
      headers["X-CSRFToken"] = token[1];
      data.delete("csrfmiddlewaretoken");
    }
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER_WITHIN_MS);
    try {
      const answer = await fetch(url, { method: "POST", body: data, headers, signal: stop.signal });
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      const body = isJson ? await answer.json() : await answer.text();
      return { status: answer.status, isAway: answer.redirected, isJson, body };
    } finally {
      clearTimeout(timer);
    }
  };

  const basket = (way) => {
    const data = new FormData(form());
    ["pin", "way"].forEach((name) => data.delete(name));
    data.set("method", way);
    return data;
  };

  const redraw = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.title = page.title;
    document.dispatchEvent(new CustomEvent("till-drawn"));
    if (dialog().open) {
      const { method } = dialog().dataset;
      const radio = form().querySelector(`[name=way][value="${method}"]`);
      if (radio) radio.checked = true;
      const said = form().querySelector("[data-consent-problem]").textContent;
      open();
      problem(said.trim());
    } else {
      steps(2);
      const note = document.querySelector("#till [data-focus]") || byId("scan-field");
      note.focus();
    }
  };

  const checkPin = async () => {
    const data = basket("pin");
    data.set("pin", form().elements.pin.value);
    form().elements.pin.value = "";
    const answer = await post(form().dataset.pinUrl, data);
    if (answer.isAway) return problem(form().dataset.away);
    if (!answer.isJson) return problem(form().dataset.trouble);
    if (answer.body.problem) {
      problem(answer.body.problem);
      form().elements.pin.focus();
      return undefined;
    }
    form().elements.confirmation.value = answer.body.confirmation;
    return true;
  };

  const redeem = async (way) => {
    const answer = await post(form().action, basket(way));
    if (answer.isAway) problem(form().dataset.away);
    else if (answer.isJson) return void location.assign(answer.body.location);
    else if (answer.status === 422) redraw(answer.body);
    else problem(form().dataset.trouble);
    return undefined;
  };

  const rest = (isSending) => {
    sending = isSending;
    form().querySelectorAll("[data-way] .main").forEach((button) => {
      button.setAttribute("aria-busy", String(isSending));
      const busy = button.querySelector(".busy");
      if (busy) busy.remove();
      if (!isSending) return;
      const note = document.createElement("span");
      note.className = "busy";
      note.textContent = document.body.dataset.busy;
      button.append(note);
    });
  };

  const send = async () => {
    if (sending) return;
    const way = chosen();
    rest(true);
    problem("");
    try {
      const needsPin = way === "pin" && !form().elements.confirmation.value;
      if (!needsPin || (await checkPin())) await redeem(way);
    } catch {
      problem(form().dataset.cut);
    } finally {
      rest(false);
    }
  };

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "consent") return;
    event.preventDefault();
    send();
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "way") {
      problem("");
      showWay();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-back]")) {
      event.preventDefault();
      dialog().close();
    }
  });
  document.addEventListener(
    "close",
    (event) => {
      if (event.target !== dialog()) return;
      steps(2);
      byId("scan-field").focus();
    },
    true,
  );
  document.addEventListener("consent", open);

  if (dialog().open) {
    document.body.classList.remove("mock");
    const shade = document.querySelector(".shade");
    if (shade) shade.remove();
    const said = form().querySelector("[data-consent-problem]").textContent;
    open();
    problem(said.trim());
  }
})();
