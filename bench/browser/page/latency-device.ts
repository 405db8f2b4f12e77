import { VoiceEngine } from "../../../src/engine/index.ts";
import { cellSettings } from "../../../src/engine/latency-lab/cell-settings.ts";
import { latencyCell } from "../../../src/engine/latency-lab/latency-cell.ts";
import { AUTOMATIC_BUFFER } from "../../../src/engine/latency-lab/latency-plan.ts";
import { connectPair } from "../../../src/engine/latency-lab/path-under-test.ts";

/**
 * How the microphone gets to the loudspeaker: straight through an AudioContext (what the devices themselves cost), through the whole
 * engine, or through the browser's own WebRTC audio track.
 */
export type DevicePath = "direct" | "antiphon" | "native-webrtc";

/** As it comes: no echo cancellation, no suppression, no gain control. */
const RAW: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
  channelCount: 1,
};

let closePath: (() => Promise<void>) | undefined;

/** Opens a path from the default microphone to the default output. One at a time. */
async function openDevicePath(path: DevicePath, frameMs: number): Promise<void> {
  await closeDevicePath();
  switch (path) {
    case "direct": {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: RAW });
      const context = new AudioContext({ latencyHint: 0 });
      context.createMediaStreamSource(stream).connect(context.destination);
      closePath = async () => {
        stop(stream);
        await context.close();
      };
      return;
    }
    case "native-webrtc": {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: RAW });
      const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
      const element = new Audio();
      far.ontrack = ({ track }) => {
        element.srcObject = new MediaStream([track]);
        void element.play();
      };
      for (const track of stream.getAudioTracks()) near.addTrack(track, stream);
      await connectPair(near, far);
      closePath = async () => {
        element.pause();
        near.close();
        far.close();
        stop(stream);
      };
      return;
    }
    case "antiphon": {
      const cell = latencyCell({
        path: "antiphon",
        chunk: { frameMs },
        sampleRate: 48_000,
        buffer: AUTOMATIC_BUFFER,
        hasProcessing: false,
      });
      const { capture, encoder, jitterBuffer, output } = cellSettings(cell);
      const input = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      const engine = await VoiceEngine.start({ settings: { input, capture, encoder, jitterBuffer, output } });
      closePath = () => engine.close();
      await engine.openMicrophone();
      const { bitrate, frameDuration } = encoder;
      engine.soundCheck.startEcho({ pins: { ...engine.settings.network.pins, bitrate, frameDuration } });
      return;
    }
  }
}

/** Closes what is open. */
async function closeDevicePath(): Promise<void> {
  await closePath?.();
  closePath = undefined;
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

Object.assign(globalThis, { openDevicePath, closeDevicePath });
