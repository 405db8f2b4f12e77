import { css } from "lit";

/** The call bar: one row on wide windows; state above the buttons and a larger talk button on narrow ones. */
export const callBarStyles = css`
  :host {
    display: grid;
    grid-template-columns: 1fr auto 1fr;
    align-items: center;
    gap: var(--antiphon-space-4);
    padding: var(--antiphon-space-2) var(--antiphon-space-6);
    padding-block-end: calc(var(--antiphon-space-2) + env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--antiphon-hairline);
    background: var(--antiphon-surface);
  }
  .state {
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-3);
    min-inline-size: 0;
    color: var(--antiphon-muted);
  }
  .state > antiphon-icon {
    --antiphon-icon-size: 22px;
    padding: 9px;
    box-sizing: content-box;
    border-radius: 50%;
    background: var(--antiphon-surface-2);
    transition: background var(--antiphon-fast);
  }
  .state.live {
    color: var(--antiphon-ok);
  }
  .state.live > antiphon-icon {
    background: var(--antiphon-ok-soft);
  }
  .state.off,
  .state.bad {
    color: var(--antiphon-bad);
  }
  .state.off > antiphon-icon,
  .state.bad > antiphon-icon {
    background: var(--antiphon-bad-soft);
  }
  .word {
    display: grid;
    gap: 5px;
    inline-size: min(180px, 100%);
    min-inline-size: 0;
  }
  .word strong {
    overflow: hidden;
    font-size: 14px;
    line-height: 1.15;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  antiphon-meter {
    block-size: 6px;
  }
  .tools {
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-2);
  }
  button.tool,
  button.talk {
    flex-direction: column;
    gap: 1px;
    min-inline-size: 68px;
    min-block-size: 52px;
    padding: 0 var(--antiphon-space-2);
    font-size: var(--antiphon-font-size-xs);
  }
  button.talk {
    min-inline-size: 96px;
    border-color: var(--antiphon-accent);
    color: var(--antiphon-accent);
    background: transparent;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
  }
  button.talk:active:not(:disabled) {
    background: var(--antiphon-ok);
    border-color: var(--antiphon-ok);
    color: var(--antiphon-bg);
  }
  button.chat {
    position: relative;
  }
  .badge {
    position: absolute;
    inset-block-start: 3px;
    inset-inline-end: 12px;
    min-inline-size: 18px;
    padding: 0 5px;
    border-radius: 9px;
    background: var(--antiphon-accent);
    color: var(--antiphon-on-accent);
    font-size: 11px;
    line-height: 18px;
  }
  button.leave {
    border-color: transparent;
    background: var(--antiphon-bad);
    color: var(--antiphon-on-bad);
  }
  button.leave:hover:not(:disabled) {
    background: color-mix(in oklab, var(--antiphon-bad) 86%, var(--antiphon-text));
  }
  .figures {
    display: flex;
    justify-content: flex-end;
    min-inline-size: 0;
  }
  .chip b {
    color: var(--antiphon-text);
  }
  /* Too narrow for buttons in the middle: the state gets what the figures leave over. */
  @media (max-width: 959px) {
    :host {
      grid-template-columns: minmax(0, 1fr) auto auto;
      gap: var(--antiphon-space-3);
      padding-inline: var(--antiphon-space-4);
    }
    .chip span {
      display: none;
    }
  }
  @media (max-width: 719px) {
    :host {
      grid-template-columns: minmax(0, 1fr) auto;
      gap: var(--antiphon-space-2);
      padding: var(--antiphon-space-2) var(--antiphon-space-3);
    }
    .chip span {
      display: inline;
    }
    .tools {
      grid-column: 1 / -1;
      grid-row: 2;
      justify-content: space-around;
    }
    .state > antiphon-icon {
      --antiphon-icon-size: 18px;
      padding: 6px;
    }
    button.tool {
      min-inline-size: 56px;
    }
    .badge {
      inset-inline-end: 6px;
    }
    button.talk {
      inline-size: 72px;
      min-inline-size: 72px;
      block-size: 72px;
      border-radius: 50%;
      border-width: 2px;
    }
  }
`;
