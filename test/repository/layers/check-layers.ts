import { readReferences } from "./import-graph.ts";
import { LAYERS, type Layer } from "./layer-rules.ts";

/** One import that the layers do not allow, as a sentence. */
export type Violation = string;

/** Every source module by its repository path. */
export type SourceTree = ReadonlyMap<string, string>;

const matches = (layer: Layer, path: string): boolean =>
  layer.paths.some((candidate) => (candidate.endsWith("/") ? path.startsWith(candidate) : path === candidate));

/** Name of the layer that owns a path, or undefined where none does. */
export const layerOf = (path: string): string | undefined =>
  Object.entries(LAYERS).find(([, layer]) => matches(layer, path))?.[0];

const packageIsAllowed = (specifier: string, packages: readonly string[]): boolean =>
  packages.some((name) =>
    name.endsWith(":") ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`),
  );

/** Checks every module of a source tree against the layers: imports upwards, foreign packages and hidden targets. */
export function checkLayers(tree: SourceTree): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [path, source] of tree) {
    const name = layerOf(path);
    const layer = name === undefined ? undefined : LAYERS[name];
    if (name === undefined || layer === undefined) {
      violations.push(`${path} belongs to no layer: place its folder in layer-rules.ts`);
      continue;
    }
    const { references, unreadable } = readReferences(path, source);
    for (const form of unreadable) violations.push(`${path} (${name}) hides a reference: ${form}`);
    for (const { target, isPackage } of references) {
      if (isPackage) {
        if (!packageIsAllowed(target, layer.packages)) violations.push(`${path} (${name}) imports package ${target}`);
        continue;
      }
      if (!target.startsWith("src/")) {
        // Built artefacts are assets, not code: their URL may be imported from anywhere that can hold a URL.
        if (!/^(wasm\/dist\/[\w.-]+\.wasm|dist\/page)$/.test(target))
          violations.push(`${path} (${name}) leaves src: ${target}`);
        continue;
      }
      const other = layerOf(target);
      if (other !== name && (other === undefined || !layer.imports.includes(other))) {
        violations.push(`${path} (${name}) imports ${target} (${other ?? "no layer"})`);
      }
    }
  }
  return violations;
}

/** Finds import cycles between modules, type imports included; each is listed once, as the paths along it. */
export function findCycles(tree: SourceTree): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      cycles.push([...trail.slice(at), path]);
      return;
    }
    const source = tree.get(path);
    if (finished.has(path) || source === undefined) return;
    trail.push(path);
    for (const { target, isPackage } of readReferences(path, source).references) if (!isPackage) visit(target);
    trail.pop();
    finished.add(path);
  };
  for (const path of tree.keys()) visit(path);
  return cycles;
}
