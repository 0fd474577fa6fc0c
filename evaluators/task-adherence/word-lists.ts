/** Longest item of an unquoted list, in words: longer ones are a sentence that goes on. */
const longestItem = 3;
const mostItems = 30;
const quoted =
  /^\s*(?:,|and|or|&|;|\.(?=\s*["']))?\s*(?:and|or)?\s*(?:the )?(?:words?|keywords?|phrases?)?\s*(?:["“«](?<double>[^"”»\n]{1,120})["”»]|(?<![\p{L}])['‘](?<single>[^'’\n]{1,120})['’](?![\p{L}]))/iu;

const opening = /^\s*(?::|,|-|such as|like|namely)?\s*(?<bracket>[[(])?/iu;
/** Where a list of bare words ends and the sentence goes on. */
const goesOn =
  /[.!?\n;:]|\s(?:in|at|to|for|into|within|as|with|anywhere|only|throughout|when|while|if|because|but|should|must|is|are|more|less|exactly|somewhere|once|twice|please|somehow)\b/iu;

/** No list goes on for longer. */
const longestList = 2000;

/** Reads the items at the beginning of a text: quoted, in brackets, or bare words between commas. */
export function readItems(given: string): string[] {
  const text = given.slice(0, longestList);
  const opened = opening.exec(text);
  const rest = text.slice(opened?.[0].length ?? 0);
  const items = quotedItems(rest);
  if (items.length > 0) return items;
  return splitBare(rest.split(opened?.groups?.["bracket"] === undefined ? goesOn : /[\])]/u)[0] ?? "");
}

function quotedItems(text: string): string[] {
  const items: string[] = [];
  let rest = text;
  for (let match = quoted.exec(rest); match && items.length < mostItems; match = quoted.exec(rest)) {
    items.push(match.groups?.["double"] ?? match.groups?.["single"] ?? "");
    rest = rest.slice(match[0].length);
  }
  return items.map(clean).filter((item) => item !== "");
}

function splitBare(text: string): string[] {
  const items = text
    .split(/,\s*(?:and|or)?\s*|\s(?:and|or|&)\s/iu)
    .map(clean)
    .filter((item) => item !== "");
  const isList = items.every((item) => item.split(/\s+/u).length <= longestItem && !clause.test(item));
  return isList ? items.slice(0, mostItems) : [];
}

/** What goes on so is no list: "words that sound rude", "names of people". */
const clause = /^(?:that|which|who|whose|of|from|with|for|to|like|about|on|by|without|any|you|they|it|we)\b/iu;

function clean(item: string): string {
  return item.replace(/^[\s"'“‘«[(]+|[\s"'”’»\]),.]+$/gu, "");
}
