// <crowd-polygon>, <crowd-polyline> and <crowd-line>: lines between points of an image.
(() => {
    "use strict";
    const {Drawing, define} = window.mturkMockCrowd;

    // Which side of the line from `a` to `b` a point is on: a positive number, a negative one, or 0.
    function sideOf(a, b, point) {
        return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
    }

    function cross([a, b], [c, d]) {
        return sideOf(a, b, c) * sideOf(a, b, d) < 0 && sideOf(c, d, a) * sideOf(c, d, b) < 0;
    }

    // Lines that a worker draws from point to point.
    class Lines extends Drawing {
        measure({points}) {
            const [{x, y}] = points;
            return `${points.length} points from ${x}, ${y}`;
        }

        readItem({label, vertices}) {
            const points = (Array.isArray(vertices) ? vertices : []).map((point) => {
                const {x, y} = point || {};
                return {x: Math.round(x), y: Math.round(y)};
            });
            const isWhole = points.length >= this.constructor.fewest && points.length <= this.constructor.most;
            const areNumbers = points.every(({x, y}) => Number.isFinite(x) && Number.isFinite(y));
            return isWhole && areNumbers ? this.makeItem(label, {points}) : null;
        }

        writeItem({label, points}) {
            return {label, vertices: points.map(({x, y}) => ({x, y}))};
        }
    }

    class Polygon extends Lines {
        static noun = "polygon";
        static nouns = "polygons";
        static member = "polygons";
        static fewest = 3;
        static most = Infinity;
        static isClosed = true;

        gestureLines() {
            return ["Press the image at each corner of a polygon. Press the first one again, or Enter or Finish, to close it."];
        }

        keyLine() {
            return "Space adds a corner, Enter closes the polygon, Backspace takes the latest corner back.";
        }

        // No line of a polygon may cross another one of it [doc].
        findDraftError(points, isWhole) {
            const lines = points.slice(1).map((point, index) => [points[index], point]);
            const newest = isWhole ? [points[points.length - 1], points[0]] : lines[lines.length - 1];
            const isCrossing = newest && lines.some((line) => cross(line, newest));
            return isCrossing ? "The lines of a polygon must not cross." : "";
        }
    }

    class Polyline extends Lines {
        static noun = "polyline";
        static nouns = "polylines";
        static member = "polylines";
        static fewest = 2;
        static most = Infinity;
        static tellsChange = true;

        gestureLines() {
            return ["Press the image at each point of a polyline. Double-click the last one, or press Enter or Finish."];
        }

        keyLine() {
            return "Space adds a point, Enter finishes the polyline, Backspace takes the latest point back.";
        }
    }

    class Line extends Lines {
        static noun = "line";
        static nouns = "lines";
        static member = "lines";
        static fewest = 2;
        static most = 2;
        static tellsChange = true;

        gestureLines() {
            return ["Drag on the image to draw a line, or press its two ends."];
        }

        keyLine() {
            return "Space or Enter sets an end, and then the other one.";
        }

        measure({points: [one, other]}) {
            return `from ${one.x}, ${one.y} to ${other.x}, ${other.y}`;
        }
    }

    define("crowd-polygon", Polygon);
    define("crowd-polyline", Polyline);
    define("crowd-line", Line);
})();
