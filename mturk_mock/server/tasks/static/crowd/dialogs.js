// Dialogs and tabs: crowd-modal, crowd-instructions, crowd-tabs and crowd-tab.
(() => {
    "use strict";
    const {CrowdElement, addPageStyle, define, make, makeIcon} = window.mturkMockCrowd;

    const DIALOG = `
        dialog {
            width: min(720px, calc(100vw - 32px)); max-height: calc(100vh - 48px); padding: 0; border: 0;
            border-radius: 12px; background: var(--crowd-surface); color: var(--crowd-text); line-height: 1.5;
            box-shadow: 0 8px 40px rgb(0 0 0 / 0.35); overflow: hidden; text-align: start;
        }
        dialog[open] { display: flex; flex-direction: column; }
        dialog::backdrop { background: rgb(0 0 0 / 0.5); }
        .dialog-head {
            display: flex; align-items: center; justify-content: space-between; gap: 12px;
            padding: 8px 8px 8px 20px; border-bottom: 1px solid var(--crowd-line);
        }
        .dialog-head h2 { margin: 0; font-size: 1.125rem; line-height: 1.4; }
        .dialog-body { padding: 16px 20px 20px; overflow: auto; overscroll-behavior: contain; }
        .dialog-body:focus-visible { outline-offset: -3px; }
        .close {
            display: grid; place-items: center; flex: none; width: 44px; height: 44px; padding: 0; border: 0;
            border-radius: 8px; background: none; color: var(--crowd-quiet);
        }
        .close:hover { background: var(--crowd-raised); color: var(--crowd-text); }
        .opener {
            min-width: 44px; min-height: 44px; padding: 8px 0; border: 0; border-radius: 8px; background: none;
            color: var(--crowd-accent); text-decoration: underline; text-underline-offset: 3px; text-align: start;
        }
        .opener:hover { text-decoration-thickness: 2px; }
        .opener.button {
            padding: 8px 20px; border: 1px solid var(--crowd-edge); background: var(--crowd-surface);
            font-weight: 600; text-decoration: none;
        }
        .opener.button:hover { background: var(--crowd-tint); }
        ::slotted(*) { max-width: 100%; }
    `;

    // A modal dialog. The browser keeps the focus in it, closes it by Escape, and gives the focus back.
    function makeDialog(heading, ...content) {
        const close = make("button", {type: "button", class: "close", "aria-label": "Close"}, makeIcon("close"));
        const title = make("h2", {id: "heading"}, heading);
        const body = make("div", {class: "dialog-body"}, ...content);
        const head = make("div", {class: "dialog-head"}, title, close);
        const dialog = make("dialog", {"aria-labelledby": "heading"}, head, body);
        close.addEventListener("click", () => dialog.close());
        // A click beside the dialog hits the dialog itself: its parts cover the rest.
        dialog.addEventListener("click", (event) => {
            if (event.target === dialog) {
                dialog.close();
            }
        });
        return dialog;
    }

    // The tabs of a list: `select(index)` is called when the worker chooses one, by click or arrow keys.
    const TABS = `
        [role="tablist"] {
            display: flex; flex-wrap: wrap; gap: 4px; border-bottom: 1px solid var(--crowd-line); margin-bottom: 16px;
        }
        [role="tab"] {
            min-width: 48px; min-height: 44px; padding: 8px 16px; margin-bottom: -1px;
            border: 0; border-bottom: 3px solid transparent;
            border-radius: 6px 6px 0 0; background: none; color: var(--crowd-quiet); font-weight: 600;
        }
        [role="tab"]:hover { background: var(--crowd-raised); color: var(--crowd-text); }
        [role="tab"][aria-selected="true"] { color: var(--crowd-accent); border-bottom-color: var(--crowd-accent); }
        [role="tab"]:focus-visible { outline-offset: -3px; }
    `;

    function makeTabList(select) {
        const list = make("div", {role: "tablist"});
        list.addEventListener("click", (event) => {
            const tab = event.target.closest("[role=tab]");
            if (tab) {
                select(Array.from(list.children).indexOf(tab));
            }
        });
        list.addEventListener("keydown", (event) => {
            const {length} = list.children;
            const at = Array.from(list.children).indexOf(event.target.closest("[role=tab]"));
            const [before, after] = [(at - 1 + length) % length, (at + 1) % length];
            const targets = {ArrowLeft: before, ArrowRight: after, Home: 0, End: length - 1};
            if (event.key in targets) {
                event.preventDefault();
                select(targets[event.key]);
                list.children[targets[event.key]].focus();
            }
        });
        return list;
    }

    // Show titles in a list of tabs, with one of them selected.
    function showTabs(list, titles, selected) {
        const isSame = list.children.length === titles.length;
        if (!isSame) {
            list.replaceChildren(...titles.map(() => make("button", {type: "button", role: "tab"})));
        }
        Array.from(list.children).forEach((tab, index) => {
            tab.textContent = titles[index];
            tab.setAttribute("aria-selected", String(index === selected));
            tab.tabIndex = index === selected ? 0 : -1;
        });
    }

    // Something that opens a dialog.
    class Opener extends CrowdElement {
        static observedAttributes = ["heading", "link-text", "link-type"];
        static formAssociated = false;

        setUp() {
            this.opener = make("button", {type: "button", "aria-haspopup": "dialog"});
            this.opener.addEventListener("click", () => this.open());
            this.dialog = makeDialog("", ...this.makeContent());
            this.dialog.addEventListener("close", () => this.announce("close"));
            this.draw(`:host { display: block; margin: 8px 0; } ${DIALOG} ${TABS}`, this.opener, this.dialog);
            this.update();
        }

        update() {
            const text = this.getAttribute("link-text") || this.constructor.linkText;
            this.opener.textContent = text;
            this.opener.className = this.getAttribute("link-type") === "button" ? "opener button" : "opener";
            const heading = this.dialog.querySelector("#heading");
            heading.textContent = this.getAttribute("heading") || this.constructor.heading || text;
        }

        get control() {
            return this.opener;
        }

        get opened() {
            return Boolean(this.dialog && this.dialog.open);
        }
        set opened(isOpen) {
            if (isOpen) {
                this.open();
            } else {
                this.close();
            }
        }

        open() {
            this.prepare();
            if (!this.opened) {
                this.dialog.showModal();
            }
        }

        close() {
            if (this.opened) {
                this.dialog.close();
            }
        }

        toggle() {
            this.opened = !this.opened;
        }

        // A field inside has an error.
        reveal() {
            this.open();
        }
    }

    class CrowdModal extends Opener {
        static linkText = "Click to open modal";

        makeContent() {
            return [make("slot")];
        }
    }

    class CrowdInstructions extends Opener {
        static linkText = "Click for instructions";
        static heading = "Instructions";

        makeContent() {
            const pages = [
                ["Summary", [["short-summary", ""]]],
                ["Detailed Instructions", [["detailed-instructions", ""]]],
                ["Examples", [["positive-example", "Good example"], ["negative-example", "Bad example"]]],
            ];
            this.pages = pages.filter(([, regions]) => regions.some(([region]) => this.querySelector(region)));
            this.tabs = makeTabList((index) => this.select(index));
            this.panels = this.pages.map(([title, regions]) => this.makePanel(title, regions));
            this.select(0);
            return [this.tabs, ...this.panels];
        }

        makePanel(title, regions) {
            const panel = make("div", {role: "tabpanel", "aria-label": title, tabindex: "0"});
            for (const [region, heading] of regions) {
                const found = this.querySelectorAll(region);
                if (heading && found.length) {
                    const kind = region.startsWith("positive") ? "good" : "bad";
                    panel.append(make("h3", {class: `example ${kind}`}, heading));
                }
                found.forEach((each) => {
                    each.slot = region;
                });
                panel.append(make("slot", {name: region}));
            }
            return panel;
        }

        select(index) {
            showTabs(this.tabs, this.pages.map(([title]) => title), index);
            this.panels.forEach((panel, at) => {
                panel.hidden = at !== index;
            });
        }
    }

    addPageStyle(`
        :where(short-summary, detailed-instructions, positive-example, negative-example) { display: block; }
        :where(:is(short-summary, detailed-instructions, positive-example, negative-example) img) { max-width: 100%; }
    `);

    class CrowdTabs extends CrowdElement {
        static observedAttributes = ["selected"];
        static formAssociated = false;

        setUp() {
            this.list = makeTabList((index) => {
                this.selected = index;
            });
            const css = `:host { display: block; margin: 12px 0; } ${TABS}`;
            this.draw(css, this.list, make("slot"));
            this.update();
            const observer = new MutationObserver(() => this.update());
            observer.observe(this, {childList: true, subtree: true, attributeFilter: ["header"]});
        }

        get tabs() {
            return Array.from(this.children).filter((child) => child.localName === "crowd-tab");
        }

        // The index of the tab that is shown.
        get selected() {
            return Math.min(Math.max(Number(this.getAttribute("selected")) || 0, 0), Math.max(this.tabs.length - 1, 0));
        }
        set selected(index) {
            this.setAttribute("selected", index);
        }

        update() {
            const {selected, tabs} = this;
            showTabs(this.list, tabs.map((tab, index) => tab.getAttribute("header") || `Tab ${index + 1}`), selected);
            tabs.forEach((tab, index) => tab.toggleAttribute("active", index === selected));
        }
    }

    class CrowdTab extends CrowdElement {
        static observedAttributes = ["header"];
        static formAssociated = false;

        setUp() {
            this.draw(":host { display: block; } :host(:not([active])) { display: none; }", make("slot"));
            this.setRole("tabpanel");
            this.update();
        }

        update() {
            this.setAttribute("aria-label", this.getAttribute("header") || "");
        }

        // A field inside has an error.
        reveal() {
            const tabs = this.closest("crowd-tabs");
            if (tabs) {
                tabs.selected = tabs.tabs.indexOf(this);
            }
        }
    }

    Object.assign(window.mturkMockCrowd, {DIALOG, makeDialog});
    define("crowd-modal", CrowdModal);
    define("crowd-instructions", CrowdInstructions);
    define("crowd-tabs", CrowdTabs);
    define("crowd-tab", CrowdTab);
})();
