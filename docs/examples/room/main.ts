import "antiphon/elements/room";

const room = document.querySelector("antiphon-room");
// Without this the element looks for signalling beside the page; this page lies in a folder of its server.
if (room !== null) {
  const { hostname, port, protocol } = location;
  const secure = protocol === "https:";
  room.engineOptions = {
    signalling: { host: hostname, port: Number(port) || (secure ? 443 : 80), path: "/peerjs", secure },
  };
}

const state = document.querySelector("#state");

const say = (text: string): void => {
  if (state !== null) state.textContent = text;
};

room?.addEventListener("joined", ({ detail }) => say(`You are in ${detail.name}.`));
room?.addEventListener("peer-joined", ({ detail }) => say(`${detail.peer.name} is here.`));
room?.addEventListener("peer-left", ({ detail }) => say(`${detail.peer.name} has gone.`));
room?.addEventListener("left", () => say("You have left."));
