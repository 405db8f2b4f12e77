import type { Page } from "playwright-core";

/**
 * What of the page as it is now does not fit its window or is too small to be hit, one line for each: elements that scroll
 * sideways without being made for it, and controls under 24 px (WCAG 2.5.8), or buttons under 44 px where a finger is the pointer.
 */
export function layoutFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const deep = (root: Document | ShadowRoot | Element): readonly Element[] =>
      [...root.querySelectorAll("*")].flatMap((element) => [
        element,
        ...(element.shadowRoot === null ? [] : deep(element.shadowRoot)),
      ]);
    const modal = deep(document).find((element) => element.matches("dialog:modal"));
    const slots = modal === undefined ? [] : [...modal.querySelectorAll("slot")];
    const parts = slots.flatMap((slot) => slot.assignedElements({ flatten: true }));
    const all =
      modal === undefined ? deep(document) : [modal, ...deep(modal), ...parts.flatMap((part) => [part, ...deep(part)])];
    const isTouch = matchMedia("(pointer: coarse)").matches;
    const faults: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) faults.push("the page is wider than its window");
    for (const element of all) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const name = `${element.localName} ${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}`;
      const { overflowX } = getComputedStyle(element);
      const scrolls = overflowX === "auto" || overflowX === "scroll";
      if (scrolls && element.scrollWidth > element.clientWidth + 1 && !element.hasAttribute("tabindex")) {
        faults.push(`${name}: scrolls sideways, ${element.scrollWidth} in ${element.clientWidth} px`);
      }
      if (!element.matches("a[href], button, input, select, textarea, summary, [role=slider]")) continue;
      if (getComputedStyle(element).display === "inline" || element.closest(".visually-hidden") !== null) continue;
      const target = element.closest("label") ?? element;
      const { width, height, left, right } = target.getBoundingClientRect();
      if (width === 0 || height === 0) continue;
      const least = isTouch && element.matches("button") ? 44 : 24;
      const size = `${Math.round(width)} × ${Math.round(height)} px`;
      if (width < least - 0.5 || height < least - 0.5) faults.push(`${name}: ${size}, under ${least}`);
      if (left < -1 || right > innerWidth + 1) faults.push(`${name}: reaches out of the window, ${left} to ${right}`);
    }
    return faults;
  });
}
