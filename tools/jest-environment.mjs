import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * The usual environment of Node, in a context with an ordinary global object. Jest's own is a Proxy behind interceptors:
 * each mention of `Math`, `Object` or `JSON` goes through both, which was most of the time of what computes much.
 */
export default class OrdinaryGlobals extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
