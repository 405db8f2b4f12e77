import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { SILERO_WINDOW } from "../capture/silero-frames.ts";

/** The part of onnxruntime-web that a session needs. */
export type OnnxRuntime = {
  readonly InferenceSession: { create(model: Uint8Array): Promise<InferenceSession> };
  readonly Tensor: new (
    type: "float32" | "int64",
    data: Float32Array | BigInt64Array,
    dims: readonly number[],
  ) => Tensor;
};

/** Two layers of 128 cells, for one voice. */
const STATE_SHAPE = [2, 1, 128] as const;
const STATE_SIZE = 256;

/** Silero's network, loaded once and shared by all streams: it keeps no state itself. */
export class SileroModel {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #rate: Tensor;

  private constructor(runtime: OnnxRuntime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
    this.#rate = new runtime.Tensor("int64", BigInt64Array.of(16_000n), []);
  }

  /** Compiles the model. Rejects when the bytes are not Silero v5 or v6. */
  static async load(runtime: OnnxRuntime, model: Uint8Array): Promise<SileroModel> {
    const session = await runtime.InferenceSession.create(model);
    const names = [...session.inputNames, ...session.outputNames];
    if (!["input", "state", "sr", "output", "stateN"].every((name) => names.includes(name))) {
      throw new Error("The model of the voice detector is not Silero v5 or v6");
    }
    return new SileroModel(runtime, session);
  }

  /** A stream's own memory of the voice. */
  createState(): SileroState {
    const { Tensor: TensorOf } = this.#runtime;
    return { tensor: new TensorOf("float32", new Float32Array(STATE_SIZE), STATE_SHAPE) };
  }

  /** Probability 0…1 that `window` (see `SileroFrames`) holds voice; moves `state` on. One call at a time per state. */
  async probability(window: Float32Array, state: SileroState): Promise<number> {
    const input = new this.#runtime.Tensor("float32", window.slice(), [1, SILERO_WINDOW]);
    const result = await this.#session.run({ input, state: state.tensor, sr: this.#rate });
    const { output, stateN } = result;
    if (output === undefined || stateN === undefined) throw new Error("The voice detector's model gave no verdict");
    state.tensor = stateN;
    return Number(output.data[0]);
  }

  /** Frees the network. */
  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** See {@link SileroModel.createState}. */
export type SileroState = { tensor: Tensor };
