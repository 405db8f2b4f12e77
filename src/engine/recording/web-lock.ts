/**
 * Holds a lock that all tabs of the page see; the browser releases it when this page dies. Resolves to the function that
 * releases it, or to undefined when another tab holds it. Where the browser has no locks every request succeeds.
 */
export function tryLock(name: string, mode: LockMode = "exclusive"): Promise<(() => void) | undefined> {
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    const held = Promise.withResolvers<void>();
    locks
      .request(name, { ifAvailable: true, mode }, (lock) => {
        if (lock === null) {
          resolve(undefined);
          return undefined;
        }
        resolve(held.resolve);
        return held.promise;
      })
      .catch(reject);
  });
}
