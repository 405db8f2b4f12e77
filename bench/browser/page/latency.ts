import { type GraphMeasurement, MeasurementGraph } from "./measurement-graph.ts";
import { openNativePath } from "./native-path.ts";

/** One cell of the latency matrix. */
export type LatencyCell = {
  readonly path: "antiphon" | "native-webrtc";
  readonly context: AudioContextOptions;
  /** Seconds to run before and while measuring. */
  readonly settleSeconds: number;
  readonly seconds: number;
};

/** What the page reports for a cell. */
export type LatencyCellResult = GraphMeasurement & {
  readonly sampleRate: number;
  /** Render underruns the context counted while measuring, where it counts them. */
  readonly underruns: number | undefined;
};

type PlaybackStats = { readonly underrunEvents: number };

const underrunsOf = (context: AudioContext): number | undefined => {
  const { playbackStats } = context as AudioContext & { readonly playbackStats?: PlaybackStats };
  return playbackStats?.underrunEvents;
};

async function measureCell(cell: LatencyCell): Promise<LatencyCellResult> {
  const graph = await MeasurementGraph.start(cell.context, cell.settleSeconds + cell.seconds + 5);
  const path = await openNativePath(graph.context, graph.source);
  try {
    graph.listenTo(path.output);
    await new Promise((resolve) => setTimeout(resolve, cell.settleSeconds * 1_000));
    const before = underrunsOf(graph.context);
    const measurement = await graph.measure(cell.seconds);
    const after = underrunsOf(graph.context);
    return {
      ...measurement,
      sampleRate: graph.context.sampleRate,
      underruns: before === undefined || after === undefined ? undefined : after - before,
    };
  } finally {
    path.close();
    await graph.close();
  }
}

Object.assign(globalThis, { measureCell });
