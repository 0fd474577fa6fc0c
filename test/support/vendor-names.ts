import ts from "typescript";
import type { SourceFile } from "./imports.ts";

const vendor =
  /open[-_ ]?ai(?!nference)|anthropic|claude|chatgpt|\bgpt(?:\d|-(?!tokenizer))|azure|bedrock|mistral|gemini|vertex[-_ ]?ai|deepseek|\bcohere\b|\bollama\b|\bvllm\b/i;

const officialClients = ["openai", "@anthropic-ai/sdk"];

/** Folders that may talk to a gateway with the official clients, as a user does. */
const mayImportClients = ["simulate", "cli"];

/**
 * Mentions of a model vendor in code (names, strings, patterns; not comments), as sentences. Only
 * `gateway/providers/` may know one; importing an official client is allowed where a user's program would.
 */
export function vendorNames(files: readonly SourceFile[]): readonly string[] {
  return files.filter(({ path }) => !path.startsWith("gateway/providers/")).flatMap(mentionsIn);
}

function mentionsIn({ path, text }: SourceFile): readonly string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const clients = mayImportClients.includes(path.split("/")[0] ?? "") ? clientNames(source) : [];
  const mentions: string[] = [];
  const visit = (node: ts.Node): void => {
    const word = wordOf(node);
    if (word !== undefined && vendor.test(word) && !clients.includes(word)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      mentions.push(`${path}:${line} names a vendor: ${word.trim().slice(0, 60)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mentions;
}

/** What the imports of the official clients bring into the file: their specifiers and the names bound to them. */
function clientNames(source: ts.SourceFile): readonly string[] {
  return source.statements
    .filter(ts.isImportDeclaration)
    .filter(({ moduleSpecifier }) => isClient(moduleSpecifier))
    .flatMap(({ moduleSpecifier, importClause }) => [textOf(moduleSpecifier), ...namesIn(importClause)]);
}

function isClient(specifier: ts.Expression): boolean {
  return officialClients.some((name) => textOf(specifier) === name || textOf(specifier).startsWith(`${name}/`));
}

function textOf(specifier: ts.Expression): string {
  return ts.isStringLiteral(specifier) ? specifier.text : "";
}

function namesIn(clause: ts.ImportClause | undefined): readonly string[] {
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  const space = bindings && ts.isNamespaceImport(bindings) ? [bindings.name.text] : [];
  return [
    clause?.name?.text ?? "",
    ...space,
    ...named.flatMap(({ name, propertyName }) => [name.text, propertyName?.text ?? ""]),
  ];
}

function wordOf(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return node.text;
  if (ts.isLiteralExpression(node)) return node.text;
  if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) return node.text;
  return undefined;
}
