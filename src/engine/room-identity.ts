const STORAGE_KEY = "antiphon-identity";

/**
 * What tells others that a page is the one that was here before it was loaded again: random, kept for as long as the tab
 * lives. Without storage, or outside a page, it is new every time.
 */
export function roomIdentity(): string {
  try {
    const known = sessionStorage.getItem(STORAGE_KEY);
    if (known !== null && /^[\w-]{1,64}$/.test(known)) {
      return known;
    }
    const identity = crypto.randomUUID();
    sessionStorage.setItem(STORAGE_KEY, identity);
    return identity;
  } catch {
    // Storage is blocked, or there is none: then nobody can be recognised.
    return crypto.randomUUID();
  }
}
