// What one account keeps on this device: drafts, records that wait, what the log form needs. All of it is encrypted with
// a key that no script can read out. Where the browser cannot do that, nothing is kept.

const able = Boolean(window.indexedDB && window.crypto && crypto.subtle);
const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
const open = () => {
  const request = indexedDB.open("supervision", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("rows");
  };
  return asked(request);
};
const table = async (name, mode) => (await open()).transaction(name, mode).objectStore(name);
const read = async (name, key) => asked((await table(name, "readonly")).get(key));
const write = async (name, key, value) => asked((await table(name, "readwrite")).put(value, key));

async function keyOf(account) {
  const known = await read("keys", account);
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  try {
    await asked((await table("keys", "readwrite")).add(made, account));
    return made;
  } catch (error) {
    return read("keys", account); // another tab was first
  }
}

class Device {
  constructor(account, key) {
    this.account = account;
    this.key = key;
  }

  id(kind, name) {
    return `${this.account}:${kind}:${name}`;
  }

  async put(kind, name, value) {
    const id = this.id(kind, name);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
    const data = await crypto.subtle.encrypt(how, this.key, new TextEncoder().encode(JSON.stringify(value)));
    await write("rows", id, { iv, data });
    await this.tell();
  }

  async get(kind, name) {
    return this.decrypt(this.id(kind, name));
  }

  async decrypt(id) {
    const row = await read("rows", id);
    if (!row) return null;
    try {
      const how = { name: "AES-GCM", iv: row.iv, additionalData: new TextEncoder().encode(id) };
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, this.key, row.data)));
    } catch (error) {
      return null;
    }
  }

  async names(kind) {
    const before = this.id(kind, "");
    const keys = await asked((await table("rows", "readonly")).getAllKeys());
    return keys.filter((key) => key.startsWith(before)).map((key) => key.slice(before.length));
  }

  async all(kind) {
    const found = await Promise.all((await this.names(kind)).map((name) => this.get(kind, name)));
    return found.filter(Boolean).sort((a, b) => a.at - b.at);
  }

  async drop(kind, name) {
    const rows = await table("rows", "readwrite");
    await asked(rows.delete(this.id(kind, name)));
    await this.tell();
  }

  // The server asks before it signs somebody out whose records still wait; signing out then erases all of this.
  async tell() {
    const waiting = (await this.names("waiting")).length;
    const kept = waiting + (await this.names("draft")).length + (await this.names("known")).length;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const words = kept ? `${waiting}; Max-Age=2592000` : "; Max-Age=0";
    document.cookie = `kept_on_device=${words}; Path=/; SameSite=Strict${secure}`;
  }
}

// The device of this account; without an account, of whoever opened the form here last. null when nothing can be kept.
export async function deviceOf(account) {
  if (!able) return null;
  try {
    if (account) await write("keys", "last", account);
    const whose = account || (await read("keys", "last"));
    return whose ? new Device(whose, await keyOf(whose)) : null;
  } catch (error) {
    return null;
  }
}

// The hour that has just passed, by the device's own clock: the shell may be days old.
export function lastHour() {
  const two = (number) => String(number).padStart(2, "0");
  const ends = new Date(Math.floor(Date.now() / 300000) * 300000);
  const starts = new Date(ends - 3600000);
  const clock = (moment) => `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  const day = `${starts.getFullYear()}-${two(starts.getMonth() + 1)}-${two(starts.getDate())}`;
  return { day, start: clock(starts), end: starts.getDate() === ends.getDate() ? clock(ends) : "23:55" };
}

function touched(field) {
  if (/checkbox|radio/.test(field.type)) return field.checked !== field.defaultChecked;
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  return field.value !== field.defaultValue;
}

// Fills a form from its draft, and opens what then holds something. Unless all of it comes from the device, what somebody
// has typed already, before the draft was read, stays as it is.
export function fillForm(form, fields, all) {
  [...form.elements].forEach((field) => {
    if (!field.name || field.name === "csrfmiddlewaretoken" || field.type === "submit") return;
    if (!all && touched(field)) return;
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (/checkbox|radio/.test(field.type)) field.checked = values.includes(field.value);
    else field.value = values.length ? values[0] : "";
  });
  form.querySelectorAll("details").forEach((part) => {
    const filled = [...part.querySelectorAll("textarea, input:not([type=radio])")];
    if (filled.some((field) => (field.type === "checkbox" ? field.checked : field.value))) part.open = true;
  });
}
