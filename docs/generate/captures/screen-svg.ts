/** The picture of a terminal's screen for a page: text in a monospaced font, which needs no file beside it. */

export type Theme = keyof typeof THEMES;

/** Colours of GitHub's own themes. */
const THEMES = {
  light: { background: "#f6f8fa", text: "#1f2328", good: "#1a7f37", bad: "#cf222e", note: "#9a6700" },
  dark: { background: "#151b23", text: "#e6edf3", good: "#3fb950", bad: "#f85149", note: "#d29922" },
} as const;

const CHARACTER_WIDTH = 7.25;
const LINE_HEIGHT = 16;
const MARGIN = 14;

/** The first kind whose pattern matches a line colours it. */
const KINDS: [RegExp, "good" | "bad" | "note"][] = [
  [/^\s*error: |\d+ errored|\d+ error/, "bad"],
  [/^\s*warning: |^\s*not checked: /, "note"],
  [/^ ?\s*\+ /, "good"],
];

/** Spaces do not collapse in any viewer when they are no-break spaces. */
const escaped = (text: string): string =>
  text.replace(/[&<> ]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", " ": "\u00a0" })[character] ?? "");

/** The SVG of a captured screen. */
export function screenSvg(screen: string, theme: Theme): string {
  const colors = THEMES[theme];
  const lines = screen.trimEnd().split("\n");
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * CHARACTER_WIDTH) + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const [, kind = "text"] = KINDS.find(([pattern]) => pattern.test(line)) ?? [];
    const y = MARGIN + index * LINE_HEIGHT + 12;
    return `<text x="${MARGIN}" y="${y}" fill="${colors[kind as keyof typeof colors]}">${escaped(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="100%" height="100%" rx="8" fill="${colors.background}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="12">
${rows.filter((_row, index) => lines[index] !== "").join("\n")}
</g>
</svg>
`;
}
