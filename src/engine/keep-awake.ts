/** Level of what keeps a context on its device: 2^-30, −180 dBFS, below the last bit of any converter. */
const AWAKE_LEVEL = 2 ** -30;

/**
 * Keeps a context from ever rendering exact zeros. After 30 s of them Chromium takes it off the device and drives it by a timer of a
 * thread without priority: the change is a gap, and on a busy machine time is lost from then on. A capture context is always silent,
 * and a playback context whenever nobody talks.
 */
export function keepAwake(context: BaseAudioContext): void {
  const source = new ConstantSourceNode(context, { offset: AWAKE_LEVEL });
  source.connect(context.destination);
  source.start();
}
