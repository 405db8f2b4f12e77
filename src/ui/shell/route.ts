/** The screens of the page, in the order of its tabs. */
export const screenNames = ["call", "studio", "mixer", "notes", "diagnostics", "benchmark"] as const;

/** One screen of the page. */
export type ScreenName = (typeof screenNames)[number];

/** What the address says: everything after `#`. The secret stays in the fragment, so no server ever sees it. */
export type Route = {
  /** The room of the link; undefined outside any room. */
  readonly roomName: string | undefined;
  readonly secret: string | undefined;
  /** The name to appear under. */
  readonly name: string | undefined;
  /** Whether the page joins by itself once it may use the microphone. */
  readonly joins: boolean;
  readonly screen: ScreenName;
};

/** Longest room name that is accepted, in UTF-16 units. */
const MAX_ROOM_NAME = 64;

/** Reads `#/room/NAME&name=X&join&key=SECRET&screen=studio` or `#/studio`; anything unknown is passed over. */
export function parseRoute(hash: string): Route {
  const [path = "", ...fields] = hash.replace(/^#?\/?/, "").split(/[&?]/);
  const parameters = new URLSearchParams(fields.join("&"));
  const [head = "", ...rest] = path.split("/");
  const roomName = head === "room" ? decode(rest.join("/")).trim().slice(0, MAX_ROOM_NAME) : "";
  const screen = head === "room" ? parameters.get("screen") : head;
  return {
    roomName: roomName === "" ? undefined : roomName,
    secret: parameters.get("key") || undefined,
    name: parameters.get("name")?.trim() || undefined,
    joins: parameters.has("join"),
    screen: screenNames.find((name) => name === screen) ?? "call",
  };
}

/** The address of a route, beginning with `#`. */
export function formatRoute(route: Route): string {
  if (route.roomName === undefined) {
    return route.screen === "call" ? "#/" : `#/${route.screen}`;
  }
  const fields = [
    `#/room/${encodeURIComponent(route.roomName)}`,
    route.name === undefined ? "" : `name=${encodeURIComponent(route.name)}`,
    route.joins ? "join" : "",
    route.secret === undefined ? "" : `key=${encodeURIComponent(route.secret)}`,
    route.screen === "call" ? "" : `screen=${route.screen}`,
  ];
  return fields.filter((field) => field !== "").join("&");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) {
      return text;
    }
    throw error;
  }
}
