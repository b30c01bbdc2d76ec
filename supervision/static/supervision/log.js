// The log form: what is typed is kept on the device at once and on the server soon; handed in without a network, the
// record waits in the outbox. In the shell, which a worker shows without a network, the form is filled from the device.

const { fillForm, lastHour } = await import(document.getElementById("device-module").href);
const { device, sendAll, sendOne, show } = await import(document.getElementById("outbox-module").href);
const form = document.querySelector("form[data-known], form[data-shell]");
const data = form.dataset;
const shell = "shell" in data;
const [kind, number] = location.pathname.split("/").slice(-4, -2);
const place = kind === "circles" ? `circle-${number}` : number; // what the form needs is kept for each pairing or circle
const room = kind === "circles" ? place + location.search : place; // and a draft for each record
const status = form.querySelector("[data-draft-status]");
const tell = (name) => {
  status.textContent = (status.dataset[name] || "").replace("{time}", new Date().toTimeString().slice(0, 5));
};
const fieldsOf = () =>
  [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
let base = data.base || "";
let known = shell ? null : JSON.parse(data.known);
let stopped = false;
let timer = 0;
let ready = false; // what the device keeps was read: from here on it may be written over
let typed = false;

const fill = (fields) => fillForm(form, fields, shell);
const keep = (dirty) => device && device.put("draft", room, { fields: fieldsOf(), base, at: Date.now(), dirty });

async function save() {
  if (shell || stopped || !data.draft) return tell("device");
  tell("saving");
  const body = new FormData(form);
  body.set("base", base);
  try {
    const answer = await fetch(data.draft, { method: "POST", body, redirect: "manual", keepalive: true });
    if (answer.status === 412) return ask();
    if (!answer.ok) throw new Error(answer.status);
    base = answer.headers.get("X-Saved") || base;
    await keep(false);
    tell("saved");
  } catch (error) {
    tell(device ? "device" : "unsaved");
    timer = setTimeout(save, 15000);
  }
}

// Somebody went on with this draft elsewhere: nothing is written over before it was decided.
function ask() {
  stopped = true;
  const box = document.querySelector("[data-draft-conflict]");
  box.hidden = false;
  box.querySelector("[data-keep-mine]").onclick = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    base = page.getElementById(form.id).dataset.base;
    stopped = false;
    box.hidden = true;
    await keep(true);
    await save();
  };
  box.querySelector("[data-keep-theirs]").onclick = async () => {
    if (device) await device.drop("draft", room);
    location.reload();
  };
  box.scrollIntoView({ block: "center" });
  tell("device");
}

async function start() {
  if (!shell && device) await device.put("known", place, { ...known, at: Date.now() });
  if (shell) {
    known = device && (await device.get("known", place));
    document.querySelector("[data-shell-unknown]").hidden = Boolean(known);
    if (!known) return;
    document.querySelector("[data-shell-name]").textContent = known.name;
    ["goals", "functions", "done", "people"].forEach((name) => offer(name, known[name] || []));
    offerShares(known.functions || []);
  }
  const draft = device && (await device.get("draft", room));
  if (draft && draft.dirty) {
    if (!shell && base && base !== draft.base && !form.querySelector("[data-error]")) {
      fill(draft.fields);
      ask();
    } else if (!form.querySelector(".field--error, [aria-invalid=true]")) {
      fill(draft.fields);
      tell("restored");
      if (!shell) timer = setTimeout(save, 1000);
    }
  } else if (shell && draft) fill(draft.fields);
  else if (shell) {
    form.elements.key.value = crypto.randomUUID();
    Object.entries(lastHour()).forEach(([name, value]) => (form.elements[name].value = value));
    if (form.elements.gathering)
      form.elements.gathering.value = new URLSearchParams(location.search).get("gathering") || "";
    else form.elements.place.value = known.place || "";
  }
  form.hidden = false; // what is typed before would be written over
}

function changed() {
  typed = true;
  if (!ready) return;
  clearTimeout(timer);
  timer = setTimeout(save, 2000);
  if (!stopped || device) keep(true);
}

function offer(name, rows) {
  const box = form.querySelector(`[data-offer=${name}]`);
  if (!box || !rows.length) return;
  box.hidden = false;
  const model = box.querySelector("template");
  rows.forEach(([value, text]) => {
    if (model) {
      const row = model.content.cloneNode(true);
      row.querySelectorAll("[name]").forEach((field) => (field.name = field.name.replace("{}", value)));
      row.querySelector("[data-text]").textContent = text;
      form.querySelectorAll("select[name^=who_]").forEach((who) => who.add(new Option(text, value)));
      return box.append(row);
    }
    const label = document.createElement("label");
    label.className = "choice";
    const field = document.createElement("input");
    Object.assign(field, { type: "checkbox", name, value });
    label.append(field, ` ${text}`);
    box.append(label);
  });
}

// The minutes of each function that the place adds, as the form has them for the three.
function offerShares(rows) {
  const place = form.querySelector("[data-shares]");
  const model = form.querySelector("[name=share_educational]");
  if (!place || !model) return;
  rows.forEach(([value, text]) => {
    const group = model.closest(".field").cloneNode(true);
    const field = group.querySelector("input");
    Object.assign(field, { name: `share_${value}`, id: `id_share_${value}`, value: "" });
    const label = group.querySelector("label");
    label.htmlFor = field.id;
    label.firstChild.textContent = text;
    place.before(group);
  });
}

form.addEventListener("input", changed);

form.addEventListener("submit", async (event) => {
  if (!device || event.defaultPrevented) return;
  event.preventDefault();
  clearTimeout(timer);
  const value = (name) => form.elements[name].value;
  const came = form.querySelector("[data-came]");
  const ticked = form.querySelector("[name=functions]:checked") && (!came || came.querySelector("input:checked"));
  if (!value("day") || !value("start") || !value("end") || !value("topics").trim() || !ticked) {
    if (!shell && navigator.onLine) return form.submit(); // the page says at each field what is missing
    tell("missing");
    return status.scrollIntoView({ block: "center" });
  }
  const submit = form.querySelector("button[type=submit]");
  submit.disabled = true;
  const row = { key: value("key"), room, base, at: Date.now(), fields: fieldsOf(), name: known.name };
  Object.assign(row, { day: value("day"), start: value("start"), end: value("end") });
  row.sync = location.pathname.replace(/(log|record)\/$/, "sync/");
  row.page = location.pathname + location.search;
  await device.put("waiting", row.key, row);
  const state = await sendOne(row);
  submit.disabled = false;
  if (state === "done") return location.assign(row.url);
  if (state === "refused" && !shell) {
    await device.drop("waiting", row.key);
    return form.submit();
  }
  await device.drop("draft", room);
  form.reset();
  if (shell) lastHour();
  form.elements.key.value = crypto.randomUUID();
  await show();
  if (state === "conflict") tell("");
  else tell("waiting");
  if (state === "sign-in") sendAll();
  document.querySelector("[data-outbox]").scrollIntoView({ block: "center" });
});

if (!shell && data.worker && navigator.serviceWorker) navigator.serviceWorker.register(data.worker);
try {
  await start();
} finally {
  ready = true;
  if (typed) changed();
}
