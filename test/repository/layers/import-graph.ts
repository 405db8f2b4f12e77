import { dirname, join, normalize } from "node:path/posix";
import { parseSync } from "vite";

/** One thing a module reaches for, found in its syntax tree: types, re-exports and dynamic imports included. */
export interface ModuleReference {
  /** Repository path of the target for a relative reference, the bare specifier for a package. */
  readonly target: string;
  readonly isPackage: boolean;
}

/** What one module refers to, and what in it no reader could resolve. */
export interface ModuleReferences {
  readonly references: readonly ModuleReference[];
  /** References whose target is computed, or of a form that hides it: these count as violations. */
  readonly unreadable: readonly string[];
}

type SyntaxNode = { readonly type: string } & Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

const literal = (value: unknown): string | undefined =>
  isNode(value) && value.type === "Literal" && typeof value["value"] === "string" ? value["value"] : undefined;

const isImportMeta = (value: unknown): boolean =>
  isNode(value) &&
  (value.type === "MetaProperty" || (value.type === "MemberExpression" && isImportMeta(value["object"])));

/** Reads every reference of a module from its syntax tree. `path` is its path in the repository, with forward slashes. */
export function readReferences(path: string, source: string): ModuleReferences {
  const parsed = parseSync(path, source, { lang: path.endsWith(".ts") ? "ts" : "js" });
  const references: ModuleReference[] = [];
  const unreadable: string[] = [];
  const first = parsed.errors[0];
  if (first !== undefined) unreadable.push(`syntax error: ${first.message}`);

  const refer = (specifier: string | undefined, form: string): void => {
    if (specifier === undefined) {
      unreadable.push(form);
      return;
    }
    const bare = specifier.replace(/[?#].*$/, "");
    if (bare.startsWith("/") || /^[a-z]+:\/\//.test(bare)) unreadable.push(`${form} of ${specifier}`);
    else if (bare.startsWith(".")) references.push({ target: normalize(join(dirname(path), bare)), isPackage: false });
    else references.push({ target: bare, isPackage: true });
  };

  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (!isNode(value)) return;
    switch (value.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        refer(literal(value["source"]), "import");
        break;
      case "ExportNamedDeclaration":
        if (isNode(value["source"])) refer(literal(value["source"]), "re-export");
        break;
      case "ImportExpression":
        refer(literal(value["source"]), "import() of a computed target");
        break;
      case "TSImportType":
        refer(literal(value["source"]), "import type of a computed target");
        break;
      case "TSExternalModuleReference":
        refer(literal(value["expression"]), "require of a computed target");
        break;
      case "NewExpression": {
        const [target, base] = Array.isArray(value["arguments"]) ? value["arguments"] : [];
        if (isImportMeta(base)) refer(literal(target), "new URL of a computed target");
        break;
      }
      case "CallExpression": {
        const callee = value["callee"];
        if (isNode(callee) && callee.type === "Identifier" && callee["name"] === "require") unreadable.push("require");
        if (isNode(callee) && callee.type === "MemberExpression" && isImportMeta(callee["object"])) {
          unreadable.push("a call on import.meta");
        }
        break;
      }
    }
    for (const key in value) visit(value[key]);
  };
  visit(parsed.program);
  for (const comment of parsed.comments) {
    const reference = /^\/\s*<reference\s+path=["']([^"']+)["']/.exec(comment.value);
    if (reference) refer(reference[1]?.startsWith(".") ? reference[1] : `./${reference[1]}`, "reference");
  }
  return { references, unreadable };
}
