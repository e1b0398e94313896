// <crowd-entity-annotation>: labels for words and phrases of a text.
(() => {
    "use strict";
    const {Annotation, define, make} = window.mturkMockCrowd;

    const css = `
        .text {
            white-space: pre-wrap; overflow-wrap: anywhere; line-height: 2.1; padding: 10px 14px; border-radius: 7px;
            border: 1px solid var(--crowd-line); background: var(--crowd-surface); cursor: text;
        }
        .crowd-submit { margin: 24px 0 8px; }
        @media (max-width: 480px) { .crowd-submit > crowd-button { display: block; } }
        .text:focus-visible { outline-offset: -1px; }
        .entity {
            color: inherit; background: var(--crowd-raised); border-radius: 4px; padding: 3px 2px; cursor: pointer;
            border-bottom: 3px solid var(--entity); -webkit-box-decoration-break: clone; box-decoration-break: clone;
        }
        .entity.selected { background: var(--crowd-tint); box-shadow: 0 0 0 2px var(--crowd-accent); }
        .badge {
            display: inline-flex; align-items: center; vertical-align: 1px; margin: 0 2px 0 5px; border-radius: 4px;
            overflow: hidden; font-size: 0.75rem; font-weight: 600; line-height: 1.6; color: var(--entity-text);
            background: var(--entity); white-space: nowrap; user-select: none; -webkit-user-select: none;
        }
        .badge::before { content: attr(data-short); padding: 0 2px 0 6px; }
        .badge button {
            min-width: 24px; min-height: 24px; padding: 0; border: 0; border-radius: 0;
            color: inherit; background: none;
        }
        .badge button:hover:not(:disabled) { background: #00000040; }
        .badge button::before { content: "×"; font-size: 1rem; }
        .badge button:focus-visible { outline-offset: -3px; outline-color: currentColor; }
    `;

    // Offsets in the value are Unicode offsets [doc], read as characters (code points), as Python counts them:
    // `text[start:end]` is what the worker marked [assumed]. Inside, offsets are JavaScript's, in UTF-16 units.
    function countCharacters(text) {
        return Array.from(text).length;
    }

    function findOffset(text, characters) {
        return Array.from(text).slice(0, characters).join("").length;
    }

    function toStep({segment, index}) {
        return {start: index, end: index + segment.length};
    }

    // Return where words and punctuation marks begin and end: the steps of the keyboard.
    function findSteps(text) {
        if (Intl.Segmenter) {
            const language = document.documentElement.lang || undefined;
            const segments = Array.from(new Intl.Segmenter(language, {granularity: "word"}).segment(text));
            return segments.filter(({segment}) => segment.trim()).map(toStep);
        }
        return Array.from(text.matchAll(/[\p{L}\p{M}\p{N}_]+|\S/gu), ({0: segment, index}) => toStep({segment, index}));
    }

    class EntityAnnotation extends Annotation {
        static noun = "entity";
        static nouns = "entities";
        static member = "entities";
        static css = css;

        // Pages reach this form as `shadowRoot.querySelector("crowd-form").form` and add questions to it [doc].
        // It has the Submit button, unless another crowd-form is around the element.
        place(rules, ...parts) {
            const form = make("crowd-form", {}, ...parts);
            this.draw(rules, form);
        }

        makeStage() {
            this.textBox = make("div", {
                class: "text", tabindex: "0", role: "application", "aria-roledescription": "text to label",
                "aria-label": "Text to label", "aria-describedby": "help",
            });
            this.range = null;
            this.textBox.addEventListener("keydown", (event) => this.handleTextKey(event));
            this.textBox.addEventListener("click", (event) => this.press(event));
            document.addEventListener("pointerdown", (event) => this.startSelection(event.composedPath()));
            document.addEventListener("pointerup", () => setTimeout(() => this.endSelection()));
            document.addEventListener("selectionchange", () => this.readSelection());
            return this.textBox;
        }

        helpLines() {
            return [
                "Select words with the mouse or a finger, then press a label or its digit.",
                "Or press a label first: then each selection gets it, until you press it again.",
                "Press a marked entity, then another label to change it. × or Del removes it.",
                "Keyboard: in the text, ← and → go from word to word, ↑ and ↓ by ten words, Home and End to the ends.",
                "With Shift they select more words. A digit labels the selected words.",
                "Tab goes to each entity: a digit changes its label, Del removes it.",
                "Ctrl+Z undoes, Ctrl+Y does again, Escape ends the selection.",
            ];
        }

        get control() {
            return this.textBox || null;
        }

        get source() {
            return this.getAttribute("text") || "";
        }

        setUp() {
            super.setUp();
            this.readText();
            this.say("Select words, then choose their label.");
        }

        readText() {
            this.steps = findSteps(this.source);
            this.current = undefined;
            this.range = null;
            const problem = "This task has no text: its attribute “text” is empty.";
            this.warn("text", this.source.trim() ? "" : problem);
        }

        update(name) {
            if (name === "text") {
                this.readText();
                this.restart(this.getAttribute("initial-value"));
            } else {
                super.update(name);
            }
        }

        // Workers select a label and then words, or words and then a label [doc]: no label is chosen at the start.
        chooseAtStart() {
            return null;
        }

        choose(label) {
            this.readSelection();
            const {range, selected} = this;
            if (selected) {
                super.choose(label);
                this.chosen = null;
                this.showLabels();
            } else if (range) {
                this.mark(range, label);
            } else {
                const isOn = this.chosen === label;
                this.chosen = isOn ? null : label;
                this.refresh();
                this.say(isOn ? "No label." : `Label: ${this.findChoice(label).name}. Select the words that get it.`);
            }
        }

        // Selecting --------------------------------------------------------------------------------------------

        // The selected part of the text; null if the selection neither begins nor ends in the text.
        findSelection() {
            const range = this.readRange(document.getSelection());
            const hasStart = range && this.textBox.contains(range.startContainer);
            const hasEnd = range && this.textBox.contains(range.endContainer);
            if (!hasStart && !hasEnd) {
                return null;
            }
            return {
                start: hasStart ? this.measureTo(range.startContainer, range.startOffset) : 0,
                end: hasEnd ? this.measureTo(range.endContainer, range.endOffset) : this.source.length,
            };
        }

        readRange(selection) {
            if (selection.getComposedRanges) {
                return selection.getComposedRanges({shadowRoots: [this.shadowRoot]})[0];
            }
            const own = this.shadowRoot.getSelection ? this.shadowRoot.getSelection() : selection;
            return own.rangeCount ? own.getRangeAt(0) : null;
        }

        measureTo(node, offset) {
            const range = document.createRange();
            range.setStart(this.textBox, 0);
            range.setEnd(node, offset);
            return range.toString().length;
        }

        // Remember what is selected: pressing a label can end the selection of the browser.
        readSelection() {
            const found = this.isConnected && !this.isOff ? this.findSelection() : null;
            if (found) {
                this.range = this.trim(found);
            }
        }

        // Spaces at the ends of a selection do not count [assumed].
        trim({start, end}) {
            const part = this.source.slice(start, end);
            const first = start + part.length - part.trimStart().length;
            const last = start + part.trimEnd().length;
            return first < last ? {start: first, end: last} : null;
        }

        clearSelection() {
            this.range = null;
            if (this.findSelection()) {
                document.getSelection().removeAllRanges();
            }
        }

        // A press outside of the element ends the selection.
        startSelection(path) {
            this.isSelecting = path.includes(this.textBox);
            if (!path.includes(this.work)) {
                this.range = null;
            }
        }

        // After a selection by mouse or finger: label it if a label is chosen.
        endSelection() {
            if (!this.isSelecting) {
                return;
            }
            this.isSelecting = false;
            this.readSelection();
            if (this.range) {
                this.select(null);
                if (this.chosen && !this.isOff) {
                    this.mark(this.range, this.chosen);
                } else {
                    this.say(`Selected: ${this.quote(this.range)}. Choose its label.`);
                }
            }
        }

        press(event) {
            const node = event.target.closest(".entity");
            if (node && !this.range) {
                this.select(this.items.find(({id}) => id === node.dataset.id));
                this.say(`${this.describe(this.selected)}: selected.`);
            } else if (!this.range) {
                this.select(null);
            }
        }

        quote({start, end}) {
            const part = this.source.slice(start, end).replace(/\s+/g, " ");
            return `“${part.length > 60 ? `${part.slice(0, 59)}…` : part}”`;
        }

        // Entities do not overlap: a selection can be all of an entity, and then changes its label, but not a part of
        // it [doc], nor more than it [assumed].
        mark(range, label) {
            const same = this.items.find(({start, end}) => start === range.start && end === range.end);
            const other = this.items.find(({start, end}) => start < range.end && range.start < end);
            this.clearSelection();
            if (same) {
                this.selectedId = same.id;
                super.choose(label);
                this.selectedId = null;
                this.chosen = null;
                this.refresh();
            } else if (other) {
                this.refresh();
                this.say(`This overlaps ${this.quote(other)}, which is labeled. Remove that label first.`);
            } else {
                const item = this.makeItem(label, range);
                this.commit({items: [...this.items, item].sort((one, two) => one.start - two.start)});
                this.say(`${this.describe(item)}: added.`);
            }
        }

        // Keyboard ---------------------------------------------------------------------------------------------

        handleTextKey(event) {
            const steps = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -10, ArrowDown: 10, Home: -Infinity, End: Infinity};
            const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
            if (this.isOff || !isPlain) {
                return;
            }
            if (event.target === this.textBox && event.key in steps && this.steps.length) {
                event.preventDefault();
                this.step(steps[event.key], event.shiftKey);
            }
            if (event.key === "Enter" && event.target.localName !== "button") {
                // It would submit the page.
                event.preventDefault();
                this.handleEnter();
            }
        }

        handleEnter() {
            if (this.chosen && this.range) {
                this.mark(this.range, this.chosen);
            }
        }

        // End the selection, of words, of a label or of an entity.
        cancel() {
            this.clearSelection();
            this.chosen = null;
            this.selectedId = null;
            this.refresh();
            this.focusStage();
            this.say("Nothing is selected.");
        }

        // Go to another word; with Shift select the words up to it.
        step(by, isExtending) {
            const last = this.steps.length - 1;
            const isFirst = this.current === undefined;
            const from = isFirst ? (by > 0 ? -1 : 1) : this.current;
            this.current = Math.min(Math.max(from + by, 0), last);
            this.anchor = isExtending && !isFirst ? this.anchor : this.current;
            const [one, other] = [this.steps[this.anchor], this.steps[this.current]];
            this.select(null);
            this.selectText(Math.min(one.start, other.start), Math.max(one.end, other.end));
            this.say(this.quote(this.range));
        }

        // Select in the browser, which shows it.
        selectText(start, end) {
            const [from, to] = [this.findPlace(start, false), this.findPlace(end, true)];
            document.getSelection().setBaseAndExtent(from.node, from.offset, to.node, to.offset);
            this.range = {start, end};
            const place = to.node.parentElement.getBoundingClientRect();
            if (place.bottom < 0 || place.top > window.innerHeight) {
                to.node.parentElement.scrollIntoView({block: "nearest"});
            }
        }

        // The text node at an offset; at the end of a node that node or the next one.
        findPlace(offset, isEnd) {
            const walker = document.createTreeWalker(this.textBox, NodeFilter.SHOW_TEXT);
            let passed = 0;
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const after = passed + node.data.length;
                if (offset < after || (isEnd && offset === after)) {
                    return {node, offset: offset - passed};
                }
                passed = after;
            }
            return {node: this.textBox, offset: this.textBox.childNodes.length};
        }

        handleFocus(event) {
            const node = event.target.closest(".entity");
            if (node) {
                this.select(this.items.find(({id}) => id === node.dataset.id));
            } else if (event.target === this.textBox) {
                this.select(null);
            }
        }

        focusStage() {
            this.textBox.focus();
        }

        focusItem(item) {
            this.textBox.querySelector(`.entity[data-id="${item.id}"]`).focus();
            this.clearSelection();
            this.select(item);
        }

        // The text ---------------------------------------------------------------------------------------------

        // Labels are shown by style, so that the nodes have the text and nothing else.
        show() {
            const focused = this.shadowRoot.activeElement;
            const focusedId = focused && this.textBox.contains(focused) && focused.dataset.id;
            const parts = [];
            let shown = 0;
            for (const item of this.items) {
                parts.push(this.source.slice(shown, item.start), this.makeEntity(item));
                shown = item.end;
            }
            parts.push(this.source.slice(shown));
            const key = JSON.stringify([this.source, this.items, this.choices, this.isOff]);
            if (key !== this.shownKey) {
                this.shownKey = key;
                this.textBox.replaceChildren(...parts);
            }
            for (const node of this.textBox.querySelectorAll(".entity")) {
                node.classList.toggle("selected", node.dataset.id === this.selectedId);
            }
            const again = focusedId && this.textBox.querySelector(`.entity[data-id="${focusedId}"]`);
            if (again && again !== focused) {
                again.focus();
            }
        }

        makeEntity(item) {
            const {color, name, short, textColor} = this.findChoice(item.label);
            const words = `Remove ${this.quote(item)}, ${name}`;
            const remove = make("button", {type: "button", "aria-label": words, "data-id": item.id});
            remove.disabled = this.isOff;
            remove.addEventListener("click", (event) => {
                event.stopPropagation();
                this.remove(item);
            });
            const badge = make("span", {class: "badge", "data-short": short}, remove);
            const entity = make(
                "mark", {
                    class: "entity", tabindex: "0", role: "group", "aria-label": this.describe(item),
                    "data-id": item.id,
                }, this.source.slice(item.start, item.end), badge,
            );
            entity.style.setProperty("--entity", color);
            entity.style.setProperty("--entity-text", textColor);
            return entity;
        }

        measure(item) {
            return this.quote(item);
        }

        // The value --------------------------------------------------------------------------------------------

        readItem({startOffset, endOffset, label}) {
            const start = findOffset(this.source, startOffset);
            const end = findOffset(this.source, endOffset);
            const areWhole = Number.isInteger(startOffset) && Number.isInteger(endOffset);
            return areWhole && startOffset >= 0 && start < end ? this.makeItem(label, {start, end}) : null;
        }

        // Of entities that overlap, the first one stays.
        readItems(given) {
            const kept = [];
            for (const item of super.readItems(given)) {
                if (!kept.some(({start, end}) => start < item.end && item.start < end)) {
                    kept.push(item);
                }
            }
            return kept.sort((one, other) => one.start - other.start);
        }

        writeItem({label, start, end}) {
            const startOffset = countCharacters(this.source.slice(0, start));
            return {
                endOffset: startOffset + countCharacters(this.source.slice(start, end)), label, startOffset,
            };
        }
    }

    define("crowd-entity-annotation", EntityAnnotation);
})();
