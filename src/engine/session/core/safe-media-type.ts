/** What a browser shows or plays without running anything in it. SVG can carry scripts, HTML all the more. */
const HARMLESS = /^(?:audio|video)\/[\w.+-]{1,64}$|^image\/(?:png|jpeg|gif|webp|avif|bmp)$|^text\/plain$/;

/**
 * The media type to give a file from a peer: its own when nothing of that type can run a script on this page's origin,
 * else `application/octet-stream`.
 */
export function safeMediaType(type: string): string {
  const [essence = ""] = type.toLowerCase().split(";");
  return HARMLESS.test(essence.trim()) ? essence.trim() : "application/octet-stream";
}
