// Tells the page around the frame that its task was submitted; that page asks the server.
"use strict";

if (parent !== window) parent.postMessage("mturk_mock submitted", "*");
