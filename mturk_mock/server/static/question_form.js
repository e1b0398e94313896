// QuestionForm on the worker's page. Everything works without this script; it
// - says what is missing before the form is sent, because files have to be chosen again after,
// - keeps what has been entered, so that a reload loses nothing,
// - counts characters and choices, and chooses by the keys 1 to 9.
"use strict";

(() => {
  // Drafts ----------------------------------------------------------------------------

  const DRAFT = "mturk-mock-draft:";

  // A browser that keeps nothing (by its settings, or because it is full) only loses drafts.
  const store = {
    read(key) {
      try {
        return JSON.parse(sessionStorage.getItem(key));
      } catch {
        return null;
      }
    },
    write(key, draft) {
      try {
        sessionStorage.setItem(key, JSON.stringify(draft));
      } catch {
        // see above
      }
    },
    dropSent(except) {
      try {
        for (const key of Object.keys(sessionStorage)) {
          if (key.startsWith(DRAFT) && key !== except && store.read(key)?.sent) {
            sessionStorage.removeItem(key);
          }
        }
      } catch {
        // see above
      }
    },
  };

  const form = document.querySelector("form.question-form");
  const key = form?.dataset.draft ? DRAFT + form.dataset.draft : "";
  // Another page than the form itself follows only if the form was accepted.
  store.dropSent(key);
  if (!form || form.querySelector(".qf-all").disabled) {
    return;
  }

  const questions = [...form.querySelectorAll(".qf-question")];
  const summary = form.querySelector(".qf-summary");
  const isChoice = (control) => control.type === "radio" || control.type === "checkbox";
  const controls = () => form.querySelectorAll(".qf-all :is(input:not([type=file]), textarea, select)");

  function save(sent) {
    if (!key) {
      return;
    }
    const values = {};
    for (const control of controls()) {
      values[control.name] ??= [];
      if (!isChoice(control) || control.checked) {
        values[control.name].push(control.value);
      }
    }
    store.write(key, { values, sent });
  }

  function restore() {
    const values = store.read(key)?.values ?? {};
    for (const control of controls()) {
      const kept = values[control.name];
      if (kept && isChoice(control)) {
        control.checked = kept.includes(control.value);
      } else if (kept) {
        control.value = kept[0];
      }
    }
  }

  // Constraints -------------------------------------------------------------------------

  const NUMBER = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$/;
  const WHOLE_NUMBER = /^[+-]?[0-9]+$/;
  const isWithin = (number, { low, high }) =>
    (low === null || low <= number) && (high === null || number <= high);
  // Characters as the server counts them: an emoji is one.
  const length = (text) => [...text].length;

  function isNumber(text, rule) {
    return rule.low === null && rule.high === null
      ? NUMBER.test(text)
      : WHOLE_NUMBER.test(text) && isWithin(Number(text), rule);
  }

  const otherText = (question) => question.querySelector(".qf-other :is(input, textarea)");
  const otherChoice = (question) => question.querySelector("[value=other]");

  function isOtherChosen(question) {
    const choice = otherChoice(question);
    return choice ? choice.checked || choice.selected : otherText(question).value !== "";
  }

  function countChoices(question) {
    const chosen = question.querySelectorAll(".qf-choices input:checked").length;
    const menu = question.querySelector("select");
    const text = otherText(question);
    const more = text && !otherChoice(question) && text.value ? 1 : 0;
    return chosen + more + (menu?.value ? 1 : 0);
  }

  const breaksText = {
    required: (control) => control.value === "",
    number: (control, rule) => control.value !== "" && !isNumber(control.value, rule),
    length: (control, rule) => control.value !== "" && !isWithin(length(control.value), rule),
  };
  const breaksQuestion = {
    required(question) {
      const file = question.querySelector("[type=file]");
      return file ? file.files.length === 0 : countChoices(question) === 0;
    },
    count(question, rule) {
      const count = countChoices(question);
      return count > 0 && !isWithin(count, rule);
    },
    size(question, rule) {
      const [file] = question.querySelector("[type=file]").files;
      return file !== undefined && !isWithin(file.size, rule);
    },
  };

  const rulesOf = (element) => JSON.parse(element.dataset.rules ?? "[]");

  // The first rule that an answer breaks, and the control to change; undefined if there is none.
  function findError(question) {
    const first = question.querySelector("input, textarea, select");
    const broken = rulesOf(question).find((rule) => breaksQuestion[rule.kind](question, rule));
    if (broken) {
      return { message: broken.message, control: first };
    }
    const text = question.querySelector("[data-rules]");
    if (!text || (text === otherText(question) && !isOtherChosen(question))) {
      return undefined;
    }
    const rule = rulesOf(text).find((each) => breaksText[each.kind](text, each));
    return rule && { message: rule.message, control: text };
  }

  function showError(question, error) {
    const place = question.querySelector(".qf-error");
    place.textContent = error?.message ?? "";
    place.hidden = !error;
    const marked = [question, ...question.querySelectorAll("input, textarea, select")];
    marked.forEach((each) => each.removeAttribute("aria-invalid"));
    if (error) {
      const isRadio = error.control.type === "radio";
      (isRadio ? question : error.control).setAttribute("aria-invalid", "true");
    }
  }

  function showSummary(errors) {
    const items = errors.map(({ question, message, control }) => {
      const link = document.createElement("a");
      link.href = `#${control.id}`;
      const name = document.createElement("b");
      name.textContent = question.dataset.name;
      link.append(name, ` ${message}`);
      const item = document.createElement("li");
      item.append(link);
      return item;
    });
    summary.querySelector("ul").replaceChildren(...items);
    summary.hidden = errors.length === 0;
  }

  // Counters ------------------------------------------------------------------------------

  function addCounter(question, element, rule, unit, count) {
    const counter = document.createElement("p");
    counter.className = "qf-counter";
    // Typing would be interrupted if each character was announced.
    counter.setAttribute("aria-live", unit === "chosen" ? "polite" : "off");
    element.after(counter);
    const update = () => {
      const number = count();
      counter.textContent = `${number} of ${rule.high} ${unit}`;
      counter.classList.toggle("qf-too-many", number > rule.high);
    };
    question.addEventListener("input", update);
    update();
  }

  function addCounters(question) {
    const choices = rulesOf(question).find(({ kind, high }) => kind === "count" && high > 1);
    if (choices) {
      const list = question.querySelector(".qf-choices");
      addCounter(question, list, choices, "chosen", () => countChoices(question));
    }
    const text = question.querySelector("[data-rules]");
    const limit = text && rulesOf(text).find(({ kind, high }) => kind === "length" && high !== null);
    if (limit) {
      addCounter(question, text, limit, "characters", () => length(text.value));
    }
  }

  // Choices -------------------------------------------------------------------------------

  const radiosOf = (question) => [...question.querySelectorAll("input[type=radio]")];

  // Chosen as by a click, so that what listens to it hears of it.
  const choose = (radio) => {
    radio.focus();
    radio.click();
  };

  function addClearButton(question) {
    const radios = radiosOf(question);
    if (radios.length === 0 || radios[0].required) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "qf-clear";
    button.textContent = "Clear selection";
    const update = () => {
      button.hidden = !radios.some((radio) => radio.checked);
    };
    button.addEventListener("click", () => {
      radios.forEach((radio) => {
        radio.checked = false;
      });
      radios[0].focus();
      radios[0].dispatchEvent(new Event("input", { bubbles: true }));
    });
    question.querySelector(".qf-choices").after(button);
    question.addEventListener("input", update);
    update();
  }

  // The style sheet shows the keys, so that they are no part of the labels.
  function addKeys(question) {
    radiosOf(question).slice(0, 9).forEach((radio, index) => {
      radio.closest("label").dataset.key = index + 1;
    });
  }

  // Another text is meant when it is entered.
  function connectOther(question) {
    const choice = otherChoice(question);
    otherText(question)?.addEventListener("input", () => {
      if (choice && otherText(question).value) {
        choice[choice.type === "radio" ? "checked" : "selected"] = true;
      }
    });
  }

  function onKey(event) {
    const { target } = event;
    const isTyping = target.matches("textarea, select, input:not([type=radio]), audio, video");
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping || !/^[1-9]$/.test(event.key)) {
      return;
    }
    const question = target.closest(".qf-question") ?? (questions.length === 1 && questions[0]);
    const radio = question && radiosOf(question)[event.key - 1];
    if (radio) {
      event.preventDefault();
      choose(radio);
    }
  }

  // The page ------------------------------------------------------------------------------

  let isSending = false;

  function onSubmit(event) {
    const errors = [];
    for (const question of questions) {
      const error = findError(question);
      showError(question, error);
      if (error) {
        errors.push({ question, ...error });
      }
    }
    showSummary(errors);
    if (errors.length || isSending) {
      event.preventDefault();
      summary.focus();
      return;
    }
    isSending = true;
    save(true);
  }

  // The browser's own messages come one at a time and disappear.
  form.noValidate = true;
  if (summary.hidden) {
    restore();
  }
  save(false);
  for (const question of questions) {
    connectOther(question);
    addCounters(question);
    addClearButton(question);
    addKeys(question);
    // While the worker types, not when the field is left: a click on Submit leaves it, and the
    // button would move away under the pointer.
    question.addEventListener("input", () => {
      if (!question.querySelector(".qf-error").hidden && !findError(question)) {
        showError(question, undefined);
      }
    });
  }
  form.addEventListener("input", () => save(false));
  form.addEventListener("change", () => save(false));
  form.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onKey);
  // Back to the page from the browser's memory: it can be sent again.
  window.addEventListener("pageshow", () => {
    isSending = false;
  });
})();
