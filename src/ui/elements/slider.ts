import "../tokens/tokens.css";

export { AntiphonSlider } from "../parts/antiphon-slider.ts";
