/** Folder of the origin private file system that recordings are kept in. */
export const RECORDINGS_FOLDER = "antiphon-recordings";
