// Records that wait on this device: shown, sent when the network is there, each exactly once (the server knows its key).
// What the server refuses or holds otherwise is shown side by side; nothing is thrown away unasked.

const box = document.querySelector("[data-outbox]");
const words = box ? box.dataset : {};
const { deviceOf } = await import(document.getElementById("device-module").href);
export const device = box ? await deviceOf(words.account) : null;

const roomOf = (row) => row.room || row.pairing; // rows of before know the pairing only

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

function facts(title, rows) {
  const part = element("div", "outbox__side");
  part.append(element("h4", "", title));
  const list = element("dl", "facts");
  (rows || []).forEach(([label, value]) => list.append(element("dt", "", label), element("dd", "session-text", value)));
  part.append(list);
  return part;
}

function button(text, act, main) {
  const made = element("button", `button ${main ? "button--primary" : "button--secondary"}`, text);
  made.type = "button";
  made.onclick = async () => {
    made.disabled = true;
    await act();
  };
  return made;
}

async function dropAnd(row, address) {
  await device.drop("waiting", row.key);
  await show();
  if (address) location.assign(address);
}

async function again(row) {
  await device.put("draft", roomOf(row), { fields: row.fields, base: row.base, at: Date.now(), dirty: true });
  await dropAnd(row, row.page);
}

function compared(row) {
  const answer = row.answer;
  const part = element("div", "outbox__answer");
  part.append(element("p", "", answer.words));
  const sides = element("div", "outbox__sides");
  sides.append(facts(words.mine, answer.mine));
  if (answer.theirs) sides.append(facts(words.theirs, answer.theirs));
  part.append(sides);
  const buttons = element("div", "buttons");
  if (answer.state === "conflict") {
    buttons.append(button(words.keepMine, () => sendOne(row, true).then(show), true));
    buttons.append(button(words.keepTheirs, () => dropAnd(row, answer.url)));
  } else {
    buttons.append(button(words.change, () => again(row), true));
    buttons.append(button(words.discard, () => confirm(words.sure) && dropAnd(row)));
  }
  part.append(buttons);
  return part;
}

export async function show() {
  if (!device) return;
  const rows = await device.all("waiting");
  box.hidden = !rows.length;
  const list = box.querySelector("[data-outbox-list]");
  const asks = rows.some((row) => row.answer);
  const count = asks ? words.decide : rows.length === 1 ? words.one : words.many.replace("{n}", rows.length);
  box.querySelector("[data-outbox-count]").textContent = count;
  list.replaceChildren(
    ...rows.map((row) => {
      const item = element("li", "outbox__row");
      item.append(element("p", "row__title", `${row.name} · ${row.day} ${row.start}–${row.end}`));
      if (row.answer) item.append(compared(row));
      return item;
    }),
  );
}

function note(name) {
  const place = box.querySelector("[data-outbox-note]");
  place.textContent = words[name] || "";
  box.querySelector("[data-outbox-sign-in]").hidden = name !== "signIn";
}

async function ticket() {
  const answer = await fetch(words.ticket, { redirect: "manual", headers: { Accept: "application/json" } });
  if (!answer.ok) return null;
  const found = await answer.json();
  return found.account === device.account ? found.token : null;
}

// "done" with the address of the session, "refused", "conflict", "sign-in" or "offline".
export async function sendOne(row, force) {
  let answer;
  try {
    const token = await ticket();
    if (!token) return "sign-in";
    const body = new URLSearchParams(row.fields);
    body.set("base", row.base || "");
    if (force) body.set("force", row.answer ? row.answer.about : "1");
    if (force && row.answer && row.answer.revision) body.set("revision", row.answer.revision);
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    const got = await fetch(row.sync, { method: "POST", body, headers, redirect: "manual" });
    if (got.status === 403 || got.type === "opaqueredirect") return "sign-in";
    answer = await got.json();
  } catch (error) {
    return "offline";
  }
  if (answer.state === "done") {
    await device.drop("waiting", row.key);
    const draft = await device.get("draft", roomOf(row));
    if (draft && draft.fields.some(([name, value]) => name === "key" && value === row.key))
      await device.drop("draft", roomOf(row));
    row.url = answer.url;
  } else if (answer.state) {
    row.answer = answer;
    await device.put("waiting", row.key, row);
  } else return "offline";
  return answer.state;
}

let sending = null;
export function sendAll() {
  if (!device) return Promise.resolve();
  const run = async () => {
    const sent = [];
    let last = "";
    for (const row of await device.all("waiting")) {
      if (row.answer) continue;
      last = await sendOne(row);
      if (last === "done") sent.push(row);
      if (last === "sign-in" || last === "offline") break;
    }
    note({ "sign-in": "signIn", offline: "waits" }[last]);
    await show();
    if (sent.length) {
      const done = document.querySelector("[data-outbox-done]");
      done.hidden = false;
      const link = done.querySelector("a");
      link.textContent = words.sent.replace("{n}", sent.length);
      link.href = sent[sent.length - 1].url;
      const told = document.querySelector("[data-draft-status]");
      if (told && told.textContent === told.dataset.waiting) told.textContent = ""; // it waits no longer
    }
  };
  const locked = () => (navigator.locks ? navigator.locks.request("supervision-outbox", run) : run());
  sending = (sending || Promise.resolve()).then(locked, locked);
  return sending;
}

if (device) {
  await show();
  box.querySelector("[data-outbox-send]").onclick = sendAll;
  window.addEventListener("online", sendAll);
  setInterval(() => !box.hidden && navigator.onLine && sendAll(), 30000);
  if (!box.hidden) sendAll();
}
