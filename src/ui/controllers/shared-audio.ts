import { type LocalStream, type VoiceEngine, VoiceError } from "../../engine/index.ts";

/** Something besides the microphone that is sent: the sound of a tab, or a file that plays. */
export type SharedAudio = {
  readonly label: string;
  /** Ends the sending and lets go of its source. Idempotent. */
  readonly stop: () => void;
};

/**
 * Sends the sound of a tab or window that the user picks. Call from a click. Undefined when they picked nothing. Rejects with
 * VoiceError `unsupported` where the choice has no sound.
 */
export async function shareTabAudio(engine: VoiceEngine, onEnd: () => void): Promise<SharedAudio | undefined> {
  let captured: MediaStream;
  try {
    // Browsers share sound only together with a picture; the picture is let go of at once.
    captured = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: true });
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError")) {
      return undefined;
    }
    throw error;
  }
  for (const track of captured.getVideoTracks()) {
    track.stop();
  }
  const [track] = captured.getAudioTracks();
  if (track === undefined) {
    throw new VoiceError("unsupported", "Cannot share sound: the choice has none. Pick a tab and tick its sound");
  }
  return send(engine, track, { label: "Tab audio", onEnd, release: () => track.stop() });
}

/** Plays an audio file to the room and here. Rejects with VoiceError `unsupported` when the browser cannot play it. */
export async function shareAudioFile(engine: VoiceEngine, file: File, onEnd: () => void): Promise<SharedAudio> {
  const address = URL.createObjectURL(file);
  const player = new Audio(address);
  const context = new AudioContext();
  const output = new MediaStreamAudioDestinationNode(context);
  const source = new MediaElementAudioSourceNode(context, { mediaElement: player });
  source.connect(output);
  source.connect(context.destination);
  const release = (): void => {
    player.pause();
    void context.close();
    URL.revokeObjectURL(address);
  };
  const [track] = output.stream.getAudioTracks();
  try {
    await player.play();
  } catch (error) {
    release();
    throw new VoiceError("unsupported", `Cannot play “${file.name}”: this browser does not know its format`, {
      cause: error,
    });
  }
  if (track === undefined) {
    release();
    throw new VoiceError("unsupported", "Cannot share the file: this browser gives no track for it");
  }
  const shared = await send(engine, track, { label: file.name, onEnd, release });
  player.addEventListener("ended", () => shared.stop());
  return shared;
}

async function send(
  engine: VoiceEngine,
  track: MediaStreamTrack,
  options: { readonly label: string; readonly onEnd: () => void; readonly release: () => void },
): Promise<SharedAudio> {
  const { label, onEnd, release } = options;
  let stream: LocalStream;
  try {
    stream = await engine.addStream(track, { label });
  } catch (error) {
    release();
    throw error;
  }
  let isStopped = false;
  const stop = (): void => {
    if (!isStopped) {
      isStopped = true;
      stream.close();
      release();
      onEnd();
    }
  };
  stream.addEventListener("ended", stop);
  return { label, stop };
}
