// Watching: reports what was played, stops at questions, shows what the server answers. Only the server decides.
// What it has not confirmed is said again each time: a message that is lost or late changes nothing.

const EVERY = 10_000;
const token = crypto.getRandomValues(new Uint32Array(3)).join("");
const clock = (ms) => {
  const text = new Date(ms).toISOString();
  return ms < 3600_000 ? text.slice(14, 19) : text.slice(12, 19);
};
const reach = (spans) => {
  let to = 0;
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) if (start <= to) to = Math.max(to, end);
  return to;
};

function follow(panel) {
  const facts = panel.dataset;
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const video = panel.previousElementSibling && panel.previousElementSibling.querySelector("video");
  if (!video) return;
  const dialogs = [...panel.querySelectorAll("dialog")];
  const top = Number(facts.speed);
  let spans = JSON.parse(facts.spans);
  let left = Number(facts.left);
  let claims = []; // played and not confirmed: [from, to, rate]
  let from = null; // where the running stretch began, and how far it is
  let last = 0;
  let speed = 100;
  let began = false;
  let number = 0;
  let running = 0; // since when, by this device's own counting
  let timer = 0;

  const say = (text, here) => {
    part("said").textContent = text || "";
    part("here").hidden = !here;
  };
  const word = (name, values = {}) =>
    Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), facts[`word${name}`]);
  const now = () => Math.round(video.currentTime * 1000);
  const rate = () => Math.round(video.playbackRate * 100);
  const stretch = () => (from !== null && last > from ? [[from, last, speed]] : []);
  const known = () => [...spans, ...claims, ...stretch()];
  const open = () => {
    const at = now();
    const to = reach(known());
    from = last = at > to && at < to + 500 ? to : at; // a player goes on some frames after where it was put
    speed = rate();
  };
  const close = (still) => {
    if (still && from !== null && !video.seeking) last = Math.max(last, now());
    claims.push(...stretch());
    claims = claims.slice(-30);
    from = null;
  };
  const body = (more) => {
    const form = new FormData();
    const csrf = panel.querySelector("[name=csrfmiddlewaretoken]").value;
    Object.entries({ token, csrfmiddlewaretoken: csrf, ...more }).forEach(([key, value]) => form.append(key, value));
    return form;
  };
  const ask = (way, form) =>
    fetch(facts.watch + way, { method: "POST", body: form, headers: { "X-Requested-With": "fetch" } }).then((answer) => {
      if (!answer.ok) throw answer;
      return answer.json();
    });

  const report = (runs, leaving) => {
    if (!began) return undefined;
    number += 1;
    const said = [...claims, ...stretch()].slice(-40).map(([a, b, speed]) => `${a}-${b}@${speed}`).join(",");
    const played = running ? Math.round(performance.now() - running) : 0;
    const form = body({ number, claims: said, runs: runs ? 1 : 0, played, position: now() });
    if (leaving && navigator.sendBeacon) return navigator.sendBeacon(`${facts.watch}beat/`, form);
    return ask("beat/", form).then(heard, () => say(word("Cut")));
  };
  const heard = (answer) => {
    if (answer.state === "elsewhere") {
      began = false;
      video.pause();
      return say(answer.said, true);
    }
    spans = answer.spans;
    const inside = (claim) => spans.some(([start, end]) => start <= claim[0] && claim[1] <= end);
    claims = claims.filter((claim) => !inside(claim));
    part("bar").value = answer.percent;
    part("percent").textContent = answer.percent;
    const done = left && !answer.left;
    left = answer.left;
    if (answer.state === "cap") video.pause();
    if (answer.back !== undefined) {
      claims = [];
      from = null;
      video.currentTime = answer.back / 1000;
    }
    if (answer.said) return say(answer.said);
    if (video.ended && left) return say(word("Gap", { time: clock(answer.next) }));
    return say(done ? word("Done") : "");
  };
  const begin = (wants) => {
    began = true;
    number = 0;
    running = performance.now();
    ask("begin/", body({ wants: wants ? 1 : 0 })).then(
      (answer) => {
        if (answer.state === "on") return wants && video.play();
        began = false;
        video.pause();
        return say(answer.said, true);
      },
      () => {
        began = false;
        video.pause();
        say(word("Cut"));
      },
    );
  };

  const due = () => dialogs.find((dialog) => !("answered" in dialog.dataset) && Number(dialog.dataset.at) <= last);
  const stopFor = (dialog) => {
    video.pause();
    if (document.fullscreenElement) document.exitFullscreen();
    if (video.webkitDisplayingFullscreen) video.webkitExitFullscreen();
    video.currentTime = Number(dialog.dataset.at) / 1000;
    if (dialog.open) return;
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
    const first = dialog.querySelector("input, button");
    if (first) first.focus();
  };
  const shut = (dialog) => (dialog.close ? dialog.close() : dialog.removeAttribute("open"));

  part("take").addEventListener("click", () => {
    say("");
    begin(true);
  });
  dialogs.forEach((dialog) => {
    dialog.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      fetch(event.target.action, { method: "POST", body: new FormData(event.target) })
        .then(async (answer) => {
          if (!answer.ok) throw answer.status === 422 ? (await answer.json()).said : word("Cut");
          dialog.querySelector("[data-inner]").innerHTML = await answer.text();
          dialog.dataset.answered = "";
          dialog.querySelector("[data-on]").focus();
        })
        .catch((said) => {
          dialog.querySelector("[data-fault]").textContent = typeof said === "string" ? said : word("Cut");
        });
    });
    dialog.addEventListener("click", (event) => {
      if (!event.target.closest("[data-on]")) return;
      shut(dialog);
      video.play();
    });
  });

  video.addEventListener("loadedmetadata", resume);
  function resume() {
    const at = Number(facts.position);
    if (at < 1000 || video.currentTime > 1) return;
    video.currentTime = at / 1000;
    say(word("Resume", { time: clock(at) }));
  }
  if (video.readyState > 0) resume();
  video.addEventListener("play", () => {
    const dialog = due();
    if (dialog) return stopFor(dialog);
    running = performance.now();
    if (!began) begin(false);
    else report(true);
    clearInterval(timer);
    timer = setInterval(() => report(true), EVERY);
    return undefined;
  });
  video.addEventListener("timeupdate", () => {
    if (video.seeking || video.paused) return;
    if (from === null) open();
    last = Math.max(last, now());
    const dialog = due();
    if (dialog) {
      stopFor(dialog);
    }
  });
  video.addEventListener("playing", () => from === null && !video.seeking && open());
  video.addEventListener("seeked", () => video.paused || open());
  video.addEventListener("seeking", () => {
    close(false);
    const to = reach(known());
    if (facts.skip || !left || now() <= to + 1500) return;
    video.currentTime = to / 1000;
    say(word("Back", { time: clock(to) }));
  });
  video.addEventListener("ratechange", () => {
    close(true);
    if (!video.paused && !video.seeking) open();
    if (rate() <= top) return;
    video.playbackRate = top / 100;
    say(word("Fast", { speed: top / 100 }));
  });
  video.addEventListener("pause", () => {
    close(true);
    clearInterval(timer);
    report(false);
    running = 0;
  });
  video.addEventListener("waiting", () => close(true));
  document.addEventListener("visibilitychange", () => document.hidden && video.pause());
  window.addEventListener("pagehide", () => {
    close(true);
    report(false, true);
  });
}

document.querySelectorAll("[data-watch]").forEach(follow);
