/**
 * What a page asks of the service worker. `take-over`: the waiting version becomes the active one. `claim`: pages that were
 * opened before the worker existed are served by it from now on.
 */
export type ToServiceWorker = { readonly type: "take-over" } | { readonly type: "claim" };
