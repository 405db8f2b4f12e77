import "../tokens/tokens.css";

export { AntiphonFader } from "../parts/antiphon-fader.ts";
