"use strict";
// A unit of cmi5: changes its key for a token, says what happens as statements, and keeps where the person is.
(async () => {
  const told = new URLSearchParams(location.search);
  const [endpoint, registration, activity] = ["endpoint", "registration", "activityId"].map((name) => told.get(name));
  const actor = JSON.parse(told.get("actor"));
  const note = document.querySelector("[data-said]");
  const form = document.querySelector("form");
  const scenes = [...form.querySelectorAll("fieldset")];
  const began = Date.now();
  const key = (await (await fetch(told.get("fetch"), { method: "POST" })).json())["auth-token"];
  if (!key) {
    note.textContent = "请回到课时页面，重新打开。";
    return;
  }
  const ask = (method, path, body, more = {}) =>
    fetch(endpoint + path, {
      method,
      headers: { Authorization: `Basic ${key}`, "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
      ...more,
    });
  const place = (name) =>
    `activities/state?${new URLSearchParams({ activityId: activity, agent: JSON.stringify(actor), registration, stateId: name })}`;
  const launch = await (await ask("GET", place("LMS.LaunchData"))).json();
  await ask("GET", `agents/profile?${new URLSearchParams({ agent: JSON.stringify(actor), profileId: "cmi5LearnerPreferences" })}`);
  const CMI5 = "https://w3id.org/xapi/cmi5/context/categories/";
  const say = (verb, result, more) => {
    const judging = ["completed", "passed", "failed"].includes(verb);
    const { contextActivities, extensions } = launch.contextTemplate;
    const category = [{ id: `${CMI5}cmi5` }, ...(judging ? [{ id: `${CMI5}moveon` }] : [])];
    const duration = `PT${((Date.now() - began) / 1000).toFixed(2)}S`;
    return ask("POST", "statements", {
      id: crypto.randomUUID?.() ?? ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)),
      actor,
      verb: { id: `http://adlnet.gov/expapi/verbs/${verb}`, display: { en: verb } },
      object: { objectType: "Activity", id: activity },
      context: { registration, contextActivities: { ...contextActivities, category }, extensions },
      timestamp: new Date().toISOString(),
      ...(verb === "initialized" ? {} : { result: { ...result, duration } }),
    }, more);
  };
  await say("initialized");
  const kept = await ask("GET", place("bookmark"));
  const answers = kept.ok ? (await kept.json()).answers : [];
  let over = false;

  const show = () => {
    scenes.forEach((scene, n) => { scene.hidden = n !== answers.length; });
    form.hidden = answers.length >= scenes.length;
    if (!form.hidden) note.textContent = `第 ${answers.length + 1} 段，共 ${scenes.length} 段`;
  };
  const end = async () => {
    const right = scenes.filter((scene, n) => answers[n] === scene.dataset.right).length;
    const score = { scaled: right / scenes.length, raw: right, min: 0, max: scenes.length };
    const passed = score.scaled >= launch.masteryScore;
    if (launch.launchMode === "Normal") {
      if (passed) await say("completed", { completion: true });
      await say(passed ? "passed" : "failed", { success: passed, score });
      await ask("PUT", place("bookmark"), { answers: passed ? answers : [] });
    }
    note.textContent = `三段里接住了 ${right} 段。${passed ? "他们会愿意说下去。" : "再想一想：话后面是什么？重新打开课件可以再试。"}`;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = scenes[answers.length].querySelector("input:checked");
    if (!chosen) return;
    answers.push(chosen.value);
    show();
    if (form.hidden) await end();
    else await ask("PUT", place("bookmark"), { answers });
  });
  addEventListener("pagehide", () => {
    if (!over) say("terminated", {}, { keepalive: true });
    over = true;
  });
  show();
  if (form.hidden) await end();
})();
