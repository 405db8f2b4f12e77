import "antiphon/elements/recorder";

const list = document.querySelector("#recordings");

document.querySelector("antiphon-recorder")?.addEventListener("recorded", ({ detail }) => {
  const player = document.createElement("audio");
  player.controls = true;
  player.src = URL.createObjectURL(detail.file);
  const entry = document.createElement("li");
  entry.append(player);
  list?.append(entry);
});
