// crowd-checkbox, crowd-toggle-button, crowd-radio-group and crowd-radio-button: on or off.
(() => {
    "use strict";
    const {CrowdElement, define, make} = window.mturkMockCrowd;

    const CSS = `
        :host { display: inline-flex; flex-direction: column; align-items: flex-start; max-width: 100%; }
        label {
            display: inline-flex; align-items: flex-start; gap: 10px; min-width: 44px; padding: 8px 12px 8px 2px;
            line-height: 24px; cursor: pointer;
        }
        @media (pointer: coarse), (max-width: 480px) { label { padding-block: 10px; } }
        input {
            appearance: none; flex: none; width: 22px; height: 22px; margin: 1px; border: 2px solid var(--crowd-edge);
            border-radius: 5px; background: var(--crowd-surface) center / 18px no-repeat; cursor: pointer;
            transition: background-color 0.12s;
        }
        label:hover input:enabled { border-color: var(--crowd-accent); }
        input:checked { background-color: var(--crowd-accent); border-color: var(--crowd-accent); }
        input[aria-invalid] { border-color: var(--crowd-error); }
        input:disabled { border-color: var(--crowd-line); background-color: var(--crowd-raised); }
        input:disabled:checked { background-color: var(--crowd-edge); }
        label:has(input:disabled) { color: var(--crowd-quiet); cursor: not-allowed; }
        .box { display: inline-grid; }
        .box > * { grid-area: 1 / 1; }
        .box + span { align-self: baseline; }
        .mark { pointer-events: none; visibility: hidden; align-self: center; justify-self: center; }
        .mark path { stroke: var(--crowd-on-accent); }
        input:checked ~ .mark { visibility: visible; }
        .radio { border-radius: 50%; }
        .radio:checked { background: var(--crowd-surface); border-width: 7px; }
        .switch { width: 42px; height: 24px; border-radius: 12px; }
        .knob {
            pointer-events: none; align-self: center; width: 14px; height: 14px; margin-left: 6px; border-radius: 50%;
            background: var(--crowd-edge); transition: transform 0.12s;
        }
        .switch:checked ~ .knob { background: var(--crowd-on-accent); transform: translateX(18px); }
        :host([invalid]) .switch:not(:checked) { border-color: var(--crowd-error); }
        :host([invalid]) .switch:not(:checked) ~ .knob { background: var(--crowd-error); }
        @media (forced-colors: active) {
            input { appearance: auto; }
            .mark, .knob { display: none; }
        }
    `;

    class Switch extends CrowdElement {
        static observedAttributes = ["aria-label", "checked", "disabled", "required"];

        setUp() {
            this.isOnAtFirst = this.checked;
            this.box = this.makeBox();
            this.box.id = "box";
            const drawn = make("span", {class: "box"}, this.box, ...this.makeMarks());
            this.draw(CSS, make("label", {for: "box"}, drawn, make("span", {}, make("slot"))));
            // Unlike input events, change events stay inside a shadow root.
            this.box.addEventListener("change", () => this.choose(this.box.checked, "change"));
            this.addEventListener("click", (event) => this.press(event));
            this.update();
        }

        update() {
            this.box.checked = this.checked;
            this.box.disabled = this.isOff;
            const label = this.labelText || (this.textContent.trim() ? "" : this.name);
            if (label) {
                this.box.setAttribute("aria-label", label);
            } else {
                this.box.removeAttribute("aria-label");
            }
        }

        // A click on a <label> of the page, or by a script, comes to the element itself.
        press(event) {
            if (event.composedPath()[0] === this && !this.isOff) {
                this.box.click();
            }
        }

        // The worker has switched it.
        choose(isOn, ...types) {
            this.checked = isOn;
            this.announce(...types);
        }

        get checked() {
            return this.hasAttribute("checked");
        }
        set checked(isOn) {
            this.toggleAttribute("checked", Boolean(isOn));
        }

        get value() {
            return this.getAttribute("value") ?? "on";
        }
        set value(text) {
            super.value = text;
        }

        get _submittableValue() {
            return {[this.value]: this.checked};
        }

        get control() {
            return this.box;
        }

        findError() {
            const shown = this.getAttribute("invalid-message") || this.getAttribute("error-message");
            return this.required && !this.checked ? shown || this.constructor.message : "";
        }

        reset() {
            this.checked = this.isOnAtFirst;
        }
    }

    class CrowdCheckbox extends Switch {
        static message = "Check this box.";

        makeBox() {
            return make("input", {type: "checkbox"});
        }

        makeMarks() {
            const mark = window.mturkMockCrowd.makeIcon("check");
            mark.setAttribute("class", "mark");
            mark.setAttribute("width", "18");
            mark.setAttribute("height", "18");
            mark.setAttribute("stroke-width", "3");
            return [mark];
        }
    }

    class CrowdToggleButton extends Switch {
        static message = "Switch this on.";

        makeBox() {
            return make("input", {type: "checkbox", role: "switch", class: "switch"});
        }

        makeMarks() {
            return [make("span", {class: "knob"})];
        }
    }

    class CrowdRadioButton extends Switch {
        static message = "Choose one of these.";

        setUp() {
            super.setUp();
            this.box.addEventListener("keydown", (event) => this.move(event));
            this.updateStops();
        }

        update(name) {
            super.update(name);
            // Of several that are on, by the page or a script, the last one stays.
            if (this.checked) {
                for (const other of this.buttons) {
                    other.checked = other === this;
                }
            }
            this.updateStops();
        }

        makeBox() {
            return make("input", {type: "radio", class: "radio"});
        }

        makeMarks() {
            return [];
        }

        get group() {
            return this.closest("crowd-radio-group");
        }

        // The buttons of its group; without a group, those of one name in the form.
        get buttons() {
            const root = this.group || this.closest("crowd-form") || this.getRootNode();
            const all = Array.from(root.querySelectorAll("crowd-radio-button"));
            return this.group ? all : all.filter((each) => !each.group && each.name === this.name);
        }

        // The tab key stops at one button of a group: the one that is on, or the first that can be.
        updateStops() {
            const enabled = this.buttons.filter((each) => each.box && !each.isOff);
            const stop = enabled.find((each) => each.checked) || enabled[0];
            for (const each of enabled) {
                each.box.tabIndex = each === stop ? 0 : -1;
            }
        }

        // Arrow keys choose the next one, as in radio buttons of HTML.
        move(event) {
            const steps = {ArrowDown: 1, ArrowRight: 1, ArrowLeft: -1, ArrowUp: -1};
            const step = steps[event.key];
            if (step && !event.altKey && !event.ctrlKey && !event.metaKey) {
                event.preventDefault();
                const enabled = this.buttons.filter((each) => !each.isOff);
                const next = enabled[(enabled.indexOf(this) + step + enabled.length) % enabled.length];
                next.focus();
                next.choose(true);
            }
        }

        // A group says its error once, at its first button.
        findError() {
            const {buttons, group} = this;
            const isNeeded = buttons.some((each) => each.required) || (group && group.required);
            if (!isNeeded || buttons[0] !== this || buttons.some((each) => each.checked)) {
                return "";
            }
            const speaker = [group, ...buttons].find((each) => each && each.hasAttribute("invalid-message"));
            return speaker ? speaker.getAttribute("invalid-message") : this.constructor.message;
        }
    }

    class CrowdRadioGroup extends CrowdElement {
        static formAssociated = false;

        setUp() {
            this.draw(":host { display: block; } ::slotted(crowd-radio-button) { display: flex; }", make("slot"));
            this.setRole("radiogroup");
            this.addEventListener("change", () => this.recheck());
        }

        // The first button has the error; another one has mended it.
        recheck() {
            for (const each of this.querySelectorAll("crowd-radio-button")) {
                each.showError(each.shownError && each.findError());
            }
        }

        // Without a name of its own it is nothing that is sent.
        get value() {
            const chosen = this.querySelector("crowd-radio-button[checked]");
            return chosen ? chosen.value : "";
        }
        set value(text) {
            for (const each of this.querySelectorAll("crowd-radio-button")) {
                each.checked = each.value === text;
            }
        }
    }

    define("crowd-checkbox", CrowdCheckbox);
    define("crowd-toggle-button", CrowdToggleButton);
    define("crowd-radio-button", CrowdRadioButton);
    define("crowd-radio-group", CrowdRadioGroup);
})();
