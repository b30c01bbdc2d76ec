// A package in a lesson: opens it in this window, hears what its content sets, and hands it to the server in order. What
// could not be sent waits and is sent again; a newer state takes the place of one that waits. Everything is decided there.

const box = document.querySelector("[data-player]");
const TRIES = [1000, 2000, 5000, 15000, 30000];
const LAST_BYTES = 60000; // what a browser still sends while a page is left

if (box) {
  const frame = box.querySelector("iframe");
  const note = box.querySelector("[data-player-note]");
  const token = box.dataset.csrf;
  const origin = box.dataset.origin;
  let session = null;
  let sequence = 0;
  let waiting = null;
  let sending = false;
  let failures = 0;
  let over = false;
  let left = null;

  const say = (name, tone = "") => {
    note.textContent = name ? box.dataset[name] : "";
    note.dataset.tone = tone;
  };

  const post = (address, body, more = {}) =>
    fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      credentials: "same-origin",
      body: JSON.stringify(body),
      ...more,
    });

  const send = async () => {
    if (sending || !waiting || over) return;
    sending = true;
    const report = waiting;
    waiting = null;
    try {
      const answer = await post(session.save, report);
      if (answer.status === 409) {
        over = true;
        say("elsewhere", "bad");
        frame.remove();
      } else if (answer.ok) {
        failures = 0;
        show(await answer.json());
      } else if (answer.status >= 500 || answer.redirected) {
        throw new Error(answer.status);
      } else {
        say("refused", "bad");
      }
    } catch {
      waiting ??= report;
      say("offline", "warn");
      setTimeout(() => send(), TRIES[Math.min(failures, TRIES.length - 1)]);
      failures += 1;
    }
    sending = false;
    if (waiting && !failures) send();
    left?.();
  };

  const show = ({ completion, success }) => {
    if (success === "failed") say("failed", "warn");
    else if (completion === "completed") say("completed", "good");
    else say("saved");
    const row = box.querySelector(`[data-item="${CSS.escape(session.item)}"]`);
    row?.setAttribute("data-standing", completion);
  };

  // A unit of cmi5 speaks to the server itself: only how it stands is asked, one question at a time.
  let asking = false;
  let again = false;
  const ask = async () => {
    again = asking;
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(session.standing, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) show(await answer.json());
    } catch {
      say("offline", "warn");
    }
    asking = false;
    if (again) ask();
  };

  const report = (values) => {
    sequence += 1;
    waiting = { item: session.item, holder: session.holder, sequence, values };
    send();
  };

  // Before this window goes elsewhere the content is stopped, so that what it sets at its end is kept.
  const stopped = () =>
    new Promise((done) => {
      const ready = () => {
        if (!sending && !waiting) done();
      };
      setTimeout(done, 3000);
      addEventListener("message", (event) => {
        if (event.source !== frame.contentWindow || event.data?.kind !== "stopped") return;
        left = ready;
        ready();
      });
      frame.contentWindow?.postMessage({ kind: "stop" }, origin);
    });

  const go = (act) => {
    if (!session || over || left) return act();
    stopped().then(act);
    return undefined;
  };

  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow || !session || over) return;
    const said = event.data;
    if (said?.kind === "ready") {
      const { version, values, href } = session;
      frame.contentWindow.postMessage({ kind: "start", version, values, href }, origin);
    } else if (said?.kind === "state" && said.values && typeof said.values === "object") {
      report(said.values);
    } else if (said?.kind === "said" && session.standing) {
      ask();
    } else if (said?.kind === "go") {
      const way = said.to === "choice" ? `[data-item="${CSS.escape(String(said.target))}"] a` : `[data-go="${said.to === "previous" ? "previous" : "next"}"]`;
      const link = box.querySelector(way);
      if (link) go(() => location.assign(link.href));
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.getAttribute("href").startsWith("#") || !session || over) return;
    event.preventDefault();
    go(() => location.assign(link.href));
  });
  // Before all others: what marks a form as sent must not hear of it twice.
  const submitting = (event) => {
    if (!session || over || left) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target: form, submitter } = event;
    go(() => {
      document.removeEventListener("submit", submitting, true);
      form.requestSubmit(submitter);
    });
  };
  document.addEventListener("submit", submitting, true);
  addEventListener("online", () => send());
  addEventListener("pagehide", () => {
    if (!waiting || over) return;
    const body = JSON.stringify(waiting);
    if (body.length < LAST_BYTES) post(session.save, waiting, { keepalive: true });
  });

  post(box.dataset.begin, { item: box.dataset.current })
    .then((answer) => (answer.ok && !answer.redirected ? answer.json() : Promise.reject(answer.status)))
    .then((begun) => {
      session = begun;
      frame.src = `${begun.address}player/`;
      say("");
    })
    .catch(() => say("unopened", "bad"));
}
