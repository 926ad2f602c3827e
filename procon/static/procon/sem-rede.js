/* A page instead of the browser's own when the network is away. Nothing else is kept: pages hold people's data. */
"use strict";

const KEPT = "sem-rede-1";
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
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (request.url.endsWith("/static/procon/erro.css")) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
