/* Enhancements only: every page works without this file. */
"use strict";

/* Read aloud (elder mode), by the browser's own speech synthesis. */
function offerReading() {
  const main = document.querySelector("main[data-read-aloud]");
  if (!main || !("speechSynthesis" in window)) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.dataset.enhance = "";
  button.textContent = main.dataset.readAloud;
  button.setAttribute("aria-pressed", "false");
  const stopped = () => {
    button.textContent = main.dataset.readAloud;
    button.setAttribute("aria-pressed", "false");
  };
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") {
      speechSynthesis.cancel();
      stopped();
      return;
    }
    speechSynthesis.cancel();
    const pieces = readable(main);
    pieces.forEach((piece, place) => {
      const speech = new SpeechSynthesisUtterance(piece);
      speech.lang = document.documentElement.lang;
      speech.rate = 0.9;
      if (place === pieces.length - 1) speech.onend = stopped;
      speechSynthesis.speak(speech);
    });
    button.textContent = main.dataset.stopReading;
    button.setAttribute("aria-pressed", "true");
  });
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
  main.prepend(button);
}

/* Headings, paragraphs and list items in order; tables and code are for the eye. */
function readable(main) {
  return [...main.querySelectorAll("h1, h2, h3, p, li, dt, dd")]
    .filter((element) => !element.closest("table, pre, nav, svg") && !element.querySelector("p, li"))
    .map((element) => element.innerText.trim())
    .filter(Boolean);
}

/* A button that copies what stands beside it. */
function offerCopying(root) {
  if (!navigator.clipboard) return;
  for (const source of root.querySelectorAll("[data-copy]:not([data-copying])")) {
    source.dataset.copying = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet copy";
    button.dataset.enhance = "";
    button.textContent = source.dataset.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.innerText.trim());
      button.textContent = source.dataset.copied;
    });
    source.after(button);
  }
}

/* Progress: while the element says so, its own page is fetched every second and put in its place. */
function follow(element) {
  if (!element || !window.htmx) return;
  htmx.ajax("GET", element.dataset.follow, { target: element, swap: "outerHTML", source: element });
}

function start(root) {
  offerCopying(root);
  for (const element of root.querySelectorAll("[data-follow]")) {
    setTimeout(() => follow(element), 1000);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  offerReading();
  start(document);
  document.querySelector("#faults")?.focus();
});
document.addEventListener("htmx:afterSettle", () => start(document));
