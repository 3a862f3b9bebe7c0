import { createHash } from "node:crypto";
import { counted } from "../errors/message-text";
import { type Content, html, Markup } from "./markup";
import { PAGE_SCRIPT } from "./page-script";
import { PAGE_STYLE } from "./page-style";
import { utc } from "./times";

/** A page that is written again and again, and loads itself again without a script. */
export interface Live {
  refreshSeconds: number;
  /** UTC, ISO 8601. */
  writtenAt: string;
}

export interface PageInput extends Partial<Live> {
  title: string;
  /** Lines under the heading. */
  intro: Content;
  /** SHA-256 of the canonical JSON; absent on a page that is written again and again. */
  digest?: string;
  /** The command that prints the digest. */
  command: string;
  body: Content;
}

/** A source of the policy: a hash of the one text that the page may use. */
const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The page loads nothing, sends nothing, and runs no script but its own, whatever the names of databases are. */
const POLICY = [
  ...["default-src 'none'", `style-src ${hashOf(PAGE_STYLE)}`, `script-src ${hashOf(PAGE_SCRIPT)}`],
  ...["base-uri 'none'", "form-action 'none'"],
].join("; ");

/** Returns a page that needs no other file. It is readable without its script, which adds sorting and filtering. */
export const page = ({ title, intro, digest, command, body, refreshSeconds, writtenAt }: PageInput): string =>
  html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${POLICY}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="referrer" content="no-referrer" />
${refreshSeconds !== undefined && html`<meta http-equiv="refresh" content="${refreshSeconds}" />`}<title>${title}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${intro}
${digest !== undefined && html`<p class="digest">SHA-256 of <code>${command}</code>: <code>${digest}</code></p>`}${refreshSeconds !== undefined && html`<p class="muted">Live: written at ${utc(writtenAt)} UTC; loads itself again every ${counted(refreshSeconds, "second")}.</p>`}
</header>
<main>
${body}
</main>
<script>${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>
`.text;

/** A part of the page under its heading. */
export const section = (id: string, heading: string, content: Content): Markup =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
${content}
</section>
`;

/** One figure with its name. */
export interface Tile {
  name: string;
  value: Content;
  tone?: "good" | "bad";
}

export const tiles = (all: readonly Tile[]): Markup =>
  html`<dl class="tiles">${all.map(({ name, value, tone }) => html`<div${tone && html` class="${tone}"`}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/** Names and values; those without a value are left out. */
export const facts = (all: readonly (readonly [name: string, value: Content])[]): Markup =>
  html`<dl class="facts">${all
    .filter(
      ([, value]) =>
        value !== undefined && value !== false && value !== "" && !(Array.isArray(value) && value.length === 0),
    )
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

export const list = (items: readonly Content[]): Markup | undefined =>
  items.length === 0 ? undefined : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;

/** A name of the user's, isolated so that its direction changes nothing around it. */
export const named = (name: string): Markup => html`<bdi>${name}</bdi>`;

/** A time or a code, in letters of one width. */
export const code = (text: string | undefined): Markup | undefined =>
  text === undefined || text === "" ? undefined : html`<code>${text}</code>`;
