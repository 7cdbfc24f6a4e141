import { describe, expect, onTestFinished, test } from 'vitest';
import { createServer } from '../../../app/http/server.ts';
import { Line } from '../../../app/line.ts';
import { openShop, promoteShopModel, SHOP_DEFINITION, type Shop, shopRecord } from '../../support/shop-pipeline.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const START_MS = Date.UTC(2011, 0, 1);

async function serve(): Promise<{ shop: Shop; line: Line; get: (url: string) => Promise<{ status: number; body: string }> }> {
  const shop = await openShop({ folder: await temporaryFolder() });
  const line = new Line({ ...shop, source: undefined, pipeline: SHOP_DEFINITION });
  const server = await createServer({ line, workspaceName: 'shop <b>' });
  onTestFinished(() => server.close());
  const get = async (url: string): Promise<{ status: number; body: string }> => {
    const { statusCode, body } = await server.inject({ url });
    return { status: statusCode, body };
  };
  return { shop, line, get };
}

describe('the web server', () => {
  test('tells what became of the events, as JSON and as a page', async () => {
    const { shop, get } = await serve();
    await promoteShopModel(shop.log, 1, [0, 0]);
    await shop.models.catchUp();
    await shop.log.commit({
      records: [
        shopRecord({ id: '1', type: 'bought', customer: 'ann', amount: 5, timeMs: START_MS }),
        shopRecord({ id: '2', type: 'bought', customer: 'ann', amount: -5, timeMs: START_MS }),
      ],
    });
    await shop.runUntil(2);
    const fates: unknown = JSON.parse((await get('/api/fates')).body);
    expect(fates).toMatchObject({
      eventsRead: 2,
      fates: { scored: 1, quarantined: 1 },
      reasons: { 'contract: bought /amount exclusiveMinimum': 1 },
      outcomes: { open: 1 },
    });
    const quality: unknown = JSON.parse((await get('/api/quality')).body);
    expect(quality).toMatchObject({ months: [{ month: '2011-01', scored: 1, open: 1 }], total: { scored: 1, matured: 0 } });
    const health: unknown = JSON.parse((await get('/api/health')).body);
    expect(health).toMatchObject({ status: 'ok', replay: 'done', eventsRead: 2, eventTime: null });
    const page = await get('/');
    expect(page.body).toContain('contract: bought /amount exclusiveMinimum');
    expect(page.body).toContain('2011-01');
  });

  test('writes what comes from outside as text, never as markup', async () => {
    const { line, get } = await serve();
    line.announce('<script>alert(1)</script>');
    const { body } = await get('/');
    expect(body).toContain('shop &lt;b&gt;');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toContain('<script>');
  });

  test('answers an unknown path with a code and what there is', async () => {
    const { get } = await serve();
    const { status, body } = await get('/api/nothing');
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({ code: 'APP_NOT_FOUND', message: expect.stringContaining('/api/health') });
  });

  test('answers a failure with its code, and goes on', async () => {
    const { shop, get } = await serve();
    await shop.close();
    const { status, body } = await get('/api/quality');
    expect(status).toBe(409);
    expect(JSON.parse(body)).toMatchObject({ code: 'BROKER_CLOSED' });
    expect((await get('/api/fates')).status).toBe(200);
  });
});
