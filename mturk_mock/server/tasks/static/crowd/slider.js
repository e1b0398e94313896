// crowd-slider: a number on a scale.
(() => {
    "use strict";
    const {CrowdElement, define, make} = window.mturkMockCrowd;

    const CSS = `
        :host { display: block; margin: 12px 0; max-width: 480px; }
        .row { display: flex; align-items: flex-end; gap: 12px; }
        .ends { color: var(--crowd-quiet); font-size: 0.875em; line-height: 44px; font-variant-numeric: tabular-nums; }
        .scale { flex: 1; position: relative; min-width: 100px; padding-top: var(--pin, 0px); }
        input[type="range"] {
            appearance: none; display: block; width: 100%; height: 44px; background: none; cursor: pointer;
            --line: linear-gradient(to right, var(--crowd-accent) var(--share), transparent var(--share)),
                linear-gradient(to right,
                    var(--crowd-slider-secondary-color, var(--crowd-edge)) var(--second),
                    var(--crowd-line) var(--second));
        }
        input[type="range"]::-webkit-slider-runnable-track { height: 6px; border-radius: 3px; background: var(--line); }
        input[type="range"]::-moz-range-track { height: 6px; border-radius: 3px; background: var(--line); }
        input[type="range"]::-webkit-slider-thumb {
            appearance: none; width: 24px; height: 24px; margin-top: -9px; border: 2px solid var(--crowd-surface);
            border-radius: 50%; background: var(--crowd-accent); box-shadow: 0 0 0 1px var(--crowd-accent);
        }
        input[type="range"]::-moz-range-thumb {
            width: 20px; height: 20px; border: 2px solid var(--crowd-surface); border-radius: 50%;
            background: var(--crowd-accent); box-shadow: 0 0 0 1px var(--crowd-accent);
        }
        input[type="range"]:disabled { filter: grayscale(1); opacity: 0.6; }
        input.untouched::-webkit-slider-thumb { background: var(--crowd-surface); }
        input.untouched::-moz-range-thumb { background: var(--crowd-surface); }
        .pin {
            position: absolute; top: 0; left: calc(12px + (100% - 24px) * var(--part)); transform: translateX(-50%);
            min-width: 32px; padding: 2px 8px; border-radius: 6px; text-align: center; font-weight: 600;
            font-variant-numeric: tabular-nums; background: var(--crowd-accent); color: var(--crowd-on-accent);
        }
        .number {
            width: 88px; min-height: 44px; padding: 8px; border: 1px solid var(--crowd-edge); border-radius: 8px;
            background: var(--crowd-surface); color: var(--crowd-text);
        }
    `;

    class CrowdSlider extends CrowdElement {
        static observedAttributes = [
            "aria-label", "disabled", "editable", "label", "max", "min", "pin", "secondary-progress", "step", "value",
        ];

        setUp() {
            this.isTouched = false;
            this.range = make("input", {type: "range"});
            this.number = make("input", {type: "number", class: "number"});
            this.pin = make("span", {class: "pin", "aria-hidden": "true"});
            this.ends = [0, 1].map(() => make("span", {class: "ends", "aria-hidden": "true"}));
            const scale = make("div", {class: "scale"}, this.pin, this.range);
            this.draw(CSS, make("div", {class: "row"}, this.ends[0], scale, this.ends[1], this.number));
            for (const field of [this.range, this.number]) {
                field.addEventListener("input", () => this.touch(field));
                field.addEventListener("change", () => {
                    this.show();
                    this.announce("change");
                });
            }
            // A click on the place where the knob is already is an answer too.
            this.range.addEventListener("pointerup", () => this.touch(this.range));
            this.given = this.early ?? this.getAttribute("value");
            this.update("");
        }

        get limit() {
            const read = (name, otherwise) => {
                const text = this.getAttribute(name);
                return text === null || text.trim() === "" || Number.isNaN(Number(text)) ? otherwise : Number(text);
            };
            return {min: read("min", 0), max: read("max", 100), step: read("step", 1)};
        }

        update(name) {
            if (name === "value") {
                this.given = this.getAttribute("value");
            }
            const {min, max, step} = this.limit;
            const label = this.labelText || this.getAttribute("label") || this.name;
            for (const field of [this.range, this.number]) {
                Object.assign(field, {min, max, step: step || "any", disabled: this.isOff});
                field.setAttribute("aria-label", label);
            }
            this.ends[0].textContent = min;
            this.ends[1].textContent = max;
            this.number.hidden = !this.hasAttribute("editable");
            this.pin.hidden = !this.hasAttribute("pin");
            this.range.value = this.given ?? min;
            this.show();
        }

        // The worker has given a number.
        touch(field) {
            if (field.value !== "" && !this.isOff) {
                this.isTouched = true;
                this.range.value = field.value;
                this.given = this.range.value;
                this.show(field);
            }
        }

        show(source = null) {
            const {min, max} = this.limit;
            const place = (number) => Math.min(1, Math.max(0, (number - min) / (max - min || 1)));
            const scale = this.range.parentElement;
            const part = place(this.range.valueAsNumber);
            scale.style.setProperty("--part", part);
            scale.style.setProperty("--share", `${this.isUnanswered ? 0 : part * 100}%`);
            const second = Number(this.getAttribute("secondary-progress")) || min;
            scale.style.setProperty("--second", `${place(second) * 100}%`);
            scale.style.setProperty("--pin", this.pin.hidden ? "0px" : "32px");
            this.range.classList.toggle("untouched", this.isUnanswered);
            this.pin.textContent = this.isUnanswered ? "–" : this.range.value;
            if (source !== this.number) {
                this.number.value = this.isUnanswered ? "" : this.range.value;
            }
        }

        // A required slider has no answer until the worker gives one, or if its preset is on the scale. Templates
        // have one beside the scale, such as -1, to ask for an answer.
        get isUnanswered() {
            const {min, max} = this.limit;
            const text = String(this.given ?? "").trim();
            const isPreset = text !== "" && Number(text) >= min && Number(text) <= max;
            return this.required && !this.isTouched && !isPreset;
        }

        get value() {
            const early = this.early ?? this.getAttribute("value") ?? this.limit.min;
            return this.range ? this.range.valueAsNumber : Number(early);
        }
        set value(number) {
            this.early = number;
            if (this.range) {
                this.given = number;
                this.range.value = number;
                this.show();
            }
        }

        get _submittableValue() {
            return this.isUnanswered ? undefined : this.value;
        }

        get control() {
            return this.range;
        }

        findError() {
            return this.isUnanswered
                ? this.getAttribute("error-message") || "Move the slider to your answer."
                : "";
        }

        reset() {
            this.isTouched = false;
            this.given = this.getAttribute("value");
            this.update("");
        }
    }

    define("crowd-slider", CrowdSlider);
})();
