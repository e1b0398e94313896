// Elements that this script does not have: it says so in the page, and the rest of the page works.
(() => {
    "use strict";
    const {CrowdElement, define, make} = window.mturkMockCrowd;

    class Unsupported extends CrowdElement {
        setUp() {
            const css = `
                :host { display: block; margin: 12px 0; }
                .box {
                    padding: 16px; border: 1px solid var(--crowd-warning); border-radius: 10px;
                    background: var(--crowd-warning-tint); color: var(--crowd-text); line-height: 1.5;
                }
                h2 { margin: 0 0 8px; font-size: 1.125rem; line-height: 1.4; }
                p { margin: 0 0 8px; }
                p:last-child { margin-bottom: 0; }
            `;
            const field = this.name ? ` Nothing is sent for "${this.name}".` : "";
            const box = make(
                "div",
                {class: "box", role: "note"},
                make("h2", {}, this.getAttribute("header") || "Coloring an image"),
                make("p", {}, `This part of the task (${this.localName}) is not supported here.${field}`),
                make("p", {}, "All other fields of this page work and are submitted."),
                make("slot"),
            );
            this.draw(css, box);
        }

        // Pages read it before they submit.
        get value() {
            return {};
        }
        set value(_value) {
            // There is nothing to show it in.
        }
    }

    define("crowd-semantic-segmentation", class extends Unsupported {});
    define("crowd-instance-segmentation", class extends Unsupported {});
})();
