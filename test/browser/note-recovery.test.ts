import { expect } from "chai";
import { VoiceError } from "../../src/engine/index.ts";
import type { Note } from "../../src/engine/recording/note.ts";
import { NoteLibrary } from "../../src/engine/recording/note-library.ts";
import { recoverDrafts } from "../../src/engine/recording/note-recovery.ts";
import { clearNotes } from "./support/clear-notes.ts";

const SOUND = new Uint8Array(5_000).fill(3);
const BROKEN: Note = {
  id: "broken",
  title: "",
  createdAt: 1,
  state: "recording",
  origin: "recorded",
  isPlayed: true,
  file: "broken.opus",
  format: "opus",
  channels: 1,
  samples: 96_000,
  bytes: 0,
  peaks: new Uint8Array(100),
};

describe("a recording whose page died", () => {
  let library: NoteLibrary;

  beforeEach(async () => {
    await clearNotes();
    library = await NoteLibrary.open();
    await library.keepContents({ ...BROKEN, contents: SOUND });
    await library.put(BROKEN);
  });

  afterEach(async () => {
    library.close();
    await clearNotes();
  });

  it("is shown as it is when storage has no room to make it whole", async () => {
    await recoverDrafts(library, () => Promise.reject(new VoiceError("storage-full", "There is no room")));
    expect(library.all.map(({ state, samples }) => ({ state, samples }))).to.deep.equal([
      { state: "draft", samples: 96_000 },
    ]);
    const kept = new Uint8Array(await (await library.file(BROKEN)).arrayBuffer());
    expect([...kept]).to.deep.equal([...SOUND]);
  });

  it("is taken away when it holds no sound", async () => {
    await recoverDrafts(library, () => Promise.reject(new VoiceError("unsupported", "There is no sound")));
    expect(library.all).to.deep.equal([]);
  });
});
