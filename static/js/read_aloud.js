/* A button with data-say reads its text aloud. It shows only where the browser has a voice of this
   computer's own for the language of the page: a voice from afar would hear the balance. */
(() => {
  "use strict";
  const button = document.querySelector("[data-say]");
  if (!button || !("speechSynthesis" in window)) return;

  const language = document.documentElement.lang.toLowerCase().split("-")[0];
  const find = () =>
    speechSynthesis
      .getVoices()
      .find((one) => one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === language);

  const offer = () => {
    if (!find() || !button.hidden) return;
    button.hidden = false;
    // In large type there is no room for both.
    if (document.documentElement.classList.contains("large")) {
      document.querySelector(".pbar h1").classList.add("vh");
    }
  };

  button.addEventListener("click", () => {
    const was = speechSynthesis.speaking;
    speechSynthesis.cancel();
    if (was) return;
    const words = new SpeechSynthesisUtterance(button.dataset.say);
    words.voice = find();
    words.lang = words.voice.lang;
    words.rate = 0.9;
    speechSynthesis.speak(words);
  });

  speechSynthesis.addEventListener("voiceschanged", offer);
  addEventListener("pagehide", () => speechSynthesis.cancel());
  offer();
})();
