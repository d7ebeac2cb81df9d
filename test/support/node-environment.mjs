// Jest's Node environment, in which an error thrown by Node itself is an instance of Error, as it is outside Jest.
import { types } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { TestEnvironment } from 'jest-environment-node';

// Each test file compiles the sources anew, and Node 20 optimizes them at once, for a file that soon ends: waiting nine times as
// long saves 10 to 30 % of the CPU time. Newer versions of V8 lack the flag and wait by themselves.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=600000');

const ERROR_CLASSES = ['Error', 'TypeError', 'RangeError', 'SyntaxError'];

export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    // graphql checks for a second copy of itself at each type test otherwise: half the time of the embedded shop.
    this.global.process.env.NODE_ENV = 'production';
    for (const name of ERROR_CLASSES) acceptErrorsOfNode(this.global[name]);
  }
}

/** Tests run in a context with error classes of its own; `fs` and `fetch` throw errors of the outer context's classes. */
function acceptErrorsOfNode(errorClass) {
  const isInstance = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(candidate) {
      if (isInstance.call(this, candidate)) return true;
      // Subclasses inherit this function: for them the ordinary rule holds.
      return (
        this === errorClass && types.isNativeError(candidate) && classNames(candidate).includes(this.name)
      );
    },
  });
}

const classNames = (value) => {
  const parent = Object.getPrototypeOf(value);
  return parent === null ? [] : [parent.constructor.name, ...classNames(parent)];
};
