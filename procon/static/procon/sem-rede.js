/* A page instead of the browser's own when the network is away. Nothing else is kept: pages hold people's data. */
"use strict";

const KEPT = "sem-rede-2";
const PAGE = "/sem-rede/";

self.addEventListener("install", (event) => {
  const keep = caches.open(KEPT).then((cache) => cache.addAll([PAGE, "/static/procon/erro.css"]));
  event.waitUntil(keep.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name !== KEPT;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  // A form is the browser's own to send: what was typed stays on its page, and the server sees who sent it.
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (request.url.endsWith("/static/procon/erro.css")) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
