// SPDX-License-Identifier: EUPL-1.2
import { on, say } from "./on.js";

// readAloud reads a part with the voices of the phone. Buttons stay hidden where
// there is no voice for the language of the part. Only voices that work without a
// connection are used: the others send the text to a stranger.
export function readAloud() {
  const speech = window.speechSynthesis;
  if (!speech) return;
  const voiceFor = (code) => speech.getVoices().find((v) => v.localService && v.lang.toLowerCase().replace("_", "-").split("-")[0] === code);
  const languageOf = (element) => (element.closest("[lang]")?.lang ?? "it").split("-")[0];
  const show = () => {
    for (const button of document.querySelectorAll("[data-read]")) {
      const part = document.getElementById(button.dataset.read);
      button.hidden = !part || !voiceFor(languageOf(part));
    }
  };
  let playing;
  const stop = () => {
    speech.cancel();
    if (!playing) return;
    playing.part.classList.remove("is-reading");
    playing.button.querySelector("span").textContent = playing.label;
    playing = undefined;
  };
  on("click", "[data-read]", (button) => {
    const same = playing?.button === button;
    stop();
    if (same) return;
    const part = document.getElementById(button.dataset.read);
    playing = { button, part, label: button.querySelector("span").textContent };
    say(button.querySelector("span"), button.dataset.stop);
    part.classList.add("is-reading");
    const pieces = textsOf(part, button);
    pieces.forEach(({ text, code }, i) => {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = code;
      utterance.voice = voiceFor(code) ?? null;
      if (i === pieces.length - 1) utterance.onend = () => playing?.button === button && stop();
      speech.speak(utterance);
    });
  });
  speech.addEventListener?.("voiceschanged", show);
  document.addEventListener("renewed", show);
  addEventListener("pagehide", stop);
  show();
}

// textsOf cuts a part into pieces of one language each, without buttons and what is
// hidden from readers of screens.
function textsOf(part, button) {
  const pieces = [];
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT, (node) => {
    const parent = node.parentElement;
    const silent = parent.closest("button, script, [hidden], [aria-hidden=true]");
    return silent || parent === button || !node.data.trim() ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
  });
  let block;
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const code = (parent.closest("[lang]")?.lang ?? "it").split("-")[0];
    const here = parent.closest("p, li, dt, dd, td, th, h1, h2, h3, h4") ?? part;
    const last = pieces.at?.(-1) ?? pieces[pieces.length - 1];
    const text = walker.currentNode.data.replace(/\s+/g, " ");
    if (last && last.code === code && here === block) last.text += text;
    else pieces.push({ text, code });
    block = here;
  }
  return pieces;
}
