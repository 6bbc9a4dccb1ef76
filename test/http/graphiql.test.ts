// The GraphiQL page: how it is sent, and to whom. graphiql.browser.ts runs it in a browser.

import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wantsPage } from '../../src/http/graphiql.ts';
import { changes } from '../../src/http/graphiql-page.ts';
import { type Stack, startStack } from '../harness.ts';

const html = { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };

/** One for the whole file: to render and compress the page takes longer than most of what is asked of it. */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ onFinished: afterAll });
});
beforeEach(() => stack.sandbox.reset());

describe('the GraphiQL page', () => {
  it('is made anew before the leads in its tabs lie in the past', async () => {
    const { url, clock } = stack;
    clock.now = Date.now() - 10 * 86_400_000;
    const etag = async () => (await fetch(url, { headers: html })).headers.get('etag');
    const first = await etag();
    expect(await etag()).toBe(first);
    clock.now += 10 * 86_400_000;
    expect(await etag()).not.toBe(first);
  });

  it('is sent compressed, and revalidated rather than sent again', async () => {
    const { url } = stack;
    const first = await request(url, { headers: { ...html, 'accept-encoding': 'gzip, br' } });
    const compressed = Buffer.from(await first.body.arrayBuffer());
    expect(first.statusCode).toBe(200);
    expect(first.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      // CORS's own, for the pages of this machine, is kept.
      vary: 'accept, accept-encoding, Origin',
    });
    expect(compressed.length).toBeLessThan(3_000_000);

    const etag = String(first.headers.etag);
    const second = await request(url, { headers: { ...html, 'if-none-match': etag } });
    await second.body.dump();
    expect(second.statusCode).toBe(304);

    const plain = await request(url, { headers: html });
    const text = await plain.body.text();
    expect(text).toMatch(/^\s*<!doctype html>/i);
    expect(gunzipSync(compressed).toString() === text).toBe(true);
    expect(plain.headers['content-encoding']).toBeUndefined();
  });

  it('is found from the root, and needs nothing from elsewhere', async () => {
    const { url } = stack;
    const root = await fetch(new URL('/', url), { headers: html, redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, '/graphql']);
    const page = await (await fetch(url, { headers: html })).text();
    expect(page.match(/<(?:script|link|img)[^>]+(?:src|href)="https?:/g)).toBeNull();
  });

  it.each([
    // Browsers, and what else puts a page first.
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', true],
    ['text/html', true],
    ['TEXT/HTML; charset=utf-8', true],
    ['text/html, application/json;q=0.9', true],
    ['text/html;q=0.8, application/json;q=0.8', true],
    ['*/*, text/html', true],
    ['application/*;q=0.9, text/html;q=0.9', true],
    ['text/html;q=0.5, application/json;q=0.4, application/graphql-response+json;q=0.4', true],
    ['text/html, application/json;q=0', true],
    // Clients of the API, which name no page or put JSON before it.
    ['application/json', false],
    ['application/json, text/plain, */*', false],
    ['application/graphql-response+json, application/json;q=0.9', false],
    ['application/json, text/html', false],
    ['text/html;q=0.9, application/json', false],
    ['application/json;q=0.9, text/html;q=0.8, */*;q=0.1', false],
    ['text/html;q=0.5, application/json;q=0.4, application/graphql-response+json', false],
    ['text/html;q=0.5, application/*', false],
    ['text/html;q=0.1, */*', false],
    ['text/html;q=0', false],
    ['text/html;q=much', false],
    ['text/htmlx', false],
    ['*/*', false],
    ['text/*', false],
    ['', false],
  ])('is for a client that accepts %j: %j', (accept, expected) => {
    expect(wantsPage(accept)).toBe(expected);
  });

  it('carries out nothing that stands in its address, and leaves other clients their answers', async () => {
    const { url, sandbox } = stack;
    const link = (query: string) => `${url}?${new URLSearchParams({ query })}`;
    const mutation = link('mutation { scheduleCampaignData(input: {}) { __typename } }');
    const page = await fetch(url, { headers: html });
    for (const address of [link('{ limits { region } }'), mutation, link('{')]) {
      const linked = await fetch(address, { headers: html });
      expect([linked.status, linked.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(linked.headers.get('etag')).toBe(page.headers.get('etag'));
    }
    expect(sandbox.requests).toEqual([]);

    const json = { headers: { accept: 'application/json' } };
    expect(await (await fetch(link('{ limits { region } }'), json)).json()).toMatchObject({
      data: { limits: { region: 'IN' } },
    });
    expect((await fetch(mutation, json)).status).toBe(405);
    const root = await fetch(new URL('/?query=x', url), { headers: html, redirect: 'manual' });
    expect(root.headers.get('location')).toBe('/graphql?query=x');
  });
});

describe('the page as the package renders it', () => {
  it('has each place that is changed, once', async () => {
    const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
    const rendered = renderGraphiQL();
    for (const { find } of changes)
      expect(rendered.match(new RegExp(find.source, 'g')) ?? [], find.source).toHaveLength(1);
  });
});
