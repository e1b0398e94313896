// crowd-form: moves its content into a real form, checks it, and posts the answers as one field.
(() => {
    "use strict";
    const {CrowdElement, addPageStyle, define, hasContent, make} = window.mturkMockCrowd;

    // Where the form is posted to, and for which assignment: in the address of the page.
    const address = new URLSearchParams(location.search);
    const assignmentId = address.get("assignmentId") || "";
    const submitUrl = `${(address.get("turkSubmitTo") || "").replace(/\/+$/, "")}/mturk/externalSubmit`;
    const isPreview = assignmentId === "ASSIGNMENT_ID_NOT_AVAILABLE";

    // Fields that identify the assignment and are no answers.
    const RESERVED = new Set(["assignmentId", "hitId", "workerId", "turkSubmitTo"]);
    const SUBMIT_BUTTON = 'crowd-button[form-action="submit"]';
    // They have their choices on the right; so is the button after them.
    const CLASSIFIERS = [
        "crowd-classifier", "crowd-classifier-multi-select",
        "crowd-image-classifier", "crowd-image-classifier-multi-select",
    ].join();
    const WITHOUT_VALUE = new Set(["button", "image", "reset", "submit"]);

    addPageStyle(`
        :where(body) { font-family: system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
        :where(crowd-form) { display: block; }
        :where(crowd-form > form) { display: block; }
        :where(crowd-form > form > short-instructions) { display: block; margin: 0 0 12px; line-height: 1.5; }
        :where(full-instructions:not([slot]), worker-comment:not([slot])) { display: none; }
        :where(crowd-modal > full-instructions) { display: block; }
        :where(.crowd-submit) { margin: 24px 0 8px; }
        @media (min-width: 760px) {
            :where(form:has(> :is(${CLASSIFIERS})) > .crowd-submit) { text-align: end; }
        }
        @media (max-width: 480px) { :where(.crowd-submit > crowd-button) { display: block; } }
        :where(.crowd-preview) { margin: 8px 0; font-size: 0.9em; }
    `);

    // Yield the fields of an element in page order: native controls and crowd elements.
    function* walk(root) {
        for (const element of root.querySelectorAll("*")) {
            if (isNative(element)) {
                yield element;
            } else if (element instanceof CrowdElement) {
                yield element;
                // Elements with a form of their own in their shadow root, to which pages add questions.
                const inner = element.shadowRoot && element.shadowRoot.querySelector("crowd-form");
                if (inner) {
                    yield* walk(inner);
                }
            }
        }
    }

    function isNative(element) {
        return element.matches("input, select, textarea") && !WITHOUT_VALUE.has(element.type);
    }

    function isOff(element) {
        return element instanceof CrowdElement ? element.isOff : element.matches(":disabled");
    }

    // What a field sends; undefined sends nothing.
    function read(element) {
        if (element instanceof CrowdElement) {
            return element._submittableValue;
        }
        if (element.type === "checkbox" || element.type === "radio") {
            return {[element.value]: element.checked};
        }
        if (element.type === "select-multiple") {
            const chosen = Array.from(element.selectedOptions, (option) => option.value);
            return chosen.length ? chosen : undefined;
        }
        if (element.type === "file") {
            // JSON cannot carry a file: send its name, as a browser does in this kind of form.
            const names = Array.from(element.files, (file) => file.name);
            return names.length ? names.join(", ") : undefined;
        }
        return element.value;
    }

    function isObject(value) {
        return typeof value === "object" && value !== null && !Array.isArray(value);
    }

    // Objects of one name merge, a box that is on wins; of texts the last that is not empty stays.
    function merge(before, after) {
        if (isObject(before) && isObject(after)) {
            const merged = {...before, ...after};
            for (const key of Object.keys(after)) {
                merged[key] = after[key] || before[key] || after[key];
            }
            return merged;
        }
        return after === "" && before !== undefined ? before : after;
    }

    // Whether the page hides an element. Tabs and dialogs that are closed do not count: they can be opened.
    function isHidden(element) {
        for (let node = element; node; node = node.parentElement || node.getRootNode().host) {
            if (!node.reveal && getComputedStyle(node).display === "none") {
                return true;
            }
        }
        return false;
    }

    // Open the tabs and dialogs around an element.
    function reveal(element) {
        for (let node = element.parentElement; node; node = node.parentElement) {
            if (node.reveal) {
                node.reveal();
            }
        }
    }

    class CrowdForm extends CrowdElement {
        static formAssociated = false;

        constructor() {
            super();
            // First in line: the listeners of the page hear only of answers that are complete.
            this.addEventListener("submit", (event) => this.check(event), true);
            for (const type of ["input", "change"]) {
                this.addEventListener(type, (event) => this.recheck(event.target));
            }
        }

        setUp() {
            this.form = make("form", {method: "post", action: submitUrl});
            this.form.noValidate = true;
            this.form.append(...this.childNodes);
            const id = document.getElementById("assignmentId") ? null : "assignmentId";
            this.form.append(make("input", {type: "hidden", id, name: "assignmentId", value: assignmentId}));
            this.form.addEventListener("formdata", (event) => this.write(event.formData));
            this.append(this.form);
            this.showInstructions();
            if (!this.outer) {
                this.addSubmitButton();
            }
            // A page in the browser's cache of pages can be submitted again.
            window.addEventListener("pageshow", () => this.setSubmitting(false));
        }

        // The element whose shadow root this form is in, and the crowd-form around that element.
        get host() {
            const {host} = this.getRootNode();
            return host instanceof CrowdElement ? host : null;
        }
        get outer() {
            return this.host && this.host.closest("crowd-form");
        }

        showInstructions() {
            const [short] = this.querySelectorAll(":scope > form > short-instructions");
            const [full] = this.querySelectorAll(":scope > form > full-instructions");
            if (hasContent(full)) {
                const heading = full.getAttribute("header") || "Instructions";
                const modal = make("crowd-modal", {"link-text": "View full instructions", heading}, full);
                this.form.prepend(modal);
            }
            if (short) {
                this.form.prepend(short);
            }
        }

        addSubmitButton() {
            if (!document.querySelector(SUBMIT_BUTTON)) {
                const attributes = {
                    "form-action": "submit",
                    variant: "primary",
                    "data-testid": "crowd-submit",
                };
                const button = make("crowd-button", attributes, "Submit");
                this.form.append(make("div", {class: "crowd-submit"}, button));
            }
            if (isPreview) {
                const text = "This is a preview. Accept the HIT before you submit your work.";
                this.form.append(make("p", {class: "crowd-preview", role: "note"}, text));
            }
        }

        * fields() {
            if (this.host) {
                yield this.host;
            }
            yield* walk(this);
        }

        // The answers: an object with a member for each name.
        collect() {
            const answers = new Map();
            const add = (name, value) => {
                if (name && value !== undefined && !RESERVED.has(name)) {
                    answers.set(name, merge(answers.get(name), value));
                }
            };
            for (const field of this.fields()) {
                if (!isOff(field)) {
                    add(field.name, read(field));
                }
            }
            if (this.submitter) {
                add(this.submitter.name, this.submitter.value);
            }
            return Object.fromEntries(answers);
        }

        _serializeForm() {
            return {assignmentId, taskAnswers: JSON.stringify([this.collect()])};
        }

        // Replace what the browser would post.
        write(data) {
            for (const name of new Set(data.keys())) {
                data.delete(name);
            }
            for (const [name, value] of Object.entries(this._serializeForm())) {
                data.set(name, value);
            }
        }

        // Stop a submission that is not possible, before the page hears of it.
        check(event) {
            if (event.target !== this.form || !event.isTrusted) {
                return;
            }
            const button = event.submitter;
            if (isPreview || this.isSubmitting || !((button && button.formNoValidate) || this.reportValidity())) {
                event.preventDefault();
                event.stopImmediatePropagation();
                return;
            }
            this.submitter = button;
            this.submitEvent = event;
            // After all listeners: unless the page prevented it, a second click must not submit again.
            setTimeout(() => this.setSubmitting(!event.defaultPrevented));
        }

        setSubmitting(isSubmitting) {
            this.isSubmitting = isSubmitting;
        }

        // The fields with an error, in page order.
        findInvalid() {
            return Array.from(this.fields()).filter((field) => {
                const isWrong = field instanceof CrowdElement
                    ? field !== this && field.findError()
                    : field.willValidate && !field.validity.valid;
                return isWrong && !isOff(field) && !isHidden(field);
            });
        }

        checkValidity() {
            return !this.findInvalid().length;
        }

        // Show all errors, and move the focus to the first.
        reportValidity() {
            const invalid = this.findInvalid();
            for (const field of this.fields()) {
                if (field instanceof CrowdElement) {
                    field.showError(invalid.includes(field) ? field.findError() : "");
                }
            }
            if (invalid.length) {
                reveal(invalid[0]);
                if (invalid[0] instanceof CrowdElement) {
                    invalid[0].focus();
                } else {
                    invalid[0].reportValidity();
                }
            }
            return !invalid.length;
        }

        // An error goes as soon as the worker has mended it.
        recheck(field) {
            if (field instanceof CrowdElement && field.shownError) {
                field.showError(field.findError());
            }
        }

        // Unlike that of a form of HTML, it checks the fields and dispatches a submit event: pages that call
        // it fill their hidden fields in `onsubmit`. A listener of that event calls it to post at once.
        submit() {
            this.prepare();
            if (this.submitEvent && this.submitEvent.eventPhase !== Event.NONE) {
                HTMLFormElement.prototype.submit.call(this.form);
            } else {
                this.form.requestSubmit();
            }
        }

        requestSubmit() {
            this.submit();
        }

        reset() {
            this.form.reset();
        }

        get elements() {
            return this.form.elements;
        }
    }

    // The crowd-form of an element, across shadow roots; or else the page's first one.
    function findForm(element) {
        for (let node = element; node; node = node.getRootNode().host) {
            const found = node.closest("crowd-form");
            if (found) {
                return found.outer || found;
            }
        }
        return document.querySelector("crowd-form");
    }

    Object.assign(window.mturkMockCrowd, {CLASSIFIERS, findForm, isPreview});
    define("crowd-form", CrowdForm);
})();
