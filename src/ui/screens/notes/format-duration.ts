/** Seconds as a clock: `0:07`, `12:34`, `1:02:03`. Parts of a second are dropped. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const tail = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** Seconds in words for a screen reader: `1 minute 7 seconds`. */
export function spokenDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  const minuteWords = minutes === 0 ? "" : `${minutes} ${minutes === 1 ? "minute" : "minutes"} `;
  return `${minuteWords}${rest} ${rest === 1 ? "second" : "seconds"}`;
}
