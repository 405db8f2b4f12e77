import { css } from "lit";

/** The list of notes like a conversation, own notes to the right, with the recorder under it. */
export const notesStyles = css`
  :host {
    display: block;
    min-block-size: 100%;
  }
  .page {
    display: grid;
    grid-template-rows: auto auto 1fr auto;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--antiphon-space-3);
    min-block-size: 100%;
    max-inline-size: 760px;
    margin: 0 auto;
    padding: var(--antiphon-space-5) var(--antiphon-space-6) 0;
  }
  .page[data-dropping] {
    outline: 2px dashed var(--antiphon-accent);
    outline-offset: -8px;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--antiphon-space-3);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--antiphon-space-2);
  }
  .tools antiphon-icon {
    --antiphon-icon-size: 16px;
  }
  ol {
    grid-area: 3 / 1;
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    gap: var(--antiphon-space-3);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    inline-size: min(560px, 100%);
  }
  li.recorded,
  li.imported {
    align-self: flex-end;
  }
  .empty {
    grid-area: 3 / 1;
    display: grid;
    justify-items: center;
    align-content: center;
    gap: var(--antiphon-space-2);
    max-inline-size: 44ch;
    margin: 0 auto;
    padding: var(--antiphon-space-8) 0;
    text-align: center;
  }
  .empty antiphon-icon {
    --antiphon-icon-size: 40px;
    color: var(--antiphon-muted);
  }
  footer {
    grid-row: 4;
    position: sticky;
    inset-block-end: 0;
    display: grid;
    gap: var(--antiphon-space-2);
    padding-block: var(--antiphon-space-2) var(--antiphon-space-4);
    background: linear-gradient(transparent, var(--antiphon-bg) 24px);
  }
  .undo {
    justify-self: center;
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-3);
    padding: var(--antiphon-space-1) var(--antiphon-space-2) var(--antiphon-space-1) var(--antiphon-space-4);
    border: 1px solid var(--antiphon-hairline);
    border-radius: 999px;
    background: var(--antiphon-surface);
    box-shadow: var(--antiphon-shadow-lifted);
    font-size: var(--antiphon-font-size-s);
  }
  .undo antiphon-icon {
    --antiphon-icon-size: 16px;
  }
  @media (max-width: 719px) {
    .page {
      padding: var(--antiphon-space-3) var(--antiphon-space-3) 0;
    }
  }
`;
