import { html, type TemplateResult } from "lit";

/** What counts as a link in a text: only the two schemes of web pages. */
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** Untrusted text with its web addresses as links that tell their target nothing about this page. */
export function linkifiedText(text: string): readonly (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(LINK)) {
    parts.push(text.slice(end, index));
    parts.push(html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow">${address}</a>`);
    end = index + address.length;
  }
  parts.push(text.slice(end));
  return parts;
}
