import { addPlugins, cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";
import { registerRoute, setCatchHandler } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";
import { isolated } from "./isolated-response.ts";
import type { ToServiceWorker } from "./service-worker-messages.ts";

/*
 * The offline shell: keeps the page's own files, so that it opens without a network and voice notes stay in reach, and
 * gives every answer the headers of cross-origin isolation where the host cannot. Calls never pass through it.
 */

declare const self: ServiceWorkerGlobalScope & {
  /** Filled in at build time by scripts/precache-manifest.mjs. */
  readonly __WB_MANIFEST: readonly { readonly url: string; readonly revision: string | null }[];
};

/** Files that are too large to fetch before anybody asks for them; kept from their first use on. */
const LAZY_CACHE = "antiphon-lazy";

const isolating = {
  async cacheWillUpdate({ response }: { readonly response: Response }): Promise<Response | null> {
    return response.ok ? isolated(response) : null;
  },
};

addPlugins([isolating]);
precacheAndRoute([...self.__WB_MANIFEST], { directoryIndex: "index.html", cleanURLs: false });
cleanupOutdatedCaches();
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && /\/assets\/.+-[\w-]{8,}\.\w+$/.test(url.pathname),
  new CacheFirst({ cacheName: LAZY_CACHE, plugins: [isolating] }),
);
setCatchHandler(async () => Response.error());

self.addEventListener("message", ({ data }: ExtendableMessageEvent) => {
  switch ((data as ToServiceWorker).type) {
    case "take-over":
      void self.skipWaiting();
      return;
    case "claim":
      void self.clients.claim();
      return;
  }
});
