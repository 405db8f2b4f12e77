import type { LatencyCell, LatencyCellResult, PathPackets } from "../latency-cell.ts";
import { openAntiphonPath } from "./antiphon-path.ts";
import { MeasurementGraph } from "./measurement-graph.ts";
import { openNativePath } from "./native-path.ts";

type PlaybackStats = { readonly underrunEvents: number };

const underrunsOf = (context: AudioContext): number | undefined => {
  const { playbackStats } = context as AudioContext & { readonly playbackStats?: PlaybackStats };
  return playbackStats?.underrunEvents;
};

const difference = (after: PathPackets, before: PathPackets): PathPackets => ({
  received: after.received - before.received,
  late: after.late - before.late,
  concealedSamples: after.concealedSamples - before.concealedSamples,
  totalSamples: after.totalSamples - before.totalSamples,
});

async function measureCell(cell: LatencyCell): Promise<LatencyCellResult> {
  const graph = await MeasurementGraph.start(cell.context, cell.settleSeconds + cell.seconds + 5);
  const path =
    cell.path === "antiphon"
      ? await openAntiphonPath(graph.context, graph.source, cell.settings)
      : await openNativePath(graph.context, graph.source);
  try {
    graph.listenTo(path.output);
    await new Promise((resolve) => setTimeout(resolve, cell.settleSeconds * 1_000));
    const before = underrunsOf(graph.context);
    const packetsBefore = await path.packets();
    const measurement = await graph.measure(cell.seconds);
    const after = underrunsOf(graph.context);
    const packetsAfter = await path.packets();
    return {
      ...measurement,
      packets: difference(packetsAfter, packetsBefore),
      sampleRate: graph.context.sampleRate,
      underruns: before === undefined || after === undefined ? undefined : after - before,
    };
  } finally {
    path.close();
    await graph.close();
  }
}

Object.assign(globalThis, { measureCell });
