// crowd-input and crowd-text-area.
(() => {
    "use strict";
    const {CrowdElement, define, make} = window.mturkMockCrowd;

    const CSS = `
        :host { display: block; margin: 12px 0; max-width: min(100%, 720px); }
        label { display: block; margin-bottom: 4px; font-weight: 600; line-height: 1.4; }
        .needed { color: var(--crowd-error); }
        .field {
            display: block; width: 100%; min-height: 44px; padding: 9px 12px; border: 1px solid var(--crowd-edge);
            border-radius: 8px; background: var(--crowd-surface); color: var(--crowd-text); font-size: 1rem;
            line-height: 1.5;
        }
        textarea.field { resize: vertical; field-sizing: content; }
        .field::placeholder { color: var(--crowd-quiet); opacity: 1; }
        .field:focus-visible { outline-offset: -1px; border-color: var(--crowd-accent); }
        .field[aria-invalid] { border-color: var(--crowd-error); box-shadow: inset 0 0 0 1px var(--crowd-error); }
        .field:disabled { background: var(--crowd-raised); color: var(--crowd-quiet); }
        .counter { text-align: right; }
    `;

    class TextField extends CrowdElement {
        static observedAttributes = [
            "allowed-pattern", "aria-label", "char-counter", "disabled", "label", "max-length", "max-rows",
            "min-length", "name", "placeholder", "readonly", "required", "rows", "type", "value",
        ];

        setUp() {
            const text = this.value;
            this.field = this.makeField();
            this.field.id = "field";
            this.label = make("label", {for: "field"});
            this.counter = make("p", {id: "counter", class: "hint counter"});
            this.draw(CSS, this.label, this.field, this.counter);
            this.field.addEventListener("input", (event) => this.clean(event));
            // Unlike input events, change events stay inside a shadow root.
            this.field.addEventListener("change", () => this.announce("change"));
            this.update("");
            this.value = text;
            if (this.hasAttribute("auto-focus") && this.getAttribute("auto-focus") !== "false") {
                this.field.focus();
            }
        }

        update(name) {
            const get = (attribute) => this.getAttribute(attribute);
            if (name === "value") {
                this.value = get("value");
            }
            const label = get("label");
            this.label.replaceChildren(label || "");
            if (label && this.required) {
                this.label.append(make("span", {class: "needed", "aria-hidden": "true"}, " *"));
            }
            this.label.hidden = !label;
            const copied = {
                "aria-label": label ? null : this.labelText || get("placeholder") || this.name,
                "aria-required": this.required ? "true" : null,
                maxlength: get("max-length"),
                placeholder: get("placeholder"),
            };
            for (const [attribute, value] of Object.entries(copied)) {
                setOrRemove(this.field, attribute, value);
            }
            this.field.disabled = this.isOff;
            this.field.readOnly = this.hasAttribute("readonly");
            this.updateField();
            this.count();
        }

        // To be extended: attributes of one kind of field.
        updateField() {}

        // The text. Before the element is drawn, what a script has set, or the attribute.
        get value() {
            return this.field ? this.field.value : this.early ?? this.getAttribute("value") ?? "";
        }
        set value(text) {
            this.early = text ?? "";
            if (this.field && this.field.type !== "file") {
                this.field.value = this.early;
                this.count();
            }
        }

        get _submittableValue() {
            return this.value || undefined;
        }

        reset() {
            this.value = this.getAttribute("value");
        }

        // Ignore characters that the allowed-pattern does not have.
        clean(event) {
            if (this.isFiltered && !event.isComposing) {
                const {value, selectionEnd} = this.field;
                const kept = this.filter(value);
                if (kept !== value) {
                    const caret = this.filter(value.slice(0, selectionEnd)).length;
                    this.field.value = kept;
                    this.field.setSelectionRange(caret, caret);
                }
            }
            this.count();
        }

        filter(text) {
            return Array.from(text).filter((character) => this.pattern.test(character)).join("");
        }

        // The allowed-pattern of a field that validates, or null.
        get pattern() {
            const source = this.hasAttribute("auto-validate") && this.getAttribute("allowed-pattern");
            try {
                return source ? new RegExp(source) : null;
            } catch {
                return null;
            }
        }

        // A pattern is for each character, but some templates have one for the whole text: "\d{5}" has no
        // single character, and would let nobody type.
        get isFiltered() {
            return this.pattern && ASCII.some((character) => this.pattern.test(character));
        }

        findError() {
            const text = this.value;
            const shown = this.getAttribute("error-message") || this.getAttribute("invalid-message");
            const error = text ? this.findTextError(text) : this.required && "Fill in this field.";
            return error ? shown || error : "";
        }

        findTextError(text) {
            const least = Number(this.getAttribute("min-length"));
            if (text.length < least) {
                return `Write at least ${least} characters; now there are ${text.length}.`;
            }
            const most = this.getAttribute("max-length");
            if (most !== null && text.length > Number(most)) {
                return `Write at most ${most} characters; now there are ${text.length}.`;
            }
            if (this.pattern && !(this.isFiltered ? this.filter(text) === text : this.matchesWhole(text))) {
                return `Write text that matches the pattern ${this.getAttribute("allowed-pattern")}.`;
            }
            return this.field && !this.field.validity.valid && this.field.validationMessage;
        }

        matchesWhole(text) {
            return new RegExp(`^(?:${this.getAttribute("allowed-pattern")})$`).test(text);
        }

        count() {
            const isCounted = this.hasAttribute("char-counter");
            const most = this.getAttribute("max-length");
            this.counter.hidden = !isCounted;
            this.counter.textContent = `${this.value.length}${most ? ` / ${most}` : ""} characters`;
        }
    }

    const ASCII = Array.from({length: 95}, (_, index) => String.fromCharCode(32 + index));

    function setOrRemove(element, attribute, value) {
        if (value === null || value === "") {
            element.removeAttribute(attribute);
        } else {
            element.setAttribute(attribute, value);
        }
    }

    class CrowdInput extends TextField {
        makeField() {
            return make("input", {class: "field"});
        }

        updateField() {
            this.field.type = this.getAttribute("type") || "text";
            for (const attribute of ["accept", "autocomplete", "max", "min", "step"]) {
                setOrRemove(this.field, attribute, this.getAttribute(attribute));
            }
        }

        get files() {
            return this.field && this.field.files;
        }

        get _submittableValue() {
            if (this.field && this.field.type === "file") {
                return Array.from(this.files, (file) => file.name).join(", ") || undefined;
            }
            return super._submittableValue;
        }
    }

    class CrowdTextArea extends TextField {
        makeField() {
            return make("textarea", {class: "field"});
        }

        updateField() {
            const rows = Number(this.getAttribute("rows")) || 2;
            const most = Number(this.getAttribute("max-rows"));
            this.field.rows = rows;
            // It grows with its text: lines of 1.5 em, and 20 px around them.
            this.field.style.minHeight = `calc(${rows} * 1.5em + 20px)`;
            this.field.style.maxHeight = most ? `calc(${most} * 1.5em + 20px)` : "";
        }
    }

    define("crowd-input", CrowdInput);
    define("crowd-text-area", CrowdTextArea);
})();
