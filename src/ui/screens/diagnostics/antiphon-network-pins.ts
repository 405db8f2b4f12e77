import { css, html, LitElement, type TemplateResult } from "lit";
import { FRAME_DURATIONS, type NetworkPins } from "../../../engine/index.ts";
import { SettingsController } from "../../controllers/settings-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import "../../parts/antiphon-choice.ts";
import type { ChoiceOption } from "../../parts/antiphon-choice.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";

type Pin = {
  readonly key: keyof NetworkPins;
  readonly label: string;
  readonly values: readonly { readonly value: number | boolean; readonly label: string }[];
};

const pins: readonly Pin[] = [
  {
    key: "bitrate",
    label: "Bitrate",
    values: [8, 12, 16, 24, 32, 48, 64, 96, 128].map((rate) => ({ value: rate * 1000, label: `${rate} kb/s` })),
  },
  {
    key: "frameDuration",
    label: "Frame",
    values: FRAME_DURATIONS.map((duration) => ({ value: duration, label: `${duration} ms` })),
  },
  {
    key: "redundancy",
    label: "Redundancy",
    values: [0, 1, 2, 3].map((copies) => ({ value: copies, label: copies === 0 ? "none" : `${copies}×` })),
  },
  {
    key: "fec",
    label: "FEC",
    values: [
      { value: true, label: "on" },
      { value: false, label: "off" },
    ],
  },
  {
    key: "dredDuration",
    label: "Deep redundancy",
    values: [0, 10, 20, 40, 100].map((units) => ({ value: units, label: units === 0 ? "off" : `${units * 10} ms` })),
  },
  {
    key: "connections",
    label: "Connections",
    values: [1, 2, 3, 4, 5, 6].map((count) => ({ value: count, label: String(count) })),
  },
];

/** What the controllers may not change: each value is either theirs or pinned. */
export class AntiphonNetworkPins extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(150px, 100%), 1fr));
        align-items: end;
        gap: var(--antiphon-space-3);
      }
      label {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--antiphon-space-2);
        min-block-size: 36px;
        font-size: var(--antiphon-font-size-s);
        font-weight: 500;
      }
    `,
  ];

  readonly #settings = new SettingsController(this);

  protected override render(): TemplateResult {
    const { network } = this.#settings.settings;
    return html`
      ${pins.map((pin) => this.#pin(pin, network.pins[pin.key]))}
      <label title="Send only through a TURN server, which hides your address from the others. For the next call.">
        Relay only
        <input
          type="checkbox"
          class="switch"
          role="switch"
          .checked=${network.isRelayOnly}
          @change=${() => settingsStore.set("network.isRelayOnly", !network.isRelayOnly)}
        />
      </label>
    `;
  }

  #pin({ key, label, values }: Pin, current: NetworkPins[keyof NetworkPins]): TemplateResult {
    const options: readonly ChoiceOption[] = [
      { value: "", label: "automatic" },
      ...values.map(({ value, label: text }) => ({ value: String(value), label: text })),
    ];
    const isListed = current === null || values.some(({ value }) => value === current);
    return html`
      <antiphon-choice
        label=${label}
        .value=${current === null ? "" : String(current)}
        .options=${isListed ? options : [...options, { value: String(current), label: String(current) }]}
        @change=${({ detail }: CustomEvent<string>) => {
          const chosen = values.find(({ value }) => String(value) === detail)?.value ?? null;
          settingsStore.change({ network: { pins: { [key]: chosen } } }, `network.pins.${key}`);
        }}
      ></antiphon-choice>
    `;
  }
}

customElements.define("antiphon-network-pins", AntiphonNetworkPins);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-network-pins": AntiphonNetworkPins;
  }
}
