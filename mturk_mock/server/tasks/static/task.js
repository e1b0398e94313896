// Added to each task page: sends its forms to this server, also those that are written for Amazon's.
// It runs before all scripts of the page, and leaves forms that go elsewhere alone.
"use strict";

(() => {
  const PATH = "/mturk/externalSubmit";
  const AMAZON = /^(www|worker|workersandbox|requester|requestersandbox)\.mturk\.com$/;
  const PREVIEW = "ASSIGNMENT_ID_NOT_AVAILABLE";
  const SENTENCE = "This is a preview. Accept the HIT first, then you can submit your work.";

  document.currentScript.remove(); // the page finds its elements where it has written them

  const address = new URLSearchParams(location.search);
  const assignmentId = address.get("assignmentId") || "";
  const site = readUrl(address.get("turkSubmitTo") || location.origin);
  // Answers go to the host of task pages, where the browser has no cookie of the worker site.
  const submitUrl = location.origin + (site.pathname.startsWith("/sandbox") ? "/sandbox" : "") + PATH;

  function readUrl(text) {
    try {
      return new URL(text, document.baseURI);
    } catch {
      return new URL(location.href);
    }
  }

  const ours = new WeakSet(); // the forms that are sent to this server

  // The attribute, because a form can have an input with the name "action".
  function goesToMTurk(text) {
    const url = readUrl(text);
    if (AMAZON.test(url.hostname)) return url.pathname.endsWith("/externalSubmit");
    const isOurs = url.host === location.host || url.host === site.host;
    return isOurs && [PATH, `/sandbox${PATH}`].includes(url.pathname);
  }

  // Return whether a form is for MTurk, after it has been directed to this server.
  function direct(form, submitter) {
    const isOurs = form instanceof HTMLFormElement && redirect(form, submitter);
    if (isOurs) ours.add(form);
    else ours.delete(form);
    return isOurs;
  }

  function redirect(form, submitter) {
    const overrides = submitter && submitter.hasAttribute("formaction");
    const [element, name] = overrides ? [submitter, "formaction"] : [form, "action"];
    if (!goesToMTurk(element.getAttribute(name) || "")) return false;
    element.setAttribute(name, submitUrl);
    // A frame cannot replace the page around it: the answer is shown in the frame.
    if (/^_(top|parent)$/i.test(form.getAttribute("target") || "")) form.removeAttribute("target");
    return true;
  }

  // Before the page's own listeners, and again after them, because they may change the form.
  addEventListener("submit", (event) => direct(event.target, event.submitter), true);
  addEventListener("submit", (event) => {
    if (direct(event.target, event.submitter) && assignmentId === PREVIEW && !event.defaultPrevented) {
      event.preventDefault();
      sayPreview(event.submitter);
    }
  });

  // `submit()` of a form is without an event.
  const submit = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function () {
    if (direct(this, null) && assignmentId === PREVIEW) sayPreview(document.activeElement);
    else submit.call(this);
  };

  // All ways to submit come here: what is added to the data is sent, and the form stays as it is.
  addEventListener("formdata", (event) => {
    const isFilled = event.formData.get("assignmentId");
    if (!isFilled && ours.has(event.target)) event.formData.set("assignmentId", assignmentId);
  });

  // The message is at the button that was pressed: the frame can be longer than the window.
  function sayPreview(pressed) {
    const old = document.querySelector("[data-mturk-mock-preview]");
    if (old) old.remove();
    const box = document.createElement("div");
    box.dataset.mturkMockPreview = "";
    box.attachShadow({ mode: "open" }).innerHTML = `<style>
      p { position: fixed; box-sizing: border-box; margin: 0;
        width: max-content; max-width: calc(100vw - 24px); padding: 12px 16px; z-index: 2147483647;
        border-radius: 6px; background: #7a2e00; color: #fff; font: 16px/1.4 system-ui, sans-serif;
        box-shadow: 0 2px 12px #0006; }
    </style><p role="alert"></p>`;
    const text = box.shadowRoot.querySelector("p");
    document.documentElement.append(box);
    text.textContent = SENTENCE; // after it was added, so that screen readers say it
    const place = pressed ? pressed.getBoundingClientRect() : { left: 0, bottom: 0 };
    text.style.left = `${limit(place.left, innerWidth - text.offsetWidth)}px`;
    text.style.top = `${limit(place.bottom + 8, innerHeight - text.offsetHeight)}px`;
  }

  function limit(wanted, most) {
    return Math.max(12, Math.min(wanted, most - 12));
  }
})();
