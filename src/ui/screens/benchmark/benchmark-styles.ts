import { css } from "lit";

/** Layout of the Benchmark screen. */
export const benchmarkStyles = css`
  :host {
    display: block;
  }
  .page {
    display: grid;
    gap: var(--antiphon-space-4);
    max-inline-size: 1280px;
    margin: 0 auto;
    padding: var(--antiphon-space-5) var(--antiphon-space-6);
  }
  .card {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--antiphon-space-4);
    min-inline-size: 0;
  }
  /* A narrow table leaves the details the rest of the line, a wide one sends them below. */
  .matrix {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: var(--antiphon-space-5);
  }
  .matrix > antiphon-latency-heatmap {
    flex: 0 1 auto;
    max-inline-size: 100%;
  }
  .details {
    flex: 1 1 320px;
    padding-inline-start: var(--antiphon-space-5);
    border-inline-start: 1px solid var(--antiphon-hairline);
  }
  .row,
  .pickers,
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--antiphon-space-2) var(--antiphon-space-3);
  }
  .row {
    justify-content: space-between;
  }
  .pickers {
    flex: 0 1 560px;
  }
  .pickers > * {
    flex: 1 1 200px;
  }
  .empty {
    justify-items: center;
    padding-block: var(--antiphon-space-8);
    color: var(--antiphon-muted);
    text-align: center;
  }
  .import {
    display: inline-flex;
    align-items: center;
    gap: var(--antiphon-space-2);
    min-block-size: 32px;
    padding: 0 var(--antiphon-space-3);
    border: 1px solid var(--antiphon-hairline);
    border-radius: var(--antiphon-radius-s);
    background: var(--antiphon-surface-2);
    color: var(--antiphon-text);
    font-size: var(--antiphon-font-size-s);
    font-weight: 550;
    cursor: pointer;
  }
  .import:hover {
    background: var(--antiphon-surface-3);
  }
  .import:focus-within {
    outline: 2px solid var(--antiphon-accent);
    outline-offset: 2px;
  }
  @media (max-width: 1023px) {
    .details {
      flex-basis: 100%;
      padding: var(--antiphon-space-4) 0 0;
      border-inline-start: 0;
      border-block-start: 1px solid var(--antiphon-hairline);
    }
  }
  @media (pointer: coarse), (max-width: 719px) {
    .import {
      min-block-size: 44px;
    }
  }
  @media (max-width: 719px) {
    .page {
      gap: var(--antiphon-space-3);
      padding: var(--antiphon-space-3);
    }
  }
`;
