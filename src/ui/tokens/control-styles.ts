import { css } from "lit";

/** Box model, text and focus ring shared by every element of the page. */
export const baseStyles = css`
  :host {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 2px solid var(--antiphon-accent);
    outline-offset: 2px;
  }
  h1,
  h2,
  h3,
  p {
    margin: 0;
  }
  h1 {
    font-size: 22px;
    line-height: 1.2;
    letter-spacing: -0.01em;
  }
  h2 {
    font-size: 16px;
    line-height: 1.3;
  }
  h3 {
    font-size: var(--antiphon-font-size-s);
    line-height: 1.3;
  }
  .muted {
    color: var(--antiphon-muted);
  }
  .small {
    font-size: var(--antiphon-font-size-s);
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Native buttons, fields, selects, sliders and switches in the page's own look. */
export const controlStyles = css`
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--antiphon-space-2);
    min-block-size: 40px;
    padding: 0 var(--antiphon-space-4);
    border: 1px solid var(--antiphon-hairline);
    border-radius: var(--antiphon-radius-m);
    background: var(--antiphon-surface-2);
    font-weight: 550;
    white-space: nowrap;
    cursor: pointer;
    transition:
      background var(--antiphon-fast),
      border-color var(--antiphon-fast);
  }
  button:hover:not(:disabled) {
    background: var(--antiphon-surface-3);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.primary {
    border-color: transparent;
    background: var(--antiphon-accent);
    color: var(--antiphon-on-accent);
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in oklab, var(--antiphon-accent) 86%, var(--antiphon-text));
  }
  button.danger {
    border-color: transparent;
    background: var(--antiphon-bad);
    color: var(--antiphon-on-bad);
  }
  button.quiet {
    border-color: transparent;
    background: transparent;
  }
  button.quiet:hover:not(:disabled) {
    background: var(--antiphon-surface-2);
  }
  button.compact {
    min-block-size: 32px;
    padding: 0 var(--antiphon-space-3);
    border-radius: var(--antiphon-radius-s);
    font-size: var(--antiphon-font-size-s);
  }
  button.icon {
    flex: none;
    inline-size: 40px;
    padding: 0;
  }
  button.icon.compact {
    inline-size: 32px;
  }
  button[aria-pressed="true"],
  button[aria-checked="true"] {
    border-color: var(--antiphon-accent);
    background: var(--antiphon-accent-soft);
    color: var(--antiphon-accent);
  }
  button[aria-pressed="true"].alert {
    border-color: var(--antiphon-bad);
    background: var(--antiphon-bad-soft);
    color: var(--antiphon-bad);
  }
  input[type="text"],
  input[type="number"],
  input[type="search"],
  select {
    inline-size: 100%;
    min-inline-size: 0;
    min-block-size: 40px;
    padding: 0 var(--antiphon-space-3);
    border: 1px solid var(--antiphon-border);
    border-radius: var(--antiphon-radius-m);
    background: var(--antiphon-surface);
    text-overflow: ellipsis;
  }
  select {
    padding-inline-end: var(--antiphon-space-2);
  }
  input.compact,
  select.compact {
    min-block-size: 32px;
    padding: 0 var(--antiphon-space-2);
    border-radius: var(--antiphon-radius-s);
    font-size: var(--antiphon-font-size-s);
  }
  ::placeholder {
    color: var(--antiphon-muted);
    opacity: 1;
  }
  summary {
    padding-block: 3px;
    cursor: pointer;
  }
  label.field,
  .field {
    display: grid;
    gap: var(--antiphon-space-1);
    font-size: var(--antiphon-font-size-s);
    min-inline-size: 0;
  }
  .field > span:first-child {
    color: var(--antiphon-muted);
    font-weight: 500;
  }
  input[type="checkbox"].switch {
    appearance: none;
    position: relative;
    flex: none;
    inline-size: 42px;
    block-size: 24px;
    margin: 0;
    border: 1px solid var(--antiphon-border);
    border-radius: 12px;
    background: var(--antiphon-surface-2);
    cursor: pointer;
    transition: background var(--antiphon-fast);
  }
  input[type="checkbox"].switch::before {
    content: "";
    position: absolute;
    inset-block-start: 2px;
    inset-inline-start: 2px;
    inline-size: 18px;
    block-size: 18px;
    border-radius: 50%;
    background: var(--antiphon-muted);
    transition: translate var(--antiphon-fast);
  }
  input[type="checkbox"].switch:checked {
    border-color: var(--antiphon-accent);
    background: var(--antiphon-accent);
  }
  input[type="checkbox"].switch:checked::before {
    translate: 18px 0;
    background: var(--antiphon-on-accent);
  }
  /* Fingers need 44 px. */
  @media (pointer: coarse), (max-width: 719px) {
    button {
      min-inline-size: 44px;
    }
    button,
    button.compact,
    input[type="text"],
    input[type="number"],
    input[type="search"],
    input.compact,
    select,
    select.compact {
      min-block-size: 44px;
    }
    button.icon,
    button.icon.compact {
      inline-size: 44px;
    }
    label:has(> input.switch),
    textarea {
      min-block-size: 44px;
    }
    summary {
      padding-block: 13px;
    }
  }
  /* Hovered and alarming ones too: their own colours would come back with the adjustment off. */
  @media (forced-colors: active) {
    button[aria-pressed="true"],
    button[aria-pressed="true"].alert,
    button[aria-pressed="true"]:hover:not(:disabled),
    input[type="checkbox"].switch:checked {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }
    /* Whatever colour an element gives the small print on its buttons. */
    button[aria-pressed="true"] * {
      color: inherit !important;
    }
    input[type="checkbox"].switch:checked::before {
      background: HighlightText;
    }
  }
`;

/**
 * Sliders in the page's own look. The element sets `--position` (0 % … 100 %) for the filled part of the track; `.upright` stands
 * the slider on end and `.centred` leaves the track unfilled.
 */
export const rangeStyles = css`
  input[type="range"] {
    --direction: to right;
    appearance: none;
    inline-size: 100%;
    block-size: 24px;
    margin: 0;
    background: transparent;
    cursor: pointer;
  }
  input[type="range"].upright {
    --direction: to top;
    width: 28px;
    height: 100%;
    inline-size: auto;
    writing-mode: vertical-lr;
    direction: rtl;
  }
  input[type="range"]:disabled {
    opacity: 0.5;
    cursor: default;
  }
  input[type="range"]::-webkit-slider-runnable-track {
    block-size: 4px;
    border-radius: 2px;
    background: linear-gradient(
      var(--direction),
      var(--antiphon-accent) var(--position, 0%),
      var(--antiphon-track) var(--position, 0%)
    );
  }
  input[type="range"]::-moz-range-track {
    block-size: 4px;
    border-radius: 2px;
    background: linear-gradient(
      var(--direction),
      var(--antiphon-accent) var(--position, 0%),
      var(--antiphon-track) var(--position, 0%)
    );
  }
  input[type="range"]::-webkit-slider-thumb {
    appearance: none;
    inline-size: 16px;
    block-size: 16px;
    margin-block-start: -6px;
    border: 3px solid var(--antiphon-surface);
    border-radius: 50%;
    background: var(--antiphon-accent);
    box-shadow: 0 0 0 1px var(--antiphon-accent);
  }
  input[type="range"]::-moz-range-thumb {
    inline-size: 10px;
    block-size: 10px;
    border: 3px solid var(--antiphon-surface);
    border-radius: 50%;
    background: var(--antiphon-accent);
    box-shadow: 0 0 0 1px var(--antiphon-accent);
  }
  input[type="range"].upright::-webkit-slider-thumb {
    inline-size: 14px;
    block-size: 26px;
    margin-block-start: -11px;
    border-width: 2px;
    border-radius: var(--antiphon-radius-s);
  }
  input[type="range"].upright::-moz-range-thumb {
    inline-size: 10px;
    block-size: 22px;
    border-width: 2px;
    border-radius: var(--antiphon-radius-s);
  }
  @media (pointer: coarse), (max-width: 719px) {
    input[type="range"]:not(.upright) {
      block-size: 44px;
    }
    input[type="range"]:not(.upright)::-webkit-slider-thumb {
      inline-size: 22px;
      block-size: 22px;
      margin-block-start: -9px;
    }
    input[type="range"]:not(.upright)::-moz-range-thumb {
      inline-size: 16px;
      block-size: 16px;
    }
  }
  @media (forced-colors: active) {
    input[type="range"] {
      appearance: auto;
    }
  }
`;

/** Cards, chips and the small pieces that several screens share. */
export const surfaceStyles = css`
  .card {
    padding: var(--antiphon-space-4);
    border: 1px solid var(--antiphon-hairline);
    border-radius: var(--antiphon-radius-l);
    background: var(--antiphon-surface);
    box-shadow: var(--antiphon-shadow);
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: var(--antiphon-space-1);
    padding: 1px var(--antiphon-space-2);
    border-radius: 999px;
    background: var(--antiphon-surface-2);
    color: var(--antiphon-muted);
    font-size: var(--antiphon-font-size-xs);
    line-height: 20px;
    white-space: nowrap;
  }
  .chip.ok {
    background: var(--antiphon-ok-soft);
    color: var(--antiphon-ok);
  }
  .chip.warn {
    background: var(--antiphon-warn-soft);
    color: var(--antiphon-warn);
  }
  .chip.bad {
    background: var(--antiphon-bad-soft);
    color: var(--antiphon-bad);
  }
  kbd {
    display: inline-block;
    min-inline-size: 24px;
    padding: 0 var(--antiphon-space-2);
    border: 1px solid var(--antiphon-border);
    border-block-end-width: 2px;
    border-radius: var(--antiphon-radius-s);
    background: var(--antiphon-surface);
    font: 600 var(--antiphon-font-size-xs) / 20px var(--antiphon-font);
    text-align: center;
  }
`;
