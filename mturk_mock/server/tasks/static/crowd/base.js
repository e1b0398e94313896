// What all crowd-* elements share: the class that they extend, their registration, and their style.
//
// The files of this folder share `window.mturkMockCrowd` and nothing else. A page can load the script
// twice, so that each file may run again: `define` keeps the first class of a tag.
(() => {
    "use strict";

    // Custom properties cross into shadow roots. `light-dark()` follows the color-scheme of the page: a page
    // that does not declare one has a white background on dark devices too, and gets light elements. Text on
    // the background of the page has the color of the page; what has a background of its own sets both.
    const colors = {
        "--crowd-text": ["#1b1f24", "#e8eaed"],
        "--crowd-quiet": ["#57606a", "#a9b1ba"],
        "--crowd-surface": ["#ffffff", "#1b1e23"],
        "--crowd-raised": ["#f4f6f8", "#262a31"],
        "--crowd-line": ["#d0d7de", "#3f464f"],
        "--crowd-edge": ["#7d8590", "#7d8793"],
        "--crowd-accent": ["#0b5cad", "#7db8f5"],
        "--crowd-on-accent": ["#ffffff", "#0d1a28"],
        "--crowd-tint": ["#e7f1fb", "#1d3147"],
        "--crowd-error": ["#b3261e", "#ffb1a8"],
        "--crowd-error-tint": ["#fdecea", "#43211e"],
        "--crowd-success": ["#1a6b34", "#85d79d"],
        "--crowd-success-tint": ["#e6f5ea", "#1c3624"],
        "--crowd-warning": ["#7a4d00", "#f2c879"],
        "--crowd-warning-tint": ["#fff4dc", "#3b2f16"],
    };
    const entries = Object.entries(colors);
    const light = entries.map(([name, [one]]) => `${name}: ${one};`).join("");
    const both = entries.map(([name, [one, other]]) => `${name}: light-dark(${one}, ${other});`).join("");

    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        :host { ${light} }
        @supports (color: light-dark(red, blue)) { :host { ${both} } }
        :host([hidden]), [hidden] { display: none !important; }
        *, *::before, *::after { box-sizing: border-box; }
        button, input, textarea, select { font: inherit; color: inherit; margin: 0; }
        button { cursor: pointer; }
        button:disabled, input:disabled { cursor: not-allowed; }
        :focus { outline: none; }
        :focus-visible { outline: 3px solid var(--crowd-accent); outline-offset: 2px; }
        .error { color: var(--crowd-error); font-size: 0.875em; line-height: 1.4; margin: 4px 0 0; }
        .hint { color: var(--crowd-quiet); font-size: 0.875em; line-height: 1.4; margin: 4px 0 0; }
        .visually-hidden {
            position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
            clip-path: inset(50%); white-space: nowrap;
        }
        @media (forced-colors: active) {
            :focus-visible { outline-color: Highlight; }
        }
        @media (prefers-reduced-motion: reduce) {
            *, *::before, *::after { transition: none !important; animation: none !important; }
        }
    `);

    // Make an element: `make("button", {type: "button", class: "x", "aria-label": "Close"}, child, "text")`.
    // An attribute that is null, undefined or false is left out; true is an empty one.
    function make(tag, attributes = {}, ...children) {
        const made = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            if (value !== null && value !== undefined && value !== false) {
                made.setAttribute(name, value === true ? "" : value);
            }
        }
        made.append(...children);
        return made;
    }

    // Whether an element of the page is there, and not empty.
    function hasContent(element) {
        return Boolean(element && (element.textContent.trim() || element.children.length));
    }

    // Read an attribute with a list or an object. Templates write JSON, or an object of JavaScript:
    // "['Cat', 'Dog']", "{ text: 'None of the above' }". Returns `otherwise` if it is absent or cannot be read.
    function parseList(text, otherwise = []) {
        const source = (text || "").trim();
        for (const candidate of [source, writeAsJSON(source)]) {
            try {
                return JSON.parse(candidate) ?? otherwise;
            } catch {
                // Not JSON; try the next spelling.
            }
        }
        return otherwise;
    }

    // Quote texts and names as JSON does, and leave out commas before a bracket.
    function writeAsJSON(source) {
        const tokens = /(["'])((?:\\.|(?!\1)[^\\])*)\1|([A-Za-z_$][\w$]*)(?=\s*:)|,(?=\s*[\]}])/gs;
        return source.replace(tokens, (whole, quote, text, name) => {
            if (quote) {
                return `"${text.replace(/\\?["'\n]|\\./g, (part) => ESCAPES[part] || part)}"`;
            }
            return name ? `"${name}"` : "";
        });
    }
    const ESCAPES = {"\\'": "'", '"': '\\"', "\n": "\\n", "\\\n": ""};

    // Elements whose children the parser has not read yet.
    const waiting = new Set();

    function prepare(element) {
        if (document.readyState === "loading") {
            waiting.add(element);
        } else {
            element.prepare();
        }
    }

    function prepareWaiting() {
        for (const element of waiting) {
            element.prepare();
        }
        waiting.clear();
    }

    // What a browser does for a control that is labeled, disabled or reset by its form, it does for a
    // form-associated custom element.
    class CrowdElement extends HTMLElement {
        static formAssociated = true;

        constructor() {
            super();
            this.internals = this.attachInternals();
            this.isSetUp = false;
            this.isOffByForm = false;
            this.shownError = "";
        }

        // To be extended: draw the element. The children are there. Called once.
        setUp() {}

        // To be extended: show attributes again that have changed (static observedAttributes) after setUp.
        update(_name) {}

        // To be extended: a sentence that says what is wrong with the value; "" if it can be submitted.
        findError() {
            return "";
        }

        // To be extended: what crowd-form sends under the name; undefined sends nothing.
        get _submittableValue() {
            return undefined;
        }

        // To be extended: what a reset of the form restores.
        reset() {}

        // To be extended: the control that has the focus, and that an error is told at.
        get control() {
            return this.shadowRoot && this.shadowRoot.querySelector("input, textarea, select, button");
        }

        // To be extended: the node in the shadow root that errors are shown in, at its end.
        get errorPlace() {
            return this.shadowRoot;
        }

        connectedCallback() {
            if (!this.isSetUp) {
                prepare(this);
            }
        }

        prepare() {
            if (!this.isSetUp && this.isConnected) {
                // Properties that a script set before this class was defined hide those of the class.
                for (const name of ["value", "checked", "disabled", "required", "name"]) {
                    if (Object.prototype.hasOwnProperty.call(this, name)) {
                        const value = this[name];
                        delete this[name];
                        this[name] = value;
                    }
                }
                this.isSetUp = true;
                this.setUp();
            }
        }

        attributeChangedCallback(name, before, after) {
            if (this.isSetUp && before !== after) {
                this.update(name);
            }
        }

        formDisabledCallback(isOff) {
            this.isOffByForm = isOff;
            if (this.isSetUp) {
                this.update("disabled");
            }
        }

        formResetCallback() {
            if (this.isSetUp) {
                this.reset();
                this.showError("");
            }
        }

        // Draw into an open shadow root. `content`: nodes; `css`: the rules of this element alone.
        draw(css, ...content) {
            const root = this.shadowRoot || this.attachShadow({mode: "open", delegatesFocus: true});
            const own = new CSSStyleSheet();
            own.replaceSync(css);
            root.adoptedStyleSheets = [sheet, own];
            root.replaceChildren(...content);
            return root;
        }

        // Unless the page has given it another role.
        setRole(role) {
            if (!this.hasAttribute("role")) {
                this.setAttribute("role", role);
            }
        }

        get name() {
            return this.getAttribute("name") || "";
        }
        set name(text) {
            this.setAttribute("name", text);
        }

        get disabled() {
            return this.hasAttribute("disabled");
        }
        set disabled(isOff) {
            this.toggleAttribute("disabled", Boolean(isOff));
        }

        // Whether the element, or a fieldset around it, is disabled.
        get isOff() {
            return this.disabled || this.isOffByForm;
        }

        get required() {
            return this.hasAttribute("required");
        }
        set required(isNeeded) {
            this.toggleAttribute("required", Boolean(isNeeded));
        }

        get value() {
            return this.getAttribute("value") || "";
        }
        set value(text) {
            this.setAttribute("value", text);
        }

        // The texts of the <label>s of the page for this element, and its aria-label.
        get labelText() {
            const labels = Array.from(this.internals.labels, (each) => each.textContent.trim());
            return labels.filter(Boolean).join(" ") || this.getAttribute("aria-label") || "";
        }

        // Tell the page that the worker changed the value.
        announce(...types) {
            for (const type of types.length ? types : ["input", "change"]) {
                this.dispatchEvent(new Event(type, {bubbles: true, composed: true}));
            }
        }

        // Show a sentence below the element and tell it to screen readers; "" takes it away.
        showError(sentence) {
            const root = this.shadowRoot;
            if (!root) {
                return;
            }
            let box = root.getElementById("error");
            if (!box && sentence) {
                box = make("p", {id: "error", class: "error", role: "alert"});
                this.errorPlace.append(box);
            }
            if (box && box.textContent !== sentence) {
                box.textContent = sentence;
                box.hidden = !sentence;
            }
            this.shownError = sentence;
            if (this.control) {
                markInvalid(this.control, sentence);
            }
        }

        get validationMessage() {
            return this.findError();
        }

        checkValidity() {
            return !this.findError();
        }

        reportValidity() {
            const sentence = this.findError();
            this.showError(sentence);
            if (sentence) {
                this.focus();
            }
            return !sentence;
        }
    }

    function markInvalid(control, sentence) {
        const ids = (control.getAttribute("aria-describedby") || "").split(" ");
        const others = ids.filter((id) => id && id !== "error");
        const wanted = (sentence ? [...others, "error"] : others).join(" ");
        if (sentence) {
            control.setAttribute("aria-invalid", "true");
        } else {
            control.removeAttribute("aria-invalid");
        }
        if (wanted) {
            control.setAttribute("aria-describedby", wanted);
        } else {
            control.removeAttribute("aria-describedby");
        }
    }

    function define(tag, elementClass) {
        if (!customElements.get(tag)) {
            customElements.define(tag, elementClass);
        }
    }

    // Add rules for the page's own nodes, which any rule of the page overrides.
    function addPageStyle(css) {
        const own = new CSSStyleSheet();
        own.replaceSync(css);
        document.adoptedStyleSheets = [own, ...document.adoptedStyleSheets];
    }

    // Pages listen to it on the document or the window, often in a listener of DOMContentLoaded. The task
    // after that event is late enough for them.
    function tellReady() {
        document.dispatchEvent(new CustomEvent("all-crowd-elements-ready", {bubbles: true}));
    }

    function start() {
        prepareWaiting();
        setTimeout(tellReady);
    }

    if (!window.mturkMockCrowd) {
        window.mturkMockCrowd = {CrowdElement, addPageStyle, define, hasContent, make, parseList, sheet};
        if (document.readyState === "loading") {
            document.addEventListener("DOMContentLoaded", start);
        } else {
            setTimeout(start);
        }
    }
})();
