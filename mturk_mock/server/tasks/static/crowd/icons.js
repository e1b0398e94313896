// Icons, by the names that pages know from the iron-icons set, and the element that shows one in a page.
(() => {
    "use strict";
    const {CrowdElement, define} = window.mturkMockCrowd;

    // Lines on a square of 24 x 24.
    const PATHS = {
        "add": "M12 5v14M5 12h14",
        "arrow-back": "M19 12H5m6-6-6 6 6 6",
        "arrow-forward": "M5 12h14m-6-6 6 6-6 6",
        "check": "M5 13l4 4L19 7",
        "close": "M6 6l12 12M18 6 6 18",
        "create": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
        "delete": "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
        "favorite": "M12 20S4 15 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z",
        "flag": "M6 21V4h12l-3 4 3 4H6",
        "help": "M9.5 9a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1 1-1.1 1.8M12 17h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
        "home": "M4 11l8-7 8 7M6 10v10h12V10",
        "info": "M12 11v6M12 7h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
        "menu": "M4 7h16M4 12h16M4 17h16",
        "play-arrow": "M8 5l11 7-11 7z",
        "question-answer": "M4 5h12v9H8l-4 3zM19 9h1v11l-4-3H9",
        "refresh": "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
        "remove": "M5 12h14",
        "report-problem": "M12 4 2.5 20h19zM12 10v5M12 17.5h.01",
        "save": "M5 4h11l3 3v13H5zM8 4v5h7V4M8 20v-6h8v6",
        "search": "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12m4.5 10.5L20 20",
        "send": "M4 4l17 8-17 8 3-8zM7 12h14",
        "settings": "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 3v3M12 18v3M3 12h3M18 12h3M6 6l2 2M16 16l2 2M18 6l-2 2M8 16l-2 2",
        "star": "M12 3.5l2.6 5.6 6 .7-4.5 4.1 1.2 6.1-5.3-3-5.3 3 1.2-6.1L3.4 9.8l6-.7z",
        "thumb-down": "M8 14V4h9l3 7v3h-6l1 5-2 1zM8 4H4v10h4",
        "thumb-up": "M8 10v10h9l3-7v-3h-6l1-5-2-1zM8 20H4V10h4",
    };
    const SAME = {
        "clear": "close", "done": "check", "edit": "create", "error": "report-problem", "warning": "report-problem",
    };
    // For names that are not in the table.
    const OTHER = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8";

    // Return an icon by its name ("star", "icons:star") or the address of an image. It is no text for screen readers.
    function makeIcon(name, address = "") {
        if (address || /[/.]/.test(name)) {
            const image = new Image(24, 24);
            image.alt = "";
            image.src = address || name;
            image.className = "icon";
            return image;
        }
        const key = name.split(":").pop();
        const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        const attributes = {
            "class": "icon", "viewBox": "0 0 24 24", "width": "24", "height": "24", "fill": "none",
            "stroke": "currentColor", "stroke-width": "2", "stroke-linecap": "round",
            "stroke-linejoin": "round", "aria-hidden": "true",
        };
        for (const [attribute, value] of Object.entries(attributes)) {
            picture.setAttribute(attribute, value);
        }
        path.setAttribute("d", PATHS[SAME[key] || key] || OTHER);
        picture.append(path);
        return picture;
    }

    // Templates put it into buttons: <crowd-button><iron-icon icon="search"></iron-icon></crowd-button>.
    class IronIcon extends CrowdElement {
        static formAssociated = false;
        static observedAttributes = ["icon", "src"];

        setUp() {
            const css = ":host { display: inline-block; vertical-align: middle; line-height: 0; }";
            this.draw(css, makeIcon(this.getAttribute("icon") || "", this.getAttribute("src") || ""));
        }

        update() {
            this.setUp();
        }
    }

    Object.assign(window.mturkMockCrowd, {makeIcon});
    define("iron-icon", IronIcon);
})();
