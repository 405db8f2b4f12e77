import type { VoiceSession } from "../../controllers/voice-session.ts";
import type { CheckResult } from "./connection-checks.ts";
import { redactAddresses } from "./redact-addresses.ts";

/** Everything that helps to find what went wrong, as the text of a file: no addresses, names, devices or keys. */
export function diagnosticsReport(session: VoiceSession, checks: Readonly<Record<string, CheckResult>>): string {
  const { engine, room, peers, failure } = session;
  const report = {
    made: new Date().toISOString(),
    browser: navigator.userAgent,
    processors: navigator.hardwareConcurrency,
    isSecureContext,
    room: room === undefined ? null : { state: room.state, members: peers.length + 1, isHost: room.isHost },
    failure: failure === undefined ? null : { code: failure.code, message: failure.message },
    settings: engine?.settings ?? null,
    statistics: engine?.statistics() ?? null,
    decisions: engine?.decisions.entries ?? [],
    checks,
    machine: session.figures.machine.samples,
    history: peers.map((peer, index) => ({ peer: index + 1, samples: session.figures.of(peer) })),
  };
  return `${JSON.stringify(redactAddresses(report), null, 2)}\n`;
}
