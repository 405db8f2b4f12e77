import type { Page } from "playwright-core";
import type { IncomingFile, VoiceEngine } from "../src/engine/index.ts";

/** The page's engine, and the file that the page receives. */
type FilePage = { readonly antiphon: VoiceEngine; benchFile?: IncomingFile };

/** A file as it arrives on a page. */
export type FileOnPage = { readonly state: string; readonly received: number };

/** From now on the page accepts the file it is offered. */
export function acceptFiles(page: Page): Promise<void> {
  return page.evaluate(() => {
    const window = globalThis as unknown as FilePage;
    window.antiphon.room?.addEventListener("file-offered", ({ file }) => {
      window.benchFile = file;
      file.accept();
    });
  });
}

/** Offers `megabytes` of random bytes to everybody. Resolves to their SHA-256 in hexadecimal. */
export function offerFile(page: Page, megabytes: number): Promise<string> {
  return page.evaluate(async (count) => {
    const { antiphon } = globalThis as unknown as FilePage;
    const parts: Blob[] = [];
    for (let part = 0; part < count; part++) {
      const bytes = new Uint8Array(1_000_000);
      for (let at = 0; at < bytes.length; at += 50_000) crypto.getRandomValues(bytes.subarray(at, at + 50_000));
      parts.push(new Blob([bytes]));
    }
    const blob = new Blob(parts);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    antiphon.room?.sendFile(blob, { name: "bench.bin" });
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }, megabytes);
}

/** How far the page's file is. */
export function fileStates(page: Page): Promise<FileOnPage> {
  return page.evaluate(() => {
    const { benchFile: file } = globalThis as unknown as FilePage;
    return { state: file?.state ?? "offered", received: file?.received ?? 0 };
  });
}

/** SHA-256 of the page's complete file, in hexadecimal. Takes the whole file into the page's memory: measure that before. */
export function fileHash(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { benchFile: file } = globalThis as unknown as FilePage;
    if (file === undefined) return "";
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await (await file.blob).arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  });
}

/** Closes every peer connection of the page under it, as a crash of the browser's network process would. */
export function breakLinks(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const connection of (globalThis as unknown as { peerConnections: readonly RTCPeerConnection[] })
      .peerConnections) {
      connection.close();
    }
  });
}
