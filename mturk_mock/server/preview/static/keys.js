// At the end of a task page in a preview: passes on the keys that the page does not use.
"use strict";

(() => {
  document.currentScript.remove();
  addEventListener("keydown", (event) => {
    const isFree = event.target === document.body || event.target === document.documentElement;
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (isFree && isPlain && !event.defaultPrevented) parent.postMessage({ mturkMockKey: event.key }, "*");
  });
})();
