// The script of the site: the clock of a HIT or a test, and going on when a task has submitted it.
"use strict";

(() => {
  const CHECK_EVERY = 5000; // milliseconds
  const LATE = 60; // the last seconds, which are shown in another color

  const timer = document.querySelector(".timer");
  if (!timer) return;

  const text = timer.querySelector("strong");
  const open = timer.dataset.open; // the status while the worker can submit
  const allotted = Number(timer.dataset.allotted);
  const checksWhenOver = timer.dataset.rate !== "0";
  let elapsed = Number(timer.dataset.elapsed);
  let rate = Number(timer.dataset.rate);
  let since = performance.now();
  let leaving = false;

  function secondsNow() {
    return Math.min(allotted, elapsed + ((performance.now() - since) / 1000) * rate);
  }

  function two(number) {
    return String(number).padStart(2, "0");
  }

  function show() {
    const now = Math.floor(secondsNow());
    const hours = Math.floor(now / 3600);
    const minutes = Math.floor(now / 60) % 60;
    text.textContent = (hours ? `${hours}:${two(minutes)}` : String(minutes)) + `:${two(now % 60)}`;
    timer.classList.toggle("late", allotted - now <= LATE);
    if (now >= allotted && checksWhenOver) check();
  }

  // The mock's clock can be moved, and the task can be submitted by other means than this page.
  async function check() {
    if (leaving) return;
    let found;
    try {
      const response = await fetch(timer.dataset.status, { cache: "no-store" });
      found = await response.json();
    } catch {
      return; // the server is away: the next check tells
    }
    if (found.status !== open) return leave(found.status);
    ({ elapsed, rate } = found);
    since = performance.now();
    show();
  }

  function leave(status) {
    if (leaving) return;
    leaving = true;
    const goOn = document.querySelector("form.go-on");
    if (status === "Submitted" && goOn) goOn.submit();
    else location.reload();
  }

  // What a task page says is not trusted: the server tells whether the HIT was submitted.
  addEventListener("message", (event) => {
    const frame = document.querySelector("iframe");
    if (frame && event.source === frame.contentWindow && event.data === "mturk_mock submitted") check();
  });

  // A reload keeps the choice.
  const next = document.querySelector("form.go-on input[name=auto_accept]");
  if (next) {
    next.addEventListener("change", () => {
      const address = new URL(location.href);
      address.searchParams.set("auto_accept", String(next.checked));
      history.replaceState(null, "", address);
      const kept = document.querySelector("form.question-form input[name=auto_accept]");
      if (kept) kept.value = String(next.checked);
    });
  }

  setInterval(show, 1000);
  setInterval(check, CHECK_EVERY);
})();
