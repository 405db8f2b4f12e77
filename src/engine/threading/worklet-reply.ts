/**
 * How an audio worklet answers a request: done, failed for a reason, or not understood, because the browser could not
 * bring a compiled module into the worklet. A worklet answers its requests one by one, in their order.
 */
export type WorkletReply =
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "unreadable" };
