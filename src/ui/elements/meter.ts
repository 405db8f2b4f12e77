import "../tokens/tokens.css";

export { AntiphonMeter } from "../parts/antiphon-meter.ts";
export type { LevelReading, LevelSource } from "../parts/meter-ballistics.ts";
