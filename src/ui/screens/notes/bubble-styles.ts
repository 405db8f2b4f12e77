import { css } from "lit";

/** A note's bubble: play button, waveform, facts and actions. */
export const bubbleStyles = css`
  :host {
    display: block;
  }
  article {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--antiphon-space-2);
    padding: var(--antiphon-space-3) var(--antiphon-space-4);
  }
  article.received,
  article.call {
    border-end-start-radius: var(--antiphon-radius-s);
  }
  article.recorded {
    border-end-end-radius: var(--antiphon-radius-s);
  }
  .line {
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-3);
  }
  .line antiphon-note-waveform {
    flex: 1;
  }
  .play {
    flex: none;
    inline-size: 44px;
    min-block-size: 44px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: var(--antiphon-accent);
    color: var(--antiphon-on-accent);
  }
  .play:hover:not(:disabled) {
    background: color-mix(in oklab, var(--antiphon-accent) 86%, var(--antiphon-text));
  }
  .speed {
    min-inline-size: 52px;
    border-radius: 16px;
  }
  .facts {
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-2);
    /* The button of its row is as large as a finger, its picture is not. */
    margin-block-end: calc(-1 * var(--antiphon-space-2));
  }
  .facts:not(:last-child) {
    margin-block-end: 0;
  }
  .when {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .dot {
    flex: none;
    inline-size: 9px;
    block-size: 9px;
    border-radius: 50%;
    background: var(--antiphon-accent);
  }
  .actions,
  .draft .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: var(--antiphon-space-2);
  }
  .actions antiphon-icon {
    --antiphon-icon-size: 16px;
  }
  .draft {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--antiphon-space-2);
    padding: var(--antiphon-space-2) var(--antiphon-space-3);
    border-radius: var(--antiphon-radius-s);
    background: var(--antiphon-warn-soft);
  }
  .delivery {
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-2);
  }
  progress {
    inline-size: 100%;
    block-size: 6px;
    accent-color: var(--antiphon-accent);
  }
`;
