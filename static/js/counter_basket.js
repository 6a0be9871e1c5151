/* The basket at the counter: by scanner, by name, by picture. Everything it says stands in the page
   in the reader's language; the server checks all of it again. */
(() => {
  "use strict";

  const CARD_OR_SLIP = /^2[01][0-9]{11}$/;
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const field = () => byId("scan-field");
  const goods = () => all("#goods .good");
  const lineOf = (id) => document.querySelector(`#lines [data-reward="${id}"]`);
  const goodOf = (id) => document.querySelector(`#goods .good[value="${id}"]`);
  let last = "";

  const quantityOf = (id) => {
    const line = lineOf(id);
    return line ? Number(line.querySelector("output").textContent) : 0;
  };

  const tone = () => {
    try {
      const sound = new AudioContext();
      const beep = sound.createOscillator();
      beep.frequency.value = 220;
      beep.connect(sound.destination);
      beep.start();
      beep.stop(sound.currentTime + 0.15);
      beep.onended = () => sound.close();
    } catch {
      /* a computer without sound still shows the note */
    }
  };

  const say = (text) => {
    const note = byId("scan-problem");
    note.hidden = !text;
    note.textContent = text;
    if (text) tone();
  };

  const newLine = (good) => {
    const line = byId("line-template").content.firstElementChild.cloneNode(true);
    const { name, price, measure } = good.dataset;
    line.dataset.reward = good.value;
    line.querySelector("[data-tile]").append(good.querySelector(".tile").cloneNode(true));
    line.querySelector("[data-name]").textContent = name;
    const each = line.querySelector("[data-each]");
    each.textContent = each.dataset.each.replace("{points}", price).replace("{measure}", measure);
    all(".qty button", line).forEach((button) => {
      button.value = good.value;
      button.setAttribute("aria-label", `${button.dataset.label} ${name}`);
    });
    byId("lines").append(line);
    return line;
  };

  const put = (id, quantity, problem = "") => {
    const good = goodOf(id);
    let line = lineOf(id);
    if (quantity < 1) {
      if (line) line.remove();
    } else {
      line = line || newLine(good);
      line.querySelector("input").value = `${id}:${quantity}:${good.dataset.price}`;
      line.querySelector("output").textContent = quantity;
      line.querySelector("[data-points]").textContent = quantity * good.dataset.price;
      line.querySelector("[data-problem]").textContent = problem;
      line.scrollIntoView({ block: "nearest" });
    }
    good.classList.toggle("in", quantity > 0);
    good.querySelector(".q").hidden = quantity < 1;
    good.querySelector("[data-count]").textContent = Math.max(quantity, 0);
    last = quantity > 0 ? id : "";
    refresh();
  };

  const add = (id, count) => {
    const good = goodOf(id);
    if (!good) return;
    const most = Number(good.dataset.most);
    const missing = Number(good.dataset.price) - Number(byId("till").dataset.available);
    const now = quantityOf(id);
    say("");
    if (count > 0 && missing > 0) {
      say(`${good.dataset.name}：${byId("goods").dataset.over.replace("{missing}", missing)}`);
    } else if (now + count > most) {
      if (most < 1) say(`${good.dataset.name}：${good.dataset.limit}`);
      else put(id, most, good.dataset.limit);
      if (most > 0) tone();
    } else {
      put(id, now + count);
    }
  };

  const sums = () => {
    const lines = all("#lines > li");
    const pieces = lines.reduce((sum, one) => sum + Number(one.querySelector("output").textContent), 0);
    const points = lines.reduce(
      (sum, one) => sum + Number(one.querySelector("[data-points]").textContent), 0,
    );
    const { available, goal } = byId("till").dataset;
    const after = Number(available) - points;
    return { pieces, points, after, short: -after, goal: Math.max(0, Number(goal || 0) - after) };
  };

  const refresh = () => {
    const now = sums();
    for (const [name, value] of Object.entries(now)) {
      all(`[data-sum="${name}"]`).forEach((one) => {
        one.textContent = value < 0 ? `−${-value}` : value;
      });
    }
    document.querySelector("[data-short]").hidden = now.after >= 0;
    const remind = document.querySelector("[data-remind]");
    if (remind) remind.hidden = !now.pieces || now.goal < 1 || now.after < 0;
    const confirm = document.querySelector("[data-confirm]");
    confirm.setAttribute("aria-disabled", String(!now.pieces || now.after < 0));
  };

  const filter = () => {
    const typed = field().value.trim().toLowerCase();
    const chip = document.querySelector(".chip[aria-current]");
    const show = chip ? chip.value : "all";
    goods().forEach((good) => {
      const fits =
        show === "all" ||
        (show === "afford" ? !good.hasAttribute("aria-disabled") : good.dataset.category === show);
      good.hidden = typed ? !good.dataset.keys.includes(typed) : !fits;
    });
  };

  const clearField = () => {
    field().value = "";
    filter();
    field().focus();
  };

  const codeOf = (code) => {
    for (const good of goods()) {
      for (const pair of good.dataset.codes.split(" ")) {
        const [own, pack] = pair.split("*");
        if (own === code) return [good.value, Number(pack)];
      }
    }
    return null;
  };

  const open = async (code) => {
    const scan = byId("scan");
    scan.elements.code.value = code;
    if (document.querySelector("#lines > li")) {
      const leave = document.querySelector("[data-leave]");
      try {
        const body = new FormData(byId("basket"));
        await fetch(leave.formAction, { method: "POST", body, redirect: "manual" });
      } catch {
        say(byId("consent").dataset.trouble);
        return;
      }
    }
    scan.submit();
  };

  document.addEventListener("scan", (event) => {
    event.preventDefault();
    if (document.querySelector("dialog[open]")) return;
    const { code } = event.detail;
    const known = codeOf(code);
    if (known) add(...known);
    else if (CARD_OR_SLIP.test(code)) open(code);
    else say(byId("scan-problem").dataset.unknown + code);
    field().focus();
  });

  const pick = () => {
    const typed = field().value.trim();
    if (!typed) return;
    const known = codeOf(typed);
    const seen = goods().filter((good) => !good.hidden);
    if (known) add(...known);
    else if (CARD_OR_SLIP.test(typed)) return void open(typed);
    else if (seen.length === 1) add(seen[0].value, 1);
    else if (seen.length > 1) return void seen[0].focus();
    else return void say(byId("scan-problem").dataset.unknown + typed);
    clearField();
  };

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "basket") return;
    const button = event.submitter;
    if (!button || !button.name) {
      if (button && (button.matches("[data-leave], [data-park]"))) return;
      event.preventDefault();
      if (button && button.matches("[data-confirm]")) {
        if (button.getAttribute("aria-disabled") === "false") {
          document.dispatchEvent(new CustomEvent("consent"));
        }
      } else if (!button || !button.matches("[data-back]")) pick();
      return;
    }
    if (button.name === "choose_pin") return;
    event.preventDefault();
    if (button.name === "more") add(button.value, 1);
    else if (button.name === "less") add(button.value, -1);
    else if (button.name === "clear") all("#lines > li").forEach((one) => put(one.dataset.reward, 0));
    else if (button.name === "show") {
      all(".chip").forEach((chip) => chip.removeAttribute("aria-current"));
      button.setAttribute("aria-current", "true");
      byId("basket").elements.show.value = button.value;
    }
    if (button.isConnected && button.closest(".qty")) return;
    clearField();
  });

  const step = (from, key) => {
    const seen = goods().filter((good) => !good.hidden);
    const here = seen.indexOf(from);
    if (key === "ArrowLeft") return seen[here - 1] || from;
    if (key === "ArrowRight") return seen[here + 1] || from;
    const columns = seen.filter((good) => good.offsetTop === seen[0].offsetTop).length;
    return seen[here + (key === "ArrowDown" ? columns : -columns)] || (key === "ArrowUp" ? field() : from);
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    const focus = document.activeElement;
    const isQuiet = focus === field() ? !field().value : !focus.matches("input, textarea, select");
    if (event.key === "Escape" && field().value) {
      event.preventDefault();
      clearField();
    } else if (isQuiet && last && (event.key === "+" || event.key === "-")) {
      event.preventDefault();
      add(last, event.key === "+" ? 1 : -1);
    } else if (event.key.startsWith("Arrow") && focus.matches(".good")) {
      event.preventDefault();
      step(focus, event.key).focus();
    } else if (event.key === "ArrowDown" && focus === field()) {
      const first = goods().find((good) => !good.hidden);
      if (!first) return;
      event.preventDefault();
      first.focus();
    }
  }, true);

  document.addEventListener("input", (event) => {
    if (event.target === field() && !event.isComposing) filter();
  });

  const speak = document.querySelector("[data-say]");
  const voice = () => speechSynthesis.getVoices().find((one) => one.lang.startsWith("zh"));
  const offer = () => {
    speak.hidden = !voice();
  };
  if ("speechSynthesis" in window) {
    speechSynthesis.addEventListener("voiceschanged", offer);
    offer();
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-say]")) return;
      const words = new SpeechSynthesisUtterance(document.querySelector(".sums").innerText);
      words.voice = voice();
      speechSynthesis.speak(words);
    });
  }

  const start = () => {
    const lines = all("#lines > li");
    last = lines.length ? lines[lines.length - 1].dataset.reward : "";
    filter();
    refresh();
  };
  document.addEventListener("till-drawn", start);
  start();
})();
