import { benchmarkScenes } from "./benchmark-scenes.mjs";
import { callScenes } from "./call-scenes.mjs";
import { failureScenes } from "./failure-scenes.mjs";
import { lobbyScenes } from "./lobby-scenes.mjs";

const groups = [lobbyScenes, callScenes, benchmarkScenes, failureScenes];

/** Names of all pictures, in the order they are made. */
export const sceneNames = groups.flatMap(({ names }) => names);

/**
 * Takes the page through everything it can show, as a person would, and has each state photographed: the way in, a call with
 * three others, every screen, every dialog, and what goes wrong. Groups none of whose pictures are wanted are passed over.
 *
 * @param stage `url` of the built page; `insecureUrl` the same where browsers do not trust it; `open(contextOptions)` opens
 *   a page, `closePages()` closes them all; `wants(name)` whether this picture is to be made; `photograph(page, name)` makes it if
 *   it is
 */
export async function scenes(stage) {
  for (const { names, run } of groups) {
    if (names.some(stage.wants)) await run(stage);
    await stage.closePages();
  }
}
