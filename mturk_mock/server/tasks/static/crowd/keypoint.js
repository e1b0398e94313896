// <crowd-keypoint>: points of an image.
(() => {
    "use strict";
    const {Drawing, define} = window.mturkMockCrowd;

    class Keypoint extends Drawing {
        static noun = "keypoint";
        static nouns = "keypoints";
        static member = "keypoints";
        static isSolid = true;

        gestureLines() {
            return ["Press the image to set a keypoint."];
        }

        keyLine() {
            return "Space or Enter sets a keypoint.";
        }

        // A circle with a dot in it.
        pathOf([{x, y}]) {
            const circle = (radius) => `M ${x - radius} ${y} a ${radius} ${radius} 0 1 0 ${2 * radius} 0
                a ${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
            return `${circle(6)} ${circle(0.5)}`;
        }

        handlesOf() {
            return [];
        }

        measure({points: [{x, y}]}) {
            return `at ${x}, ${y}`;
        }

        readItem({label, x, y}) {
            const point = {x: Math.round(x), y: Math.round(y)};
            return Number.isFinite(point.x) && Number.isFinite(point.y)
                ? this.makeItem(label, {points: [point]})
                : null;
        }

        writeItem({label, points: [{x, y}]}) {
            return {label, x, y};
        }
    }

    define("crowd-keypoint", Keypoint);
})();
