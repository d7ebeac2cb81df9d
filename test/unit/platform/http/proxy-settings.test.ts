import { expect, test } from '@jest/globals';
import { proxySettings } from '../../../../src/platform/http/proxy-settings.ts';

const HTTPS = 'https://shop.example.com/graphql/';
const HTTP = 'http://shop.example.com/graphql/';
const originOf = (url: string, env: Record<string, string>) => proxySettings(url, env)?.origin ?? null;

test('the variable of the address’ own scheme counts, then the one for all; lower case goes first', () => {
  expect(originOf(HTTPS, {})).toBe(null);
  expect(originOf(HTTPS, { HTTPS_PROXY: 'http://a:1' })).toBe('http://a:1');
  expect(originOf(HTTPS, { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' })).toBe('http://b:2');
  expect(originOf(HTTPS, { HTTP_PROXY: 'http://a:1' })).toBe(null);
  expect(originOf(HTTP, { HTTP_PROXY: 'http://a:1' })).toBe('http://a:1');
  expect(originOf(HTTP, { ALL_PROXY: 'http://c:3', https_proxy: 'http://b:2' })).toBe('http://c:3');
  expect(originOf(HTTPS, { https_proxy: '', HTTPS_PROXY: 'http://a:1' })).toBe('http://a:1');
});

test.each(['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])('%s never goes through a proxy', (host) => {
  expect(proxySettings(`http://${host}:8000/`, { HTTP_PROXY: 'http://a:1', ALL_PROXY: 'http://a:1' })).toBe(
    null,
  );
});

test('a proxy without a scheme has the scheme of the address', () => {
  expect(originOf(HTTP, { HTTP_PROXY: 'proxy.corp:3128' })).toBe('http://proxy.corp:3128');
});

test('user info becomes a header and is in no text; a user name alone is enough', () => {
  const basic = (plain: string) => `Basic ${Buffer.from(plain).toString('base64')}`;
  const settings = proxySettings(HTTPS, { HTTPS_PROXY: 'http://ada:p%40ss@a:1' });
  expect(settings).toMatchObject({ origin: 'http://a:1', authorization: basic('ada:p@ss') });
  expect(proxySettings(HTTPS, { HTTPS_PROXY: 'http://key@a:1' })?.authorization).toBe(basic('key:'));
  expect(proxySettings(HTTPS, { HTTPS_PROXY: 'http://a%b:c@a:1' })?.authorization).toBe(basic('a%b:c'));
});

test.each([
  [
    'socks5://ada:hunter2@a:1',
    'HTTPS_PROXY names a socks5 proxy, but only http and https proxies are supported',
  ],
  ['file:///etc/passwd', 'HTTPS_PROXY names a file proxy, but only http and https proxies are supported'],
  ['http://[hunter2', 'HTTPS_PROXY names no address, but only http and https proxies are supported'],
])('%s is refused, and not quoted', (value, refusal) => {
  expect(proxySettings(HTTPS, { HTTPS_PROXY: value })?.refusal).toBe(refusal);
});
