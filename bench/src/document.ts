import { documentLatest } from './report/document.ts';

documentLatest();
