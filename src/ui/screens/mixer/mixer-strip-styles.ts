import { css } from "lit";

/** A channel strip, upright; laid down as a row on narrow windows. */
export const mixerStripStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .strip {
    display: grid;
    grid-template-rows: auto 24px minmax(180px, 1fr) auto auto;
    justify-items: stretch;
    gap: var(--antiphon-space-3);
    block-size: 100%;
    min-block-size: 440px;
    padding: var(--antiphon-space-3) var(--antiphon-space-2);
  }
  .strip.speaking {
    border-color: var(--antiphon-ok);
    box-shadow: inset 0 3px var(--antiphon-ok);
  }
  .name {
    display: grid;
    gap: 2px;
    text-align: center;
    min-inline-size: 0;
  }
  .name strong {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .name .small {
    line-height: 22px;
    font-size: var(--antiphon-font-size-xs);
  }
  .pan {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--antiphon-space-1);
    color: var(--antiphon-muted);
    font-size: 11px;
  }
  .caption {
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
  }
  .limiter {
    grid-template-columns: minmax(0, 1fr) 46px;
  }
  .level {
    display: flex;
    justify-content: center;
    gap: var(--antiphon-space-3);
    min-block-size: 0;
  }
  .level antiphon-meter {
    inline-size: 14px;
  }
  .scale {
    position: relative;
    inline-size: 26px;
    color: var(--antiphon-muted);
    font-size: 10px;
    line-height: 1;
  }
  .scale span {
    position: absolute;
    inset-inline-end: 0;
    translate: 0 50%;
  }
  .gain {
    font-weight: 600;
    text-align: center;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--antiphon-space-1);
  }
  .buttons button {
    flex: 1 1 auto;
    min-inline-size: 28px;
    padding: 0 4px;
  }
  .chip {
    justify-content: center;
  }
  @media (max-width: 719px) {
    .strip {
      grid-template: "name gain" auto "level level" auto "pan buttons" auto / minmax(0, 1fr) auto;
      grid-template-rows: auto;
      align-items: center;
      min-block-size: 0;
      padding: var(--antiphon-space-3);
    }
    .pan.caption {
      justify-items: start;
      grid-template-columns: auto;
    }
    .name {
      grid-area: name;
      text-align: start;
    }
    .gain {
      grid-area: gain;
      text-align: end;
    }
    .level {
      grid-area: level;
      flex-direction: column;
      gap: var(--antiphon-space-2);
    }
    .level antiphon-meter {
      inline-size: auto;
    }
    .scale {
      display: none;
    }
    .pan {
      grid-area: pan;
    }
    .limiter {
      grid-area: pan;
    }
    .buttons {
      grid-area: buttons;
      flex-wrap: nowrap;
    }
    .buttons button {
      min-inline-size: 44px;
    }
    .name .chip {
      justify-self: start;
    }
  }
`;
