import { type SVGTemplateResult, svg } from "lit";

/** Names of the drawings in the page's own icon library. */
export type IconName = keyof typeof iconShapes;

/** Stroke drawings on a 24 × 24 grid; `antiphon-icon` gives them size and colour. Ours, so no icon is fetched from elsewhere. */
export const iconShapes = {
  antiphon: svg`<path d="M4 10v4M8 6v12M12 9v6M16 3v18M20 10v4" />`,
  "arrow-down": svg`<path d="M12 4v15M6 13l6 6 6-6" />`,
  broadcast: svg`<circle cx="12" cy="12" r="2" /><path d="M8.5 15.5a5 5 0 0 1 0-7M15.5 8.5a5 5 0 0 1 0 7M5.6 18.4a9 9 0 0 1 0-12.8M18.4 5.6a9 9 0 0 1 0 12.8" />`,
  chart: svg`<path d="M4 20h16M4 16l5-6 4 3 7-8" />`,
  check: svg`<path d="M4.5 12.5 10 18l9.5-11" />`,
  "chevron-down": svg`<path d="m6 9 6 6 6-6" />`,
  close: svg`<path d="m6 6 12 12M18 6 6 18" />`,
  copy: svg`<rect x="9" y="9" width="11" height="11" rx="2" /><path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3" />`,
  download: svg`<path d="M12 4v11M7 11l5 5 5-5M5 20h14" />`,
  faders: svg`<path d="M6 4v5M6 15v5M12 4v9M12 19v1M18 4v2M18 12v8M3.5 12h5M9.5 16h5M15.5 9h5" />`,
  headphones: svg`<path d="M4 16v-3a8 8 0 0 1 16 0v3" /><rect x="3.5" y="14" width="4.5" height="6.5" rx="2" /><rect x="16" y="14" width="4.5" height="6.5" rx="2" />`,
  "headphones-off": svg`<path d="M4 16v-3a8 8 0 0 1 2.3-5.6M9 5.6A8 8 0 0 1 20 13v3" /><rect x="3.5" y="14" width="4.5" height="6.5" rx="2" /><path d="M16 16v2.5a2 2 0 0 0 4 1M4 3l17 18" />`,
  help: svg`<circle cx="12" cy="12" r="9" /><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M12 16.8v.1" />`,
  info: svg`<circle cx="12" cy="12" r="9" /><path d="M12 11v5.5M12 7.5v.1" />`,
  leave: svg`<path d="M3 14.5c5-4.7 13-4.7 18 0l-2.2 2.7-3.8-1.4v-2.6a11 11 0 0 0-6 0v2.6l-3.8 1.4z" />`,
  link: svg`<path d="M10 14a4 4 0 0 0 6 .3l3-3a4 4 0 0 0-5.7-5.7L12 6.9M14 10a4 4 0 0 0-6-.3l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3" />`,
  lock: svg`<rect x="5" y="11" width="14" height="9" rx="2" /><path d="M8 11V8a4 4 0 0 1 8 0v3" />`,
  microphone: svg`<rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />`,
  "microphone-lost": svg`<rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 7.5 6.4M12 18v3M18 15v3.5M18 21.2v.1" />`,
  "microphone-off": svg`<path d="M9 6a3 3 0 0 1 6 0v5.5M9 9.5V11a3 3 0 0 0 4.4 2.6M5.5 11.5a6.5 6.5 0 0 0 9.7 5.7M18.5 11.5a6.4 6.4 0 0 1-.7 2.9M12 18v3M4 3l17 18" />`,
  moon: svg`<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z" />`,
  people: svg`<circle cx="9" cy="8.5" r="3.5" /><path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.5a6.5 6.5 0 0 1 3.5 5.5" />`,
  play: svg`<path d="M7 4.5v15l12-7.5z" />`,
  redo: svg`<path d="M20 9H9a5 5 0 0 0 0 10h5M16 5l4 4-4 4" />`,
  reset: svg`<path d="M5 5v5h5M5.5 14a7 7 0 1 0 1.2-6.5L5 10" />`,
  share: svg`<path d="M12 15V4M8 7.5 12 3.5l4 4M6 12H5v8h14v-8h-1" />`,
  sliders: svg`<path d="M4 7h9M19 7h1M4 17h1M11 17h9" /><circle cx="16" cy="7" r="2.5" /><circle cx="8" cy="17" r="2.5" />`,
  speaker: svg`<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11" />`,
  "speaker-off": svg`<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5" />`,
  stop: svg`<rect x="6" y="6" width="12" height="12" rx="1.5" />`,
  sun: svg`<circle cx="12" cy="12" r="4" /><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4" />`,
  talk: svg`<path d="M4 5h16v11h-9l-5 4v-4H4zM8 10.5h.1M12 10.5h.1M16 10.5h.1" />`,
  theme: svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 3.5v17a8.5 8.5 0 0 0 0-17z" fill="currentColor" />`,
  undo: svg`<path d="M4 9h11a5 5 0 0 1 0 10h-5M8 5 4 9l4 4" />`,
  upload: svg`<path d="M12 16V5M7 9l5-5 5 5M5 20h14" />`,
  warning: svg`<path d="M12 4 2.5 20h19zM12 10v4.5M12 17.2v.1" />`,
} as const satisfies Readonly<Record<string, SVGTemplateResult>>;
