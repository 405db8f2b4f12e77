import { css, html, LitElement, type TemplateResult } from "lit";
import { type IconName, iconShapes } from "./icon-shapes.ts";

/**
 * One icon of the page's own library, in the colour of the text around it. Decorative: the control beside it carries the name.
 *
 * @attr name - which drawing
 * @cssprop --antiphon-icon-size - edge length, 20px unless set
 */
export class AntiphonIcon extends LitElement {
  static override properties = { name: {} };
  static override styles = css`
    :host {
      display: inline-block;
      flex: none;
      inline-size: var(--antiphon-icon-size, 20px);
      block-size: var(--antiphon-icon-size, 20px);
      line-height: 0;
    }
    svg {
      inline-size: 100%;
      block-size: 100%;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.8;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `;

  declare name: IconName;

  constructor() {
    super();
    this.name = "info";
  }

  protected override render(): TemplateResult {
    return html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${iconShapes[this.name]}</svg>`;
  }
}

customElements.define("antiphon-icon", AntiphonIcon);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-icon": AntiphonIcon;
  }
}
