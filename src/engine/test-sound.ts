/** Frequencies of the chime, Hz: left ear, right ear, both. */
const CHIME = [
  { frequency: 523.25, pan: -1 },
  { frequency: 659.25, pan: 1 },
  { frequency: 783.99, pan: 0 },
] as const;

/** Between two notes, seconds. */
const NOTE_INTERVAL = 0.45;
/** Time in which a note fades by 60 dB, seconds. */
const NOTE_DURATION = 0.7;
/** Peak level of a note: −14 dBFS. */
const NOTE_GAIN = 0.2;

/** Plays three notes, left, right and both sides. Resolves when they have faded. */
export async function playTestSound(context: AudioContext): Promise<void> {
  const notes = CHIME.map(({ frequency, pan }, index) => {
    const start = context.currentTime + 0.05 + index * NOTE_INTERVAL;
    const oscillator = new OscillatorNode(context, { frequency, type: "triangle" });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(NOTE_GAIN, start + 0.01);
    gain.gain.exponentialRampToValueAtTime(NOTE_GAIN / 1000, start + NOTE_DURATION);
    const panner = new StereoPannerNode(context, { pan });
    oscillator.connect(gain).connect(panner).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + NOTE_DURATION);
    return new Promise<void>((resolve) => {
      oscillator.onended = () => {
        panner.disconnect();
        resolve();
      };
    });
  });
  await Promise.all(notes);
}
