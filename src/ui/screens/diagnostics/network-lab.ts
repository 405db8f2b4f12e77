import {
  type AudioClip,
  type EchoTest,
  type ImpairmentProfile,
  type LocalStream,
  LoopedVoice,
  type VoiceEngine,
} from "../../../engine/index.ts";
import { LAB_PROTECTIONS, type LabProtection, type LabSource } from "./network-lab-choices.ts";

/** Length of an own recording that is looped, seconds. */
export const RECORDING_SECONDS = 5;

/** What is to be heard. */
export type LabSetup = {
  readonly profile: ImpairmentProfile;
  readonly protection: LabProtection;
  readonly source: LabSource;
};

/** One listening to a voice through a network that is as bad as wished, inside this page. */
export class NetworkLabRun {
  readonly echo: EchoTest;
  readonly #engine: VoiceEngine;
  readonly #voice: LoopedVoice | undefined;
  readonly #stream: LocalStream | undefined;

  private constructor(
    engine: VoiceEngine,
    echo: EchoTest,
    voice: { readonly voice: LoopedVoice; readonly stream: LocalStream } | undefined,
  ) {
    this.#engine = engine;
    this.echo = echo;
    this.#voice = voice?.voice;
    this.#stream = voice?.stream;
  }

  /**
   * Starts to play. `clip` is looped for the source `recording`. Rejects with VoiceError where the microphone is closed, or audio or
   * the neural codec do not start.
   */
  static async start(engine: VoiceEngine, setup: LabSetup, clip: AudioClip | undefined): Promise<NetworkLabRun> {
    if (setup.protection === "dred") await engine.loadNeural();
    const { profile } = setup;
    const { pins } = LAB_PROTECTIONS[setup.protection];
    if (setup.source === "microphone") {
      return new NetworkLabRun(engine, engine.soundCheck.startEcho({ profile, pins }), undefined);
    }
    const voice = new LoopedVoice(setup.source === "recording" ? clip : undefined);
    try {
      const encoder = { ...engine.settings.encoder, stereo: false };
      const stream = await engine.addStream(voice.track, { label: "network lab", encoder });
      try {
        const echo = engine.soundCheck.startEcho({ profile, pins, stream });
        return new NetworkLabRun(engine, echo, { voice, stream });
      } catch (error) {
        stream.close();
        throw error;
      }
    } catch (error) {
      await voice.close();
      throw error;
    }
  }

  /** Whether it still plays: a microphone that is closed ends it. */
  get isRunning(): boolean {
    return !this.echo.isStopped;
  }

  setProfile(profile: ImpairmentProfile): void {
    this.echo.setProfile(profile);
  }

  /** Rejects with VoiceError where the neural codec cannot be loaded; the protection then stays what it was. */
  async setProtection(protection: LabProtection): Promise<void> {
    if (protection === "dred") await this.#engine.loadNeural();
    if (this.isRunning) this.echo.setPins(LAB_PROTECTIONS[protection].pins);
  }

  /** Ends it. Idempotent. */
  stop(): void {
    this.echo.stop();
    this.#stream?.close();
    void this.#voice?.close();
  }
}
