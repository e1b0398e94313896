// The functions that Amazon's file of this name gives to task pages, written anew.
"use strict";

// Return a parameter of the page's address as it is written there, without decoding it.
function turkGetParam(name, defaultValue) {
  for (const part of location.search.slice(1).split("&")) {
    const [key, ...value] = part.split("=");
    if (key === name) return value.join("=");
  }
  return defaultValue;
}

// Return a parameter decoded.
function decode(text) {
  return decodeURIComponent(text.replace(/\+/g, " "));
}

// Return the site to which the page's form is sent.
function turkGetSubmitToHost() {
  const standard = "https://www.mturk.com";
  const host = decode(turkGetParam("turkSubmitTo", standard));
  return /^(https?:)?\/\//.test(host) ? host : standard;
}

// Set the assignment and the address of a form; in a preview, disable its button.
function turkSetAssignmentID(formName, buttonName) {
  const assignmentId = turkGetParam("assignmentId", "");
  const field = document.getElementById("assignmentId");
  if (field) field.value = assignmentId;
  const button = document.getElementById(buttonName || "submitButton");
  if (button && assignmentId === "ASSIGNMENT_ID_NOT_AVAILABLE") {
    button.disabled = true;
    button.value = "You must ACCEPT the HIT before you can submit the results.";
    if (button.tagName === "BUTTON") button.textContent = button.value;
  }
  const form = document.getElementById(formName || "mturk_form");
  if (form) form.setAttribute("action", `${turkGetSubmitToHost()}/mturk/externalSubmit`);
}
