/** The id of the negotiated voice data channel on every peer connection. Both sides create their own end with it. */
export const VOICE_CHANNEL_ID = 100;

/** The id of the negotiated reliable data channel that carries file chunks, so that they never delay control messages. */
export const BULK_CHANNEL_ID = 101;

/** This side's end of the voice channel of `pc`: unordered, nothing sent twice. */
export function createVoiceChannel(pc: RTCPeerConnection): RTCDataChannel {
  return create(pc, "voice", { negotiated: true, id: VOICE_CHANNEL_ID, ordered: false, maxRetransmits: 0 });
}

/** This side's end of the bulk channel of `pc`: reliable, in order. */
export function createBulkChannel(pc: RTCPeerConnection): RTCDataChannel {
  return create(pc, "bulk", { negotiated: true, id: BULK_CHANNEL_ID, ordered: true });
}

function create(pc: RTCPeerConnection, label: string, options: RTCDataChannelInit): RTCDataChannel {
  const channel = pc.createDataChannel(label, options);
  channel.binaryType = "arraybuffer";
  return channel;
}
