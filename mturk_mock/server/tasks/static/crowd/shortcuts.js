// Keys of the whole page: 1 to 9 choose a category, Enter submits. Not while the worker writes a text.
(() => {
    "use strict";
    const {CLASSIFIERS, findForm} = window.mturkMockCrowd;

    const WITHOUT_TEXT = new Set(["checkbox", "radio", "range"]);
    const PRESSED = "a[href], button, summary, select, audio, video, [role=button], [role=tab], [role=link]";

    function isText(element) {
        return element.isContentEditable || element.matches("textarea, select")
            || (element.localName === "input" && !WITHOUT_TEXT.has(element.type));
    }

    // The classifier with the focus, or else the first one on the page that has no answer yet.
    function findClassifier(path) {
        const all = Array.from(document.querySelectorAll(CLASSIFIERS)).filter((each) => each.getClientRects().length);
        const open = all.filter((each) => each._submittableValue === undefined);
        return all.find((each) => path.includes(each)) || open[0] || (all.length === 1 ? all[0] : null);
    }

    function press(event) {
        const path = event.composedPath();
        const [target] = path;
        const isCommand = event.ctrlKey || event.altKey || event.metaKey;
        const isElsewhere = event.defaultPrevented || event.isComposing || isCommand;
        const isInDialog = path.some((node) => node.localName === "dialog");
        if (isElsewhere || isInDialog || !(target instanceof Element) || isText(target)) {
            return;
        }
        if (/^[1-9]$/.test(event.key)) {
            const classifier = findClassifier(path);
            if (classifier && classifier.chooseByKey(Number(event.key))) {
                event.preventDefault();
            }
        } else if (event.key === "Enter" && !event.repeat && !target.closest(PRESSED)) {
            submit(event, target);
        }
    }

    // Press the submit button. Pages that hide it have steps of their own.
    function submit(event, target) {
        const form = findForm(target);
        const isOfOther = target.form && form && target.form !== form.form;
        const buttons = Array.from(document.querySelectorAll('crowd-button[form-action="submit"]'));
        const button = buttons.find((each) => each.getClientRects().length && !each.isStopped);
        if (button && !isOfOther) {
            event.preventDefault();
            button.click();
        }
    }

    // A page can load the script twice.
    if (!window.mturkMockCrowd.hasShortcuts) {
        window.mturkMockCrowd.hasShortcuts = true;
        document.addEventListener("keydown", press);
    }
})();
