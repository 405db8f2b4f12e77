let lastLinkId = 0;

/** A number for a new link of the network thread, unlike all others on this page. */
export function nextLinkId(): number {
  lastLinkId += 1;
  return lastLinkId;
}
