/*
 * Antiphon's public edge: everything an embedder may import. What is not exported here may change without notice.
 */

export type { ArrivalTrace, ArrivalTraceFile, ArrivalTraceOptions } from "./arrival-trace.ts";
export type { AudioClip } from "./audio-clip.ts";
export { CAPTURE_STAGES, type CaptureStage } from "./capture/capture-telemetry.ts";
export { type CaptureStageFigures, silentStageFigures } from "./capture-stages.ts";
export type { Decision, DecisionLog } from "./decision-log.ts";
export type { AudioDevice, DeviceListEvents } from "./devices/device-list.ts";
export type { BrowserProcessing, GrantedProcessing } from "./devices/microphone-constraints.ts";
export type { MicrophoneGrant } from "./devices/microphone-source.ts";
export type { MicrophoneHint } from "./devices/microphone-watch.ts";
export type { EchoTest } from "./echo-test.ts";
export type { CaptureControls, DeviceControls, EncoderControls, OutputControls } from "./engine-controls.ts";
export type { EngineState, VoiceEngineEvents } from "./engine-events.ts";
export type { EngineAssets, SignallingOptions, VoiceEngineOptions, VoicePath } from "./engine-options.ts";
export type { AddStreamOptions, JoinOptions } from "./engine-requests.ts";
export type { EngineStatistics } from "./engine-snapshot.ts";
export type {
  OutputStatistics,
  PlaybackUnderruns,
  ReceiveStreamStatistics,
  SendStreamStatistics,
} from "./engine-statistics.ts";
export type { AcousticOptions, AcousticRoundTrip } from "./latency-lab/acoustic-options.ts";
export { measureAcousticRoundTrip } from "./latency-lab/acoustic-round-trip.ts";
export { compareLatencyRuns, type LatencyComparison } from "./latency-lab/compare-latency-runs.ts";
export { exportLatencyRun, type LatencyExportFormat } from "./latency-lab/export-latency-run.ts";
export {
  chunkMs,
  describeBuffer,
  describeChunk,
  LATENCY_PATHS,
  type LatencyBuffer,
  type LatencyCell,
  type LatencyChunk,
  type LatencyPathName,
} from "./latency-lab/latency-cell.ts";
export { LatencyLab } from "./latency-lab/latency-lab.ts";
export {
  AUTOMATIC_BUFFER,
  createLatencyPlan,
  FULL_LATENCY_CHOICE,
  FULL_TIMING,
  LATENCY_SAMPLE_RATES,
  type LatencyPlan,
  type LatencyPlanChoice,
  type LatencyTiming,
  OPUS_CHUNKS,
  QUANTUM_CHUNKS,
  QUICK_LATENCY_CHOICE,
  QUICK_TIMING,
  secondsPerCell,
} from "./latency-lab/latency-plan.ts";
export type {
  LatencyLabAssets,
  LatencyPhase,
  LatencyProgress,
  LatencyRunOptions,
} from "./latency-lab/latency-progress.ts";
export {
  type CallbackTiming,
  LATENCY_STAGES,
  type LatencyBreakdown,
  type LatencyCellResult,
  type LatencyEffects,
  type LatencyEnvironment,
  type LatencyRun,
  type LatencyStageName,
  type MeasuredLatency,
  type UnmeasuredLatency,
} from "./latency-lab/latency-result.ts";
export { parseLatencyRun } from "./latency-lab/parse-latency-run.ts";
export { type RecommendedSetting, recommendSetting } from "./latency-lab/recommend-setting.ts";
export {
  type CaptureLevels,
  type OutputLevels,
  type StreamLevels,
  silentCaptureLevels,
  silentOutputLevels,
  silentStreamLevels,
} from "./levels.ts";
export type { LocalStream, LocalStreamEvents, LocalStreamKind } from "./local-stream.ts";
export { LoopedVoice } from "./looped-voice.ts";
export { checkImpairmentProfile } from "./measurement/check-impairment-profile.ts";
export { type Distribution, distributionOf, quantile } from "./measurement/distribution.ts";
export type { ImpairmentProfile, LossModel } from "./measurement/impairment.ts";
export { findNetworkProfile, NETWORK_PROFILES } from "./measurement/network-profiles.ts";
export {
  type NoiseFindings,
  NoiseMeasurement,
  type NoiseReading,
  snrAdvice,
} from "./measurement/noise-measurement.ts";
export type { MemberDelays } from "./member-delays.ts";
export type { Peer, PeerConnectionState, PeerEvents, PeerStatistics } from "./peer.ts";
export type { CallRecording, RecordCallOptions } from "./recording/call-recorder.ts";
export type { Note, NoteEdit, NoteOrigin, NoteState } from "./recording/note.ts";
export type { ExportFormat, PolishOptions } from "./recording/note-editing.ts";
export type { ArrivingNote, SentNote } from "./recording/note-exchange.ts";
export type { NotePlayer } from "./recording/note-player.ts";
export type { NoteEndReason, NoteRecording, NoteRecordingEnd, NoteRecordingState } from "./recording/note-recording.ts";
export type { RecordOptions } from "./recording/note-taker.ts";
export type { Notes, NotesEvents } from "./recording/notes.ts";
export { barsOf } from "./recording/waveform-peaks.ts";
export type { RemoteStream } from "./remote-stream.ts";
export type { Room, RoomFileOptions } from "./room.ts";
export type { PeerLeftReason, RoomEvents, RoomState } from "./room-events.ts";
export type { RoomPolicy } from "./session/core/control-message.ts";
export type { FileCancelReason, FileDescription, FileTransferState } from "./session/files/file-transfer.ts";
export type { IncomingFile, IncomingFileEvents } from "./session/files/incoming-file.ts";
export type { OutgoingFile, OutgoingFileEvents, TransferProgress } from "./session/files/outgoing-file.ts";
export type { Knock } from "./session/gatekeeper.ts";
export type { ActivationDetector, ActivationMode, ActivationSettings } from "./settings/activation-settings.ts";
export { applyPatch, type DeepPartial, type SettingsPatch } from "./settings/apply-patch.ts";
export type {
  CaptureSettings,
  HighPassSettings,
  LevelerSettings,
  LevelerSpeed,
  LimiterSettings,
  PushToTalkSettings,
  SuppressorKind,
  SuppressorSettings,
} from "./settings/capture-settings.ts";
export { defaultSettings } from "./settings/default-settings.ts";
export { ENCODER_PRESETS } from "./settings/encoder-presets.ts";
export {
  type EncoderPresetName,
  type EncoderSettings,
  FRAME_DURATIONS,
  type FrameDuration,
} from "./settings/encoder-settings.ts";
export type { InputChannels, InputSettings } from "./settings/input-settings.ts";
export type { NetworkPins, NetworkSettings } from "./settings/network-settings.ts";
export { exportSettings, importSettings, parseSettings, type SettingsProblem } from "./settings/parse-settings.ts";
export type { JitterBufferSettings, LatencyHint, OutputSettings } from "./settings/playout-settings.ts";
export { PRESETS, type PresetName } from "./settings/presets.ts";
export { type NumberRange, SETTING_RANGES } from "./settings/ranges.ts";
export type { Settings } from "./settings/settings.ts";
export type { KeyAction, UiSettings } from "./settings/ui-settings.ts";
export type { EchoOptions, SoundCheck, SoundCheckOptions, SoundCheckRecording } from "./sound-check.ts";
export type { AudioTap, AudioTapBlock } from "./threading/audio-tap.ts";
export type { EchoPathCounters } from "./threading/echo-channel.ts";
export type { LinkStatistics } from "./transport/link-statistics.ts";
export { type DatagramLoop, type DatagramLoopOptions, loopDatagrams } from "./transport/loop-datagrams.ts";
export { type IceServerProbe, probeIceServers } from "./transport/probe-ice-servers.ts";
export { LOWER_LAYER_BYTES } from "./transport/stream-sender.ts";
export type { Transport } from "./transport/transport.ts";
export { type TypedEvent, TypedEventTarget } from "./typed-event-target.ts";
export { VoiceEngine } from "./voice-engine.ts";
export { toVoiceError, VoiceError, type VoiceErrorCode } from "./voice-error.ts";
