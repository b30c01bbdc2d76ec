// Between the lesson and the content, in the content's own origin: it holds the run-time that SCOs look for in the windows
// above them, and tells the lesson what they set. It knows no session; only the lesson's page, by its origin, is heard.

"use strict";

(() => {
  const site = document.documentElement.dataset.site;
  const lesson = window.parent;
  window.parent = window; // SCOs look for their run-time from window to window: here their way ends, and not with a fault
  const frame = document.getElementById("content");
  const REST = 800; // milliseconds after a value was set until it is told without being committed
  let api = null;
  let timer = 0;
  let stopping = false;

  const tell = (message) => lesson.postMessage(message, site);

  // What identifies a row comes before what it holds: the run-time takes them in this order only.
  const FIRST = { id: 0, type: 1 };
  const rank = (part) => FIRST[part] ?? 2;
  const inOrder = ([one], [other]) => {
    const a = one.split(".");
    const b = other.split(".");
    for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
      if (a[at] === b[at]) continue;
      if (/^\d+$/.test(a[at]) && /^\d+$/.test(b[at])) return a[at] - b[at];
      return rank(a[at]) - rank(b[at]) || (a[at] < b[at] ? -1 : 1);
    }
    return a.length - b.length;
  };

  const values = () => {
    const found = {};
    for (const [key, value] of Object.entries(api.renderCommitCMI(false))) {
      if (value !== "" && Object(value) !== value && value !== null && value !== undefined) found[key] = String(value);
    }
    return found;
  };

  const report = () => {
    clearTimeout(timer);
    timer = 0;
    if (api) tell({ kind: "state", values: values() });
  };

  const later = () => {
    if (!timer) timer = setTimeout(report, REST);
  };

  const start = ({ version, values: kept, href }) => {
    const Api = version === "scorm12" ? window.Scorm12API : window.Scorm2004API;
    api = new Api({
      autocommit: false,
      dataCommitFormat: "flattened",
      lmsCommitUrl: "relay:",
      logLevel: 5,
      mastery_override: true,
      httpService: {
        processHttpRequest() {
          report();
          return { result: "true", errorCode: 0 };
        },
        updateSettings() {},
      },
    });
    for (const [key, value] of Object.entries(kept).sort(inOrder)) api.loadFromFlattenedJSON({ [key]: value });
    window[version === "scorm12" ? "API" : "API_1484_11"] = api;
    api.on(version === "scorm12" ? "LMSSetValue" : "SetValue", later);
    for (const [event, to] of Object.entries({ SequenceNext: "next", SequencePrevious: "previous" })) {
      api.on(event, () => tell({ kind: "go", to }));
    }
    api.on("SequenceChoice", (_name, target) => tell({ kind: "go", to: "choice", target: String(target ?? "") }));
    frame.src = new URL(`../files/${href}`, location.href).href;
  };

  // The content is taken out of its frame, so that what it does when it is left still reaches the lesson.
  const stop = () => {
    if (stopping) return;
    stopping = true;
    frame.addEventListener("load", () => {
      if (timer) report();
      tell({ kind: "stopped" });
    });
    frame.src = "about:blank";
  };

  addEventListener("message", (event) => {
    if (event.origin !== site || event.source !== lesson) return;
    if (event.data?.kind === "start" && !api) start(event.data);
    if (event.data?.kind === "stop") stop();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && timer) report();
  });
  tell({ kind: "ready" });
})();
