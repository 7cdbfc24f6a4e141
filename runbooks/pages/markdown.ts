import MarkdownIt from 'markdown-it';

/** HTML in a page is shown as text, and nothing is loaded from elsewhere by looking at it. */
const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false }).disable('image');

type Token = ReturnType<typeof markdown.parse>[number];

/** A page of the same folder, such as FeatureViewStale.md. */
const PAGE = /^(?:\.\/)?(?<alert>[A-Za-z]+)\.md$/u;
const OUTSIDE = /^https?:\/\//u;

/** The alert whose runbook a link leads to. */
export function pageOf(href: string): string | undefined {
  return PAGE.exec(href)?.groups?.['alert'];
}

/** Whether a link leads out of the workspace and the console. */
export function isOutside(href: string): boolean {
  return OUTSIDE.test(href);
}

/** Markdown (CommonMark) as HTML; links to other runbooks lead to their pages in the console. */
export function renderMarkdown(text: string): string {
  const tokens = markdown.parse(text, {});
  for (const link of linkTokens(tokens)) {
    const href = hrefOf(link);
    const alert = pageOf(href);
    if (alert !== undefined) link.attrSet('href', `/runbooks/${alert}`);
    if (isOutside(href)) link.attrSet('rel', 'noopener noreferrer');
  }
  return markdown.renderer.render(tokens, markdown.options, {});
}

const hrefOf = (link: Token): string => String(link.attrGet('href') ?? '');

function linkTokens(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap(({ children }) => (children ?? []).filter(({ type }) => type === 'link_open'));
}

/** A place in a Markdown text; lines count from 1. */
export interface Heading {
  readonly level: number;
  readonly title: string;
  readonly line: number;
}

export interface Link {
  readonly href: string;
  readonly line: number;
}

const lineOf = ({ map }: Token): number => (map?.[0] ?? 0) + 1;

/** The headings of a text, in order. */
export function headingsOf(text: string): readonly Heading[] {
  const tokens = markdown.parse(text, {});
  return tokens.flatMap((token, index) =>
    token.type === 'heading_open'
      ? [{ level: Number(token.tag.slice(1)), title: tokens[index + 1]?.content ?? '', line: lineOf(token) }]
      : [],
  );
}

/** The links of a text, in order; the line is that of their paragraph. */
export function linksOf(text: string): readonly Link[] {
  return markdown
    .parse(text, {})
    .flatMap((token) => linkTokens([token]).map((link) => ({ href: hrefOf(link), line: lineOf(token) })));
}
