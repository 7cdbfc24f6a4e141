import { expect, test } from 'vitest';
import { renderMarkdown } from '../../../runbooks/pages/markdown.ts';

test.each([
  ['<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
  ['<img src=x onerror=alert(1)>', '<p>&lt;img src=x onerror=alert(1)&gt;</p>'],
  [
    '![seen](https://elsewhere.example/pixel.png)',
    '<p>!<a href="https://elsewhere.example/pixel.png" rel="noopener noreferrer">seen</a></p>',
  ],
  ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
  ['[stale](FeatureViewStale.md)', '<p><a href="/runbooks/FeatureViewStale">stale</a></p>'],
  ['[models](/models/repurchase)', '<p><a href="/models/repurchase">models</a></p>'],
  ['`code` *and* more', '<p><code>code</code> <em>and</em> more</p>'],
])('%s becomes %s', (text, html) => {
  expect(renderMarkdown(text).trim()).toBe(html);
});
