import { css } from "lit";

/** A tile: who, level, figures, volume. The ring shows speaking by width as well as colour. */
export const peerTileStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
    /* New figures in a tile lay out that tile alone. */
    contain: layout style;
  }
  article {
    display: grid;
    gap: var(--antiphon-space-3);
    block-size: 100%;
    outline: 3px solid transparent;
    outline-offset: -1px;
    transition: outline-color var(--antiphon-fast);
  }
  article.speaking {
    outline-color: var(--antiphon-ok);
  }
  article.away {
    opacity: 0.7;
  }
  .who {
    display: flex;
    align-items: center;
    gap: var(--antiphon-space-3);
    min-inline-size: 0;
  }
  .avatar {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 48px;
    block-size: 48px;
    border-radius: 50%;
    background: var(--antiphon-accent-soft);
    color: var(--antiphon-accent);
    font-weight: 650;
    transition: box-shadow var(--antiphon-fast);
  }
  .speaking .avatar {
    box-shadow: 0 0 0 3px var(--antiphon-surface), 0 0 0 6px var(--antiphon-ok);
  }
  .name {
    display: grid;
    flex: 1;
    min-inline-size: 0;
  }
  .name strong {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .who > antiphon-icon {
    color: var(--antiphon-muted);
  }
  .who > antiphon-icon.off {
    color: var(--antiphon-bad);
  }
  .who button {
    color: var(--antiphon-muted);
  }
  .who button.verified {
    color: var(--antiphon-ok);
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: var(--antiphon-space-1);
  }
  .chip b {
    color: var(--antiphon-text);
    font-weight: 600;
  }
  .chip.warn b,
  .chip.bad b {
    color: inherit;
  }
  antiphon-peer-dialog {
    position: absolute;
  }
  .volume {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) 62px;
    align-items: center;
    gap: var(--antiphon-space-2);
    color: var(--antiphon-muted);
  }
  .volume antiphon-icon {
    --antiphon-icon-size: 18px;
  }
  output {
    text-align: end;
    white-space: nowrap;
  }
`;
