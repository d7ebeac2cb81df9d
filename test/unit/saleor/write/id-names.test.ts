import { expect, test } from '@jest/globals';
import { createIdNames } from '../../../../src/saleor/write/id-names.ts';

const VALUE = 'QXR0cmlidXRlVmFsdWU6MjE=';
const read = {
  target: { name: null, api_url: 'https://shop.example.com/graphql/' },
  permissions: [],
  locales: [],
  attributes: {
    gsv_capabilities: {
      id: 'QXR0cmlidXRlOjM2',
      name: 'Capabilities',
      input_type: 'MULTISELECT' as const,
      values: { capcn3: { id: VALUE, name: 'Cap', reference: null, translations: {} } },
    },
  },
  product_types: {},
  products: {},
};

test('an id in Saleor’s words becomes the name of what it was, also after that is gone', () => {
  const names = createIdNames();
  names.learn(read);
  names.learn({ ...read, attributes: {} });
  names.learnCreated([{ ref: 'value.gsv_roles.founder', id: 'QXR0cmlidXRlVmFsdWU6OTk=', slug: 'founder' }]);
  expect(names.inWords(`Attribute value(s) with given ID(s) can't be found: ${VALUE}`)).toBe(
    "Attribute value(s) with given ID(s) can't be found: gsv_capabilities.capcn3",
  );
  expect(names.inWords(`list of '['${VALUE}', 'QXR0cmlidXRlVmFsdWU6OTk=']'. ID: QXR0cmlidXRlOjM2.`)).toBe(
    "list of '['gsv_capabilities.capcn3', 'gsv_roles.founder']'. ID: gsv_capabilities.",
  );
  expect(names.inWords('Couldn’t resolve to a node: UHJvZHVjdDo5OTk5OTk=')).toContain('UHJvZHVjdDo5OTk5OTk=');
});
