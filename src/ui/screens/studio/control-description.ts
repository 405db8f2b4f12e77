import type { NumberRange, Settings } from "../../../engine/index.ts";
import type { SettingPath } from "../../controllers/setting-path.ts";
import type { ChoiceOption } from "../../parts/antiphon-choice.ts";
import type { IconName } from "../../parts/icon-shapes.ts";

type Common = {
  readonly label: string;
  /** What it does, for the tooltip. */
  readonly hint?: string;
  /** Shown only when the Studio shows everything. */
  readonly isAdvanced?: boolean;
  /** Shown only while this holds. */
  readonly appliesTo?: (settings: Settings) => boolean;
};

/** A number on a slider. */
export type RangeControl = Common & {
  readonly kind: "range";
  readonly path: SettingPath;
  readonly range: NumberRange;
  readonly isLogarithmic?: boolean;
  readonly format?: (value: number) => string;
};

/** One of several named values; `valueOf` turns the option's text back into the document's value. */
export type ChoiceControl = Common & {
  readonly kind: "choice";
  readonly path: SettingPath;
  readonly options: readonly ChoiceOption[];
  readonly valueOf?: (option: string) => unknown;
};

/** On or off. */
export type SwitchControl = Common & { readonly kind: "switch"; readonly path: SettingPath };

/** A key of the keyboard. */
export type KeyControl = Common & { readonly kind: "key"; readonly path: SettingPath };

/** The picker of an audio device. */
export type DeviceControl = Common & { readonly kind: "device"; readonly direction: "input" | "output" };

/** One control of a Studio card, described as data. */
export type ControlDescription = RangeControl | ChoiceControl | SwitchControl | KeyControl | DeviceControl;

/** How a card is switched out of the signal path. */
export type Bypass = {
  readonly path: SettingPath;
  readonly isOn: (settings: Settings) => boolean;
  /** Values written when it is switched on and off. */
  readonly on: unknown;
  readonly off: unknown;
};

/** Stages of the signal path that have meters of their own. */
export type StageName =
  | "input"
  | "high-pass"
  | "suppressor"
  | "activation"
  | "leveler"
  | "limiter"
  | "encoder"
  | "output";

/** One card of the Studio. */
export type CardDescription = {
  readonly id: string;
  readonly title: string;
  /** What the stage is for, in one line. */
  readonly summary: string;
  readonly icon: IconName;
  readonly stage?: StageName;
  readonly bypass?: Bypass;
  readonly controls: readonly ControlDescription[];
};

/** The paths a card's reset puts back. */
export function cardPaths(card: CardDescription): readonly SettingPath[] {
  const paths = card.controls.flatMap((control) => (control.kind === "device" ? [] : [control.path]));
  return card.bypass === undefined || paths.includes(card.bypass.path) ? paths : [card.bypass.path, ...paths];
}
