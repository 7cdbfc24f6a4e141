import { eventLogContract } from '../../../contract/event-log.ts';
import { openTemporaryLog } from './log-folder.ts';

eventLogContract('the embedded log', () => openTemporaryLog());
