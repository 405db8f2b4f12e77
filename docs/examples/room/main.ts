import "antiphon/elements/room";

const room = document.querySelector("antiphon-room");
const state = document.querySelector("#state");

const say = (text: string): void => {
  if (state !== null) state.textContent = text;
};

room?.addEventListener("joined", ({ detail }) => say(`You are in ${detail.name}.`));
room?.addEventListener("peer-joined", ({ detail }) => say(`${detail.peer.name} is here.`));
room?.addEventListener("peer-left", ({ detail }) => say(`${detail.peer.name} has gone.`));
room?.addEventListener("left", () => say("You have left."));
