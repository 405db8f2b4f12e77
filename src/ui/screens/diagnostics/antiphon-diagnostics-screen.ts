import { html, LitElement, type TemplateResult } from "lit";

/** Placeholder until the figures come. */
export class AntiphonDiagnosticsScreen extends LitElement {
  protected override render(): TemplateResult {
    return html``;
  }
}

customElements.define("antiphon-diagnostics-screen", AntiphonDiagnosticsScreen);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-diagnostics-screen": AntiphonDiagnosticsScreen;
  }
}
