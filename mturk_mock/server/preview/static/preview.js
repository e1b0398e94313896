// The page of a preview: reloads when a file is saved, shows answers, and turns arrow keys into rows.
"use strict";

(() => {
  const EVERY = 400; // milliseconds
  const { version } = document.body.dataset;
  const list = document.querySelector(".submitted .list");
  const ended = document.querySelector(".ended");
  let submitted = document.body.dataset.submitted;

  async function look() {
    try {
      const response = await fetch("/preview/state", { cache: "no-store" });
      const found = await response.json();
      ended.hidden = true;
      if (found.version !== version) return location.reload();
      if (String(found.submitted) !== submitted) await showSubmitted(String(found.submitted));
    } catch {
      ended.hidden = false; // until a server answers here again
    }
    setTimeout(look, EVERY);
  }

  async function showSubmitted(count) {
    const response = await fetch("/preview/submitted", { cache: "no-store" });
    list.innerHTML = await response.text(); // of this site, with all texts escaped
    submitted = count;
    const again = document.querySelector(".again");
    if (again) again.hidden = false;
  }

  function go(key) {
    const link = document.querySelector(key === "ArrowLeft" ? "a[rel=prev]" : "a[rel=next]");
    if (link) link.click();
  }

  function isKey(key) {
    return key === "ArrowLeft" || key === "ArrowRight";
  }

  addEventListener("keydown", (event) => {
    const isOwn = event.target.closest("input, select, textarea, pre, audio, video");
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (isKey(event.key) && isPlain && !isOwn) go(event.key);
  });

  // The keys that the task page does not use itself.
  addEventListener("message", (event) => {
    const frame = document.querySelector("iframe");
    const key = event.data && event.data.mturkMockKey;
    if (frame && event.source === frame.contentWindow && isKey(key)) go(key);
  });

  setTimeout(look, EVERY);
})();
