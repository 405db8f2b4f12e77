/**
 * Whether this browser can hand an RTCDataChannel to a worker. Found out by trying: a channel is made and posted to a
 * port of our own in the same task, and both ends are dropped.
 */
export function canTransferChannels(): boolean {
  if (typeof RTCPeerConnection === "undefined" || typeof Worker === "undefined") {
    return false;
  }
  const connection = new RTCPeerConnection();
  const { port1, port2 } = new MessageChannel();
  try {
    const channel: object = connection.createDataChannel("probe", { negotiated: true, id: 0 });
    port1.postMessage(channel, [channel as Transferable]);
    return true;
  } catch {
    // DataCloneError: the channel is not transferable here.
    return false;
  } finally {
    port1.close();
    port2.close();
    connection.close();
  }
}
