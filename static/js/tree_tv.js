/* Keeps the screen in the hall true. It asks every few seconds whether the tree changed (mostly: no)
   and swaps in only what did, so that the lamps that stay go on swaying. When the server is away it
   says so, keeps the last picture, and asks again for as long as it takes. */
(() => {
  "use strict";

  const { live, pollSeconds } = document.body.dataset;
  const POLL_MS = Number(pollSeconds) * 1000;
  const ANSWER_WITHIN_MS = 8000;
  const LONGEST_PAUSE_MS = 20000;
  const MISSES_BEFORE_NOTE = 3;
  const CLOCK_MS = 10000;

  let etag = document.body.dataset.etag;
  let misses = 0;
  let serverAheadMs = 0; // clocks of television boxes are often wrong

  const swapParts = (fresh) => {
    for (const id of ["stars", "tally", "just", "open"]) {
      const before = document.getElementById(id);
      const after = fresh.getElementById(id);
      if (after && before.outerHTML !== after.outerHTML) before.replaceWith(after);
    }
  };

  const byNumber = (list) => new Map([...list.children].map((lamp) => [lamp.dataset.number, lamp]));

  // What the server drew for each lamp; the lamp itself wears a class more while it arrives.
  const drawn = new Map();
  byNumber(document.getElementById("lamps")).forEach((lamp, number) => drawn.set(number, lamp.outerHTML));

  const swapLamps = (fresh) => {
    const list = document.getElementById("lamps");
    const before = byNumber(list);
    const after = byNumber(fresh.getElementById("lamps"));
    before.forEach((lamp, number) => {
      if (!after.has(number)) lamp.remove();
    });
    let previous = null;
    after.forEach((lamp, number) => {
      let shown = before.get(number);
      if (!shown || drawn.get(number) !== lamp.outerHTML) {
        if (shown) shown.remove();
        drawn.set(number, lamp.outerHTML);
        lamp.classList.add(lamp.classList.contains("lit") ? "lighting" : "arriving");
        lamp.addEventListener("animationend", settle);
        shown = lamp;
      }
      if (previous ? previous.nextSibling !== shown : list.firstChild !== shown) {
        previous ? previous.after(shown) : list.prepend(shown);
      }
      previous = shown;
    });
  };

  const settle = (event) => {
    if (event.target.closest(".lamp") !== event.currentTarget) return;
    if (!/^(kindle|unfold)$/.test(event.animationName)) return;
    event.currentTarget.classList.remove("lighting", "arriving");
  };

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const build = fresh.querySelector("[data-build]");
    if (build && build.dataset.build !== document.body.dataset.build) {
      setTimeout(() => location.reload(), Math.random() * 20000);
      return;
    }
    swapParts(fresh);
    swapLamps(fresh);
  };

  const ask = async () => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER_WITHIN_MS);
    try {
      const answer = await fetch(live, {
        cache: "no-store",
        credentials: "omit",
        headers: { "If-None-Match": etag },
        signal: stop.signal,
      });
      const date = Date.parse(answer.headers.get("Date"));
      if (date) serverAheadMs = date - Date.now();
      if (answer.status === 200) {
        show(await answer.text());
        etag = answer.headers.get("ETag");
      } else if (answer.status !== 304) {
        throw new Error(String(answer.status));
      }
      misses = 0;
    } catch {
      misses += 1;
    } finally {
      clearTimeout(timer);
    }
    document.querySelector("[data-cut-note]").hidden = misses < MISSES_BEFORE_NOTE;
    setTimeout(ask, Math.min(POLL_MS * (1 + misses), LONGEST_PAUSE_MS));
  };

  const day = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", month: "long", day: "numeric",
  });
  const weekday = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", weekday: "long" });
  const clock = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const tick = () => {
    const now = new Date(Date.now() + serverAheadMs);
    const text = `${day.format(now)} ${weekday.format(now)}　${clock.format(now)}`;
    const time = document.querySelector("[data-now]");
    if (time.textContent !== text) time.textContent = text;
  };

  setTimeout(ask, POLL_MS * Math.random());
  setInterval(tick, CLOCK_MS);
})();
