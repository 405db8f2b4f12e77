const firstWords = [
  "amber",
  "brisk",
  "calm",
  "clear",
  "early",
  "gentle",
  "golden",
  "quiet",
  "silver",
  "steady",
] as const;
const secondWords = ["bell", "brook", "chord", "echo", "harbor", "lark", "meadow", "reed", "river", "song"] as const;

/** A name for a new room that can be said aloud. It needs no luck to be unique: the secret is what tells rooms apart. */
export function suggestRoomName(): string {
  const [first = 0, second = 0, number = 0] = crypto.getRandomValues(new Uint32Array(3));
  const words = [firstWords[first % firstWords.length], secondWords[second % secondWords.length]];
  return `${words.join("-")}-${(number % 90) + 10}`;
}

/** 128 random bits as 22 characters that stand in an address as they are. */
export function freshSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
