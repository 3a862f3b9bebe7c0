type Theme = keyof typeof THEMES;

/** Colours of GitHub's own themes. */
const THEMES = {
  light: { background: "#f6f8fa", text: "#1f2328", good: "#1a7f37", bad: "#cf222e", note: "#9a6700" },
  dark: { background: "#151b23", text: "#e6edf3", good: "#3fb950", bad: "#f85149", note: "#d29922" },
} as const;

const FONT_SIZE = 12;
const CHARACTER_WIDTH = 7.25;
const LINE_HEIGHT = 16;
const MARGIN = 14;

/** The colour of a line, by its text. */
function colorOf(line: string, theme: Theme): string {
  const { bad, note, good, text } = THEMES[theme];
  if (/^\s*error: |\d errored|\d error\b/.test(line)) return bad;
  if (/^\s*(warning|not checked): /.test(line)) return note;
  return /^\s*\+ /.test(line) ? good : text;
}

/** Spaces do not collapse in any viewer when they are no-break spaces. */
const escaped = (text: string): string =>
  text.replace(/[&<> ]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", " ": "\u00a0" })[character] ?? "");

/** The picture of a captured screen: an SVG that needs no other file. */
export function screenSvg(screen: string, theme: Theme): string {
  const lines = screen.trimEnd().split("\n");
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * CHARACTER_WIDTH) + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const y = MARGIN + index * LINE_HEIGHT + FONT_SIZE;
    return `<text x="${MARGIN}" y="${y}" fill="${colorOf(line, theme)}">${escaped(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Output of a command in a terminal">
<rect width="100%" height="100%" rx="8" fill="${THEMES[theme].background}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}">
${rows.join("\n")}
</g>
</svg>
`;
}
