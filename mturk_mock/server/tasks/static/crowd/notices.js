// crowd-card, crowd-alert, crowd-badge and crowd-toast: they show something, and send nothing.
(() => {
    "use strict";
    const {CrowdElement, define, make, makeIcon} = window.mturkMockCrowd;

    class Notice extends CrowdElement {
        static formAssociated = false;
    }

    class CrowdCard extends Notice {
        static observedAttributes = ["heading", "image"];

        setUp() {
            const css = `
                :host {
                    display: inline-block; margin: 8px 0; border: 1px solid var(--crowd-line); border-radius: 10px;
                    background: var(--crowd-surface); color: var(--crowd-text); overflow: hidden; max-width: 100%;
                    vertical-align: top; box-shadow: 0 1px 3px rgb(0 0 0 / 0.12);
                }
                img { display: block; width: 100%; height: auto; }
                h3 { margin: 0; padding: 16px 16px 0; font-size: 1.125rem; line-height: 1.4; }
                .body { padding: 12px 16px 16px; line-height: 1.5; }
            `;
            this.draw(css, make("div", {class: "top"}), make("div", {class: "body"}, make("slot")));
            this.update();
        }

        update() {
            const [image, heading] = [this.getAttribute("image"), this.getAttribute("heading")];
            this.shadowRoot.querySelector(".top").replaceChildren(
                ...(image ? [make("img", {src: image, alt: ""})] : []),
                ...(heading ? [make("h3", {}, heading)] : []),
            );
        }
    }

    class CrowdAlert extends Notice {
        static observedAttributes = ["dismissible", "type"];

        setUp() {
            const css = `
                :host { display: block; margin: 12px 0; }
                .alert, .alert.error {
                    display: flex; align-items: flex-start; gap: 12px; padding: 10px 12px 10px 14px;
                    border-radius: 8px; border-inline-start: 4px solid var(--tone);
                    background: var(--tint); color: var(--crowd-text); font-size: inherit; line-height: 1.5; margin: 0;
                }
                .alert > .icon { flex: none; color: var(--tone); }
                .text { flex: 1; min-width: 0; overflow-wrap: break-word; }
                .info { --tone: var(--crowd-accent); --tint: var(--crowd-tint); }
                .success { --tone: var(--crowd-success); --tint: var(--crowd-success-tint); }
                .warning { --tone: var(--crowd-warning); --tint: var(--crowd-warning-tint); }
                .alert.error { --tone: var(--crowd-error); --tint: var(--crowd-error-tint); }
                button {
                    display: grid; place-items: center; flex: none; width: 44px; height: 44px;
                    margin: -10px -12px -10px 0; padding: 0; border: 0; border-radius: 8px; background: none;
                }
                button .icon { width: 20px; height: 20px; }
            `;
            this.box = make("div");
            this.draw(css, this.box);
            this.update();
        }

        update() {
            const icons = {error: "error", info: "info", success: "check", warning: "warning"};
            const given = this.getAttribute("type");
            const type = given in icons ? given : "info";
            const close = make("button", {type: "button", "aria-label": "Dismiss"}, makeIcon("close"));
            close.addEventListener("click", () => this.remove());
            this.box.className = `alert ${type}`;
            this.box.setAttribute("role", type === "error" || type === "warning" ? "alert" : "status");
            const text = make("div", {class: "text"}, make("slot"));
            this.box.replaceChildren(makeIcon(icons[type]), text, ...(this.hasAttribute("dismissible") ? [close] : []));
        }
    }

    class CrowdBadge extends Notice {
        static observedAttributes = ["for", "icon", "label"];

        setUp() {
            const css = `
                :host { position: absolute; z-index: 1; pointer-events: none; transform: translate(-50%, -50%); }
                .badge {
                    display: grid; place-items: center; min-width: 24px; height: 24px; padding: 0 6px;
                    border-radius: 12px; background: var(--crowd-accent); color: var(--crowd-on-accent);
                    font-size: 0.75rem; font-weight: 700; line-height: 1;
                }
                .badge:has(.icon) { padding: 0; }
                .icon { width: 15px; height: 15px; }
            `;
            this.draw(css, make("span", {class: "badge"}), make("slot"));
            this.update();
            this.observer = new ResizeObserver(() => this.place());
            this.observer.observe(document.documentElement);
            this.observer.observe(this.target);
        }

        update() {
            const [icon, label] = [this.getAttribute("icon"), this.getAttribute("label") || ""];
            this.shadowRoot.querySelector(".badge").replaceChildren(icon ? makeIcon(icon) : label);
            this.place();
        }

        get target() {
            const id = this.getAttribute("for");
            return (id && this.getRootNode().getElementById(id)) || this.parentElement;
        }

        // Over the top right corner of its element, and inside of the page. What it is placed from depends on
        // the elements around it, so that its own place tells.
        place() {
            Object.assign(this.style, {left: "0", top: "0"});
            const own = this.getBoundingClientRect();
            const corner = this.target.getBoundingClientRect();
            const right = Math.min(corner.right, document.documentElement.clientWidth - 14);
            const top = Math.max(corner.top, 14 - window.scrollY);
            this.style.left = `${right - own.left - own.width / 2}px`;
            this.style.top = `${top - own.top - own.height / 2}px`;
        }
    }

    class CrowdToast extends Notice {
        static observedAttributes = ["opened", "text"];

        setUp() {
            const css = `
                :host { position: fixed; z-index: 1000; inset: auto 16px 16px; display: flex; pointer-events: none; }
                .toast {
                    max-width: 560px; padding: 12px 20px; border-radius: 8px; line-height: 1.5;
                    background: #23282e; color: #ffffff; box-shadow: 0 4px 16px rgb(0 0 0 / 0.3);
                    pointer-events: auto; animation: rise 0.15s;
                }
                .region { margin: auto; }
                @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
            `;
            // It is there before its text is: else screen readers would not announce the text.
            this.box = make("div", {class: "region", role: "status"});
            this.draw(css, this.box);
            this.update("opened");
        }

        update(name) {
            const toast = make("div", {class: "toast"}, this.text, make("slot"));
            this.box.replaceChildren(...(this.opened ? [toast] : []));
            if (name === "opened") {
                clearTimeout(this.timer);
                if (this.opened) {
                    this.start();
                }
            }
        }

        // Only one toast is shown at a time.
        start() {
            for (const other of document.querySelectorAll("crowd-toast[opened]")) {
                if (other !== this) {
                    other.close();
                }
            }
            if (this.duration > 0 && this.duration < 2 ** 31) {
                this.timer = setTimeout(() => this.close(), this.duration);
            }
        }

        // In milliseconds; 0 stays.
        get duration() {
            const text = this.getAttribute("duration");
            return text === null || Number.isNaN(Number(text)) ? 3000 : Number(text);
        }
        set duration(milliseconds) {
            this.setAttribute("duration", milliseconds);
        }

        get text() {
            return this.getAttribute("text") || "";
        }
        set text(text) {
            this.setAttribute("text", text);
        }

        get opened() {
            return this.hasAttribute("opened");
        }
        set opened(isOpen) {
            this.toggleAttribute("opened", Boolean(isOpen));
        }

        // `what`: a text, or {text, duration}.
        show(what) {
            const {duration, text} = typeof what === "string" ? {text: what} : what || {};
            if (text !== undefined) {
                this.text = text;
            }
            if (duration !== undefined) {
                this.duration = duration;
            }
            this.opened = true;
        }

        hide() {
            this.opened = false;
        }

        open() {
            this.show();
        }

        close() {
            this.hide();
        }

        toggle() {
            this.opened = !this.opened;
        }
    }

    define("crowd-card", CrowdCard);
    define("crowd-alert", CrowdAlert);
    define("crowd-badge", CrowdBadge);
    define("crowd-toast", CrowdToast);
})();
