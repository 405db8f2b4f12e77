/** Addresses of IPv4 and IPv6, and the hidden names that stand for them, wherever they are in a text. */
const ADDRESSES =
  /\b(?:\d{1,3}\.){3}\d{1,3}\b|(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?![\w:])|\b[0-9a-f-]{36}\.local\b/gi;

/** Keys whose values name people or devices, or open rooms. */
const PRIVATE_KEYS: ReadonlySet<string> = new Set(["deviceId", "deviceLabel", "label", "name", "secret", "link"]);

/** A copy of plain data without addresses, names, devices and keys. Peers keep apart by a number. */
export function redactAddresses(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replace(ADDRESSES, "(address)");
  }
  if (Array.isArray(value)) {
    return value.map(redactAddresses);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        key,
        PRIVATE_KEYS.has(key) && typeof entry === "string"
          ? entry === ""
            ? ""
            : "(redacted)"
          : redactAddresses(entry),
      ]),
    );
  }
  return value;
}
