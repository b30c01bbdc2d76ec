// An activity of H5P between the lesson and the server, in the content's origin: plays it, hears the xAPI statements that it
// makes, and tells the lesson the last one about the whole activity, where the person is, and how long the page was seen.
// It knows no session; only the lesson's page, by its origin, is heard. What a statement is worth is judged on the server.

"use strict";

(() => {
  const site = document.documentElement.dataset.site;
  const lesson = window.parent;
  window.parent = window; // the activity finds nothing above this page
  try {
    window.localStorage.getItem("");
  } catch {
    // A browser that gives a framed host no storage: H5P would stop at a fault, so it gets one until the page is left.
    const held = new Map();
    const storage = {
      getItem: (name) => held.get(name) ?? null,
      setItem: (name, value) => held.set(name, String(value)),
      removeItem: (name) => held.delete(name),
    };
    Object.defineProperty(window, "localStorage", { value: storage });
  }
  const place = document.getElementById("activity");
  const OVER = ["completed", "answered", "passed", "failed", "mastered"];
  const REST = 800; // milliseconds after something happened until it is told
  const LOOK = 5000; // how often it is asked where the person is: some activities make no statement of it
  const STATE_MOST = 900000; // characters
  const known = {};
  let timer = 0;
  let seen = 0;
  let since = document.hidden ? null : Date.now(); // null while nobody sees the page
  let begun = false;

  const tell = (message) => lesson.postMessage(message, site);

  const instance = () => window.H5P?.instances?.[0];

  const seconds = () => {
    return Math.floor((seen + (since === null ? 0 : Date.now() - since)) / 1000);
  };

  // Whether anything changed since the last time.
  const look = () => {
    const one = instance();
    if (!one) return false;
    const before = JSON.stringify(known);
    try {
      const state = typeof one.getCurrentState === "function" ? one.getCurrentState() : undefined;
      const said = state === undefined ? "" : JSON.stringify(state);
      if (said && said.length < STATE_MOST) known["h5p.state"] = said;
      known["h5p.scored"] = String(typeof one.getMaxScore === "function" && one.getMaxScore() > 0);
    } catch {
      // an activity that is not ready yet: it is asked again
    }
    return JSON.stringify(known) !== before;
  };

  const report = () => {
    clearTimeout(timer);
    timer = 0;
    look();
    tell({ kind: "state", values: { ...known, "h5p.session_time": `PT${seconds()}S` } });
  };

  const later = () => {
    if (!timer) timer = setTimeout(report, REST);
  };

  const hear = (event) => {
    const statement = event.data?.statement;
    if (!statement) return;
    const verb = String(statement.verb?.id ?? "").split("/").pop();
    const parent = statement.context?.contextActivities?.parent;
    if (OVER.includes(verb) && !parent?.length) {
      known["h5p.statement"] = JSON.stringify({
        verb: statement.verb,
        result: statement.result,
        context: statement.context,
      });
    }
    later();
  };

  const start = async ({ values }) => {
    begun = true;
    for (const name of ["h5p.state", "h5p.statement"]) if (values[name]) known[name] = values[name];
    const at = (path) => new URL(path, location.href).href;
    const kept = values["h5p.state"];
    await new window.H5PStandalone.H5P(place, {
      id: "activity",
      embedType: "div", // this page is a frame already, with nothing else in it
      h5pJsonPath: at("../files"),
      frameJs: at("h5p/frame.bundle.js"),
      frameCss: at("h5p/styles/h5p.css"),
      frame: false,
      copyright: false,
      saveFreq: 1000000, // only then what was kept is given back; what is to be kept is asked for above
      contentUserData: kept ? [{ state: kept }] : undefined,
    });
    window.H5P.externalDispatcher.on("xAPI", hear);
    setInterval(() => {
      if (look()) later();
    }, LOOK);
    later();
  };

  addEventListener("message", (event) => {
    if (event.origin !== site || event.source !== lesson) return;
    if (event.data?.kind === "start" && !begun) start(event.data);
    if (event.data?.kind === "stop") {
      if (begun) report();
      tell({ kind: "stopped" });
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      since = Date.now();
    } else if (since !== null) {
      seen += Date.now() - since;
      since = null;
      if (begun) report();
    }
  });
  tell({ kind: "ready" });
})();
