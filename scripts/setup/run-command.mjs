import { spawn } from "node:child_process";

/**
 * A program that could not be started or that ended with an error. `output` is everything it wrote.
 */
export class CommandError extends Error {
  /**
   * @param {string} message
   * @param {string} output
   * @param {{ cause?: unknown }} [options]
   */
  constructor(message, output, options) {
    super(message, options);
    this.name = "CommandError";
    /** @readonly */
    this.output = output;
  }
}

/**
 * Runs a program to its end and resolves to what it wrote on standard output.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>}
 * @throws {CommandError} when the program is missing or its exit status is not 0
 */
export function runCommand(command, parameters, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let combined = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      combined += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      combined += text;
    });
    child.on("error", (cause) => {
      reject(new CommandError(`Cannot run ${command}: ${cause.message}`, combined, { cause }));
    });
    child.on("close", (code, signal) => {
      if (code === 0) {
        resolve(output);
        return;
      }
      const ending = signal === null ? `with status ${code}` : `by ${signal}`;
      const lines = combined.trim().split("\n");
      const tail = lines.slice(-20).join("\n");
      reject(new CommandError(`${command} ended ${ending}:\n${tail}`, combined));
    });
  });
}

/**
 * Whether a program can be started at all.
 *
 * @param {string} command
 * @param {readonly string[]} [parameters] something it answers quickly
 * @returns {Promise<boolean>}
 */
export async function isRunnable(command, parameters = ["--version"]) {
  try {
    await runCommand(command, parameters);
    return true;
  } catch (error) {
    // A program that dislikes the question exists all the same.
    return error instanceof CommandError && error.cause === undefined;
  }
}
