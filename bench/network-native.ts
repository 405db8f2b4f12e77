import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../test/support/chromium.ts";
import { relayCandidates } from "../test/support/relayed-candidates.ts";
import type { RelaySide } from "../test/support/udp-relay.ts";
import type { NativeCallPage } from "./browser/page/network-native.ts";
import { CALL_SWITCHES, type NetworkCall, type NetworkCallOptions } from "./network-call.ts";
import { tapPages } from "./network-taps.ts";

/** Opens a call of the browser's own WebRTC audio between two processes, over the page served at `url`. */
export async function openNativeCall(url: string, options: NetworkCallOptions): Promise<NetworkCall> {
  const browsers: Browser[] = [];
  const open = async (side: RelaySide): Promise<Page> => {
    const browser = await launchChromium({ microphone: options.microphones[side], switches: CALL_SWITCHES });
    browsers.push(browser);
    const context = await browser.newContext({ permissions: ["microphone"], bypassCSP: true });
    await tapPages(context);
    await relayCandidates(context, options.relay, side);
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => "nativeCall" in globalThis);
    await call(page, "open");
    return page;
  };
  const close = async (): Promise<void> => {
    await Promise.all(browsers.map((browser) => browser.close()));
  };
  try {
    const near = await open("near");
    const far = await open("far");
    const offer = await call(near, "describe");
    await call(far, "accept", offer);
    await call(near, "accept", await call(far, "describe"));
    await Promise.all([call(near, "connected"), call(far, "connected")]);
    return {
      near,
      far,
      close,
      counts: async (page) => {
        const { concealedSamples, silentConcealedSamples, totalSamplesReceived } = await call(page, "statistics");
        return { concealedSamples, silentConcealedSamples, totalSamples: totalSamplesReceived };
      },
      details: async () => undefined,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Calls a function of the page. */
async function call<Name extends keyof NativeCallPage>(
  page: Page,
  name: Name,
  ...args: Parameters<NativeCallPage[Name]>
): Promise<Awaited<ReturnType<NativeCallPage[Name]>>> {
  const result: unknown = await page.evaluate(
    ([wanted, values]) => {
      const { nativeCall } = globalThis as unknown as { nativeCall: Record<string, (...all: unknown[]) => unknown> };
      return nativeCall[wanted]?.(...values);
    },
    [name, args] as [string, unknown[]],
  );
  return result as Awaited<ReturnType<NativeCallPage[Name]>>;
}
