// What the elements share that let a worker mark parts of an image or of a text and label them.
//
// A marked part is an item: an object with `id`, `label` and what its element adds; items never change, a change
// makes another. An item that is being drawn is the draft: a list of points.
(() => {
    "use strict";
    const {CrowdElement, make, parseList} = window.mturkMockCrowd;

    // White text on each of them, and each of them on white, has a contrast of at least 4.5.
    const palette = [
        "#b3261e", "#0b5cad", "#1a6b34", "#7b3fa0", "#8a5200",
        "#00696b", "#a3195b", "#4a4f57", "#5b5bd6", "#5f6200",
    ];
    const digits = "1234567890";

    // Read `labels` or `initial-value`: what parseList reads, and comments, which the documentation's examples have.
    function parseLoosely(text) {
        const textOrComment = /(["'])(?:\\.|(?!\1)[^\\])*\1|\/\/[^\n]*|\/\*.*?\*\//gs;
        return parseList((text || "").replace(textOrComment, (part) => (part[0] === "/" ? "" : part)));
    }

    // Return black or white, whichever is easier to read on a color such as "#ff0000".
    function textColorOn(color) {
        const [red, green, blue] = [1, 3, 5].map((at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#000000" : "#ffffff";
    }

    // Let `parent` have one child for each key, in this order. Children with a key that stays are kept, and with
    // them the focus.
    function keepChildren(parent, keys, makeChild) {
        const old = new Map(Array.from(parent.children, (child) => [child.dataset.key, child]));
        const wanted = keys.map((key) => old.get(key) || makeChild(key));
        for (const child of old.values()) {
            if (!wanted.includes(child)) {
                child.remove();
            }
        }
        wanted.forEach((child, index) => {
            child.dataset.key = keys[index];
            if (parent.children[index] !== child) {
                parent.insertBefore(child, parent.children[index] || null);
            }
        });
        return wanted;
    }

    function capitalize(text) {
        return text[0].toUpperCase() + text.slice(1);
    }

    function makeSwatch(color) {
        const swatch = make("span", {class: "swatch"});
        swatch.style.background = color;
        return swatch;
    }

    function makeButton(text, attributes, press) {
        const button = make("button", {type: "button", ...attributes}, text);
        button.addEventListener("click", press);
        return button;
    }

    const css = `
        :host { display: block; margin: 12px 0; line-height: 1.5; }
        h2 { font-size: 1.125rem; line-height: 1.35; margin: 0 0 8px; }
        .instructions { margin: 0 0 12px; }
        ::slotted(short-instructions), ::slotted(full-instructions) { display: block; }
        details { margin: 8px 0; }
        summary { color: var(--crowd-accent); cursor: pointer; width: fit-content; padding: 2px 0; }
        details > div, details > ul {
            margin: 8px 0; padding: 0 0 0 14px; border-inline-start: 3px solid var(--crowd-line);
        }
        .bar {
            display: flex; flex-wrap: wrap; gap: 8px 24px; padding: 8px 0;
        }
        .group { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
        button {
            display: inline-flex; align-items: center; justify-content: center; gap: 7px;
            min-height: 36px; min-width: 36px; padding: 4px 11px; font-size: 0.9375rem; line-height: 1.3;
            color: var(--crowd-text);
            background: var(--crowd-surface); border: 1px solid var(--crowd-edge); border-radius: 7px;
        }
        button:hover:not(:disabled, [aria-disabled="true"]) { background: var(--crowd-raised); }
        button:disabled, button[aria-disabled="true"] { color: var(--crowd-quiet); border-color: var(--crowd-line); }
        .label[aria-pressed="true"] {
            background: var(--crowd-tint); border-color: var(--crowd-accent);
            box-shadow: inset 0 0 0 1px var(--crowd-accent);
        }
        .label { overflow-wrap: anywhere; text-align: start; }
        .swatch { flex: none; width: 13px; height: 13px; border-radius: 4px; border: 1px solid #ffffffb0; }
        kbd {
            font: inherit; font-size: 0.75rem; line-height: 1.3; color: var(--crowd-quiet); padding: 0 5px;
            border: 1px solid var(--crowd-line); border-radius: 4px; background: var(--crowd-raised);
        }
        .below {
            display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; min-height: 44px; padding: 4px 0;
        }
        .status { flex: 1 1 12em; margin: 0; font-size: 0.875rem; color: var(--crowd-quiet); }
        .warning {
            margin: 0 0 12px; padding: 10px 14px; border-radius: 7px; color: var(--crowd-error);
            background: var(--crowd-error-tint); overflow-wrap: anywhere;
        }
        .items { list-style: none; margin: 4px 0 12px; padding: 0; display: flex; flex-wrap: wrap; gap: 6px; }
        .items li {
            display: flex; max-width: 100%; border: 1px solid var(--crowd-line); border-radius: 7px;
            background: var(--crowd-surface);
        }
        .items li[data-selected] {
            border-color: var(--crowd-accent); box-shadow: inset 0 0 0 1px var(--crowd-accent);
        }
        .items button { border-color: transparent; background: none; min-width: 0; text-align: start; }
        .items .remove { min-width: 36px; color: var(--crowd-quiet); }
        .measure { color: var(--crowd-quiet); }
        .help li { margin: 0 0 4px; }
        .help ul { list-style: none; font-size: 0.875rem; }
        @media (pointer: coarse) {
            button { min-height: 44px; min-width: 44px; }
            kbd { display: none; }
            .below { min-height: 52px; }
        }
    `;

    class Annotation extends CrowdElement {
        static observedAttributes = [
            "disabled", "header", "initial-value", "label-colors", "labels", "src", "text",
        ];

        constructor() {
            super();
            this.choices = [];
            this.warnings = {};
            this.chosen = null;
            this.selectedId = null;
            this.lastId = 0;
            this.preview = null;
            this.initialItems = [];
            this.forgetHistory([]);
        }

        // To be extended: the singular and plural of an item, the member of the value that lists the items, and the
        // rules of the element: static noun, nouns, member, css.

        // To be extended: the part in which a worker marks; the lines of help; drawing the items.
        makeStage() {}
        helpLines() {}
        show() {}

        // To be extended: an item from an object of the value, or null; the object of an item; the value; a
        // description of an item without its label.
        readItem(_object) {}
        writeItem(_item) {}
        measure(_item) {}

        get items() {
            return this.states[this.at].items;
        }

        get draft() {
            return this.states[this.at].draft;
        }

        get selected() {
            return this.items.find((item) => item.id === this.selectedId) || null;
        }

        setUp() {
            this.makeParts();
            const help = make("ul", {id: "help"}, ...this.helpLines().map((line) => make("li", {}, line)));
            this.work = make(
                "div", {}, make("div", {class: "bar"}, this.labelGroup, this.tools), this.warning, this.stage,
                this.below, this.list,
                make("details", {class: "help"}, make("summary", {}, "Help: mouse, touch, keyboard"), help),
            );
            this.work.addEventListener("keydown", (event) => this.handleKey(event));
            this.work.addEventListener("focusin", (event) => this.handleFocus(event));
            const rules = css + this.constructor.css;
            this.place(rules, this.heading, ...this.makeRegions(), this.work, make("slot"));
            this.readLabels();
            this.update("header");
            this.restart(this.getAttribute("initial-value"));
            if (this.valueBefore !== undefined) {
                this.value = this.valueBefore;
            }
        }

        makeParts() {
            this.heading = make("h2");
            this.warning = make("p", {class: "warning", role: "alert", hidden: true});
            this.labelGroup = make("div", {class: "group", role: "group", "aria-label": "Labels"});
            this.undoButton = makeButton("Undo", {"aria-keyshortcuts": "Control+Z"}, () => this.travel(-1));
            this.redoButton = makeButton("Redo", {"aria-keyshortcuts": "Control+Y"}, () => this.travel(1));
            const tools = {class: "group", role: "group", "aria-label": "Tools"};
            this.tools = make("div", tools, this.undoButton, this.redoButton);
            this.status = make("p", {class: "status", role: "status"});
            this.below = make("div", {class: "below"}, this.status);
            this.list = make("ul", {class: "items", "aria-label": capitalize(this.constructor.nouns)});
            this.stage = this.makeStage();
        }

        // To be extended where the parts go elsewhere.
        place(rules, ...parts) {
            this.draw(rules, ...parts);
        }

        // The instructions of the page stay its children: slots show them.
        makeRegions() {
            const regions = [];
            for (const name of ["short-instructions", "full-instructions"]) {
                const region = this.querySelector(`:scope > ${name}`);
                if (region) {
                    region.slot = name;
                    const slot = make("div", {class: "instructions"}, make("slot", {name}));
                    const title = region.getAttribute("header") || "Full instructions";
                    const isShort = name === "short-instructions";
                    regions.push(isShort ? slot : make("details", {}, make("summary", {}, title), slot));
                }
            }
            return regions;
        }

        update(name) {
            if (name === "header") {
                this.heading.textContent = this.getAttribute("header") || "";
                this.heading.hidden = !this.heading.textContent;
            } else if (name === "labels" || name === "label-colors") {
                this.readLabels();
                this.keepLabeled();
            } else if (name === "initial-value") {
                this.restart(this.getAttribute("initial-value"));
            } else {
                this.refresh();
            }
        }

        // Labels -----------------------------------------------------------------------------------------------

        readLabels() {
            const colors = parseLoosely(this.getAttribute("label-colors"));
            const entries = parseLoosely(this.getAttribute("labels"));
            const read = (Array.isArray(entries) ? entries : [])
                .map((entry) => (typeof entry === "string" ? {label: entry} : entry))
                .filter((entry) => entry && typeof entry.label === "string")
                .filter((entry, index, all) => all.findIndex(({label}) => label === entry.label) === index);
            this.choices = read.map((entry, index) => {
                const isColor = /^#[0-9a-f]{6}$/i.test(colors[index]);
                const color = isColor ? colors[index] : palette[index % palette.length];
                return {
                    label: entry.label,
                    name: entry.fullDisplayName || entry.label,
                    short: entry.shortDisplayName || entry.label,
                    color,
                    textColor: textColorOn(color),
                };
            });
            const problem = "This task has no labels: its attribute “labels” is empty or cannot be read.";
            this.warn("labels", this.choices.length ? "" : problem);
            this.chosen = this.findChoice(this.chosen) ? this.chosen : this.chooseAtStart();
        }

        // After a change of labels, drop the items whose label is gone.
        keepLabeled() {
            if (this.isModified) {
                this.forgetHistory(this.items.filter(({label}) => this.findChoice(label)));
                this.refresh();
            } else {
                this.restart(this.getAttribute("initial-value"));
            }
        }

        // To be extended: the label that is chosen before the worker chooses one, or null.
        chooseAtStart() {
            return this.choices.length ? this.choices[0].label : null;
        }

        findChoice(label) {
            return this.choices.find((choice) => choice.label === label);
        }

        // Give the selected item this label, and the next ones.
        choose(label) {
            const {selected} = this;
            const {name} = this.findChoice(label);
            this.chosen = label;
            if (selected && selected.label !== label) {
                const items = this.items.map((item) => (item === selected ? {...item, label} : item));
                this.commit({items});
                this.say(`${this.describe(this.selected)}: label changed.`);
            } else {
                this.refresh();
                this.say(`Label: ${name}.`);
            }
        }

        // Items ------------------------------------------------------------------------------------------------

        describe(item) {
            const number = this.items.findIndex(({id}) => id === item.id) + 1;
            const {name} = this.findChoice(item.label);
            return `${capitalize(this.constructor.noun)} ${number}, ${name}, ${this.measure(item)}`;
        }

        count() {
            const {noun, nouns} = this.constructor;
            return this.items.length === 1 ? `1 ${noun}` : `${this.items.length} ${nouns}`;
        }

        makeItem(label, rest) {
            this.lastId += 1;
            return {id: String(this.lastId), label, ...rest};
        }

        // Select an item, or none.
        select(item) {
            const id = item ? item.id : null;
            if (id !== this.selectedId) {
                this.selectedId = id;
                this.refresh();
            }
        }

        remove(item) {
            const words = this.describe(item);
            this.commit({items: this.items.filter(({id}) => id !== item.id)});
            this.say(`${words}: removed. ${this.count()} left.`);
        }

        // Drop items that are not as `initial-value` and `value` must be, or have a label that does not exist [doc].
        readItems(text) {
            const given = typeof text === "string" ? parseLoosely(text) : text;
            const objects = Array.isArray(given) ? given : (given || {})[this.constructor.member];
            return (Array.isArray(objects) ? objects : [])
                .filter((object) => object && this.findChoice(object.label))
                .map((object) => this.readItem(object))
                .filter(Boolean);
        }

        // History ----------------------------------------------------------------------------------------------

        forgetHistory(items) {
            this.states = [{items, draft: []}];
            this.at = 0;
            this.lastKey = "";
        }

        restart(given) {
            this.forgetHistory(this.readItems(given));
            this.initialItems = this.items;
            this.selectedId = null;
            this.preview = null;
            this.refresh();
        }

        // Make a change that can be undone. Consecutive changes with one key are one step.
        commit(change, key = "") {
            const before = this.items;
            const next = {...this.states[this.at], ...change};
            const isSameStep = key && key === this.lastKey;
            this.at += isSameStep ? 0 : 1;
            this.states.splice(this.at, Infinity, next);
            this.lastKey = key;
            this.showChange(before);
        }

        // Take the steps of the draft together: the next Undo takes away the item as a whole.
        forgetDraftSteps(items) {
            const isDraftStep = ({draft, items: those}) => draft.length > 0 && those === items;
            while (this.at > 0 && isDraftStep(this.states[this.at - 1])) {
                this.states.splice(this.at - 1, 1);
                this.at -= 1;
            }
        }

        // Drop a step that changes nothing.
        forgetEmptyStep() {
            const [before, now] = [this.states[this.at - 1], this.states[this.at]];
            if (before && before.items === now.items && !before.draft.length && !now.draft.length) {
                this.states.splice(this.at, 1);
                this.at -= 1;
                this.refresh();
            }
        }

        travel(by) {
            const before = this.items;
            if (this.isOff) {
                return;
            }
            if (this.states[this.at + by]) {
                this.at += by;
                this.lastKey = "";
                this.preview = null;
                this.showChange(before);
                this.say(`${by < 0 ? "Undone" : "Redone"}: ${this.count()}.`);
            } else {
                this.say(`Nothing to ${by < 0 ? "undo" : "do again"}.`);
            }
        }

        showChange(before) {
            this.refresh();
            if (this.items !== before) {
                this.announce();
            }
        }

        // What the worker sees and does ------------------------------------------------------------------------

        refresh() {
            const hadFocus = this.hasFocus;
            if (!this.selected) {
                this.selectedId = null;
            }
            this.showLabels();
            // Not disabled where there is nothing to undo: the button would lose the focus.
            this.undoButton.setAttribute("aria-disabled", String(this.isOff || this.at === 0));
            this.redoButton.setAttribute("aria-disabled", String(this.isOff || this.at === this.states.length - 1));
            this.showList();
            this.show();
            if (hadFocus && !this.hasFocus) {
                this.focusStage();
            }
        }

        get hasFocus() {
            return this.work.contains(this.shadowRoot.activeElement);
        }

        showLabels() {
            const pressed = this.selected ? this.selected.label : this.chosen;
            const keys = this.choices.map(({label}) => label);
            const buttons = keepChildren(this.labelGroup, keys, (label) => {
                return makeButton("", {class: "label"}, () => this.choose(label));
            });
            buttons.forEach((button, index) => {
                const {label, name, color} = this.choices[index];
                const key = digits[index] ? [make("kbd", {"aria-hidden": "true"}, digits[index])] : [];
                button.replaceChildren(makeSwatch(color), name, ...key);
                button.setAttribute("aria-pressed", String(label === pressed));
                button.disabled = this.isOff;
            });
        }

        showList() {
            const keys = this.items.map(({id}) => id);
            const rows = keepChildren(this.list, keys, (key) => {
                const find = () => this.items.find(({id}) => id === key);
                const row = make("li");
                row.append(
                    makeButton("", {class: "go"}, () => this.focusItem(find())),
                    makeButton("×", {class: "remove"}, () => this.remove(find())),
                );
                return row;
            });
            rows.forEach((row, index) => this.showRow(row, this.items[index], index));
            this.list.hidden = !rows.length;
        }

        showRow(row, item, index) {
            const {name, color} = this.findChoice(item.label);
            const [go, remove] = row.children;
            const measure = this.measure(item);
            const words = `${this.constructor.noun} ${index + 1}, ${name}`;
            row.toggleAttribute("data-selected", item.id === this.selectedId);
            go.replaceChildren(
                makeSwatch(color), `${index + 1} ${name} `, make("span", {class: "measure"}, measure),
            );
            go.setAttribute("aria-label", `Select ${words}, ${measure}`);
            remove.setAttribute("aria-label", `Remove ${words}`);
            remove.disabled = this.isOff;
        }

        // To be extended: move the focus to where items are marked, and to an item; end what is being done.
        focusStage() {}
        focusItem(_item) {}
        cancel() {}

        focus() {
            if (this.work) {
                this.focusStage();
            }
        }

        // Tell what has happened, on the page and to screen readers.
        say(sentence) {
            this.status.textContent = sentence;
        }

        // Show a sentence about the labels or the image, which stays; "" takes it away.
        warn(about, sentence) {
            this.warnings[about] = sentence;
            const all = Object.values(this.warnings).filter(Boolean).join(" ");
            this.warning.textContent = all;
            this.warning.hidden = !all;
        }

        handleFocus(_event) {}

        // The keys that work wherever the focus is within the element.
        handleKey(event) {
            if (this.isOff || event.defaultPrevented) {
                return;
            }
            const isControl = event.ctrlKey || event.metaKey;
            const key = event.key.toLowerCase();
            if (isControl && !event.altKey && (key === "z" || key === "y")) {
                event.preventDefault();
                this.travel(key === "y" || event.shiftKey ? 1 : -1);
            } else if (!isControl && !event.altKey && digits.includes(event.key)) {
                this.chooseByDigit(event);
            } else if (event.key === "Delete" || event.key === "Backspace") {
                this.handleDelete(event);
            } else if (event.key === "Escape") {
                event.preventDefault();
                this.cancel();
            }
        }

        chooseByDigit(event) {
            const choice = this.choices[digits.indexOf(event.key)];
            if (choice) {
                event.preventDefault();
                this.choose(choice.label);
            }
        }

        handleDelete(event) {
            if (this.selected) {
                event.preventDefault();
                this.remove(this.selected);
            }
        }

        // What pages and crowd-form read -----------------------------------------------------------------------

        get value() {
            return {[this.constructor.member]: this.items.map((item) => this.writeItem(item))};
        }
        set value(given) {
            if (!this.work) {
                this.valueBefore = given;
                return;
            }
            const initial = this.initialItems;
            this.restart(given);
            this.initialItems = initial;
        }

        get _submittableValue() {
            return this.value;
        }

        get isModified() {
            const write = (items) => JSON.stringify(items.map((item) => this.writeItem(item)));
            return write(this.items) !== write(this.initialItems);
        }

        reset() {
            this.restart(this.getAttribute("initial-value"));
        }

        get control() {
            return this.stage || null;
        }
    }

    // Scripts of pages set these attributes as properties, too; a list becomes JSON.
    const properties = {
        header: "header", initialValue: "initial-value", labelColors: "label-colors", labels: "labels",
        src: "src", text: "text",
    };
    for (const [property, attribute] of Object.entries(properties)) {
        Object.defineProperty(Annotation.prototype, property, {
            get() {
                return this.getAttribute(attribute) || "";
            },
            set(value) {
                this.setAttribute(attribute, typeof value === "string" ? value : JSON.stringify(value));
            },
        });
    }

    Object.assign(window.mturkMockCrowd, {Annotation, capitalize, keepChildren, makeButton});
})();
