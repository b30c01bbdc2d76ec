// Small conveniences: each only improves something that works without it.
// Words come from #toasts, translated with the page.

const toasts = document.getElementById("toasts");
const word = (name) => (toasts && toasts.dataset[name]) || "";
const on = (type, selector, act, target = document) =>
  target.addEventListener(type, (event) => {
    const found = event.target.closest && event.target.closest(selector);
    if (found) act(event, found);
  });

const headers = { "X-Requested-With": "fetch" };
const post = (address, body) => fetch(address, { method: "POST", body, headers, keepalive: true });

export function toast(text) {
  if (!toasts || !text || [...toasts.children].some((each) => each.dataset.text === text)) return;
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset.text = text;
  const line = document.createElement("p");
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", word("close"));
  close.onclick = () => box.remove();
  box.append(line, close);
  toasts.append(box);
  setTimeout(() => box.remove(), 12000);
}

// Menus: <details data-menu> close on Escape and on a click elsewhere.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Dialogs: <a href="#id" data-dialog> opens, [data-dialog-close] closes; without a script, :target shows them.
on("click", "[data-dialog]", (event, link) => {
  const dialog = document.getElementById((link.hash || link.dataset.dialog).replace("#", ""));
  if (!dialog) return;
  event.preventDefault();
  if (dialog.showModal) return dialog.showModal();
  dialog.opener = link;
  dialog.classList.add("dialog--plain");
  dialog.setAttribute("open", "");
  dialog.querySelector("a, button, input, select, textarea").focus();
});
const shut = (dialog) => {
  if (dialog.close) return dialog.close();
  dialog.removeAttribute("open");
  if (dialog.opener) dialog.opener.focus();
};
on("click", "[data-dialog-close]", (event, link) => {
  const dialog = link.closest("dialog");
  if (!dialog || !dialog.hasAttribute("open")) return;
  event.preventDefault();
  shut(dialog);
});
on("click", "dialog[open]", (event, dialog) => {
  if (event.target === dialog) shut(dialog);
});
document.addEventListener("keydown", (event) => {
  const dialog = event.key === "Escape" && document.querySelector(".dialog--plain[open]");
  if (dialog) shut(dialog);
});

// Two clicks, one sending: <form data-once>.
const clean = (form) => form.removeAttribute("data-dirty");
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.hasAttribute("data-once")) {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const button = event.submitter || form.querySelector("button[type=submit]");
    if (button) button.setAttribute("aria-busy", "true");
  }
  clean(form);
});
const release = () =>
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
window.addEventListener("pageshow", release);

// Unsaved work: <form data-warn> asks before one leaves.
on("input", "form[data-warn]", (event, form) => form.setAttribute("data-dirty", ""));
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) {
    event.preventDefault();
    event.returnValue = word("leave");
  }
});

// Drafts: <form data-autosave=""> is kept in this tab, two seconds after the last key. [data-autosave-status] tells how it
// stands. (What is kept on the server as one types has a script of its own.)
document.querySelectorAll('form[data-autosave=""]').forEach((form) => {
  const key = `draft:${location.pathname}:${form.id}`;
  const fields = () => [...form.elements].filter((el) => el.name && !/password|hidden|file/.test(el.type));
  let timer = 0;
  const keep = () => {
    const draft = fields().map((el) => [el.name, el.value, !!el.checked]);
    sessionStorage.setItem(key, JSON.stringify(draft));
    const place = form.querySelector("[data-autosave-status]");
    const time = new Date().toTimeString().slice(0, 5);
    if (place) place.textContent = word("saved").replace("{time}", time);
  };
  if (sessionStorage.getItem(key)) {
    sessionStorage.removeItem(`sent:${key}`);
    const draft = JSON.parse(sessionStorage.getItem(key));
    fields().forEach((el, n) => {
      if (!draft[n] || draft[n][0] !== el.name) return;
      if (/checkbox|radio/.test(el.type)) el.checked = draft[n][2];
      else if (!el.value) el.value = draft[n][1];
    });
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 2000);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep();
    sessionStorage.setItem(`sent:${key}`, location.pathname); // the session may have ended: see below
  });
});

// A sent draft is kept until a page shows that is neither its own nor the sign-in.
Object.keys(sessionStorage)
  .filter((name) => name.startsWith("sent:") && !/^\/accounts\//.test(location.pathname))
  .filter((name) => sessionStorage.getItem(name) !== location.pathname)
  .forEach((name) => [name, name.slice(5)].forEach((gone) => sessionStorage.removeItem(gone)));

// Large type without leaving the page.
on("submit", "[data-elder-switch]", (event, form) => {
  const button = form.querySelector("button");
  const large = button.value === "1";
  event.preventDefault();
  const body = new URLSearchParams({ elder: button.value });
  post(form.action, body);
  document.documentElement.toggleAttribute("data-elder", large);
  document.querySelectorAll("[data-elder-switch] button").forEach((each) => {
    each.value = large ? "0" : "1";
    each.setAttribute("aria-pressed", String(large));
  });
});

// Copy: <button data-copy="text">.
on("click", "[data-copy]", async (event, button) => {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(word("copied"));
});

// Print: <button data-print>.
on("click", "[data-print]", () => window.print());

// Errors on top take the focus, so that readers hear them first.
const errors = document.querySelector("[data-focus]");
if (errors) errors.focus();

// htmx: when the network or the server fails, say so in a sentence; nothing typed is touched.
const offline = () => (release(), toast(word("offline")));
document.addEventListener("htmx:sendError", offline);
document.addEventListener("htmx:timeout", offline);
document.addEventListener("htmx:afterRequest", release);
document.addEventListener("htmx:responseError", (event) => {
  const code = event.detail.xhr.status;
  const name = { 401: "denied", 403: "denied", 404: "gone", 410: "gone", 429: "busy" }[code];
  toast(word(name || "failed"));
});
