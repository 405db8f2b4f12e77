let epoch = 1;

const advance = (): void => {
  epoch += 1;
};

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", advance);
matchMedia("(forced-colors: active)").addEventListener("change", advance);
new MutationObserver(advance).observe(document.documentElement, { attributeFilter: ["data-theme"] });

/** A number that grows whenever the page's colours change, so that canvases read them again then and only then. */
export function colourEpoch(): number {
  return epoch;
}
