import { html, nothing, type TemplateResult } from "lit";
import "../../parts/antiphon-fader.ts";
import { faderPosition } from "../../parts/antiphon-fader.ts";
import "../../parts/antiphon-meter.ts";
import type { LevelSource } from "../../parts/meter-ballistics.ts";

/** Gains written beside an upright fader, dB. */
const SCALE_DB = [12, 6, 0, -6, -12, -24, -48];

/** What the middle of a strip shows. */
export type StripLevel = {
  readonly name: string;
  readonly gainDb: number;
  readonly isUpright: boolean;
  readonly source: LevelSource;
  readonly change: (gainDb: number) => void;
};

/** Scale, fader and meter of a strip: upright side by side, or lying one above the other. */
export function stripLevel({ name, gainDb, isUpright, source, change }: StripLevel): TemplateResult {
  return html`
    <div class="level">
      ${
        isUpright
          ? html`<div class="scale" aria-hidden="true">
              ${SCALE_DB.map(
                (value) =>
                  html`<span style="inset-block-end: calc(13px + ${faderPosition(value)} * (100% - 26px))">${value > 0 ? `+${value}` : String(value).replace("-", "−")}</span>`,
              )}
            </div>`
          : nothing
      }
      <antiphon-fader
        label="Volume of ${name}"
        ?vertical=${isUpright}
        .gainDb=${gainDb}
        @change=${({ detail }: CustomEvent<number>) => change(detail)}
      ></antiphon-fader>
      <antiphon-meter label="Level of ${name}" ?vertical=${isUpright} .source=${source}></antiphon-meter>
    </div>
  `;
}
