import { css } from "lit";

/** The recorder's bar: time, waveform, controls, and the large record button at its end. */
export const recorderStyles = css`
  :host {
    display: grid;
    gap: var(--antiphon-space-2);
  }
  .bar {
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-3);
    min-block-size: 72px;
    padding: var(--antiphon-space-2) var(--antiphon-space-2) var(--antiphon-space-2) var(--antiphon-space-5);
    border: 1px solid var(--antiphon-hairline);
    border-radius: 36px;
    background: var(--antiphon-surface);
    box-shadow: var(--antiphon-shadow-lifted);
  }
  .hint {
    flex: 1;
    min-inline-size: 0;
    color: var(--antiphon-muted);
  }
  .short {
    display: none;
  }
  .message {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--antiphon-space-2);
    padding: var(--antiphon-space-1) var(--antiphon-space-1) var(--antiphon-space-1) var(--antiphon-space-4);
    border-radius: var(--antiphon-radius-m);
    background: var(--antiphon-warn-soft);
    font-size: var(--antiphon-font-size-s);
  }
  .time {
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-2);
    font-weight: 600;
  }
  .left {
    color: var(--antiphon-warn);
    font-size: var(--antiphon-font-size-s);
  }
  .dot {
    inline-size: 10px;
    block-size: 10px;
    border-radius: 50%;
    background: var(--antiphon-muted);
  }
  .dot[data-live] {
    background: var(--antiphon-bad);
    animation: pulse 1.4s ease-in-out infinite;
  }
  @keyframes pulse {
    50% {
      opacity: 0.35;
    }
  }
  .slide {
    position: relative;
    flex: 1;
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-3);
    min-inline-size: 0;
  }
  .slide antiphon-live-waveform {
    flex: 1;
    opacity: calc(1 - var(--way, 0) * 0.7);
  }
  .slide > .small {
    display: inline-flex;
    align-items: center;
    gap: var(--antiphon-space-1);
    color: var(--antiphon-muted);
    white-space: nowrap;
    translate: calc(var(--way, 0) * -32px) 0;
  }
  .leftwards {
    --antiphon-icon-size: 16px;
    rotate: 90deg;
  }
  .lock-way {
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    color: var(--antiphon-muted);
    background: var(--antiphon-surface-2);
    translate: 0 calc(var(--way, 0) * -12px);
  }
  .record {
    flex: none;
    inline-size: 56px;
    min-block-size: 56px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: var(--antiphon-accent);
    color: var(--antiphon-on-accent);
    touch-action: none;
    user-select: none;
    -webkit-touch-callout: none;
  }
  .record antiphon-icon {
    --antiphon-icon-size: 26px;
    pointer-events: none;
  }
  .record:hover:not(:disabled) {
    background: color-mix(in oklab, var(--antiphon-accent) 86%, var(--antiphon-text));
  }
  [data-phase="held"] .record {
    background: var(--antiphon-bad);
    color: var(--antiphon-on-bad);
    scale: 1.12;
    transition: scale var(--antiphon-fast);
  }
  .record.stop {
    background: var(--antiphon-ok);
    color: var(--antiphon-bg);
  }
  .record.stop:hover:not(:disabled) {
    background: color-mix(in oklab, var(--antiphon-ok) 86%, var(--antiphon-text));
  }
  @media (max-width: 479px) {
    .bar {
      gap: var(--antiphon-space-2);
      padding-inline-start: var(--antiphon-space-4);
    }
    .long {
      display: none;
    }
    .short {
      display: inline;
    }
    .voice span {
      display: none;
    }
    /* Over the button, where the finger slides to: in the row there is no room beside it. */
    .bar {
      position: relative;
    }
    .lock-way {
      position: absolute;
      inset-block-end: calc(100% + var(--antiphon-space-2));
      inset-inline-end: var(--antiphon-space-6);
      box-shadow: var(--antiphon-shadow-lifted);
    }
    .record {
      inline-size: 72px;
      min-block-size: 72px;
    }
    .bar {
      border-radius: 44px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .dot[data-live] {
      animation: none;
    }
  }
`;
