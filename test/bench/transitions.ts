import type { Row } from './table.ts';

export const transitionRows = async (): Promise<Row[]> => [];
