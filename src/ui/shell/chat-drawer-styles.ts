import { css } from "lit";

/** The drawer: a column beside the screen on wide windows, over the whole screen on narrow ones. */
export const chatDrawerStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    inline-size: 340px;
    min-block-size: 0;
    border-inline-start: 1px solid var(--antiphon-hairline);
    background: var(--antiphon-surface);
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: var(--antiphon-space-2) var(--antiphon-space-2) var(--antiphon-space-2) var(--antiphon-space-4);
    border-block-end: 1px solid var(--antiphon-hairline);
  }
  ol {
    display: flex;
    flex-direction: column;
    gap: var(--antiphon-space-2);
    margin: 0;
    padding: var(--antiphon-space-3) var(--antiphon-space-4);
    overflow-y: auto;
    overscroll-behavior: contain;
    list-style: none;
    scrollbar-width: thin;
  }
  li {
    max-inline-size: 88%;
    padding: var(--antiphon-space-2) var(--antiphon-space-3);
    border-radius: var(--antiphon-radius-m);
    background: var(--antiphon-surface-2);
    font-size: 14px;
    overflow-wrap: anywhere;
  }
  li.own {
    align-self: flex-end;
    background: var(--antiphon-accent-soft);
  }
  li .by {
    display: flex;
    gap: var(--antiphon-space-2);
    justify-content: space-between;
    color: var(--antiphon-muted);
    font-size: var(--antiphon-font-size-xs);
  }
  li p {
    white-space: pre-wrap;
  }
  li a {
    color: var(--antiphon-accent);
  }
  li.file {
    inline-size: 88%;
  }
  .empty {
    align-self: center;
    max-inline-size: none;
    background: none;
    color: var(--antiphon-muted);
    text-align: center;
  }
  progress {
    inline-size: 100%;
    block-size: 6px;
    accent-color: var(--antiphon-accent);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--antiphon-space-2);
  }
  form {
    display: flex;
    align-items: end;
    gap: var(--antiphon-space-2);
    padding: var(--antiphon-space-3);
    border-block-start: 1px solid var(--antiphon-hairline);
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    max-block-size: 120px;
    padding: 9px var(--antiphon-space-3);
    border: 1px solid var(--antiphon-border);
    border-radius: var(--antiphon-radius-m);
    background: var(--antiphon-surface);
    field-sizing: content;
    resize: none;
  }
  @media (max-width: 719px) {
    :host {
      inline-size: auto;
      border: 0;
    }
  }
`;
