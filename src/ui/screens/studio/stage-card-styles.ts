import { css } from "lit";

/** A card: head with bypass, instruments in a well, controls below. A bypassed card steps back. */
export const stageCardStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .card {
    display: grid;
    align-content: start;
    gap: var(--antiphon-space-3);
    block-size: 100%;
  }
  header {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto auto;
    align-items: center;
    gap: var(--antiphon-space-2);
  }
  header > antiphon-icon {
    color: var(--antiphon-accent);
  }
  .bypassed header > antiphon-icon {
    color: var(--antiphon-muted);
  }
  h2 {
    display: flex;
    align-items: baseline;
    gap: var(--antiphon-space-2);
  }
  .number {
    color: var(--antiphon-muted);
    font-size: var(--antiphon-font-size-xs);
    font-weight: 500;
  }
  .instruments {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 6px var(--antiphon-space-2);
    padding: var(--antiphon-space-2) var(--antiphon-space-3);
    border-radius: var(--antiphon-radius-m);
    background: var(--antiphon-surface-2);
    color: var(--antiphon-muted);
    font-size: var(--antiphon-font-size-xs);
  }
  antiphon-meter {
    block-size: 8px;
  }
  .facts {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--antiphon-space-3);
  }
  .facts b {
    color: var(--antiphon-text);
    font-weight: 600;
  }
  .controls {
    display: grid;
    gap: var(--antiphon-space-3);
    transition: opacity var(--antiphon-slow);
  }
  .bypassed .controls,
  .bypassed .instruments {
    opacity: 0.55;
  }
  .derived {
    padding-block-start: var(--antiphon-space-2);
    border-block-start: 1px solid var(--antiphon-hairline);
    color: var(--antiphon-muted);
    font-size: var(--antiphon-font-size-s);
  }
  .grants {
    display: flex;
    flex-wrap: wrap;
    gap: var(--antiphon-space-1);
  }
`;
