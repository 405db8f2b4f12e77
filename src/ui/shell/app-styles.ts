import { css } from "lit";

/** The frame of the page: header, scrolling screen, call bar, and the tabs at the bottom of narrow windows. */
export const appStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto auto;
    grid-template-columns: minmax(0, 1fr);
    block-size: 100%;
    background: var(--antiphon-bg);
    padding-inline: env(safe-area-inset-left) env(safe-area-inset-right);
  }
  header {
    display: grid;
    grid-template-columns: 1fr auto 1fr;
    align-items: center;
    gap: var(--antiphon-space-4);
    padding: var(--antiphon-space-2) var(--antiphon-space-6);
    padding-block-start: calc(var(--antiphon-space-2) + env(safe-area-inset-top));
    border-block-end: 1px solid var(--antiphon-hairline);
    background: var(--antiphon-surface);
  }
  .brand {
    display: inline-flex;
    align-items: center;
    justify-self: start;
    gap: var(--antiphon-space-2);
    border-radius: var(--antiphon-radius-s);
    color: var(--antiphon-text);
    font-size: 17px;
    font-weight: 680;
    letter-spacing: -0.01em;
    text-decoration: none;
  }
  .brand antiphon-icon {
    --antiphon-icon-size: 24px;
    color: var(--antiphon-accent);
  }
  .tools {
    display: flex;
    justify-self: end;
    gap: var(--antiphon-space-1);
  }
  .middle {
    display: flex;
    min-block-size: 0;
  }
  .middle antiphon-chat-drawer {
    flex: none;
  }
  main {
    flex: 1;
    min-inline-size: 0;
    display: grid;
    grid-template-rows: auto 1fr;
    grid-template-columns: minmax(0, 1fr);
    overflow-y: auto;
    scrollbar-width: thin;
    scrollbar-color: var(--antiphon-border) transparent;
    overscroll-behavior: contain;
    outline: none;
  }
  .banners {
    display: grid;
    gap: var(--antiphon-space-2);
    max-inline-size: 980px;
    margin: 0 auto;
  }
  .banners > * {
    margin: var(--antiphon-space-3) var(--antiphon-space-4) 0;
  }
  antiphon-notices {
    position: fixed;
    inset-inline: 0;
    inset-block-end: 96px;
    z-index: 10;
  }
  antiphon-call-bar {
    grid-row: 3;
  }
  antiphon-tabs.narrow {
    display: none;
    grid-row: 4;
    border-block-start: 1px solid var(--antiphon-hairline);
    background: var(--antiphon-surface);
    padding-block-end: env(safe-area-inset-bottom);
  }
  @media (max-width: 899px) {
    header {
      gap: var(--antiphon-space-2);
      padding-inline: var(--antiphon-space-4);
    }
    /* Its sign stays, and leads home. */
    .brand span {
      display: none;
    }
  }
  @media (max-width: 719px) {
    header {
      grid-template-columns: 1fr auto;
      padding-inline: var(--antiphon-space-4) var(--antiphon-space-2);
      padding-block: calc(var(--antiphon-space-1) + env(safe-area-inset-top)) var(--antiphon-space-1);
    }
    .brand span {
      display: inline;
    }
    antiphon-tabs.wide {
      display: none;
    }
    antiphon-tabs.narrow {
      display: block;
    }
    .middle:has(antiphon-chat-drawer) main {
      display: none;
    }
    .middle antiphon-chat-drawer {
      flex: 1;
    }
    antiphon-notices {
      inset-block-end: 212px;
    }
  }
`;
