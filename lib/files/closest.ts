/** For whoever reads files; the command line takes it from core, and loads no reader of files for it. */
export { didYouMean } from '../core/closest.ts';
