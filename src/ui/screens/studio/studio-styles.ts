import { css } from "lit";

/** Toolbar, level history and the cards: the signal runs down each column and on at the top of the next. */
export const studioStyles = css`
  :host {
    display: block;
  }
  .page {
    display: grid;
    gap: var(--antiphon-space-4);
    max-inline-size: 1440px;
    margin: 0 auto;
    padding: var(--antiphon-space-5) var(--antiphon-space-6);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    justify-content: space-between;
    gap: var(--antiphon-space-3);
  }
  .history {
    display: grid;
    gap: var(--antiphon-space-3);
  }
  .history header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--antiphon-space-2);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: var(--antiphon-space-1) var(--antiphon-space-4);
    color: var(--antiphon-muted);
    font-size: var(--antiphon-font-size-xs);
  }
  .legend span::before {
    content: "";
    display: inline-block;
    inline-size: 10px;
    block-size: 10px;
    margin-inline-end: 6px;
    border-radius: 2px;
    background: var(--swatch);
  }
  .legend span.line::before {
    block-size: 2px;
    vertical-align: 3px;
  }
  .cards,
  .half,
  .column {
    display: grid;
    align-items: start;
    gap: var(--antiphon-space-4);
    min-inline-size: 0;
  }
  .cards {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  .half {
    grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
  }
  .closed {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--antiphon-space-3);
  }
  @media (max-width: 719px) {
    .page {
      padding: var(--antiphon-space-3);
      gap: var(--antiphon-space-3);
    }
    .cards {
      grid-template-columns: minmax(0, 1fr);
    }
    .cards,
    .half,
    .column {
      gap: var(--antiphon-space-3);
    }
  }
`;
