/** Cuts characters off both ends, as many as there are. A pattern that does so takes quadratic time on long runs. */
export function strip(text: string, marks: { readonly before: string; readonly behind: string }): string {
  let start = 0;
  let end = text.length;
  while (start < end && marks.before.includes(text.charAt(start))) start += 1;
  while (end > start && marks.behind.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
