// crowd-button, crowd-fab and crowd-icon-button.
(() => {
    "use strict";
    const {CrowdElement, define, findForm, isPreview, make, makeIcon} = window.mturkMockCrowd;

    const BUTTON = `
        :host { display: inline-block; vertical-align: middle; }
        form { display: contents; }
        .button {
            display: inline-flex; align-items: center; justify-content: center; gap: 8px;
            width: 100%; min-height: 40px; padding: 8px 20px; border: 1px solid transparent; border-radius: 8px;
            font: inherit; font-size: 1rem; font-weight: 600; line-height: 1.25; text-decoration: none;
            transition: background-color 0.12s;
        }
        @media (pointer: coarse), (max-width: 480px) { .button { min-height: 44px; } }
        .button .icon { width: 20px; height: 20px; flex: none; }
        .right { flex-direction: row-reverse; }
        .primary { background: var(--crowd-accent); color: var(--crowd-on-accent); }
        .primary:hover:enabled { background: color-mix(in srgb, var(--crowd-accent) 88%, black); }
        .normal { background: var(--crowd-surface); color: var(--crowd-accent); border-color: var(--crowd-edge); }
        .normal:hover, .icon-only:hover { background: var(--crowd-tint); }
        .link { background: none; color: var(--crowd-accent); padding: 8px 4px; text-decoration: underline; }
        .icon-only {
            background: none; color: var(--crowd-accent); width: 44px; height: 44px; padding: 0; border-radius: 50%;
        }
        .button:disabled {
            background: var(--crowd-raised); color: var(--crowd-quiet); border-color: var(--crowd-line);
        }
        .round {
            width: 56px; height: 56px; padding: 0; border-radius: 50%; font-size: 1.25rem;
            box-shadow: 0 2px 6px rgb(0 0 0 / 0.3);
        }
        .spinner {
            width: 18px; height: 18px; border: 2px solid currentColor; border-right-color: transparent;
            border-radius: 50%; animation: turn 0.9s linear infinite;
        }
        @keyframes turn { to { transform: rotate(360deg); } }
    `;

    // A click on the element itself, by a script, becomes one on the button inside: that one has a default
    // action, which a listener of the page can prevent.
    class PressedElement extends CrowdElement {
        constructor() {
            super();
            this.addEventListener("click", (event) => {
                const isOnHost = event.composedPath()[0] === this;
                if (isOnHost || this.isStopped) {
                    event.preventDefault();
                    event.stopImmediatePropagation();
                }
                if (isOnHost && this.control) {
                    this.control.click();
                }
            });
        }

        get isStopped() {
            return this.isOff;
        }

        get control() {
            return this.shadowRoot && this.shadowRoot.querySelector(".button");
        }
    }

    class CrowdButton extends PressedElement {
        static observedAttributes = [
            "aria-label", "disabled", "form-action", "href", "icon", "icon-align", "icon-url", "loading", "target",
            "title", "variant",
        ];

        get action() {
            return this.getAttribute("form-action");
        }

        get isLoading() {
            return this.hasAttribute("loading");
        }

        get isStopped() {
            return this.isOff || this.isLoading || (isPreview && this.action === "submit");
        }

        setUp() {
            const href = this.getAttribute("href");
            // A form of its own: its submit event comes after all listeners of the click, if none prevented it.
            const form = make("form", {}, make("button", {class: "button"}));
            form.addEventListener("submit", (event) => {
                event.preventDefault();
                this.act();
            });
            const link = make("a", {class: "button", href, target: this.getAttribute("target")});
            this.draw(BUTTON, href === null ? form : link);
            this.update();
        }

        update(name) {
            if (name === "href" || name === "target") {
                this.setUp();
                return;
            }
            const button = this.control;
            const variants = {icon: "icon-only", link: "link", primary: "primary"};
            const side = this.getAttribute("icon-align") === "right" ? "right" : "";
            button.className = `button ${variants[this.getAttribute("variant")] || "normal"} ${side}`;
            button.disabled = this.isStopped;
            button.setAttribute("aria-busy", String(this.isLoading));
            setLabel(button, this.getAttribute("aria-label") || this.title);
            this.showIcon(button);
        }

        showIcon(button) {
            const [name, url] = [this.getAttribute("icon") || "", this.getAttribute("icon-url") || ""];
            // An icon alone still has the text as its name.
            const look = this.getAttribute("variant") === "icon" ? "visually-hidden" : "";
            const words = make("span", {class: look}, make("slot"));
            const icon = this.isLoading ? make("span", {class: "spinner"}) : (name || url) && makeIcon(name, url);
            button.replaceChildren(...(icon ? [icon] : []), words);
        }

        act() {
            const form = findForm(this) || this.closest("form");
            if (form && this.action === "submit") {
                form.requestSubmit();
            } else if (form && this.action === "reset") {
                form.reset();
            }
        }
    }

    function setLabel(button, label) {
        if (label) {
            button.setAttribute("aria-label", label);
            button.title = label;
        } else {
            button.removeAttribute("aria-label");
            button.removeAttribute("title");
        }
    }

    // A round button with an icon, or with one character.
    class IconButton extends PressedElement {
        static observedAttributes = ["aria-label", "disabled", "icon", "label", "title"];

        setUp() {
            this.draw(BUTTON, make("button", {type: "button", class: `button ${this.constructor.look}`}), make("slot"));
            this.update();
        }

        update() {
            const icon = this.getAttribute("icon") || "";
            const label = this.getAttribute("label") || "";
            this.control.replaceChildren(icon || !label ? makeIcon(icon) : label);
            this.control.disabled = this.isOff;
            const words = icon.split(":").pop().split("/").pop().replace(/\.\w+$/, "").replace(/-/g, " ");
            setLabel(this.control, this.getAttribute("aria-label") || this.title || label || words || "Button");
        }
    }

    class CrowdFab extends IconButton {
        static look = "primary round";
    }

    class CrowdIconButton extends IconButton {
        static look = "icon-only";
    }

    define("crowd-button", CrowdButton);
    define("crowd-fab", CrowdFab);
    define("crowd-icon-button", CrowdIconButton);
})();
