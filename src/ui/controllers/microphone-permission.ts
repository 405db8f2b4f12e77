/** Whether the microphone may be opened without a question. False where the browser cannot say: the click on Join then asks. */
export async function isMicrophoneAllowed(): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: "microphone" });
    return status.state === "granted";
  } catch (error) {
    if (error instanceof TypeError) {
      return false;
    }
    throw error;
  }
}
