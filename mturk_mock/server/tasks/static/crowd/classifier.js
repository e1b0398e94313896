// crowd-classifier, crowd-image-classifier, and both with several choices.
(() => {
    "use strict";
    const {CrowdElement, DIALOG, addPageStyle, define, hasContent, make, makeDialog, parseList} = window.mturkMockCrowd;

    const CSS = `
        :host { display: block; margin: 12px 0; container-type: inline-size; }
        ${DIALOG}
        .frame {
            display: grid; gap: 20px; align-items: start;
            grid-template: "side" "main" "choice" / minmax(0, 1fr);
        }
        @container (min-width: 760px) {
            .frame { grid-template: "main choice" auto "main side" 1fr / minmax(0, 1fr) 300px; column-gap: 32px; }
        }
        @container (min-width: 1000px) {
            .frame.has-side { grid-template: "side main choice" / 260px minmax(0, 1fr) 300px; }
        }
        .side { grid-area: side; }
        .frame:not(.has-side) .side { display: none; }
        .side-title, legend {
            margin: 0 0 8px; padding: 0; font-size: 0.8125rem; font-weight: 600; color: var(--crowd-quiet);
            letter-spacing: 0.02em;
        }
        .side {
            padding: 16px; border-radius: 10px; background: var(--crowd-raised); color: var(--crowd-text);
            line-height: 1.5;
        }
        .main { grid-area: main; min-width: 0; }
        .header { margin: 0 0 16px; font-size: 1.25rem; line-height: 1.35; }
        .target { line-height: 1.6; overflow-wrap: break-word; }
        .choice { grid-area: choice; min-width: 0; }
        fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
        .option {
            display: flex; align-items: center; gap: 12px; min-height: 48px; padding: 8px 14px; margin-bottom: 8px;
            border: 1px solid var(--crowd-edge); border-radius: 8px; background: var(--crowd-surface);
            color: var(--crowd-text); line-height: 1.35; cursor: pointer; overflow-wrap: anywhere;
        }
        .option:hover { background: var(--crowd-raised); }
        .option:has(:checked) {
            border-color: var(--crowd-accent); background: var(--crowd-tint);
            box-shadow: inset 0 0 0 1px var(--crowd-accent);
        }
        .option:has(:focus-visible) { outline: 3px solid var(--crowd-accent); outline-offset: 2px; }
        .option:has(:disabled) { color: var(--crowd-quiet); background: var(--crowd-raised); cursor: not-allowed; }
        .option input { flex: none; width: 20px; height: 20px; margin: 0; accent-color: var(--crowd-accent); }
        .option input:focus-visible { outline: none; }
        .option span { flex: 1; }
        .exclusion { margin-top: 16px; }
        .choice:has(> .error:not([hidden])) .option { border-color: var(--crowd-error); }
        kbd {
            flex: none; min-width: 24px; padding: 1px 6px; border: 1px solid var(--crowd-line); border-radius: 5px;
            background: var(--crowd-surface); color: var(--crowd-quiet); font: inherit; font-size: 0.8125rem;
            text-align: center;
        }
        @container (max-width: 480px) { kbd { display: none; } }
        .picture { position: relative; display: inline-block; max-width: 100%; line-height: 0; }
        .picture img { display: block; max-width: 100%; max-height: 85vh; border-radius: 6px; }
        .picture .over { position: absolute; inset: 0; width: 100%; height: 100%; max-width: none; max-height: none; }
        img.over { opacity: 0.6; }
        rect { fill: none; stroke-width: 3; vector-effect: non-scaling-stroke; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 10px 0 0; padding: 0; list-style: none; }
        .legend i {
            display: inline-block; width: 14px; height: 14px; margin-right: 6px; border-radius: 3px;
            vertical-align: -2px;
        }
        textarea {
            display: block; width: 100%; min-height: 96px; margin: 12px 0; padding: 9px 12px; line-height: 1.5;
            border: 1px solid var(--crowd-edge); border-radius: 8px; background: var(--crowd-surface);
        }
    `;
    const REGIONS = ["classification-target", "full-instructions", "short-instructions", "worker-comment"];

    addPageStyle(`
        :where(${REGIONS.map((name) => `[slot="${name}"]`).join()}) { display: block; }
        :where(:is(${REGIONS.join()}) :is(img, video, iframe)) { max-width: 100%; }
        :where(short-instructions, full-instructions) > :where(:first-child) { margin-top: 0; }
        :where(short-instructions, full-instructions) > :where(:last-child) { margin-bottom: 0; }
    `);

    // Texts of categories: they are strings, or objects with a label.
    function readCategories(list) {
        const texts = (Array.isArray(list) ? list : [])
            .map((each) => (typeof each === "object" && each ? each.label ?? each.text ?? each.value : each));
        return texts.filter((each) => each !== undefined && each !== null).map(String);
    }

    class Classifier extends CrowdElement {
        static observedAttributes = ["categories", "disabled", "exclusion-category", "header", "overlay", "src"];

        setUp() {
            this.chosen ??= new Set();
            this.heading = make("h2", {class: "header", id: "header"});
            this.options = make("fieldset", {"aria-labelledby": "header"});
            this.choice = make("div", {class: "choice"}, this.options);
            this.target = make("div", {class: "target"}, make("slot", {name: "classification-target"}));
            this.side = make("section", {class: "side", "aria-label": "Instructions"});
            const rest = make("slot");
            const main = make("div", {class: "main"}, this.heading, this.target, rest);
            this.comment = this.makeComment();
            this.dialogs = make("div");
            this.frame = make("div", {class: "frame"}, this.side, main, this.choice);
            this.draw(CSS, this.frame, this.dialogs);
            this.options.addEventListener("change", (event) => this.choose(event.target));
            this.update("");
            this.placeRegions();
            new MutationObserver(() => this.placeRegions()).observe(this, {childList: true});
        }

        update(name) {
            this.heading.textContent = this.getAttribute("header") || "";
            this.heading.hidden = !this.heading.textContent;
            if (["", "categories", "disabled", "exclusion-category"].includes(name)) {
                this.showOptions();
            }
        }

        placeRegions() {
            for (const child of this.children) {
                if (REGIONS.includes(child.localName)) {
                    child.slot = child.localName;
                }
            }
            this.showInstructions();
            this.showComment();
        }

        region(name) {
            return Array.from(this.children).find((child) => child.localName === name);
        }

        showInstructions() {
            const [short, full] = [this.region("short-instructions"), this.region("full-instructions")];
            this.frame.classList.toggle("has-side", hasContent(short) || hasContent(full));
            this.side.replaceChildren(
                make("p", {class: "side-title"}, "Instructions"),
                make("slot", {name: "short-instructions"}),
            );
            if (hasContent(full)) {
                this.side.append(this.makeOpener("View full instructions", "full", () => this.fullDialog(full)));
            }
        }

        fullDialog(full) {
            return makeDialog(full.getAttribute("header") || "Instructions", make("slot", {name: "full-instructions"}));
        }

        // A button that opens a dialog, which is made when it is opened first.
        makeOpener(text, key, makeIt) {
            const opener = make("button", {type: "button", class: "opener", "aria-haspopup": "dialog"}, text);
            opener.addEventListener("click", () => {
                let dialog = this.dialogs.querySelector(`#${key}`);
                if (!dialog) {
                    dialog = makeIt();
                    dialog.id = key;
                    this.dialogs.append(dialog);
                }
                dialog.showModal();
            });
            return opener;
        }

        makeComment() {
            return make("textarea", {"aria-labelledby": "heading"});
        }

        showComment() {}

        get categories() {
            return this.list ?? readCategories(parseList(this.getAttribute("categories")));
        }
        set categories(list) {
            this.list = readCategories(list);
            if (this.isSetUp) {
                this.showOptions();
            }
        }

        // The category for "none of these", of elements with several choices; "" without one.
        get exclusion() {
            return "";
        }

        get labels() {
            return [...this.categories, this.exclusion].filter(Boolean);
        }

        showOptions() {
            const texts = this.labels;
            this.chosen = new Set(texts.filter((text) => this.chosen.has(text)));
            const legend = make("legend", {}, this.constructor.legend);
            this.options.replaceChildren(legend, ...texts.map((text, index) => this.makeOption(text, index)));
        }

        makeOption(text, index) {
            const key = index < 9 ? String(index + 1) : null;
            const {boxType} = this.constructor;
            const box = make("input", {type: boxType, name: "category", value: text, "aria-keyshortcuts": key});
            box.checked = this.chosen.has(text);
            box.disabled = this.isOff;
            const parts = [box, make("span", {}, text)];
            if (key) {
                parts.push(make("kbd", {"aria-hidden": "true"}, key));
            }
            const isExclusion = this.exclusion && text === this.exclusion;
            return make("label", {class: isExclusion ? "option exclusion" : "option"}, ...parts);
        }

        get boxes() {
            return this.options ? Array.from(this.options.querySelectorAll("input")) : [];
        }

        // The worker has switched a box. Its input event leaves the shadow root by itself.
        choose(box) {
            this.setChosen(this.boxes.filter((each) => each.checked).map((each) => each.value), box.value);
            this.announce("change");
        }

        setChosen(texts) {
            this.chosen = new Set(texts);
            for (const box of this.boxes) {
                box.checked = this.chosen.has(box.value);
            }
        }

        // Choose by a key, from 1 on. Returns whether there is such a category.
        chooseByKey(number) {
            const box = this.boxes[number - 1];
            if (box && !box.disabled) {
                box.focus();
                box.click();
            }
            return Boolean(box);
        }

        // In the order of the categories.
        get chosenLabels() {
            return this.labels.filter((text) => this.chosen && this.chosen.has(text));
        }

        get control() {
            return this.boxes.find((box) => box.checked) || this.boxes[0];
        }

        get errorPlace() {
            return this.choice;
        }

        focus() {
            if (this.control) {
                this.control.focus();
            }
        }

        findError() {
            return this.labels.length && !this.chosenLabels.length ? this.constructor.message : "";
        }

        reset() {
            this.comment.value = "";
            this.setChosen([]);
        }

        get header() {
            return this.getAttribute("header") || "";
        }
        set header(text) {
            this.setAttribute("header", text);
        }
    }

    // One choice ----------------------------------------------------------------------------------------

    const single = (base) => class extends base {
        static boxType = "radio";
        static legend = "Choose one category";
        static message = "Choose a category.";

        get value() {
            const [label] = this.chosenLabels;
            return label === undefined ? {} : {label};
        }
        set value(value) {
            const label = typeof value === "string" ? value : value && value.label;
            this.setChosen(label ? [label] : []);
        }

        get _submittableValue() {
            return this.chosenLabels.length ? this.value : undefined;
        }
    };

    // Several choices -----------------------------------------------------------------------------------

    const multiple = (base) => class extends base {
        static boxType = "checkbox";
        static legend = "Choose all categories that apply";
        static message = "Choose at least one category.";

        get exclusion() {
            const source = this.getAttribute("exclusion-category");
            const found = parseList(source, {});
            return String((typeof found === "object" ? found.text : found) ?? "");
        }

        // The exclusion category and the others switch each other off.
        setChosen(texts, latest = "") {
            const {exclusion} = this;
            const isExcluding = exclusion && texts.includes(exclusion) && (latest || exclusion) === exclusion;
            super.setChosen(isExcluding ? [exclusion] : texts.filter((text) => text !== exclusion));
        }

        get value() {
            return {labels: this.chosenLabels};
        }
        set value(value) {
            this.setChosen(Array.isArray(value) ? value : (value && value.labels) || []);
        }

        get _submittableValue() {
            return this.chosenLabels.length ? this.value : undefined;
        }
    };

    // Images --------------------------------------------------------------------------------------------

    const COLORS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf"];

    const withImage = (base) => class extends base {
        setUp() {
            super.setUp();
            this.showImage();
        }

        update(name) {
            super.update(name);
            if (name === "src" || name === "overlay") {
                this.showImage();
            }
        }

        get src() {
            return this.getAttribute("src") || "";
        }
        set src(address) {
            this.setAttribute("src", address);
        }

        showImage() {
            const image = make("img", {alt: this.getAttribute("alt") || "Image to classify"});
            const picture = make("div", {class: "picture"}, image);
            this.target.replaceChildren(picture, make("slot", {name: "classification-target"}));
            image.addEventListener("load", () => this.showOverlay(picture, image));
            image.addEventListener("error", () => {
                picture.replaceChildren(make("p", {class: "error"}, "The image cannot be loaded."));
            });
            if (this.src) {
                image.src = this.src;
            }
        }

        // Annotations of an earlier task that the worker checks: boxes, or a colored image.
        showOverlay(picture, image) {
            const overlay = parseList(this.getAttribute("overlay"), {});
            const {boundingBox, instanceSegmentation, semanticSegmentation} = overlay;
            const colored = semanticSegmentation || instanceSegmentation;
            if (boundingBox) {
                const boxes = Array.isArray(boundingBox.value) ? boundingBox.value : [];
                const names = [...readCategories(boundingBox.labels), ...boxes.map((box) => String(box.label))];
                const pairs = Array.from(new Set(names), (name, index) => [name, COLORS[index % COLORS.length]]);
                const colors = new Map(pairs);
                picture.append(drawBoxes(image, boxes, colors));
                picture.after(makeLegend(colors));
            } else if (colored) {
                picture.append(make("img", {class: "over", src: colored.src || null, alt: ""}));
                picture.after(makeLegend(readColors(colored)));
            }
        }

        makeCommentDialog(region) {
            const done = make("button", {type: "button", class: "opener button"}, "Done");
            this.comment.placeholder = region.getAttribute("placeholder") || "";
            const heading = region.getAttribute("header") || "Add a comment";
            const dialog = makeDialog(heading, make("slot", {name: "worker-comment"}), this.comment, done);
            done.addEventListener("click", () => dialog.close());
            return dialog;
        }

        showComment() {
            const region = this.region("worker-comment");
            if (region && !this.commentOpener) {
                const text = region.getAttribute("link-text") || "Add a comment";
                this.commentOpener = this.makeOpener(text, "comment", () => this.makeCommentDialog(region));
                this.options.after(this.commentOpener);
            }
        }

        get value() {
            const comment = this.comment ? this.comment.value.trim() : "";
            return comment ? {...super.value, workerComment: comment} : super.value;
        }
        set value(value) {
            super.value = value;
        }
    };

    function drawBoxes(image, boxes, colors) {
        const SVG = "http://www.w3.org/2000/svg";
        const drawing = document.createElementNS(SVG, "svg");
        drawing.setAttribute("class", "over");
        drawing.setAttribute("viewBox", `0 0 ${image.naturalWidth} ${image.naturalHeight}`);
        drawing.setAttribute("role", "img");
        drawing.setAttribute("aria-label", boxes.map((box) => `Box: ${box.label}`).join(", "));
        for (const {height, label, left, top, width} of boxes) {
            const rectangle = document.createElementNS(SVG, "rect");
            for (const [name, value] of Object.entries({x: left, y: top, width, height})) {
                rectangle.setAttribute(name, Number(value) || 0);
            }
            rectangle.setAttribute("stroke", colors.get(String(label)));
            drawing.append(rectangle);
        }
        return drawing;
    }

    function readColors({instances, labelMappings}) {
        const pairs = Array.isArray(instances)
            ? instances.map(({label, color}) => [label, color])
            : Object.entries(labelMappings || {}).map(([label, {color}]) => [label, color]);
        return new Map(pairs);
    }

    function makeLegend(colors) {
        const items = Array.from(colors, ([label, color]) => {
            const swatch = make("i");
            swatch.style.background = color;
            return make("li", {}, swatch, label);
        });
        return make("ul", {class: "legend", "aria-label": "Labels"}, ...items);
    }

    define("crowd-classifier", single(Classifier));
    define("crowd-classifier-multi-select", multiple(Classifier));
    define("crowd-image-classifier", withImage(single(Classifier)));
    define("crowd-image-classifier-multi-select", withImage(multiple(Classifier)));
})();
