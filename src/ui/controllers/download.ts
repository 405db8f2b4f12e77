/** Saves bytes as a file of the user's downloads. */
export function downloadBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of the blob when the click returns; a moment more does no harm to slow ones.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Saves text as a JSON file. */
export function downloadText(name: string, text: string): void {
  downloadBlob(name, new Blob([text], { type: "application/json" }));
}
