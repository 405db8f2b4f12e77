import { css } from "lit";

/** Two cards side by side, one above the other on narrow windows. */
export const lobbyStyles = css`
  :host {
    display: grid;
    align-content: safe center;
    min-block-size: 100%;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 7fr) minmax(0, 5fr);
    align-items: stretch;
    gap: var(--antiphon-space-5);
    inline-size: 100%;
    max-inline-size: 980px;
    margin: 0 auto;
    padding: var(--antiphon-space-6);
  }
  .card {
    padding: var(--antiphon-space-6);
    min-inline-size: 0;
  }
  .join {
    display: grid;
    align-content: space-between;
    gap: var(--antiphon-space-5);
  }
  header {
    display: grid;
    gap: var(--antiphon-space-1);
  }
  h1 {
    overflow-wrap: anywhere;
  }
  .names {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: var(--antiphon-space-3);
  }
  fieldset {
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0 0 var(--antiphon-space-1);
    color: var(--antiphon-muted);
    font-size: var(--antiphon-font-size-s);
    font-weight: 500;
  }
  .presets {
    display: flex;
    flex-wrap: wrap;
    gap: var(--antiphon-space-2);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--antiphon-space-2);
  }
  .actions button {
    min-block-size: 44px;
  }
  .joining {
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-3);
    min-block-size: 44px;
  }
  .joining [role="status"] {
    flex: 1;
  }
  .spinner {
    inline-size: 20px;
    block-size: 20px;
    border: 2px solid var(--antiphon-hairline);
    border-block-start-color: var(--antiphon-accent);
    border-radius: 50%;
    animation: turn 1s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner {
      animation-duration: 4s;
    }
  }
  .actions .primary {
    flex: 1;
    min-inline-size: 140px;
  }
  @media (max-width: 859px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
      gap: var(--antiphon-space-3);
      padding: var(--antiphon-space-3);
      max-inline-size: 560px;
    }
    .card {
      padding: var(--antiphon-space-4);
    }
  }
  @media (max-width: 419px) {
    .names {
      grid-template-columns: minmax(0, 1fr);
    }
    .presets {
      display: grid;
      grid-template-columns: 1fr 1fr;
    }
    .actions button {
      flex: 1 1 100%;
    }
  }
`;
