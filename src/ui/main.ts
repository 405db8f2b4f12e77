import "./shell/antiphon-app.ts";
import { followTheme } from "./shell/theme.ts";

followTheme();
