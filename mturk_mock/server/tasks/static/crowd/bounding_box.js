// <crowd-bounding-box>: rectangles on an image.
(() => {
    "use strict";
    const {Drawing, define} = window.mturkMockCrowd;

    const corners = ["Top left corner", "Top right corner", "Bottom right corner", "Bottom left corner"];

    // The corners of the box between two opposite points, from the top left one, clockwise.
    function cornersOf([one, other]) {
        const [left, right] = [Math.min(one.x, other.x), Math.max(one.x, other.x)];
        const [top, bottom] = [Math.min(one.y, other.y), Math.max(one.y, other.y)];
        return [{x: left, y: top}, {x: right, y: top}, {x: right, y: bottom}, {x: left, y: bottom}];
    }

    class BoundingBox extends Drawing {
        static noun = "box";
        static nouns = "boxes";
        static member = "boundingBoxes";
        static fewest = 2;
        static most = 2;
        static isClosed = true;
        static tellsChange = true;

        gestureLines() {
            return ["Drag on the image to draw a box, or press two of its opposite corners."];
        }

        keyLine() {
            return "Space or Enter sets a corner, and then the opposite one.";
        }

        pathOf(points) {
            return points.length < 2 ? "" : super.pathOf(cornersOf(points));
        }

        handlesOf(points) {
            return cornersOf(points).map((point, index) => ({...point, name: corners[index]}));
        }

        // The opposite corner stays; a box keeps a width and a height.
        moveHandle(points, index, to) {
            const {x, y} = cornersOf(points)[(index + 2) % 4];
            const isLeft = index === 0 || index === 3;
            const corner = {
                x: isLeft ? Math.min(to.x, x - 1) : Math.max(to.x, x + 1),
                y: index < 2 ? Math.min(to.y, y - 1) : Math.max(to.y, y + 1),
            };
            return this.finishPoints([corner, {x, y}]);
        }

        findDraftError([one, other], isWhole) {
            const isFlat = isWhole && other && (one.x === other.x || one.y === other.y);
            return isFlat ? "A box needs a width and a height." : "";
        }

        finishPoints(points) {
            const [topLeft, , bottomRight] = cornersOf(points);
            return [topLeft, bottomRight];
        }

        measure({points: [one, other]}) {
            return `${other.x - one.x} by ${other.y - one.y} at ${one.x}, ${one.y}`;
        }

        readItem({height, label, left, top, width}) {
            const numbers = [left, top, left + width, top + height].map(Math.round);
            const [x, y, right, bottom] = numbers;
            return numbers.every(Number.isFinite)
                ? this.makeItem(label, {points: [{x, y}, {x: right, y: bottom}]})
                : null;
        }

        writeItem({label, points: [one, other]}) {
            return {height: other.y - one.y, label, left: one.x, top: one.y, width: other.x - one.x};
        }
    }

    define("crowd-bounding-box", BoundingBox);
})();
