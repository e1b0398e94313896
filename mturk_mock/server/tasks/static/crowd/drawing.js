// What the elements share that let a worker draw on an image: the image, figures above it in SVG, and how mouse,
// touch and keyboard draw, move and change them.
//
// A figure is an item with `points`, in pixels of the image's natural size. All figures are drawn alike: points are
// added until there are as many as the figure can have, or until the worker finishes it.
(() => {
    "use strict";
    const {Annotation, capitalize, keepChildren, make, makeButton} = window.mturkMockCrowd;

    // In pixels of the screen: how far a pointer moves in a click, how far an arrow key moves, how near to its first
    // point a click closes a figure.
    const slack = 4;
    const stride = 10;
    const nearness = 11;
    const largestZoom = 16;

    const arrows = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

    function makeSvg(tag, attributes = {}, ...children) {
        const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
        setAll(made, attributes);
        made.append(...children);
        return made;
    }

    function setAll(node, attributes) {
        for (const [name, value] of Object.entries(attributes)) {
            node.setAttribute(name, value);
        }
    }

    function clamp(value, low, high) {
        return Math.min(Math.max(value, low), high);
    }

    function distance(one, other) {
        return Math.hypot(one.x - other.x, one.y - other.y);
    }

    function isSame(one, other) {
        return one.x === other.x && one.y === other.y;
    }

    const css = `
        .viewport { overflow: auto; width: fit-content; max-width: 100%; border-radius: 7px; }
        .viewport.zoomed { max-height: 85vh; }
        .sheet {
            position: relative; cursor: crosshair; touch-action: none; user-select: none; -webkit-user-select: none;
            line-height: 0; overflow: hidden;
        }
        .sheet[aria-disabled="true"] { cursor: not-allowed; }
        .sheet:focus-visible { outline-offset: -3px; }
        .sheet > img { width: 100%; height: 100%; display: block; }
        svg { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; overflow: hidden; }
        path, circle, line { fill: none; }
        .ring { stroke: transparent; stroke-width: 11; }
        .edge { stroke: #00000080; stroke-width: 5.5; }
        .halo { stroke: #ffffff; stroke-width: 4.5; }
        .line { stroke-width: 2.5; }
        .inside { stroke: none; opacity: 0.14; }
        .selected .inside { opacity: 0.3; }
        .hit { stroke: transparent; stroke-width: 16; pointer-events: stroke; cursor: move; }
        .selected.closed .hit, .solid .hit { fill: transparent; pointer-events: all; }
        .drawing .hit, .drawing .grip { pointer-events: none; }
        .figure:focus, .handle:focus { outline: none; }
        .figure:focus-visible .ring { stroke: var(--crowd-accent); }
        .tag { font: 600 12px system-ui, sans-serif; }
        .grip { fill: transparent; pointer-events: all; cursor: grab; }
        .dot { fill: #ffffff; stroke-width: 2.5; }
        .handle:focus-visible .dot { stroke: var(--crowd-accent); stroke-width: 6; r: 8px; }
        .cross line { stroke-width: 1; }
        .cross .under { stroke: #000000; }
        .cross .over { stroke: #ffffff; stroke-dasharray: 5 5; }
        .draft .line { stroke-dasharray: 7 4; }
        .zoom { min-width: 3.4em; text-align: center; font-size: 0.875rem; color: var(--crowd-quiet); }
    `;

    class Drawing extends Annotation {
        static css = css;

        // To be extended: fewest and most points of a figure; whether its end is joined to its start; whether a press
        // anywhere on it takes it; whether the value tells that initial figures have changed.
        static fewest = 1;
        static most = 1;
        static isClosed = false;
        static isSolid = false;
        static tellsChange = false;

        constructor() {
            super();
            this.size = null;
            this.zoom = 1;
            this.scale = 1;
            this.hover = null;
            this.cross = null;
            this.gesture = null;
            this.fingers = new Map();
        }

        // To be extended: the SVG path of a figure with these points of the screen; its handles; its points after
        // a handle moved; what is wrong with a draft that becomes a figure if it `isWhole`, or "".
        pathOf(points) {
            const steps = points.map(({x, y}) => `${x} ${y}`).join(" L ");
            return `M ${steps}${this.constructor.isClosed && points.length > 2 ? " Z" : ""}`;
        }
        handlesOf(points) {
            return points.map((point, index) => ({...point, name: `Point ${index + 1}`}));
        }
        moveHandle(points, index, to) {
            return points.map((point, at) => (at === index ? to : point));
        }
        findDraftError(_points, _isWhole) {
            return "";
        }
        finishPoints(points) {
            return points;
        }

        // Parts ------------------------------------------------------------------------------------------------

        makeStage() {
            this.image = make("img", {alt: "", draggable: "false"});
            this.figures = makeSvg("g");
            this.sketch = makeSvg("g", {class: "draft"});
            this.lines = makeSvg("g", {class: "cross"});
            const name = capitalize(this.constructor.nouns);
            this.svg = makeSvg("svg", {role: "group", "aria-label": name}, this.figures, this.sketch, this.lines);
            this.sheet = make(
                "div", {
                    class: "sheet", tabindex: "0", role: "application", "aria-roledescription": "drawing area",
                    "aria-label": `Image to draw ${this.constructor.nouns} on`, "aria-describedby": "help",
                }, this.image, this.svg,
            );
            this.viewport = make("div", {class: "viewport"}, this.sheet);
            this.addTools();
            this.listen();
            // Its width is that of the viewport, but its height does not depend on the image.
            this.ruler = make("div");
            new ResizeObserver(() => this.layOut()).observe(this.ruler);
            return make("div", {}, this.ruler, this.viewport);
        }

        setUp() {
            super.setUp();
            this.load();
        }

        addTools() {
            this.zoomText = make("span", {class: "zoom"});
            this.finishButton = makeButton("Finish", {"aria-keyshortcuts": "Enter"}, () => {
                this.focusStage();
                this.finish();
            });
            this.cancelButton = makeButton("Cancel", {"aria-keyshortcuts": "Escape"}, () => {
                this.focusStage();
                this.cancel();
            });
            // Below the image, which must not move while the worker draws.
            this.below.append(make("div", {class: "group"}, this.finishButton, this.cancelButton));
            this.zoomTools = make(
                "div", {class: "group", role: "group", "aria-label": "Zoom"},
                makeButton("−", {"aria-label": "Zoom out"}, () => this.zoomTo(this.zoom / 1.5)),
                this.zoomText,
                makeButton("+", {"aria-label": "Zoom in"}, () => this.zoomTo(this.zoom * 1.5)),
                makeButton("Fit", {"aria-label": "Fit the image to the window"}, () => this.zoomTo(1)),
            );
            this.tools.append(this.zoomTools);
        }

        listen() {
            const {sheet} = this;
            sheet.addEventListener("pointerdown", (event) => this.press(event));
            sheet.addEventListener("pointermove", (event) => this.move(event));
            sheet.addEventListener("pointerup", (event) => this.release(event));
            sheet.addEventListener("pointercancel", (event) => this.drop(event));
            sheet.addEventListener("pointerleave", () => this.setHover(null));
            sheet.addEventListener("dblclick", () => this.endByDoubleClick());
            sheet.addEventListener("keydown", (event) => this.handleDrawingKey(event));
            this.image.addEventListener("load", () => this.handleLoad());
            this.image.addEventListener("error", () => this.handleBroken());
        }

        get control() {
            return this.sheet || null;
        }

        helpLines() {
            return [
                "Choose a label by pressing its button or its digit.",
                ...this.gestureLines(),
                "Press a line to select its figure. Then drag it or its handles, or choose another label. Del removes it.",
                `Keyboard: in the image, arrow keys move the cross, with Shift by one pixel. ${this.keyLine()}`,
                "Tab goes to figures and their handles: arrow keys move them, a digit changes a label, Del removes.",
                "Ctrl+Z undoes, Ctrl+Y does again, Escape cancels. + and − zoom. Two fingers move the image.",
            ];
        }

        // The image --------------------------------------------------------------------------------------------

        update(name) {
            if (name === "src") {
                this.restart(this.getAttribute("initial-value"));
                this.load();
            } else {
                super.update(name);
            }
        }

        load() {
            const address = this.getAttribute("src");
            this.size = null;
            this.sheet.hidden = true;
            this.show();
            if (address) {
                this.say("The image is loading …");
                this.image.src = address;
            } else {
                this.image.removeAttribute("src");
                this.handleBroken();
            }
        }

        handleLoad() {
            this.size = {height: this.image.naturalHeight, width: this.image.naturalWidth};
            this.sheet.hidden = false;
            this.zoom = 1;
            this.cross = {x: Math.round(this.size.width / 2), y: Math.round(this.size.height / 2)};
            this.warn("image", "");
            this.say(this.items.length ? `${this.count()} so far.` : this.gestureLines()[0]);
            this.layOut();
        }

        // The worker can still submit: a page can have further questions, and its requester sees a size of 0.
        handleBroken() {
            const address = this.getAttribute("src");
            this.say("");
            this.warn(
                "image",
                address
                    ? `The image cannot be loaded: ${address}. You can submit without it, or return the task.`
                    : "This task has no image: its attribute “src” is empty.",
            );
        }

        // Fit the image to the width that there is, but do not enlarge it; then zoom.
        layOut() {
            const {clientWidth} = this.ruler;
            if (this.size && clientWidth) {
                this.scale = Math.min(1, clientWidth / this.size.width) * this.zoom;
                this.sheet.style.width = `${this.size.width * this.scale}px`;
                this.sheet.style.height = `${this.size.height * this.scale}px`;
                this.viewport.classList.toggle("zoomed", this.zoom > 1);
                this.zoomText.textContent = `${Math.round(this.scale * 100)} %`;
                this.show();
            }
        }

        // Zoom around the middle of what is seen.
        zoomTo(zoom) {
            const {viewport} = this;
            const before = this.scale;
            const middle = {
                x: viewport.scrollLeft + viewport.clientWidth / 2, y: viewport.scrollTop + viewport.clientHeight / 2,
            };
            this.zoom = clamp(zoom, 1, largestZoom);
            this.layOut();
            const factor = this.scale / before;
            viewport.scrollLeft = middle.x * factor - viewport.clientWidth / 2;
            viewport.scrollTop = middle.y * factor - viewport.clientHeight / 2;
            this.say(`Zoom: ${Math.round(this.scale * 100)} %.`);
        }

        // The point of the image, in whole pixels of its natural size, at a place of the window.
        pointAt({clientX, clientY}) {
            const box = this.sheet.getBoundingClientRect();
            return this.keepInside({
                x: Math.round(((clientX - box.left) * this.size.width) / box.width),
                y: Math.round(((clientY - box.top) * this.size.height) / box.height),
            });
        }

        keepInside({x, y}) {
            return {x: clamp(x, 0, this.size.width), y: clamp(y, 0, this.size.height)};
        }

        toScreen({x, y}) {
            return {x: x * this.scale, y: y * this.scale};
        }

        // Move points together, all of them within the image.
        shift(points, by) {
            const xs = points.map(({x}) => x);
            const ys = points.map(({y}) => y);
            const x = clamp(by.x, -Math.min(...xs), this.size.width - Math.max(...xs));
            const y = clamp(by.y, -Math.min(...ys), this.size.height - Math.max(...ys));
            return points.map((point) => ({x: point.x + x, y: point.y + y}));
        }

        // Drawing ----------------------------------------------------------------------------------------------

        get isReady() {
            return !this.isOff && this.size !== null && this.chosen !== null;
        }

        addPoint(point) {
            const {draft} = this;
            const {fewest, isClosed, most, noun} = this.constructor;
            const isNearStart = isClosed && draft.length >= fewest && this.isNear(point, draft[0]);
            if (isNearStart) {
                this.finish();
            } else if (!draft.length || !isSame(point, draft[draft.length - 1])) {
                const points = [...draft, point];
                const error = this.findDraftError(points, false);
                if (error) {
                    this.say(error);
                } else if (points.length === most) {
                    this.finish(points);
                } else {
                    this.selectedId = null;
                    this.commit({draft: points});
                    this.say(`Point ${points.length} of a ${noun} at ${point.x}, ${point.y}.`);
                }
            }
        }

        isNear(one, other) {
            return distance(one, other) * this.scale <= nearness;
        }

        finish(points = this.draft) {
            const {fewest, noun} = this.constructor;
            const error = this.findDraftError(points, true);
            if (points.length < fewest || error) {
                this.say(error || `A ${noun} needs ${fewest} points: this one has ${points.length}.`);
                return;
            }
            const {items} = this;
            const item = this.makeItem(this.chosen, {points: this.finishPoints(points)});
            this.hover = null;
            this.selectedId = null;
            this.commit({items: [...items, item], draft: []});
            this.forgetDraftSteps(items);
            this.refresh();
            this.showError("");
            this.say(`${this.describe(item)}: added.`);
        }

        cancel() {
            const {draft, items, preview, gesture} = this;
            const {noun} = this.constructor;
            this.gesture = null;
            this.preview = null;
            this.hover = null;
            if (draft.length) {
                this.commit({draft: []});
                this.forgetDraftSteps(items);
                this.forgetEmptyStep();
            }
            if (draft.length || preview || gesture) {
                this.say(`The ${noun} is canceled.`);
                this.show();
                this.showError("");
            } else {
                this.leaveFigure();
            }
        }

        // Go from a handle to its figure, and from a figure to the image.
        leaveFigure() {
            const {activeElement} = this.shadowRoot;
            if (activeElement && activeElement.dataset.handle) {
                this.focusItem(this.selected);
            } else {
                this.select(null);
                this.focusStage();
            }
        }

        changePoints(item, points, key) {
            const items = this.items.map((each) => (each.id === item.id ? {...each, points} : each));
            this.commit({items}, key);
            this.say(`${this.describe(this.items.find(({id}) => id === item.id))}.`);
        }

        findError() {
            const {noun} = this.constructor;
            return this.draft.length
                ? `One ${noun} is not finished: press Enter to finish it, or Escape to cancel it.`
                : "";
        }

        // Mouse and touch --------------------------------------------------------------------------------------

        press(event) {
            if (!this.isReady || event.button !== 0) {
                return;
            }
            this.fingers.set(event.pointerId, event);
            if (this.fingers.size > 1) {
                this.dropGesture();
                return;
            }
            const hit = event.target.closest("[data-id]");
            const item = hit && this.items.find(({id}) => id === hit.dataset.id);
            const handle = hit && hit.dataset.handle;
            this.isCrossShown = false;
            this.sheet.setPointerCapture(event.pointerId);
            this.gesture = {
                item, handle: handle === undefined ? null : Number(handle), start: this.pointAt(event), event,
                isDrag: false, hadSelection: this.selected !== null,
            };
            if (item) {
                this.select(item);
            }
        }

        move(event) {
            if (!this.isReady) {
                return;
            }
            if (this.fingers.size > 1) {
                this.pan(event);
            } else if (this.gesture) {
                this.drag(event);
            } else {
                this.setHover(this.draft.length ? this.pointAt(event) : null);
            }
        }

        setHover(point) {
            if (!this.gesture && (point || this.hover)) {
                this.hover = point;
                this.show();
            }
        }

        drag(event) {
            const {gesture} = this;
            const {event: first} = gesture;
            const length = Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY);
            gesture.isDrag = gesture.isDrag || length > slack;
            const point = this.pointAt(event);
            if (gesture.isDrag && gesture.item) {
                this.preview = {...gesture.item, points: this.dragPoints(point)};
            } else if (!gesture.item) {
                this.hover = point;
            }
            this.show();
        }

        dragPoints(point) {
            const {item, handle, start} = this.gesture;
            return handle === null
                ? this.shift(item.points, {x: point.x - start.x, y: point.y - start.y})
                : this.moveHandle(item.points, handle, point);
        }

        // Two fingers move the image, and the page if the image has no more to show.
        pan(event) {
            const before = this.fingers.get(event.pointerId);
            if (before) {
                const x = (before.clientX - event.clientX) / this.fingers.size;
                const y = (before.clientY - event.clientY) / this.fingers.size;
                const top = this.viewport.scrollTop;
                this.viewport.scrollBy(x, y);
                window.scrollBy(0, y - (this.viewport.scrollTop - top));
                this.fingers.set(event.pointerId, event);
            }
        }

        release(event) {
            const {gesture} = this;
            this.fingers.delete(event.pointerId);
            if (!gesture || gesture.event.pointerId !== event.pointerId) {
                return;
            }
            const point = this.pointAt(event);
            this.drag(event);
            this.gesture = null;
            this.cross = point;
            if (gesture.item) {
                this.endDrag(gesture);
            } else if (this.constructor.most === 2) {
                this.endStroke(gesture, point);
            } else if (!this.isRepeated(point)) {
                this.addPoint(point);
            }
        }

        // One point alone is where a double click began that closed the figure before, or that means nothing.
        endByDoubleClick() {
            if (this.draft.length > 1) {
                this.finish();
            } else if (this.draft.length) {
                this.cancel();
            }
        }

        // Whether a press is the second one of a double click.
        isRepeated(point) {
            const latest = this.draft[this.draft.length - 1];
            return Boolean(latest) && distance(latest, point) * this.scale <= slack;
        }

        endDrag({item}) {
            const {preview} = this;
            this.preview = null;
            if (preview) {
                this.changePoints(item, preview.points);
            } else {
                this.say(`${this.describe(item)}: selected.`);
            }
        }

        // A figure with two points is drawn by one drag or by two clicks; a click beside a selected one only ends its
        // selection.
        endStroke({start, isDrag, hadSelection}, point) {
            if (isDrag && !this.draft.length) {
                this.finish([start, point]);
                this.show();
            } else if (hadSelection) {
                this.select(null);
            } else if (!this.isRepeated(point)) {
                this.addPoint(point);
            }
        }

        drop(event) {
            this.fingers.delete(event.pointerId);
            this.dropGesture();
        }

        dropGesture() {
            this.gesture = null;
            this.preview = null;
            this.hover = null;
            this.show();
        }

        // Keyboard ---------------------------------------------------------------------------------------------

        handleFocus(event) {
            const item = this.items.find(({id}) => id === event.target.dataset.id);
            if (item) {
                this.select(item);
            } else if (event.target === this.sheet && !this.gesture) {
                this.select(null);
            }
            this.setHover(null);
        }

        focusStage() {
            this.sheet.focus({preventScroll: true});
        }

        focusItem(item) {
            const node = this.figures.querySelector(`[data-id="${item.id}"]`);
            node.focus();
            this.select(item);
        }

        handleDrawingKey(event) {
            const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
            if (!this.isReady || !isPlain) {
                return;
            }
            const done = event.target === this.sheet ? this.handleSheetKey(event) : this.handleFigureKey(event);
            if (done || this.handleViewKey(event)) {
                event.preventDefault();
            }
        }

        handleViewKey({key}) {
            if (key === "+" || key === "=") {
                this.zoomTo(this.zoom * 1.5);
            } else if (key === "-") {
                this.zoomTo(this.zoom / 1.5);
            } else {
                return false;
            }
            return true;
        }

        // Return by how much an arrow key moves, in pixels of the image; null for another key.
        readArrow(event) {
            const arrow = arrows[event.key];
            const step = event.shiftKey ? 1 : Math.max(1, Math.round(stride / this.scale));
            return arrow ? {x: arrow[0] * step, y: arrow[1] * step} : null;
        }

        handleSheetKey(event) {
            const by = this.readArrow(event);
            if (by) {
                this.moveCross(by);
            } else if (event.key === " ") {
                this.addPoint(this.cross);
            } else if (event.key === "Enter") {
                this.handleEnter();
            } else if (event.key === "Backspace" && this.draft.length) {
                this.travel(-1);
            } else {
                return false;
            }
            this.showCross();
            return true;
        }

        handleEnter() {
            if (this.constructor.most <= 2) {
                this.addPoint(this.cross);
            } else if (this.draft.length) {
                this.finish();
            } else {
                this.say("Space sets the first point.");
            }
        }

        moveCross(by) {
            this.cross = this.keepInside({x: this.cross.x + by.x, y: this.cross.y + by.y});
            this.say(`${this.cross.x}, ${this.cross.y}`);
        }

        showCross() {
            this.isCrossShown = true;
            this.hover = this.draft.length ? this.cross : null;
            this.show();
            this.scrollToCross();
        }

        // Scroll the image, and then the page, as far as the cross needs.
        scrollToCross() {
            const {viewport} = this;
            const at = this.toScreen(this.cross);
            const margin = 24;
            viewport.scrollLeft = clamp(viewport.scrollLeft, at.x + margin - viewport.clientWidth, at.x - margin);
            viewport.scrollTop = clamp(viewport.scrollTop, at.y + margin - viewport.clientHeight, at.y - margin);
            const y = this.sheet.getBoundingClientRect().top + at.y;
            window.scrollBy(0, y - clamp(y, margin, Math.max(margin, window.innerHeight - margin)));
        }

        handleFigureKey(event) {
            const {selected} = this;
            const {id, handle} = event.target.dataset;
            const by = this.readArrow(event);
            if (!selected || selected.id !== id) {
                return false;
            }
            if (by) {
                this.changePoints(selected, this.nudge(selected, handle, by), `move ${id} ${handle}`);
            } else if (event.key === "Enter" || event.key === " ") {
                this.focusHandle(selected);
            } else if ((event.key === "Delete" || event.key === "Backspace") && handle !== undefined) {
                this.removePoint(selected, Number(handle));
            } else {
                return false;
            }
            return true;
        }

        nudge({points}, handle, by) {
            if (handle === undefined) {
                return this.shift(points, by);
            }
            const {x, y} = this.handlesOf(points)[handle];
            return this.moveHandle(points, Number(handle), this.keepInside({x: x + by.x, y: y + by.y}));
        }

        focusHandle({id}) {
            const handle = this.figures.querySelector(`[data-id="${id}"][data-handle]`);
            if (handle) {
                handle.focus();
            }
        }

        // Remove a point of a figure that can have fewer of them, else the figure.
        removePoint(item, index) {
            const {fewest, most} = this.constructor;
            if (most > 2 && item.points.length > fewest) {
                this.focusItem(item);
                this.changePoints(item, item.points.filter((_point, at) => at !== index));
            } else {
                this.remove(item);
            }
        }

        // SVG --------------------------------------------------------------------------------------------------

        show() {
            if (!this.size) {
                this.figures.replaceChildren();
            } else {
                this.showFigures();
                this.showDraft();
                this.showLines();
            }
            const {most} = this.constructor;
            this.zoomTools.hidden = !this.size;
            this.finishButton.hidden = most < 3 || !this.draft.length;
            this.cancelButton.hidden = !this.draft.length;
            this.sheet.setAttribute("aria-disabled", String(this.isOff));
            this.svg.classList.toggle("drawing", this.draft.length > 0);
        }

        showFigures() {
            const {preview} = this;
            const shown = this.items.map((item) => (preview && preview.id === item.id ? preview : item));
            const parts = shown.flatMap((item) => [{key: item.id, item}, ...this.handleParts(item)]);
            const nodes = keepChildren(this.figures, parts.map(({key}) => key), (key) => {
                return key.includes("/") ? makeHandle() : makeFigure();
            });
            nodes.forEach((node, index) => {
                const {item, handle} = parts[index];
                if (handle) {
                    this.showHandle(node, item, handle);
                } else {
                    this.showFigure(node, item);
                }
            });
        }

        handleParts(item) {
            if (item.id !== this.selectedId || this.isOff) {
                return [];
            }
            return this.handlesOf(item.points).map((handle, index) => {
                return {key: `${item.id}/${index}`, item, handle: {...handle, index}};
            });
        }

        showFigure(node, item) {
            const {noun, isClosed, isSolid} = this.constructor;
            const {color, name, textColor} = this.findChoice(item.label);
            const points = item.points.map((point) => this.toScreen(point));
            for (const path of node.querySelectorAll("path")) {
                path.setAttribute("d", this.pathOf(points));
            }
            node.classList.toggle("selected", item.id === this.selectedId);
            node.classList.toggle("solid", isSolid);
            node.classList.toggle("closed", isClosed);
            setAll(node, {
                "data-id": item.id, "aria-roledescription": noun, "aria-label": this.describe(item),
            });
            node.querySelector(".line").style.stroke = color;
            node.querySelector(".inside").style.fill = isClosed ? color : "none";
            showTag(node, points, {color, name, textColor}, this.toScreen({x: this.size.width, y: this.size.height}));
        }

        showHandle(node, item, handle) {
            const {x, y} = this.toScreen(handle);
            setAll(node, {
                transform: `translate(${x} ${y})`, "data-id": item.id, "data-handle": handle.index,
                "aria-label": `${handle.name} at ${handle.x}, ${handle.y}`,
            });
            node.querySelector(".dot").style.stroke = this.findChoice(item.label).color;
        }

        showDraft() {
            const {draft, gesture, hover} = this;
            const isStroke = gesture && gesture.isDrag && !gesture.item && this.constructor.most === 2;
            const placed = draft.length || !isStroke ? draft : [gesture.start];
            const points = (hover ? [...placed, hover] : placed).map((point) => this.toScreen(point));
            this.sketch.replaceChildren();
            if (placed.length) {
                const {color} = this.findChoice(this.chosen);
                for (const name of ["edge", "halo", "line"]) {
                    this.sketch.append(makeSvg("path", {class: name, d: this.pathOf(points)}));
                }
                this.sketch.lastChild.style.stroke = color;
                for (const point of placed.map((each) => this.toScreen(each))) {
                    const dot = makeSvg("circle", {class: "dot", cx: point.x, cy: point.y, r: 5});
                    dot.style.stroke = color;
                    this.sketch.append(dot);
                }
            }
        }

        showLines() {
            const {x, y} = this.toScreen(this.cross);
            const far = this.toScreen({x: this.size.width, y: this.size.height});
            this.lines.replaceChildren();
            if (this.isCrossShown) {
                for (const name of ["under", "over"]) {
                    this.lines.append(
                        makeSvg("line", {class: name, x1: x, x2: x, y1: 0, y2: far.y}),
                        makeSvg("line", {class: name, x1: 0, x2: far.x, y1: y, y2: y}),
                    );
                }
            }
        }

        // The value --------------------------------------------------------------------------------------------

        // `initialValueModified` is there if `initial-value` is [doc]. Members are sorted by name, as in the
        // documentation's examples. The size is 0 if there is no image.
        get value() {
            const {member, tellsChange} = this.constructor;
            const members = {
                inputImageProperties: this.size ? {...this.size} : {height: 0, width: 0},
                [member]: this.items.map((item) => this.writeItem(item)),
            };
            if (tellsChange && this.hasAttribute("initial-value")) {
                members.initialValueModified = this.isModified;
            }
            return Object.fromEntries(Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1)));
        }
        set value(given) {
            super.value = given;
        }
    }

    function makeFigure() {
        const paths = ["inside", "ring", "edge", "halo", "line", "hit"].map((name) => makeSvg("path", {class: name}));
        const tag = makeSvg("g", {class: "tag"}, makeSvg("rect", {rx: 4}), makeSvg("text"));
        return makeSvg("g", {class: "figure", tabindex: 0, role: "button"}, ...paths, tag);
    }

    function makeHandle() {
        return makeSvg(
            "g", {class: "handle", tabindex: 0, role: "button"},
            makeSvg("circle", {class: "grip", r: 12}), makeSvg("circle", {class: "dot", r: 5.5}),
        );
    }

    // Put the label's name above the figure, or below its top where the image ends.
    function showTag(node, points, {color, name, textColor}, far) {
        const text = node.querySelector("text");
        const height = 19;
        // Measured once: it makes the browser lay out the page.
        if (text.textContent !== name || !node.textWidth) {
            text.textContent = name;
            node.textWidth = text.getComputedTextLength();
        }
        const width = node.textWidth + 12;
        const x = clamp(Math.min(...points.map((point) => point.x)), 0, Math.max(0, far.x - width));
        const top = Math.min(...points.map((point) => point.y));
        const y = top >= height + 6 ? top - height - 6 : Math.min(top + 6, Math.max(0, far.y - height));
        setAll(node.querySelector("rect"), {x, y, width, height});
        node.querySelector("rect").style.fill = color;
        setAll(text, {x: x + 6, y: y + 14});
        text.style.fill = textColor;
    }

    Object.assign(window.mturkMockCrowd, {Drawing, distance});
})();
