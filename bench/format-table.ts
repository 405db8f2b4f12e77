/** A cell: numbers are aligned to the right. */
export type Cell = string | number | undefined;

const text = (cell: Cell): string => {
  if (cell === undefined) return "–";
  if (typeof cell === "string") return cell;
  if (Number.isInteger(cell)) return String(cell);
  return Math.abs(cell) >= 100 ? cell.toFixed(1) : cell.toFixed(Math.abs(cell) >= 10 ? 1 : 2);
};

/** Draws rows of cells as aligned plain text under a heading. Every row has as many cells as there are columns. */
export function formatTable(title: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columns, ...rows].map((row) => row.map(text));
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isNumeric = columns.map((_, column) => rows.every((row) => typeof row[column] !== "string"));
  const draw = (line: readonly string[]): string =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumeric[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const [head = [], ...body] = lines;
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [title, "", draw(head), rule, ...body.map(draw)].join("\n");
}
