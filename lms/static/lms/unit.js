// Between the lesson and a unit of cmi5, in the content's own origin: launches the unit in a frame, and tells the lesson when
// it has said something to the server, so that the lesson asks there how it stands. It knows no session and no key.

"use strict";

(() => {
  const site = document.documentElement.dataset.site;
  const lesson = window.parent;
  window.parent = window; // the unit finds nothing above this page
  const frame = document.getElementById("content");
  const store = new URL("../xapi/statements", location.href).href;
  const REST = 600; // milliseconds: several statements are one piece of news
  const LOOK = 5000;
  let timer = 0;
  let begun = false;
  let stopping = false;

  const tell = (message) => lesson.postMessage(message, site);

  const later = () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      tell({ kind: "said" });
    }, REST);
  };

  // What the unit has asked for is seen by its name only, in the window that it is in just now.
  const watch = () => {
    try {
      const { PerformanceObserver: Observer } = frame.contentWindow;
      const seen = (list) => {
        if (list.getEntries().some((one) => one.name.startsWith(store))) later();
      };
      new Observer(seen).observe({ type: "resource", buffered: true });
    } catch {
      later(); // a page that is not ours to look into, such as the browser's own word that something was blocked
    }
  };

  frame.addEventListener("load", () => {
    if (!begun) return;
    later();
    if (stopping) tell({ kind: "stopped" });
    else watch();
  });

  const start = ({ href }) => {
    begun = true;
    setInterval(() => {
      if (!document.hidden) later(); // not every browser shows what a frame has asked for
    }, LOOK);
    frame.src = new URL(`../files/${href}`, location.href).href;
  };

  // The unit is taken out of its frame, so that what it says when it is left still reaches the server.
  const stop = () => {
    if (stopping) return;
    stopping = true;
    frame.src = "about:blank";
  };

  addEventListener("message", (event) => {
    if (event.origin !== site || event.source !== lesson) return;
    if (event.data?.kind === "start" && !begun) start(event.data);
    if (event.data?.kind === "stop") stop();
  });
  tell({ kind: "ready" });
})();
