import { expect, test } from '@jest/globals';
import { oddSpelling } from '../../../src/core/web-address.ts';

test.each([
  'https://shop.example.com/graphql/',
  'https://shop.example.com:8443/graphql/',
  'http://127.0.0.1:8000/graphql/',
  'https://shop.example.com/a%20b/%C3%A9/graphql/',
  'HTTPS://SHOP.example.com:443/x/../graphql/',
  'https://[::1]/graphql/',
])('%s has one spelling', (url) => {
  expect(oddSpelling(new URL(url))).toBeNull();
});

test.each([
  ['https://shop.example.com./graphql/', 'dot'],
  ['https://shop.example.com//graphql/', '//'],
  ['https://shop.example.com/graphql//', '//'],
  ['https://shop.example.com/graphql/;jsessionid=1', ';'],
  ['https://shop.example.com/%67raphql/', '%'],
  ['https://shop.example.com/graphql%2F', '%'],
  ['https://shop.example.com/graph%5Cql/', '%'],
  ['https://shop.example.com/%2567raphql/', '%'],
  ['https://shop.example.com/%c3%a9/', '%'],
  ['https://shop.example.com/%7Eshop/', '%'],
])('%s has a second spelling: %s', (url, sign) => {
  expect(oddSpelling(new URL(url))).toContain(sign);
});
