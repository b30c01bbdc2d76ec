// Shows the blank log form where there is no network. It sees the addresses below its own only, answers those of log
// forms alone, and keeps one page that is the same for everybody, with the files it needs: nothing of anybody.

// The same for sessions and for gatherings, each below its own address and with a cache of its own.
const CACHE = self.location.pathname.includes("/circles/") ? "supervision-gathering" : "supervision-log";
const LOG = /^\/supervision\/(pairings\/\d+\/log|circles\/\d+\/record)\/$/;
const shell = new URL("offline/", self.location).href;
const hashed = /\.[0-9a-f]{12}\./;
let fresh = false;

async function refresh() {
  const answer = await fetch(shell, { credentials: "omit", cache: "no-cache", redirect: "error" });
  if (!answer.ok) throw new Error(answer.status);
  const html = await answer.clone().text();
  const wanted = new Set([...html.matchAll(/(?:href|src)="(\/static\/[^"#?]+)/g)].map((found) => found[1]));
  const cache = await caches.open(CACHE);
  await Promise.all(
    [...wanted].map(async (address) => {
      if (!hashed.test(address) || !(await cache.match(address))) await cache.add(address);
    }),
  );
  await cache.put(shell, answer);
  for (const request of await cache.keys()) {
    const { href, pathname } = new URL(request.url);
    if (href !== shell && !wanted.has(pathname)) await cache.delete(request);
  }
  fresh = true;
}

self.addEventListener("install", (event) => event.waitUntil(refresh().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && LOG.test(address.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(shell, { cacheName: CACHE })));
    if (!fresh) event.waitUntil(refresh().catch(() => {}));
  } else if (address.pathname.startsWith("/static/")) {
    event.respondWith(
      fetch(request).catch(async () => (await caches.match(request, { cacheName: CACHE })) || Response.error()),
    );
  }
});
